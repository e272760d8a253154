import { streamLike, toBuffer } from '../wecom/client/body';
import type { ByteSource, ByteStream } from '../wecom/client/wire';
import { giveBack } from './pieces';

/** A body on its way through n8n's HTTP helper. */
interface Sending {
	/** A Node stream; where n8n keeps the file in memory (no stream to learn from), one Buffer of exact size. */
	body: ByteStream | Buffer;
	/** @returns what the source threw; n8n reports it as a failure of the network */
	sourceFailure(): unknown;
	/** Closes the source, whether or not it was read to its end. */
	close(): void;
}

/**
 * Opens a body for one attempt.
 *
 * @throws what its source throws
 */
export async function openSending({ size, open }: ByteSource): Promise<Sending> {
	const opened = await open();
	let failure: unknown;
	const note = (error: unknown) => (failure = error);
	const stream = streamLike(opened, opened.whole ?? noted(opened, note));
	if (stream && isFileStream(opened.handed)) giveBackWhatIsSent(stream as Piped);
	return {
		body: stream ?? (await filled(size, opened)),
		sourceFailure: () => failure,
		close: () => {
			stream?.destroy?.();
			opened.destroy?.();
		},
	};
}

/** The same pieces; what their source throws is noted. */
function noted(
	opened: ByteStream,
	note: (error: unknown) => unknown,
): AsyncIterable<Uint8Array | string> {
	const pieces = opened[Symbol.asyncIterator]();
	const iterator: AsyncIterator<Uint8Array | string> = {
		next: async () => {
			try {
				return await pieces.next();
			} catch (error) {
				throw note(error);
			}
		},
		return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
	};
	return { [Symbol.asyncIterator]: () => iterator };
}

async function filled(size: number, pieces: ByteStream): Promise<Buffer> {
	const body = Buffer.allocUnsafe(size);
	let at = 0;
	for await (const piece of pieces) {
		body.set(toBuffer(piece), at);
		at += piece.length;
	}
	return body;
}

/** A Node stream on its way to a request: what n8n's HTTP client calls, and what it calls there. */
interface Piped {
	pipe?(target: Piped, options?: object): Piped;
	write?(piece: Uint8Array, ...rest: unknown[]): boolean;
}

/**
 * Whether this is Node's stream of a file, its pieces made for this one reading: other storages may give what they also keep.
 * Newer versions of n8n open files themselves; then it has no path.
 */
export function isFileStream(stream: ByteStream | undefined): boolean {
	const { bytesRead } = (stream ?? {}) as { bytesRead?: unknown };
	return typeof bytesRead === 'number' && stream?.constructor.name === 'ReadStream';
}

/**
 * Gives the memory of a piece back as soon as the piece has left the process.
 *
 * Node keeps each piece that is written to a request in a small record until it is sent. In a server that has run for a while
 * V8 takes such records for long-lived and leaves them, and the pieces with them, until it collects its whole heap: four times
 * the processor time for 18 MB (bench/RESULTS.md). Only the callback of the write says when a piece is sent; who pipes does
 * not ask for it, so it is asked for here. What isn't piped into a request of Node stays as it is: others, such as those who
 * follow redirects, may keep the pieces.
 */
function giveBackWhatIsSent(stream: Piped): void {
	const { pipe } = stream;
	stream.pipe = (target, options) => {
		const { write } = target;
		if ('reusedSocket' in target && write) {
			target.write = (piece, ...rest) =>
				rest.length > 0
					? write.call(target, piece, ...rest)
					: write.call(target, piece, (error?: unknown) => error ?? giveBack(piece));
		} else if (target.pipe) {
			// Newer clients count the bytes in between.
			giveBackWhatIsSent(target);
		}
		return pipe!.call(stream, target, options);
	};
}
