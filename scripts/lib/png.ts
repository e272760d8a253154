/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const RGB = 2;
const RGBA = 6;
const INDEXED = 3;

export interface Pixels {
	width: number;
	height: number;
	/** 0xRRGGBB for each pixel, row by row. */
	colors: Uint32Array;
}

export interface Chunk {
	type: string;
	content: Buffer;
}

/** @throws Error for what is no PNG */
export function chunksOf(png: Buffer): Chunk[] {
	if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
	const chunks: Chunk[] = [];
	for (let at = 8; at < png.length;) {
		const length = png.readUInt32BE(at);
		const content = png.subarray(at + 8, at + 8 + length);
		chunks.push({ type: png.toString('latin1', at + 4, at + 8), content });
		at += length + 12;
	}
	return chunks;
}

/**
 * Reads what Chromium writes: 8 bits a channel, not interlaced.
 *
 * @throws Error for any other PNG
 */
export function decode(png: Buffer): Pixels {
	const chunks = chunksOf(png);
	const contents = (wanted: string) =>
		chunks.filter(({ type }) => type === wanted).map(({ content }) => content);
	const [head] = contents('IHDR');
	const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
	const [depth, kind, , , interlaced] = head.subarray(8);
	if (depth !== 8 || ![RGB, RGBA].includes(kind) || interlaced) throw new Error('another PNG');
	const step = kind === RGB ? 3 : 4;
	const bytes = unfilter(inflateSync(Buffer.concat(contents('IDAT'))), width * step, height, step);
	const colors = new Uint32Array(width * height);
	for (let pixel = 0; pixel < colors.length; pixel += 1) {
		colors[pixel] = bytes.readUIntBE(pixel * step, 3);
	}
	return { width, height, colors };
}

/** Undoes the filters of PNG (ISO/IEC 15948, section 9), `step` bytes to a pixel. */
function unfilter(filtered: Buffer, stride: number, height: number, step: number): Buffer {
	const out = Buffer.alloc(stride * height);
	for (let y = 0; y < height; y += 1) {
		const filter = filtered[y * (stride + 1)];
		for (let x = 0; x < stride; x += 1) {
			const at = y * stride + x;
			const left = x < step ? 0 : out[at - step];
			const up = y === 0 ? 0 : out[at - stride];
			const upLeft = x < step || y === 0 ? 0 : out[at - stride - step];
			const guess = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter];
			out[at] = filtered[y * (stride + 1) + 1 + x] + guess;
		}
	}
	return out;
}

function paeth(left: number, up: number, upLeft: number): number {
	const [toLeft, toUp] = [Math.abs(up - upLeft), Math.abs(left - upLeft)];
	const toUpLeft = Math.abs(left + up - 2 * upLeft);
	if (toLeft <= toUp && toLeft <= toUpLeft) return left;
	return toUp <= toUpLeft ? up : upLeft;
}

/** The chunks in front of the image of a picture with a palette of 0xRRGGBB. */
export function indexedHead(width: number, height: number, palette: number[]): [Buffer, Buffer] {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, INDEXED, 0, 0, 0], 8);
	const colors = palette.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]);
	return [chunk('IHDR', head), chunk('PLTE', Buffer.from(colors))];
}

export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The content of IDAT: a part of a picture, each color by its place in the palette. */
export function indexedImage(
	{ width, colors }: Pixels,
	area: Area,
	indexOf: (color: number) => number,
): Buffer {
	const rows = Buffer.alloc((area.width + 1) * area.height);
	for (let y = 0, to = 0; y < area.height; y += 1) {
		// The first byte of a row is its filter; none suits indexed colors best.
		to += 1;
		const from = (area.y + y) * width + area.x;
		for (let x = 0; x < area.width; x += 1, to += 1) rows[to] = indexOf(colors[from + x]);
	}
	return deflateSync(rows, { level: 9 });
}

export function chunk(type: string, content: Buffer): Buffer {
	const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const out = Buffer.alloc(typed.length + 8);
	out.writeUInt32BE(content.length, 0);
	out.set(typed, 4);
	out.writeUInt32BE(crc32(typed), typed.length + 4);
	return out;
}
