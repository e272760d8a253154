/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/** Small files that are what their first bytes say, and sources that tell whether they were closed. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { streamOf } from '../../nodes/WeComMedia/wecom/client/body';
import type { MediaFile } from '../../nodes/WeComMedia/wecom/files/mediaFile';

export const KIB = 1024;
export const MIB = 1024 * KIB;

const HEADS = {
	jpg: '\xff\xd8\xff\xe0',
	png: '\x89PNG\r\n\x1a\n',
	gif: 'GIF89a',
	mp4: '\0\0\0\x18ftypmp42',
	mov: '\0\0\0\x14ftypqt  ',
	mp3: 'ID3\x04',
	pdf: '%PDF-1.7\n',
	silk: '\x02#!SILK_V3',
	awb: '#!AMR-WB\n',
	spx: 'Speex   1.2rc1',
	txt: 'made-up text',
};

export type Kind = keyof typeof HEADS;

/** @returns a file of this kind and exactly this size in bytes; a size below its head cuts the head */
export function contentOf(kind: Kind, size = 400): Buffer {
	const bytes = Buffer.alloc(size, 'made-up filling ');
	Buffer.from(HEADS[kind], 'latin1').copy(bytes);
	return bytes;
}

/** @returns an AMR narrow-band voice of this length, in frames of 32 bytes and 20 ms */
export function amr(ms: number): Buffer {
	const frame = Buffer.alloc(32, 0x5a);
	frame[0] = (7 << 3) | 0x04;
	return Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(ms / 20).fill(frame)]);
}

/** @returns a media file over bytes in memory */
export function fileFromBuffer(fileName: string, bytes: Buffer, mimeType = ''): MediaFile {
	return {
		fileName,
		size: bytes.length,
		mimeType,
		open: async () => streamOf(bytes),
		read: async () => bytes,
	};
}

/** @returns a media file of this kind and size, named after it */
export function fileOf(kind: Kind, size?: number): MediaFile {
	return fileFromBuffer(`report.${kind}`, contentOf(kind, size));
}

/** A file whose bytes come from a Node stream in small pieces, as n8n's storage gives them. */
export interface StreamedFile extends MediaFile {
	/** Every stream that was opened. */
	streams: Readable[];
}

/** @param announced size in bytes the file claims to have; by default the true one */
export function streamedFile(
	fileName: string,
	bytes: Buffer,
	announced = bytes.length,
): StreamedFile {
	const streams: Readable[] = [];
	return {
		fileName,
		size: announced,
		mimeType: '',
		streams,
		open: async () => {
			const stream = Readable.from(piecesOf(bytes), { objectMode: false });
			streams.push(stream);
			return stream;
		},
	};
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += 16 * KIB) yield bytes.subarray(at, at + 16 * KIB);
}

let random = Buffer.alloc(0);

/** @returns bytes in which every piece differs from every other, so that a wrong offset shows; the same every time */
export function noise(size: number): Buffer {
	if (random.length < size) random = Buffer.concat([random, randomBytes(size - random.length)]);
	return random.subarray(0, size);
}
