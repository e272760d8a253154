import { createDecipheriv } from 'crypto';

const ENCODING_AES_KEY_LENGTH = 43;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
/** The vendor pads to 32, not to AES's 16 (page 90968): standard unpadding refuses half of all messages. */
const PADDING_BLOCK = 32;

/** An EncodingAESKey that cannot be one. Its message names the field and never holds the key. */
export class EncodingAesKeyError extends Error {
	override name = 'EncodingAesKeyError';
}

/** What a sealed text held. `receiveId` is still to be compared with the expected one. */
interface Decrypted {
	message: Buffer;
	receiveId: Buffer;
}

/**
 * Says what is wrong with an EncodingAESKey: 43 letters and digits (vendor page 90968), blanks around them forgiven.
 *
 * @returns undefined when it can be decoded
 */
export function encodingAesKeyProblem(encodingAesKey: string): string | undefined {
	const key = encodingAesKey.trim();
	if (key === '') return 'EncodingAESKey is empty';
	if (key.length !== ENCODING_AES_KEY_LENGTH) {
		return `EncodingAESKey has ${key.length} characters instead of ${ENCODING_AES_KEY_LENGTH}`;
	}
	if (!/^[A-Za-z0-9]+$/.test(key)) {
		return 'EncodingAESKey contains something other than letters and digits';
	}
	return undefined;
}

/**
 * Decodes an EncodingAESKey to the 32 bytes of the AES key. 43 characters carry 258 bits; the two surplus bits may be
 * set in keys WeCom itself hands out, so decoding is lenient about them.
 *
 * @throws EncodingAesKeyError when {@link encodingAesKeyProblem} finds one
 */
export function decodeEncodingAesKey(encodingAesKey: string): Buffer {
	const problem = encodingAesKeyProblem(encodingAesKey);
	if (problem) throw new EncodingAesKeyError(problem);
	return Buffer.from(`${encodingAesKey.trim()}=`, 'base64');
}

/** Whether a text is Base64 exactly as an encoder writes it: alphabet, padding, no blanks, no surplus bits. */
export function isStrictBase64(text: string): boolean {
	if (text === '' || text.length % 4 !== 0) return false;
	return Buffer.from(text, 'base64').toString('base64') === text;
}

/**
 * Opens a sealed text: AES-256-CBC, IV = first half of the key, then random(16) | length(4, big-endian, bytes) |
 * message | receiveId | padding (vendor page 90968).
 *
 * Every failure is the same `undefined`, found by the same amount of work: whoever knows the token but not the key can
 * sign ciphertexts of their own, and must not learn whether padding or length was wrong.
 *
 * @param aesKey 32 bytes from {@link decodeEncodingAesKey}
 * @param encrypt Base64
 */
export function decrypt(aesKey: Buffer, encrypt: string): Decrypted | undefined {
	if (!isStrictBase64(encrypt)) return undefined;
	const sealed = Buffer.from(encrypt, 'base64');
	if (sealed.length % PADDING_BLOCK !== 0) return undefined;

	const decipher = createDecipheriv('aes-256-cbc', aesKey, ivOf(aesKey));
	decipher.setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(sealed), decipher.final()]);

	const padding = plain[plain.length - 1];
	let wrong = Number(padding < 1) | Number(padding > PADDING_BLOCK);
	for (let back = 1; back <= PADDING_BLOCK; back += 1) {
		const counts = -Number(back <= padding);
		wrong |= counts & (plain[plain.length - back] ^ padding);
	}
	const messageStart = RANDOM_BYTES + LENGTH_BYTES;
	const messageEnd = messageStart + plain.readUInt32BE(RANDOM_BYTES);
	const receiveIdEnd = plain.length - padding;
	wrong |= Number(messageEnd > receiveIdEnd);
	if (wrong !== 0) return undefined;
	return {
		message: plain.subarray(messageStart, messageEnd),
		receiveId: plain.subarray(messageEnd, receiveIdEnd),
	};
}

function ivOf(aesKey: Buffer): Buffer {
	return aesKey.subarray(0, 16);
}
