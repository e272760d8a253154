import { chunk, decode, indexedHead, indexedImage, SIGNATURE } from './png';

/**
 * A picture of a screen with at most 256 colors: a third to a fifth of the bytes, and hardly a
 * difference to be seen.
 *
 * @throws as decode
 */
export function smallPng(png: Buffer): Buffer {
	const pixels = decode(png);
	const { width, height } = pixels;
	const { palette, indexOf } = paletteOf(pixels.colors);
	const whole = { x: 0, y: 0, width, height };
	return Buffer.concat([
		SIGNATURE,
		...indexedHead(width, height, palette),
		chunk('IDAT', indexedImage(pixels, whole, indexOf)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

/** The most frequent colors of all pictures; every other becomes the one nearest to it. */
export function paletteOf(...pictures: Uint32Array[]) {
	const counts = new Map<number, number>();
	for (const colors of pictures) {
		for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
	}
	const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
	const palette = spread(byCount);
	const indices = new Map(palette.map((color, index) => [color, index]));
	const indexOf = (color: number): number => {
		const known = indices.get(color);
		if (known !== undefined) return known;
		const index = nearest(palette, color);
		indices.set(color, index);
		return index;
	};
	return { palette, indexOf };
}

/** Surfaces: a white field on a light gray panel is told from it by little. */
const SURFACES = 48;

/** Up to 256 colors: the most frequent ones as they are, then others, none close to one that is in already. */
function spread(byCount: number[]): number[] {
	if (byCount.length <= 256) return byCount;
	for (let distance = 12; ; distance *= 1.5) {
		const palette = byCount.slice(0, SURFACES);
		for (const color of byCount.slice(SURFACES)) {
			if (palette.length > 256) break;
			if (palette.every((one) => difference(one, color) >= distance)) palette.push(color);
		}
		if (palette.length <= 256) return palette;
	}
}

function nearest(palette: number[], color: number): number {
	let best = 0;
	for (let index = 1; index < palette.length; index += 1) {
		if (difference(palette[index], color) < difference(palette[best], color)) best = index;
	}
	return best;
}

/** Square of the distance between two colors. */
function difference(a: number, b: number): number {
	const [red, green, blue] = [
		(a >> 16) - (b >> 16),
		((a >> 8) & 255) - ((b >> 8) & 255),
		(a & 255) - (b & 255),
	];
	return red * red + green * green + blue * blue;
}
