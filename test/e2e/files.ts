import { createCipheriv, createHash } from 'node:crypto';

export const MIB = 1024 * 1024;

/** A "PDF" whose bytes look random and are the same every time. */
export function pdfOf(size: number): Buffer {
	const keystream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
	const bytes = keystream.update(Buffer.alloc(size));
	bytes.write('%PDF-1.7\n');
	return bytes;
}

/** In hex, as `binarySha256` gives it. */
export function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}
