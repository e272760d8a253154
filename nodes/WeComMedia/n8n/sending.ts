import { streamLike } from '../wecom/client/body';
import type { ByteStream, StreamedBody } from '../wecom/client/wire';

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
export async function openSending({ size, open }: StreamedBody): Promise<Sending> {
	const { handed, pieces } = await open();
	let failure: unknown;
	const note = (error: unknown) => (failure = error);
	const noted: AsyncIterator<Uint8Array> = {
		next: async () => {
			try {
				return await pieces.next();
			} catch (error) {
				throw note(error);
			}
		},
		return: async () => await pieces.return(undefined),
	};
	const stream = streamLike(handed, { [Symbol.asyncIterator]: () => noted });
	return {
		body: stream ?? (await filled(size, pieces)),
		sourceFailure: () => failure,
		close: () => {
			stream?.destroy?.();
			handed.destroy?.();
		},
	};
}

async function filled(size: number, pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const body = Buffer.allocUnsafe(size);
	let at = 0;
	for await (const piece of pieces) {
		body.set(piece, at);
		at += piece.length;
	}
	return body;
}
