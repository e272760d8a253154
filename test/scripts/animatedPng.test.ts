/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { deflateSync, inflateSync } from 'node:zlib';
import { animatedPng } from '../../scripts/lib/animatedPng';
import { chunk, chunksOf, SIGNATURE } from '../../scripts/lib/png';
import { paletteOf } from '../../scripts/lib/smallPng';

const [WHITE, RED, BLUE] = [0xffffff, 0xff0000, 0x0000ff];

/** A screenshot as Chromium writes it. */
function screenshot(width: number, rows: number[][]): Buffer {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(rows.length, 4);
	head.set([8, 2], 8);
	const bytes = rows.flatMap((row) => [
		0,
		...row.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]),
	]);
	const image = deflateSync(Buffer.from(bytes));
	const parts = [chunk('IHDR', head), chunk('IDAT', image), chunk('IEND', Buffer.alloc(0))];
	return Buffer.concat([SIGNATURE, ...parts]);
}

const before = screenshot(3, [
	[WHITE, WHITE, WHITE],
	[WHITE, WHITE, WHITE],
]);
const after = screenshot(3, [
	[WHITE, WHITE, WHITE],
	[WHITE, RED, BLUE],
]);

test('a film holds the first frame whole and of the next what is different, each with its time', () => {
	const film = chunksOf(
		animatedPng([
			{ png: before, ms: 1_200 },
			{ png: after, ms: 800 },
			{ png: after, ms: 100 },
		]),
	);
	expect(film.map(({ type }) => type)).toEqual([
		'IHDR',
		'PLTE',
		'acTL',
		'fcTL',
		'IDAT',
		'fcTL',
		'fdAT',
		'fcTL',
		'fdAT',
		'IEND',
	]);
	const contents = (wanted: string) =>
		film.filter(({ type }) => type === wanted).map(({ content }) => content);
	expect([...contents('acTL')[0]]).toEqual([0, 0, 0, 3, 0, 0, 0, 0]);
	const controls = contents('fcTL').map((control) => [
		...[0, 4, 8, 12, 16].map((at) => control.readUInt32BE(at)),
		control.readUInt16BE(20) / control.readUInt16BE(22),
	]);
	// Number, width, height, x, y, seconds.
	expect(controls).toEqual([
		[0, 3, 2, 0, 0, 1.2],
		[1, 2, 1, 1, 1, 0.8],
		[3, 1, 1, 0, 0, 0.1],
	]);
	const [palette] = contents('PLTE');
	const [changed] = contents('fdAT');
	expect(changed.readUInt32BE(0)).toBe(2);
	const [, ...indices] = inflateSync(changed.subarray(4));
	expect(indices.map((index) => palette.readUIntBE(index * 3, 3))).toEqual([RED, BLUE]);
});

test('frames of two sizes, and none, are refused', () => {
	const other = screenshot(1, [[WHITE]]);
	expect(() =>
		animatedPng([
			{ png: before, ms: 1 },
			{ png: other, ms: 1 },
		]),
	).toThrow('two sizes');
	expect(() => animatedPng([])).toThrow('no frames');
});

test('a white field stays white on a panel of light gray, however many colors there are', () => {
	const surfaces = [WHITE, 0xf5f5f5];
	const rare = Array.from({ length: 4_096 }, (_, index) => index * 4_093);
	const { palette, indexOf } = paletteOf(
		Uint32Array.from([...surfaces, ...surfaces, ...surfaces, ...rare]),
	);
	expect(palette.length).toBeLessThanOrEqual(256);
	expect(surfaces.map((color) => palette[indexOf(color)])).toEqual(surfaces);
});
