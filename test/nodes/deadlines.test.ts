/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Answers that never come, never end or never stop: the node ends in time and leaves no connection open. */
import { getEventListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import { BACKSTOP_MS, deadlineIn } from '../../nodes/WeComMedia/n8n/deadline';
import { answering } from '../wecom/answering';
import { sampleFile, setupScene, until } from './scene';

const scene = setupScene();
const server = answering();
const items = [{ binary: { data: sampleFile('report.pdf') } }];

/** The time limits of the requests so far; none passes by itself. */
const limits: Array<{ ms: number; isHeeded: () => boolean; pass(): void }> = [];

beforeEach(() => {
	limits.length = 0;
	jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		const { signal, ...controller } = controllable();
		const isHeeded = () => getEventListeners(signal, 'abort').length > 0;
		limits.push({ ms, isHeeded, pass: controller.pass });
		return signal;
	});
});
afterEach(() => jest.restoreAllMocks());

function controllable() {
	const controller = new AbortController();
	return { signal: controller.signal, pass: () => controller.abort() };
}

/** Lets the time of the request pass that is the n-th to arrive. */
async function timeIsOver(nth = 1): Promise<void> {
	await until(() => server.requests.length === nth);
	limits.at(-1)?.pass();
}

const options = { maxRetries: 0, requestTimeout: 1 };

/** The server as a robot's Base URL: its calls need no token. */
const robot = () => ({ system: 'robot', items, credential: { baseUrl: server.base } }) as const;

/** What the node says when the server answers every call like this. */
async function said(raw: string | Buffer): Promise<string | undefined> {
	server.raw = raw;
	server.leaveOpen = true;
	const { error } = await scene.run({ ...robot(), options });
	await until(() => server.sockets.size === 0);
	return error?.message;
}

const head = (headers: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`;
const IN_TIME = /^webhook\/upload_media: 127\.0\.0\.1:\d+ did not answer within 1 s \[item 0\]$/;

describe('the timers of requests', () => {
	afterEach(() => jest.useRealTimers());

	test.each([100, 1_000, 30_000, 61_234.5, 600_000, 7_200_000])('for %d ms', (ms) => {
		deadlineIn(ms).release();
		const [{ ms: set }] = limits;
		expect(set).toBeGreaterThanOrEqual(ms);
		expect(set).toBeLessThanOrEqual(Math.min(ms * (33 / 32) + 1, ms + BACKSTOP_MS / 2));
	});

	test('are shared by those that begin together, and end each on its own', () => {
		jest.useFakeTimers({ now: 0 });
		const [one, other] = [deadlineIn(60_000), deadlineIn(60_000)];
		expect(limits).toHaveLength(1);
		one.release();
		limits[0].pass();
		expect([one.isOver(), other.isOver()]).toEqual([false, true]);
		expect([one.signal.aborted, other.signal.aborted]).toEqual([false, true]);
	});

	test.each([
		['late', 1_000],
		['after the clock was set back', -5_000],
	])('are not shared by one that begins %s', (_when, later) => {
		jest.useFakeTimers({ now: 100_000 });
		deadlineIn(50_000);
		jest.setSystemTime(100_000 + later);
		deadlineIn(50_000);
		expect(limits).toHaveLength(2);
	});

	test('that have struck are not shared', () => {
		jest.useFakeTimers({ now: 200_000 });
		deadlineIn(70_000);
		limits[0].pass();
		expect(deadlineIn(70_000).isOver()).toBe(false);
		expect(limits).toHaveLength(2);
	});
});

describe('a call of the API', () => {
	test('that is not answered at all ends at Request Timeout', async () => {
		void timeIsOver();
		expect(await said('')).toMatch(IN_TIME);
		// A second, and the time that 1 KB needs on a slow line.
		expect(limits).toHaveLength(1);
		expect(limits[0].ms - 1_000).toBeLessThan(50);
		expect(limits[0].ms).toBeGreaterThanOrEqual(1_000);
	});

	test('whose answer stops after its headers ends at Request Timeout', async () => {
		void timeIsOver();
		expect(await said(head('Content-Length: 100'))).toMatch(IN_TIME);
	});

	test('whose answer drips for ever ends at Request Timeout', async () => {
		server.drip = 'x';
		const drips = () => [...server.sockets].some((socket) => socket.bytesWritten > 60);
		void until(drips).then(async () => await timeIsOver());
		expect(await said(head('Content-Length: 100000'))).toMatch(IN_TIME);
	});

	test('whose answer is falsely called compressed ends with that', async () => {
		const raw = `${head('Content-Encoding: gzip\r\nContent-Length: 13')}{"errcode":0}`;
		expect(await said(raw)).toMatch(
			/^webhook\/upload_media: 127\.0\.0\.1:\d+ sent an answer that says it is compressed and cannot be unpacked/,
		);
	});

	test('whose answer really is compressed is understood', async () => {
		const packed = gzipSync('{"errcode":0,"media_id":"made-up","created_at":"1","type":"file"}');
		server.raw = Buffer.concat([
			Buffer.from(head(`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`)),
			packed,
		]);
		const { items: out } = await scene.run({ ...robot(), options });
		expect(out[0].json).toMatchObject({ media_id: 'made-up' });
	});

	test('whose answer never stops is cut off at 4 MB', async () => {
		let sent = 0;
		server.answer = (request, response) => {
			request.resume();
			response.writeHead(200);
			const more = () => {
				sent += 65_536;
				if (response.destroyed || sent > 600_000_000) return void response.end();
				if (response.write(Buffer.alloc(65_536, 'x'))) setImmediate(more);
				else response.once('drain', more);
			};
			more();
		};
		const { error } = await scene.run({
			...robot(),
			options: { maxRetries: 0, requestTimeout: 100 },
		});
		expect(error?.message).toBe('webhook/upload_media was answered with more than 4 MB [item 0]');
		await until(() => server.sockets.size === 0);
		expect(sent).toBeLessThan(60_000_000);
	});
});

describe('a token call', () => {
	test('honors Request Timeout, three times over', async () => {
		server.raw = '';
		server.leaveOpen = true;
		const credential = { baseUrl: server.base };
		for (const nth of [1, 2, 3]) void timeIsOver(nth);
		const { error } = await scene.run({ items, credential, options: { requestTimeout: 2 } });
		expect(limits).toHaveLength(3);
		for (const { ms } of limits) {
			expect(ms).toBeGreaterThanOrEqual(2_000);
			expect(ms).toBeLessThan(2_070);
		}
		expect(error?.message).toMatch(/^gettoken: 127\.0\.0\.1:\d+ did not answer within 2 s/);
		expect(server.requests).toHaveLength(3);
		await until(() => server.sockets.size === 0);
	});
});

describe('a download', () => {
	const get = (mediaId: string) => ({ operation: 'get', parameters: { mediaId }, options });

	test('that is not answered ends at Request Timeout', async () => {
		server.raw = '';
		server.leaveOpen = true;
		const body = JSON.stringify({ video_url: server.url });
		scene.simulator.faults.next({ path: 'media/get', body });
		void timeIsOver();
		const { error } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
		expect(error?.message).toMatch(/^video_url: .* did not answer within 1 s \[item 0\]$/);
		await until(() => server.sockets.size === 0);
	});

	test('whose headers came in time may take longer than that', async () => {
		const bytes = Buffer.alloc(400_000, 'made-up film ');
		server.answer = (_request, response) => {
			response.writeHead(200, { 'content-length': bytes.length });
			response.write(bytes.subarray(0, 200_000));
			void until(() => !limits.at(-1)?.isHeeded()).then(() => {
				for (const limit of limits) limit.pass();
				response.end(bytes.subarray(200_000));
			});
		};
		const body = JSON.stringify({ video_url: server.url });
		scene.simulator.faults.next({ path: 'media/get', body });
		const { items: out } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
		expect(out[0].json).toMatchObject({ file_size: bytes.length });
	});

	test('that is compressed in spite of the wish is named, and leaves no connection open', async () => {
		const bytes = Buffer.alloc(400_000, 'made-up film ');
		const packed = gzipSync(bytes);
		server.answer = (_request, response) => {
			response.writeHead(206, {
				'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
				'content-encoding': 'gzip',
				'content-length': packed.length,
			});
			response.end(packed);
		};
		const body = JSON.stringify({ video_url: server.url });
		scene.simulator.faults.next({ path: 'media/get', body });
		const { error } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
		expect(error?.message).toBe(
			'video_url was answered in compressed form, although it was asked for as it is [item 0]',
		);
		await until(() => server.sockets.size === 0);
	});

	test.each([200, 206])(
		'that is compressed twice, with status %d, is named and not saved as it is',
		async (status) => {
			const packed = gzipSync(gzipSync('made-up film'));
			server.answer = (_request, response) => {
				response.writeHead(status, {
					'content-range': `bytes 0-${packed.length - 1}/${packed.length}`,
					'content-encoding': 'gzip, gzip',
					'content-length': packed.length,
				});
				response.end(packed);
			};
			const body = JSON.stringify({ video_url: server.url });
			scene.simulator.faults.next({ path: 'media/get', body });
			const { error } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
			expect(error?.message).toBe(
				'video_url was answered in compressed form, although it was asked for as it is [item 0]',
			);
			await until(() => server.sockets.size === 0);
		},
	);

	test('that is falsely called compressed is named, and leaves no connection open', async () => {
		server.raw = `${head('Content-Encoding: gzip\r\nContent-Length: 9999')}${'x'.repeat(5000)}`;
		server.leaveOpen = true;
		const body = JSON.stringify({ video_url: server.url });
		scene.simulator.faults.next({ path: 'media/get', body });
		const { error } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
		expect(error?.message).toBe(
			'video_url was answered in compressed form, although it was asked for as it is [item 0]',
		);
		await until(() => server.sockets.size === 0);
	});

	test('whose file becomes another one on the way is fetched once more', async () => {
		const bytes = Buffer.alloc(400_000, 'made-up film ');
		server.answer = (request, response) => {
			const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
			const isFirst = server.requests.length === 1;
			const last = isFirst ? 199_999 : bytes.length - 1;
			response.writeHead(206, {
				'content-range': `bytes ${start}-${last}/${bytes.length}`,
				etag: isFirst ? '"old"' : '"new"',
			});
			response.end(bytes.subarray(start, last + 1));
		};
		const body = JSON.stringify({ video_url: server.url });
		scene.simulator.faults.next({ path: 'media/get', body, times: 2 });
		const { items: out } = await scene.run({ ...get('made-up'), system: 'officialAccount' });
		expect(out[0].json).toMatchObject({ file_size: bytes.length });
		expect(server.requests.map(({ headers }) => headers.range)).toEqual([
			'bytes=0-19999983',
			'bytes=200000-19999983',
			'bytes=0-19999983',
		]);
	});
});
