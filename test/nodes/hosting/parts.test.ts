/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { BinaryDataService } from 'n8n-core';
import { MIB, noise } from '../../wecom/files';
import { until } from '../scene';
import { get, holdPauses, setupHosting, type HeldPauses } from './hosting';

const scene = setupHosting();
const bytes = Buffer.from(noise(4 * MIB));
const PARTS = 40;
const step = Math.ceil(bytes.length / PARTS);
const rangeOf = (n: number) => [n * step, Math.min((n + 1) * step, bytes.length) - 1] as const;
const all = Array.from({ length: PARTS }, (_, n) => n);

let link: URL;
/** For which an open stream or a file in memory is kept. */
let halfMinutes: HeldPauses;
beforeEach(async () => {
	link = await scene.linkTo({ bytes, fileName: 'noise.bin' });
	halfMinutes = holdPauses(30_000);
});
afterEach(() => {
	halfMinutes.restore();
	jest.restoreAllMocks();
});

async function getPart(n: number): Promise<void> {
	const [start, end] = rangeOf(n);
	const { status, body } = await get(link, { range: `bytes=${start}-${end}` });
	expect([n, status, body.equals(bytes.subarray(start, end + 1))]).toEqual([n, 206, true]);
}

/** Another storage of n8n: what it hands over for a stored file. */
function storage(open: () => Readable): Readable[] {
	const opened: Readable[] = [];
	jest.spyOn(BinaryDataService.prototype, 'getAsStream').mockImplementation(async () => {
		await new Promise((resolve) => setTimeout(resolve, 5));
		const stream = open();
		opened.push(stream);
		return stream;
	});
	return opened;
}

/** As n8n's database mode does it, whatever piece size is asked for. */
const inOnePiece = () => Readable.from(Buffer.from(bytes));

/** As an object store does it. */
function inPieces(): Readable {
	function* pieces() {
		for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
	}
	return Readable.from(pieces(), { objectMode: false });
}

const backwards = [...all].reverse();
const scattered = all.map((n) => (n * 7) % PARTS);

describe('files on disk: a file fetched in 40 parts is read once', () => {
	test.each([
		['in their order', all],
		['backwards', backwards],
		['scattered', scattered],
	])('%s', async (_, order) => {
		const read = jest.spyOn(fs, 'read');
		for (const n of order) await getPart(n);
		const asked = read.mock.calls.map(([, , , length]: unknown[]) => Number(length));
		expect(asked.reduce((sum, each) => sum + each, 0)).toBeLessThan(bytes.length + MIB);
	});

	test('and 200 who want its last 16 bytes read little more than these', async () => {
		const read = jest.spyOn(fs, 'read');
		const got = await Promise.all(
			Array.from({ length: 200 }, async () => await get(link, { range: 'bytes=-16' })),
		);
		expect(got.every(({ body }) => body.equals(bytes.subarray(-16)))).toBe(true);
		const asked = read.mock.calls.map(([, , , length]: unknown[]) => Number(length));
		expect(asked.reduce((sum, each) => sum + each, 0)).toBeLessThan(MIB);
	});
});

describe('files in a database, which hands over whole files: it is asked once', () => {
	test.each([
		['in their order', all],
		['backwards', backwards],
		['scattered', scattered],
	])('for 40 parts, %s', async (_, order) => {
		const opened = storage(inOnePiece);
		for (const n of order) await getPart(n);
		expect(opened).toHaveLength(1);
	});

	test('for parts that are fetched side by side', async () => {
		const opened = storage(inOnePiece);
		await Promise.all(all.map(getPart));
		expect(opened).toHaveLength(1);
	});

	test('and again half a minute after the last part', async () => {
		const opened = storage(inOnePiece);
		await getPart(0);
		await halfMinutes.pass();
		await getPart(1);
		expect(opened).toHaveLength(2);
	});

	test('a file deleted in between is gone, also while it is still in memory', async () => {
		storage(inOnePiece);
		await getPart(0);
		jest
			.spyOn(BinaryDataService.prototype, 'getMetadata')
			.mockRejectedValue(new Error('no such file'));
		expect((await get(link, { range: 'bytes=0-9' })).status).toBe(404);
	});
});

describe('files in another storage, which gives them from the beginning', () => {
	test('40 parts in their order go on in one stream', async () => {
		const opened = storage(inPieces);
		for (const n of all) await getPart(n);
		expect(opened).toHaveLength(1);
	});

	test('a part further on is reached in the same stream', async () => {
		const opened = storage(inPieces);
		for (const n of all.filter((each) => each % 3 === 0)) await getPart(n);
		expect(opened).toHaveLength(1);
	});

	test.each([
		['backwards', backwards],
		['scattered', scattered],
	])('%s each part is right', async (_, order) => {
		storage(inPieces);
		for (const n of order) await getPart(n);
	});

	test('side by side each part is right, in as few streams as there are readers', async () => {
		const opened = storage(inPieces);
		await Promise.all(all.map(getPart));
		expect(opened.length).toBeLessThanOrEqual(PARTS / 2);
	});

	test('a stream that nobody goes on with is closed after half a minute', async () => {
		const opened = storage(inPieces);
		await getPart(0);
		await until(() => halfMinutes.count() > 0);
		expect(opened[0].closed).toBe(false);
		await halfMinutes.pass();
		await until(() => opened[0].closed);
	});

	test('a file that turns out shorter breaks the connection', async () => {
		storage(() => Readable.from([bytes.subarray(0, 3_000_000)], { objectMode: false }));
		const { broken } = await get(link, { range: 'bytes=2000000-4000000' });
		expect(broken).toBe(true);
	});
});

test.each([
	['a database', inOnePiece],
	['another storage', inPieces],
])('the whole file comes from %s as well', async (_, open) => {
	storage(open);
	expect((await get(link)).body.equals(bytes)).toBe(true);
});
