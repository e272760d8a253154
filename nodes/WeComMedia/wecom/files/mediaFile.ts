import { collected, toBuffer } from '../client/body';
import { isWeComError, WeComInputError } from '../client/errors';
import { toUploadFileName } from './fileName';
import type { ByteSource, ByteStream } from '../client/wire';

const DAMAGED =
	'The stored binary is damaged or already deleted. Run the workflow again from the node that made the file.';

/** A file to upload: its size is known before, its bytes can be opened again. */
export interface MediaFile extends ByteSource {
	/** As the user named it; may be empty. */
	fileName: string;
	/** MIME type; '' when unknown. */
	mimeType: string;
	/** n8n's `fileExtension`, without dot. */
	extension?: string;
	/** Reads all of it into one Buffer: for a small file that costs less than a stream. */
	read?(): Promise<Buffer>;
	/** The stream a file that is held came from, for whoever needs another of the same make. */
	handed?: ByteStream;
}

/**
 * Reads a small file into memory.
 *
 * @throws WeComInputError when the source fails, or gives more or fewer bytes than announced
 */
export async function readWhole(file: MediaFile): Promise<Buffer> {
	try {
		if (!file.read) return await collected(wholeOf(file, await file.open()));
		const bytes = await file.read();
		refuseOtherSize(file, bytes.length);
		return bytes;
	} catch (error) {
		throw sourceError(file, error);
	}
}

/**
 * All bytes of a file, never more or fewer than its size; closes the source on every path.
 *
 * @throws WeComInputError when the source gives more or fewer
 */
export async function* wholeOf(file: MediaFile, source: ByteStream): AsyncGenerator<Buffer> {
	let came = 0;
	try {
		for await (const piece of source) {
			const bytes = toBuffer(piece);
			came += bytes.length;
			if (came > file.size) break;
			yield bytes;
		}
	} finally {
		source.destroy?.();
	}
	refuseOtherSize(file, came);
}

function refuseOtherSize(file: MediaFile, came: number): void {
	if (came === file.size) return;
	const real = came > file.size ? 'more' : came;
	throw new WeComInputError(
		`'${nameOf(file)}' changed while it was read: ${file.size} bytes were announced, ${real} came`,
		DAMAGED,
	);
}

/** @returns what to throw when the source of a body that is on its way fails; its own error would look like the network's */
export function sourceError(file: Pick<MediaFile, 'fileName'>, error: unknown): Error {
	if (isWeComError(error)) return error;
	const { code } = error as { code?: unknown };
	const why = typeof code === 'string' ? ` (${code})` : '';
	return new WeComInputError(`'${nameOf(file)}' could not be read${why}`, DAMAGED);
}

function nameOf({ fileName }: Pick<MediaFile, 'fileName'>): string {
	return toUploadFileName(fileName, { fallbackBase: 'file' });
}
