import { WeComCancelledError, WeComTransferError } from './errors';
import type { ByteStream, World } from './wire';

/** Bytes of a connection that are waited for to tell what comes, before it is handed on. */
export const PEEK_BYTES = 64;
/** Bytes of a file that are looked at where they are at hand: Office files name their kind this far in. */
export const LOOK_BYTES = 8192;

/** Milliseconds without a byte after which a connection counts as broken. */
const STALL_MS = 30_000;
const STALL_TICK_MS = 5_000;

/** @returns the piece as a Buffer over the same memory */
export function toBuffer(piece: Uint8Array | string): Buffer {
	if (Buffer.isBuffer(piece)) return piece;
	return typeof piece === 'string'
		? Buffer.from(piece)
		: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

/** @returns the body as a stream, whatever it is */
export function streamOf(body: Buffer | ByteStream): ByteStream {
	if (!Buffer.isBuffer(body)) return body;
	async function* once() {
		yield body as Buffer;
	}
	return once();
}

/**
 * Reads a body that is known to be small.
 *
 * @param limit bytes; a longer body ends in an error and its source is closed
 * @throws WeComTransferError
 */
export async function readAll(body: Buffer | ByteStream, limit: number): Promise<Buffer> {
	if (Buffer.isBuffer(body)) return body;
	const { start, rest, ended } = await bytesOf(body, limit);
	if (ended) return start;
	rest.destroy?.();
	throw new WeComTransferError(`The answer is longer than ${limit} bytes`);
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
	async function* again(): AsyncGenerator<Uint8Array | string> {
		try {
			while (pieces.length > 0) yield pieces.shift()!;
			for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
				yield next.value;
			}
		} finally {
			await iterator.return?.();
		}
	}
	const rest: ByteStream = Object.assign(again(), {
		destroy: (error?: Error) => stream.destroy?.(error),
	});
	return { start: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces), rest, ended };
}

/**
 * The same stream, but broken when somebody waits for its next byte for 30 s, or waits when the execution is cancelled:
 * n8n's HTTP client watches the time only until the headers are there. A reader that takes its time is no stall.
 *
 * @returns a stream that fails with `code: 'STALLED'` or WeComCancelledError
 */
export function watched(stream: ByteStream, world: Pick<World, 'now' | 'sleep'>): ByteStream {
	let waitingSince: number | undefined;
	let ticking = false;
	const tick = async () => {
		while (waitingSince !== undefined) {
			const awake = await world.sleep(STALL_TICK_MS);
			if (waitingSince === undefined) break;
			if (!awake) stream.destroy?.(new WeComCancelledError());
			else if (world.now() - waitingSince > STALL_MS) stream.destroy?.(stalled());
			else continue;
			break;
		}
		ticking = false;
	};
	async function* pieces(): AsyncGenerator<Uint8Array | string> {
		const iterator = stream[Symbol.asyncIterator]();
		try {
			for (;;) {
				waitingSince = world.now();
				// Ends by itself while nobody waits, so that a body nobody reads to its end keeps no timer.
				if (!ticking) {
					ticking = true;
					void tick();
				}
				const next = await iterator.next();
				waitingSince = undefined;
				if (next.done) return;
				yield next.value;
			}
		} finally {
			waitingSince = undefined;
			await iterator.return?.();
		}
	}
	return Object.assign(pieces(), { destroy: (error?: Error) => stream.destroy?.(error) });
}

function stalled(): Error {
	return Object.assign(new Error('nothing arrived for 30 s'), { code: 'STALLED' });
}
