import { streamLike, toBuffer } from '../wecom/client/body';
import type { ByteSource, ByteStream } from '../wecom/client/wire';

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
	const pieces = opened[Symbol.asyncIterator]();
	let failure: unknown;
	const note = (error: unknown) => (failure = error);
	const noted: AsyncIterator<Uint8Array | string> = {
		next: async () => {
			try {
				return await pieces.next();
			} catch (error) {
				throw note(error);
			}
		},
		return: async () => (await pieces.return?.()) ?? { done: true, value: undefined },
	};
	const stream = streamLike(opened, { [Symbol.asyncIterator]: () => noted });
	return {
		body: stream ?? (await filled(size, opened)),
		sourceFailure: () => failure,
		close: () => {
			stream?.destroy?.();
			opened.destroy?.();
		},
	};
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
