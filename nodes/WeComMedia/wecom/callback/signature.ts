import { createHash, timingSafeEqual } from 'crypto';

/**
 * Signs a callback (vendor page 90968): SHA-1 over the four values in byte order, joined without a separator. For the
 * URL verification the fourth value is the URL-decoded `echostr`.
 *
 * @returns lower-case hex, 40 characters
 */
export function sign(token: string, timestamp: string, nonce: string, encrypt: string): string {
	const parts = [token, timestamp, nonce, encrypt].map((part) => Buffer.from(part, 'utf8'));
	return createHash('sha1')
		.update(Buffer.concat(parts.sort((left, right) => Buffer.compare(left, right))))
		.digest('hex');
}

/**
 * Whether `signature` is the one of these four values; compared in constant time.
 *
 * The vendor's scheme does not say which value was which (swapping timestamp and nonce keeps the sum), so a caller must
 * also check the form of the timestamp, and must not take the signature for a proof of age alone.
 */
export function verify(
	signature: string,
	token: string,
	timestamp: string,
	nonce: string,
	encrypt: string,
): boolean {
	return sameBytes(
		Buffer.from(signature, 'utf8'),
		Buffer.from(sign(token, timestamp, nonce, encrypt), 'utf8'),
	);
}

/**
 * Constant-time equality of values whose lengths may differ. Both are hashed first: `timingSafeEqual` throws on unequal
 * lengths, and leaving early on them would tell the length of the expected value.
 */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
	const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
	return timingSafeEqual(digest(left), digest(right));
}
