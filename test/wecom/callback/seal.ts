import { createCipheriv, randomBytes } from 'node:crypto';

/**
 * Seals a message the way WeCom does; the reverse of `decrypt`.
 *
 * @param aesKey 32 bytes
 * @param input `random` is for tests that need a repeatable result: exactly 16 bytes
 * @returns Base64
 * @throws RangeError when `random` has another length
 */
export function encrypt(
	aesKey: Buffer,
	input: { message: string | Buffer; receiveId: string; random?: Buffer },
): string {
	const random = input.random ?? randomBytes(16);
	if (random.length !== 16) throw new RangeError('random must be 16 bytes');
	const message =
		typeof input.message === 'string' ? Buffer.from(input.message, 'utf8') : input.message;
	const length = Buffer.alloc(4);
	length.writeUInt32BE(message.length);
	const content = Buffer.concat([random, length, message, Buffer.from(input.receiveId, 'utf8')]);
	const padding = 32 - (content.length % 32);

	const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16));
	cipher.setAutoPadding(false);
	return Buffer.concat([
		cipher.update(content),
		cipher.update(Buffer.alloc(padding, padding)),
		cipher.final(),
	]).toString('base64');
}
