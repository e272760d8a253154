/**
 * Files that people send to a smart bot (vendor page 100719): AES-256-CBC with the bot's key, IV = its first half, PKCS#7
 * to 32. No checksum, no length, no receiver inside.
 */
import { createDecipheriv } from 'crypto';

import { toBuffer } from '../client/body';
import { formatBytes } from '../client/bytes';
import { WeComTransferError } from '../client/errors';
import { extensionOf } from './fileName';
import { isRecognized } from './naming';
import type { Sniffed } from './sniff';

/** The vendor pads to 32, not to AES's 16. */
const PADDING_BLOCK = 32;
/** Decrypted at a time, so that a large piece does not stand in memory twice. */
const PIECE_BYTES = 1024 * 1024;

const DAMAGED =
	"Ask for the file again. If that fails too, 'EncodingAESKey' of the credential is another bot's: copy it again.";

/**
 * Decrypts a file while it arrives; the last piece is held back until its end has proven right.
 *
 * @param aesKey 32 bytes
 * @returns pieces of at most 1 MiB and a bit
 * @throws WeComTransferError at the end: for an empty file, a length that is no multiple of 32, or a wrong padding. The
 * padding is no checksum: another key's passes about once in 280.
 */
export async function* decryptFile(
	cipher: AsyncIterable<Uint8Array | string>,
	aesKey: Buffer,
): AsyncGenerator<Buffer> {
	const decipher = createDecipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16));
	decipher.setAutoPadding(false);
	let held = Buffer.alloc(0);
	let received = 0;
	for await (const arrived of cipher) {
		const bytes = toBuffer(arrived);
		received += bytes.length;
		for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
			const plain = decipher.update(bytes.subarray(at, at + PIECE_BYTES));
			// A piece that can hold the padding frees the one before as it is: joining them would copy the whole file.
			const free = Math.max(0, held.length - (plain.length < PADDING_BLOCK ? PADDING_BLOCK : 0));
			const [ready, rest] = [held.subarray(0, free), held.subarray(free)];
			held = rest.length === 0 ? plain : Buffer.concat([rest, plain]);
			// Read no more once it is handed out: the reader may have given its memory back.
			if (free > 0) yield ready;
		}
	}
	if (received === 0) throw new WeComTransferError('The link gave an empty file', DAMAGED);
	if (received % PADDING_BLOCK !== 0) {
		throw new WeComTransferError(
			`The link gave ${formatBytes(received)}, which is no whole encrypted file: that is a multiple of ${PADDING_BLOCK}`,
			DAMAGED,
		);
	}
	const end = unpadded(held);
	if (!end) {
		throw new WeComTransferError(
			'The file behind the link cannot be decrypted: its end does not fit the key',
			DAMAGED,
		);
	}
	if (received === PADDING_BLOCK && end.length === 0) {
		throw new WeComTransferError('The file behind the link is empty', DAMAGED);
	}
	if (end.length > 0) yield end;
}

/** @returns the last piece without its padding, undefined when that is wrong */
function unpadded(last: Buffer): Buffer | undefined {
	const padding = last[last.length - 1];
	if (padding < 1 || padding > PADDING_BLOCK) return undefined;
	const length = last.length - padding;
	return last.subarray(length).every((byte) => byte === padding)
		? last.subarray(0, length)
		: undefined;
}

/**
 * What a wrong key can leave behind: bytes that are nothing known under a name that promises something.
 *
 * @returns a sentence for the user, '' when nothing speaks against the file
 */
export function doubtAbout(fileName: string, { content }: Sniffed): string {
	const extension = extensionOf(fileName);
	if (!isRecognized(extension) || content !== 'unknown') return '';
	return `The file does not begin like a .${extension}. If it does not open, 'EncodingAESKey' of the credential is another bot's, or the file was damaged on its way.`;
}
