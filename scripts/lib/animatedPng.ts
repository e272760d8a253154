import { chunk, decode, indexedHead, indexedImage, SIGNATURE, type Area, type Pixels } from './png';
import { paletteOf } from './smallPng';

export interface Frame {
	png: Buffer;
	/** How long it is to be seen. */
	ms: number;
}

/**
 * One moving picture of screenshots of one size, repeated for ever (APNG, https://www.w3.org/TR/png-3/): every browser
 * and GitHub plays it, what does not shows the first frame. Of each further frame it holds the part that is different.
 *
 * @throws Error without frames, where the sizes differ, or as decode
 */
export function animatedPng(frames: Frame[]): Buffer {
	if (frames.length === 0) throw new Error('no frames');
	const pictures = frames.map(({ png }) => decode(png));
	const { palette, indexOf } = paletteOf(...pictures.map(({ colors }) => colors));
	const [{ width, height }] = pictures;
	const count = Buffer.alloc(8);
	count.writeUInt32BE(frames.length, 0);
	let sequence = 0;
	const images = pictures.flatMap((picture, index) => {
		const area =
			index === 0 ? { x: 0, y: 0, width, height } : changed(pictures[index - 1], picture);
		const control = controlOf(sequence++, area, frames[index].ms);
		const image = indexedImage(picture, area, indexOf);
		// The first one is the picture of whoever knows nothing of frames.
		if (index === 0) return [chunk('fcTL', control), chunk('IDAT', image)];
		const number = Buffer.alloc(4);
		number.writeUInt32BE(sequence++);
		return [chunk('fcTL', control), chunk('fdAT', Buffer.concat([number, image]))];
	});
	return Buffer.concat([
		SIGNATURE,
		...indexedHead(width, height, palette),
		chunk('acTL', count),
		...images,
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** Where a frame goes and how long it stays; it replaces what was there. */
function controlOf(sequence: number, { x, y, width, height }: Area, ms: number): Buffer {
	const control = Buffer.alloc(26);
	for (const [at, value] of [sequence, width, height, x, y].entries()) {
		control.writeUInt32BE(value, at * 4);
	}
	control.writeUInt16BE(ms, 20);
	control.writeUInt16BE(1_000, 22);
	return control;
}

/** The smallest area with all differences; one pixel where there are none, since a frame cannot be empty. */
function changed(before: Pixels, now: Pixels): Area {
	const { width, height } = now;
	if (before.width !== width || before.height !== height) throw new Error('frames of two sizes');
	let [left, top, right, bottom] = [width, height, -1, -1];
	for (let at = 0; at < now.colors.length; at += 1) {
		if (now.colors[at] === before.colors[at]) continue;
		const [x, y] = [at % width, Math.floor(at / width)];
		left = Math.min(left, x);
		right = Math.max(right, x);
		top = Math.min(top, y);
		bottom = y;
	}
	if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
	return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
