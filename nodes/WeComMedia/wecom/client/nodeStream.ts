import { toBuffer } from './body';
import type { ByteStream } from './wire';

interface StreamClass {
	from?(
		pieces: AsyncIterable<Uint8Array>,
		options: { objectMode: boolean; highWaterMark: number },
	): ByteStream;
}

/** Read ahead unless said otherwise, so that disk and network work at the same time. */
const AHEAD_BYTES = 1024 * 1024;

/**
 * A Node stream over our pieces. Community nodes may not import `stream`, so it is made by the static `from` of the
 * class of a stream that n8n itself handed over.
 *
 * @param aheadBytes read ahead while nobody takes them; Node joins them, and so copies, where more than one piece waits
 * @returns undefined when that was no Node stream; the caller then collects the bytes
 */
export function streamLike(
	handed: ByteStream,
	pieces: AsyncIterable<Uint8Array>,
	aheadBytes = AHEAD_BYTES,
): ByteStream | undefined {
	const { from } = handed.constructor as StreamClass;
	return typeof from === 'function' && typeof handed.destroy === 'function'
		? from.call(handed.constructor, pieces, { objectMode: false, highWaterMark: aheadBytes })
		: undefined;
}

/** @returns all pieces in one Buffer, for lack of a stream */
export async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const all: Buffer[] = [];
	for await (const piece of pieces) all.push(toBuffer(piece));
	return Buffer.concat(all);
}
