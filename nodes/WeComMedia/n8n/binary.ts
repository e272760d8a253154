/** n8n's binary data ↔ media files. */
import { BINARY_ENCODING } from 'n8n-workflow';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { listOf } from '../wecom/calls/list';
import type { Download } from '../wecom/calls/download';
import { WeComInputError } from '../wecom/client/errors';
import type { MediaFile } from '../wecom/files/mediaFile';
import { collected, streamLike } from '../wecom/client/nodeStream';

export type NodeStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** n8n's storage is read in pieces of this size. */
export const READ_BYTES = 256 * 1024;
/** Characters of Base64 decoded at a time; a multiple of 4. */
const BASE64_SLICE = 1024 * 1024;

/** @returns the names in a list of binary fields */
export function fieldNames(list: string): string[] {
	return listOf(list);
}

/**
 * The file in one binary field of an item, re-openable, its bytes still in n8n's storage.
 *
 * @throws WeComInputError when the item has no such field
 */
export async function mediaFileOf(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
): Promise<MediaFile> {
	const binary = findBinary(context, itemIndex, field);
	if (!binary) throw missingField(context, itemIndex, field);
	const fileName = binary.fileName ?? '';
	const mimeType = binary.mimeType ?? '';
	const extension = binary.fileExtension ?? '';
	const { id } = binary;
	if (!id) return { fileName, mimeType, extension, ...inMemory(binary) };
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	return {
		fileName,
		mimeType,
		extension,
		size: fileSize,
		open: async () => await context.helpers.getBinaryStream(id, READ_BYTES),
	};
}

/** @returns the id of a stored file; '' when it is kept in memory */
export function storedId(context: IExecuteFunctions, itemIndex: number, field: string): string {
	return findBinary(context, itemIndex, field)?.id ?? '';
}

/** Streams a download into n8n's binary storage. File name and type are always given: n8n would else guess from the URL. */
export async function storeDownload(
	context: IExecuteFunctions,
	download: Download,
	fileName: string,
): Promise<IBinaryData> {
	const stream = streamLike(download.handed, download.bytes) as NodeStream | undefined;
	const source = stream ?? (await collected(download.bytes));
	return await context.helpers.prepareBinaryData(source, fileName, download.mimeType);
}

function findBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
): IBinaryData | undefined {
	try {
		const binary = context.helpers.assertBinaryData(itemIndex, field);
		// n8n also finds what every JavaScript object has, such as a field named 'constructor'.
		return typeof binary.data === 'string' ? binary : undefined;
	} catch {
		return undefined;
	}
}

function missingField(context: IExecuteFunctions, itemIndex: number, field: string) {
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

/** In-memory mode and pinned data keep the file as Base64; it is decoded piece by piece, never as a whole. */
function inMemory(binary: IBinaryData): Pick<MediaFile, 'size' | 'open'> {
	const { data } = binary;
	return {
		size: Buffer.byteLength(data, BINARY_ENCODING),
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
