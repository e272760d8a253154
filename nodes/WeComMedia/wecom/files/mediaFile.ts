import { bytesOf, collected, toBuffer } from '../client/body';
import { isWeComError, WeComInputError } from '../client/errors';
import { toUploadFileName } from './fileName';
import type { ByteStream } from '../client/wire';

const DAMAGED =
	'The stored binary is damaged or already deleted. Run the workflow again from the node that made the file.';

/** A file to upload: its size is known before, its bytes can be opened again. */
export interface MediaFile {
	/** As the user named it; may be empty. */
	fileName: string;
	/** Bytes. */
	size: number;
	/** MIME type; '' when unknown. */
	mimeType: string;
	/** n8n's `fileExtension`, without dot. */
	extension?: string;
	/** Opens the bytes; whoever opens reads to the end or destroys. */
	open(): Promise<ByteStream>;
	/** Reads all of it into one Buffer: for a small file that costs less than a stream. */
	read?(): Promise<Buffer>;
}

/** A file opened for one reading: its first bytes looked at, the rest still to come. */
export interface OpenedFile {
	start: Buffer;
	/** What the storage handed over. */
	handed: ByteStream;
	/** Everything from the first byte on; to be read once, or closed. */
	all: ByteStream;
	/** Closes the source without reading on. */
	close(): void;
}

/**
 * Opens a file and reads its first bytes.
 *
 * @param count bytes to look at; fewer come when the file is shorter
 */
export async function openFile(file: MediaFile, count: number): Promise<OpenedFile> {
	const handed = await file.open();
	const { start, rest: all } = await bytesOf(handed, count);
	return {
		start,
		handed,
		all,
		close: () => {
			all.destroy?.();
		},
	};
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
