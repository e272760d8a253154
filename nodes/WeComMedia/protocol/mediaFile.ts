import { bytesOf, streamOf, toBuffer } from './body';
import { WeComInputError } from './errors';
import { toUploadFileName } from './fileName';
import type { ByteStream } from './wire';

/** A file to upload: its size is known before, its bytes can be opened again. */
export interface MediaFile {
	/** As the user named it; may be empty. */
	fileName: string;
	/** Bytes. */
	size: number;
	/** MIME type; '' when unknown. */
	mimeType: string;
	/** Opens the bytes; whoever opens reads to the end or destroys. */
	open(): Promise<ByteStream>;
}

/** @returns a media file over bytes that are already in memory (pinned data, in-memory binary mode) */
export function fileFromBuffer(fileName: string, bytes: Buffer, mimeType = ''): MediaFile {
	return {
		fileName,
		size: bytes.length,
		mimeType,
		open: async () => streamOf(bytes),
	};
}

/** A file opened for one reading: its first bytes looked at, the rest still to come. */
export interface OpenedFile {
	start: Buffer;
	/**
	 * Copies the whole file into `target`, whose length is the file's size, and closes the source.
	 *
	 * @throws WeComInputError when the source gives more or fewer bytes than announced
	 */
	fill(target: Buffer): Promise<void>;
	/** Closes the source without reading on. */
	close(): void;
}

/**
 * Opens a file and reads its first bytes.
 *
 * @param count bytes to look at; fewer come when the file is shorter
 */
export async function openFile(file: MediaFile, count: number): Promise<OpenedFile> {
	const stream = await file.open();
	const { start, rest } = await bytesOf(stream, count);
	return {
		start,
		fill: async (target) => await fill(file, rest, target),
		close: () => {
			rest.destroy?.();
		},
	};
}

async function fill(file: MediaFile, source: ByteStream, target: Buffer): Promise<void> {
	let filled = 0;
	for await (const piece of source) {
		const bytes = toBuffer(piece);
		if (filled + bytes.length <= target.length) bytes.copy(target, filled);
		filled += bytes.length;
		if (filled > target.length) break;
	}
	if (filled !== target.length) {
		source.destroy?.();
		const name = toUploadFileName(file.fileName, { fallbackBase: 'file' });
		throw new WeComInputError(
			`'${name}' changed while it was read: ${target.length} bytes were announced, ${filled > target.length ? 'more' : filled} came`,
			'The stored binary is damaged or already deleted. Run the workflow again from the node that made the file.',
		);
	}
}
