/** What the first bytes of a file say, and how long an AMR voice lasts. */

export type FileKind = 'jpeg' | 'png' | 'gif' | 'bmp' | 'amr' | 'mp3' | 'wav' | 'wma' | 'mp4';

const CONTENT_TYPES: Record<FileKind, string> = {
	jpeg: 'image/jpeg',
	png: 'image/png',
	gif: 'image/gif',
	bmp: 'image/bmp',
	amr: 'audio/amr',
	wav: 'audio/wav',
	wma: 'audio/x-ms-wma',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
};

const AMR_MAGIC = '#!AMR\n';

/** Bytes of one 20 ms AMR-NB frame with its type byte, by frame type (RFC 4867). */
const AMR_FRAME_BYTES: Partial<Record<number, number>> = {
	0: 13,
	1: 14,
	2: 16,
	3: 18,
	4: 20,
	5: 21,
	6: 27,
	7: 32,
	8: 6,
	15: 1,
};

/** The kind of a file by its first bytes, or undefined. */
export function sniff(bytes: Buffer): FileKind | undefined {
	const text = bytes.subarray(0, 12).toString('latin1');
	if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
	if (text.startsWith('\x89PNG')) return 'png';
	if (text.startsWith('GIF8')) return 'gif';
	if (text.startsWith('BM')) return 'bmp';
	if (text.startsWith('RIFF') && text.slice(8) === 'WAVE') return 'wav';
	if (text.startsWith('\x30\x26\xb2\x75\x8e\x66\xcf\x11')) return 'wma';
	if (text.startsWith(AMR_MAGIC)) return 'amr';
	if (text.slice(4, 8) === 'ftyp') return 'mp4';
	if (text.startsWith('ID3')) return 'mp3';
	if (bytes.length > 1 && bytes[0] === 0xff && (bytes[1] & 0xe0) === 0xe0) return 'mp3';
	return undefined;
}

/** Milliseconds an AMR-NB file lasts, counted by its frames; a broken tail is left out. */
export function amrDuration(bytes: Buffer): number {
	let frames = 0;
	let offset = AMR_MAGIC.length;
	while (offset < bytes.length) {
		const size = AMR_FRAME_BYTES[(bytes[offset] >> 3) & 15];
		if (size === undefined || offset + size > bytes.length) break;
		frames += 1;
		offset += size;
	}
	return frames * 20;
}

/** Width and height of a JPG or PNG; undefined where they are not found. */
export function pictureSize(bytes: Buffer): [number, number] | undefined {
	const kind = sniff(bytes);
	if (kind === 'png' && bytes.length >= 24) return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
	if (kind !== 'jpeg') return undefined;
	// The first frame header, SOF0 or SOF2, whose length fits its number of components.
	for (let at = 2; at + 9 < bytes.length; at += 1) {
		const isFrame = bytes[at] === 0xff && [0xc0, 0xc2].includes(bytes[at + 1]);
		if (isFrame && bytes.readUInt16BE(at + 2) === 8 + 3 * bytes[at + 9]) {
			return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
		}
	}
	return undefined;
}

/** Seconds that an MP4 lasts by its movie header of version 0; 0 where there is none. */
export function videoSeconds(bytes: Buffer): number {
	const at = bytes.indexOf('mvhd', 0, 'latin1');
	if (at === -1 || at + 24 > bytes.length || bytes[at + 4] !== 0) return 0;
	return bytes.readUInt32BE(at + 20) / bytes.readUInt32BE(at + 16);
}

/** Content-Type a download carries: by content, by a few extensions, else the generic one. */
export function contentTypeOf(bytes: Buffer, fileName = ''): string {
	const kind = sniff(bytes);
	if (kind) return CONTENT_TYPES[kind];
	const byExtension: Partial<Record<string, string>> = {
		json: 'application/json',
		pdf: 'application/pdf',
		txt: 'text/plain',
	};
	return byExtension[extensionOf(fileName)] ?? 'application/octet-stream';
}

/** Lower-case extension without its dot, or an empty string. */
export function extensionOf(fileName: string): string {
	return /\.([^./\\]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
}
