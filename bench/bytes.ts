/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';

const BLOCK_BYTES = 1024 * 1024;

/** A block that looks random to the content sniffing and is the same in every process. */
export const block = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
	Buffer.alloc(BLOCK_BYTES),
);

/** Slices of `block`: a file of any size, never held in memory. `start` and `end` in bytes, `end` exclusive. */
export function* pieces(start: number, end: number): Generator<Buffer> {
	for (let at = start; at < end;) {
		const from = at % BLOCK_BYTES;
		const piece = block.subarray(from, Math.min(BLOCK_BYTES, from + end - at));
		at += piece.length;
		yield piece;
	}
}

/** A file of `size` bytes as a stream. */
export function fileStream(size: number): Readable {
	return Readable.from(pieces(0, size), { objectMode: false });
}
