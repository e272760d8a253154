import { formatBytes } from './bytes';
import { WeComTransferError } from './errors';
import type { ByteSource, ByteStream, RequestBody } from './wire';

/** Bytes of a connection that are waited for to tell what comes, before it is handed on. */
export const PEEK_BYTES = 64;
/** Bytes of a file that are looked at where they are at hand: Office files name their kind this far in. */
export const LOOK_BYTES = 8192;

/** @returns the piece as a Buffer over the same memory */
export function toBuffer(piece: Uint8Array | string): Buffer {
	if (Buffer.isBuffer(piece)) return piece;
	return typeof piece === 'string'
		? Buffer.from(piece)
		: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

/** @returns whether a body is read while it is sent: JSON holds no functions */
export function isStreamed(body: RequestBody | undefined): body is ByteSource {
	return body !== undefined && 'open' in body && typeof body.open === 'function';
}

/** @returns the body as a stream, whatever it is */
export function streamOf(body: Buffer | ByteStream): ByteStream {
	if (!Buffer.isBuffer(body)) return body;
	return streamOfAll([body]);
}

/** @returns pieces that are at hand as a stream */
export function streamOfAll(whole: readonly Uint8Array[]): ByteStream {
	async function* pieces() {
		yield* whole;
	}
	return { whole, [Symbol.asyncIterator]: pieces };
}

/**
 * Reads a body that is known to be small.
 *
 * @param limit bytes; a longer body ends in an error and its source is closed
 * @param name the call's, for the message
 * @throws WeComTransferError
 */
export async function readAll(
	body: Buffer | ByteStream,
	limit: number,
	name: string,
): Promise<Buffer> {
	const { start, rest, ended } = await bytesOf(streamOf(body), limit);
	if (ended) return start;
	rest.destroy?.();
	throw new WeComTransferError(
		`${name} was answered with more than ${formatBytes(limit)}`,
		'Such an answer is not one of WeCom. Check Base URL and what stands between n8n and WeCom.',
	);
}

/** @returns the first bytes of a body, or of what came of it before it broke; its source is closed */
export async function beginningOf(body: ByteStream, count: number): Promise<Buffer> {
	const pieces: Buffer[] = [];
	let length = 0;
	try {
		for await (const piece of body) {
			pieces.push(toBuffer(piece));
			length += piece.length;
			if (length >= count) break;
		}
	} catch {
		// Whoever quotes a beginning quotes what there is.
	} finally {
		body.destroy?.();
	}
	return Buffer.concat(pieces).subarray(0, count);
}

/**
 * Looks at the beginning of a stream without losing it.
 *
 * @param count bytes wanted; fewer come when the stream ends before
 * @returns what was read, whether that was all (and no more than `count`), and a stream that gives everything again
 */
export async function bytesOf(
	stream: ByteStream,
	count: number,
): Promise<{ start: Buffer; rest: ByteStream; ended: boolean }> {
	const iterator = stream[Symbol.asyncIterator]();
	const pieces: Buffer[] = [];
	let length = 0;
	let ended = false;
	while (length <= count) {
		const next = await iterator.next();
		if (next.done) {
			ended = true;
			break;
		}
		pieces.push(toBuffer(next.value));
		length += pieces[pieces.length - 1].length;
	}
	// No generator: each costs as much for a piece as Node's stream does.
	const again: AsyncIterator<Uint8Array | string> = {
		next: async () =>
			pieces.length > 0 ? { done: false, value: pieces.shift()! } : await iterator.next(),
		return: async () => {
			pieces.length = 0;
			return (await iterator.return?.()) ?? { done: true, value: undefined };
		},
	};
	const rest: ByteStream = {
		[Symbol.asyncIterator]: () => again,
		destroy: (error?: Error) => stream.destroy?.(error),
		handed: stream.handed ?? stream,
	};
	return { start: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces), rest, ended };
}

interface StreamClass {
	from?(
		pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>,
		options: { objectMode: boolean; highWaterMark: number },
	): ByteStream;
}

/** Read ahead unless said otherwise, so that disk and network work at the same time. */
const AHEAD_BYTES = 1024 * 1024;

/**
 * A Node stream over our pieces. Community nodes may not import `stream`, so it is made by the static `from` of the
 * class of a stream that n8n itself handed over.
 *
 * @param made that stream, or one of ours over it
 * @param aheadBytes read ahead while nobody takes them; Node joins them, and so copies, where more than one piece waits
 * @returns undefined when that was no Node stream; the caller then collects the bytes
 */
export function streamLike(
	made: ByteStream,
	pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>,
	aheadBytes = AHEAD_BYTES,
): ByteStream | undefined {
	const { handed = made } = made;
	const { from } = handed.constructor as StreamClass;
	return typeof from === 'function' && typeof handed.destroy === 'function'
		? from.call(handed.constructor, pieces, { objectMode: false, highWaterMark: aheadBytes })
		: undefined;
}

/** @returns all pieces in one Buffer; a single one is not copied */
export async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const all: Buffer[] = [];
	for await (const piece of pieces) all.push(toBuffer(piece));
	return all.length === 1 ? all[0] : Buffer.concat(all);
}
