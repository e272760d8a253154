/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const RGB = 2;
const RGBA = 6;
const INDEXED = 3;

interface Pixels {
	width: number;
	height: number;
	/** 0xRRGGBB for each pixel, row by row. */
	colours: Uint32Array;
}

/**
 * A picture of a screen with at most 256 colours: a third to a fifth of the bytes, and hardly a
 * difference to be seen. Takes what Chromium writes: 8 bits a channel, not interlaced.
 *
 * @throws Error for any other PNG
 */
export function smallPng(png: Buffer): Buffer {
	const { width, height, colours } = decode(png);
	const { palette, indexOf } = paletteOf(colours);
	const rows = Buffer.alloc((width + 1) * height);
	for (let y = 0, from = 0; y < height; y += 1) {
		// The first byte of a row is its filter; none suits indexed colours best.
		for (let x = 0, to = y * (width + 1) + 1; x < width; x += 1, to += 1, from += 1) {
			rows[to] = indexOf(colours[from]);
		}
	}
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	head.set([8, INDEXED, 0, 0, 0], 8);
	return Buffer.concat([
		SIGNATURE,
		chunk('IHDR', head),
		chunk('PLTE', Buffer.from(palette.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255]))),
		chunk('IDAT', deflateSync(rows, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function decode(png: Buffer): Pixels {
	if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
	const data: Buffer[] = [];
	let head: Buffer = Buffer.alloc(0);
	for (let at = 8; at < png.length;) {
		const length = png.readUInt32BE(at);
		const type = png.toString('latin1', at + 4, at + 8);
		const content = png.subarray(at + 8, at + 8 + length);
		if (type === 'IHDR') head = content;
		if (type === 'IDAT') data.push(content);
		at += length + 12;
	}
	const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
	const [depth, kind, , , interlaced] = head.subarray(8);
	if (depth !== 8 || ![RGB, RGBA].includes(kind) || interlaced) throw new Error('another PNG');
	const step = kind === RGB ? 3 : 4;
	const bytes = unfilter(inflateSync(Buffer.concat(data)), width * step, height, step);
	const colours = new Uint32Array(width * height);
	for (let pixel = 0; pixel < colours.length; pixel += 1) {
		colours[pixel] = bytes.readUIntBE(pixel * step, 3);
	}
	return { width, height, colours };
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

/** The most frequent colours; every other becomes the one nearest to it. */
function paletteOf(colours: Uint32Array) {
	const counts = new Map<number, number>();
	for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
	const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
	const palette = spread(byCount);
	const indices = new Map(palette.map((colour, index) => [colour, index]));
	const indexOf = (colour: number): number => {
		const known = indices.get(colour);
		if (known !== undefined) return known;
		const index = nearest(palette, colour);
		indices.set(colour, index);
		return index;
	};
	return { palette, indexOf };
}

/** Up to 256 colours: frequent ones first, none close to one that is in already. */
function spread(byCount: number[]): number[] {
	if (byCount.length <= 256) return byCount;
	for (let distance = 12; ; distance *= 1.5) {
		const palette: number[] = [];
		for (const colour of byCount) {
			if (palette.length > 256) break;
			if (palette.every((one) => difference(one, colour) >= distance)) palette.push(colour);
		}
		if (palette.length <= 256) return palette;
	}
}

function nearest(palette: number[], colour: number): number {
	let best = 0;
	for (let index = 1; index < palette.length; index += 1) {
		if (difference(palette[index], colour) < difference(palette[best], colour)) best = index;
	}
	return best;
}

/** Square of the distance between two colours. */
function difference(a: number, b: number): number {
	const [red, green, blue] = [
		(a >> 16) - (b >> 16),
		((a >> 8) & 255) - ((b >> 8) & 255),
		(a & 255) - (b & 255),
	];
	return red * red + green * green + blue * blue;
}

function chunk(type: string, content: Buffer): Buffer {
	const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
	const out = Buffer.alloc(typed.length + 8);
	out.writeUInt32BE(content.length, 0);
	out.set(typed, 4);
	out.writeUInt32BE(crc32(typed), typed.length + 4);
	return out;
}
