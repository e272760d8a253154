import { MIB, noise } from '../../wecom/files';
import { get, setupHosting } from './hosting';

const scene = setupHosting();
const bytes = Buffer.from(noise(MIB));
const size = bytes.length;

let link: URL;
beforeEach(async () => {
	link = await scene.linkTo({ bytes, fileName: 'noise.bin' });
});

test.each([
	['bytes=0-0', 0, 0],
	['bytes=0-99', 0, 99],
	['bytes=262100-262200', 262_100, 262_200],
	[`bytes=${size - 1}-${size - 1}`, size - 1, size - 1],
	[`bytes=0-${size - 1}`, 0, size - 1],
	[`bytes=1000-${size}`, 1_000, size - 1],
	['bytes=1000-99999999999999999999', 1_000, size - 1],
	['bytes=500000-', 500_000, size - 1],
	[`bytes=${size - 1}-`, size - 1, size - 1],
	['bytes=-1', size - 1, size - 1],
	['bytes=-1000', size - 1_000, size - 1],
	[`bytes=-${size * 2}`, 0, size - 1],
	['Bytes= 5-9', 5, 9],
])('%s: 206 with the bytes from %i to %i', async (range, start, end) => {
	const { status, headers, body, broken } = await get(link, { range });
	expect([status, broken]).toEqual([206, false]);
	expect(headers['content-range']).toBe(`bytes ${start}-${end}/${size}`);
	expect(headers['content-length']).toBe(String(end - start + 1));
	expect(body.equals(bytes.subarray(start, end + 1))).toBe(true);
});

test.each([
	`bytes=${size}-`,
	`bytes=${size}-${size + 9}`,
	'bytes=99999999999999999999-',
	'bytes=-0',
])('%s lies beyond the end: 416 with the size, and no byte', async (range) => {
	const { status, headers, body } = await get(link, { range });
	expect(status).toBe(416);
	expect(headers['content-range']).toBe(`bytes */${size}`);
	expect(headers).not.toHaveProperty('content-disposition');
	expect(body.toString()).toBe('range not satisfiable');
});

test.each([
	'bytes=9-5',
	'bytes=0-1,5-9',
	'bytes=0-1, -5',
	'bytes=-',
	'bytes=',
	'bytes',
	'bytes=a-b',
	'bytes=0x1-5',
	'bytes=--5',
	'bytes=5--9',
	'bytes=1 0-20',
	'items=0-5',
	'',
])('%j is reversed, multiple or malformed: 200 with the whole file', async (range) => {
	const { status, headers, body } = await get(link, { range });
	expect(status).toBe(200);
	expect(headers).not.toHaveProperty('content-range');
	expect(headers['content-length']).toBe(String(size));
	expect(body.equals(bytes)).toBe(true);
});

test('no Range: 200 with the whole file', async () => {
	const { status, headers, body } = await get(link);
	expect([status, headers['content-length']]).toEqual([200, String(size)]);
	expect(body.equals(bytes)).toBe(true);
});

describe('If-Range', () => {
	const part = { range: 'bytes=100-199' };

	test('with the ETag of the file gives the part', async () => {
		const { etag } = (await get(link)).headers;
		const { status, body } = await get(link, { ...part, 'if-range': String(etag) });
		expect(status).toBe(206);
		expect(body.equals(bytes.subarray(100, 200))).toBe(true);
	});

	test.each(['"another"', 'W/"another"', 'Sun, 06 Nov 1994 08:49:37 GMT', ''])(
		'with %j, which is not the ETag, gives the whole file',
		async (condition) => {
			const { status, body } = await get(link, { ...part, 'if-range': condition });
			expect(status).toBe(200);
			expect(body.length).toBe(size);
		},
	);

	test('with the weak form of the ETag gives the whole file', async () => {
		const { etag } = (await get(link)).headers;
		const { status } = await get(link, { ...part, 'if-range': `W/${etag}` });
		expect(status).toBe(200);
	});
});

test('ten parts asked for at the same time are each right', async () => {
	const step = Math.ceil(size / 10);
	const parts = await Promise.all(
		Array.from({ length: 10 }, async (_, n) => {
			const { body } = await get(link, { range: `bytes=${n * step}-${(n + 1) * step - 1}` });
			return body;
		}),
	);
	expect(Buffer.concat(parts).equals(bytes)).toBe(true);
});
