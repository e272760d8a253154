/** n8n's binary data ↔ media files. */
import { BINARY_ENCODING } from 'n8n-workflow';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { listOf } from '../wecom/calls/typedValues';
import type { Download } from '../wecom/calls/download';
import { collected, streamLike, streamOf } from '../wecom/client/body';
import { WeComInputError } from '../wecom/client/errors';
import { sourceError } from '../wecom/files/mediaFile';
import type { MediaFile } from '../wecom/files/mediaFile';
import { HELD_BYTES } from '../wecom/files/packing';
import { joined } from './pieces';

export type NodeStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/**
 * n8n's storage is read in pieces of this size at most: smaller ones cost more processor time for a large file, larger ones
 * than the file memory, since each piece is allocated as asked.
 */
const READ_BYTES = 1024 * 1024;
/** And of this size at least, since an item may say of a large file that it is tiny. */
const LEAST_READ_BYTES = 16 * 1024;
/** Downloads up to this size are collected and stored in one piece. */
const SMALL_BYTES = 1024 * 1024;
/**
 * Larger ones go to the storage in pieces of this size, since it writes each piece by itself: an eighth of the writes costs
 * less than the copy, as long as what was copied is given back.
 */
const WRITE_BYTES = 512 * 1024;
/** Hardly more than the next piece is read ahead: what waits, Node joins. */
const WRITE_AHEAD_BYTES = 64 * 1024;
/** Characters of Base64 decoded at a time; a multiple of 4. */
const BASE64_SLICE = 1024 * 1024;

/** A file of an item: the name of its binary field, or the file itself as an expression such as `{{ $binary.data }}` gives it. */
export type InputFile = string | IBinaryData;

/**
 * @param value of the parameter "Input Binary Field": a list of names, a file, a list of both, or all files of an item
 * @throws WeComInputError for a value that is none of these
 */
export function inputFiles(value: unknown): InputFile[] {
	if (Array.isArray(value)) return value.flatMap(inputFiles);
	if (isFile(value)) return [value];
	if (!isObject(value)) return listOf(value);
	const files = Object.values(value);
	if (files.every(isFile)) return files;
	throw new WeComInputError(
		"'Input Binary Field' is an object that is no file",
		'Give the name of the binary field, such as data, or an expression such as {{ $binary.data }}.',
		'Input Binary Field',
	);
}

/** @returns what an input file is called in messages */
export function labelOf(file: InputFile): string {
	return typeof file === 'string' ? file : (file.fileName ?? '');
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/** `{{ $binary.data }}` leaves out `data`, so a file in memory has neither `id` nor `data`. */
function isFile(value: unknown): value is IBinaryData {
	return isObject(value) && typeof value.mimeType === 'string';
}

/**
 * The file in one binary field of an item, re-openable; the bytes of a large one are still in n8n's storage.
 *
 * @throws WeComInputError when the item has no such field, or when n8n no longer has the file
 */
export async function mediaFileOf(
	context: IExecuteFunctions,
	itemIndex: number,
	field: InputFile,
): Promise<MediaFile> {
	const binary = findBinary(context, itemIndex, field);
	if (!binary) throw missingFile(context, itemIndex, field);
	const fileName = binary.fileName ?? '';
	const mimeType = binary.mimeType ?? '';
	const extension = binary.fileExtension ?? '';
	const { id } = binary;
	const named = { fileName, mimeType, extension };
	if (!id) return { ...named, ...inMemory(binary) };
	const { helpers } = context;
	const open = async (size: number) =>
		await helpers.getBinaryStream(id, Math.max(LEAST_READ_BYTES, Math.min(size, READ_BYTES)));
	try {
		// What the item says of its size may be wrong. A small file is read at once, and has as many bytes as come.
		const { bytes: said = Infinity } = binary;
		if (said <= HELD_BYTES) {
			const handed = await open(said);
			const bytes = await collected(handed);
			const { length: size } = bytes;
			const again = async () => await open(said);
			// Bytes that were sent are gone.
			const read = async () => (bytes.length === size ? bytes : await collected(await again()));
			return { ...named, size, read, handed, open: again };
		}
		const { fileSize: size } = await helpers.getBinaryMetadata(id);
		return { ...named, size, open: async () => await open(size) };
	} catch (error) {
		throw sourceError(named, error);
	}
}

/** @returns the id of a stored file; '' when it is kept in memory */
export function storedId(context: IExecuteFunctions, itemIndex: number, field: InputFile): string {
	return findBinary(context, itemIndex, field)?.id ?? '';
}

/**
 * Brings a download into n8n's binary storage, a small one at once, a larger one as a stream. File name and type are always
 * given: n8n would else guess from the URL.
 */
export async function storeDownload(
	context: IExecuteFunctions,
	download: Download,
	fileName: string,
): Promise<IBinaryData> {
	const { bytes, size = Infinity } = download;
	let isStored = false;
	try {
		const isSmall = size <= SMALL_BYTES;
		const source = isSmall ? await collected(joined(bytes, size)) : await streamed(download);
		const stored = await context.helpers.prepareBinaryData(source, fileName, download.mimeType);
		isStored = true;
		return stored;
	} finally {
		// A storage that fails before it has read anything leaves the connection to us.
		if (!isStored) download.close();
	}
}

async function streamed({ handed, bytes }: Download): Promise<NodeStream | Buffer> {
	const pieces = joined(bytes, WRITE_BYTES);
	const stream = streamLike(handed, pieces, WRITE_AHEAD_BYTES) as NodeStream | undefined;
	return stream ?? (await collected(pieces));
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: InputFile,
): IBinaryData | undefined {
	if (typeof field !== 'string') {
		const hasBytes = Boolean(field.id) || typeof field.data === 'string';
		return hasBytes ? field : sameInItem(context, itemIndex, field);
	}
	try {
		const binary = context.helpers.assertBinaryData(itemIndex, field);
		// n8n also finds what every JavaScript object has, such as a field named 'constructor'.
		return typeof binary.data === 'string' ? binary : undefined;
	} catch {
		return undefined;
	}
}

/** The item's own file that an expression gave without its bytes. */
function sameInItem(context: IExecuteFunctions, itemIndex: number, given: IBinaryData) {
	const own = Object.values(context.getInputData()[itemIndex]?.binary ?? {});
	const keys = Object.keys(given) as Array<keyof IBinaryData>;
	return own.find((file) => keys.every((key) => file[key] === given[key]));
}

function missingFile(context: IExecuteFunctions, itemIndex: number, field: InputFile) {
	if (typeof field !== 'string') {
		return new WeComInputError(
			`The expression in 'Input Binary Field' gives a file without its bytes ('${labelOf(field)}')`,
			'n8n keeps this file in memory: give the name of its binary field instead, such as data, in the item that has it.',
			'Input Binary Field',
		);
	}
	const item = context.getInputData()[itemIndex];
	// With the workflow setting `binaryMode: combined` n8n keeps files in the JSON and addresses them by path.
	const there = [
		...Object.keys(item?.binary ?? {}),
		...Object.keys(item?.json._files ?? {}).map((name) => `_files.${name}`),
	];
	const hint =
		there.length > 0
			? `The item's binary fields are: ${there.join(', ')}.`
			: 'The item has no file at all. Put a node before this one that reads or downloads the file, and check that no node in between drops it.';
	return new WeComInputError(
		`The item has no file in the field '${field}' ('Input Binary Field')`,
		hint,
		'Input Binary Field',
	);
}

function held(bytes: Buffer): Pick<MediaFile, 'size' | 'open' | 'read'> {
	return { size: bytes.length, open: async () => streamOf(bytes), read: async () => bytes };
}

/** What a Base64 text must be for its length to tell its size, and for slices of it to be decoded by themselves. */
const PLAIN_BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * In-memory mode and pinned data keep the file as Base64; it is decoded piece by piece. A text with line breaks or of the
 * URL-safe kind is decoded as a whole, as n8n does.
 */
function inMemory(binary: IBinaryData): Pick<MediaFile, 'size' | 'open' | 'read'> {
	const { data } = binary;
	if (data.length % 4 !== 0 || !PLAIN_BASE64.test(data)) {
		return held(Buffer.from(data, BINARY_ENCODING));
	}
	return {
		size: Buffer.byteLength(data, BINARY_ENCODING),
		read: async () => Buffer.from(data, BINARY_ENCODING),
		open: async () => {
			async function* pieces() {
				for (let at = 0; at < data.length; at += BASE64_SLICE) {
					yield Buffer.from(data.slice(at, at + BASE64_SLICE), BINARY_ENCODING);
				}
			}
			return pieces();
		},
	};
}
