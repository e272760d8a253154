import { startLinkHost, type LinkHost } from './index';
import { call, SAMPLES } from './testClient';

let host: LinkHost;
beforeEach(async () => {
	host = await startLinkHost({
		files: {
			'a file.txt': SAMPLES.text,
			'film.mp4': { bytes: SAMPLES.mp4, fileName: '培训.mp4' },
		},
	});
});
afterEach(async () => await host.close());

describe('a link host', () => {
	it('serves a file whole and in pieces, and counts its requests', async () => {
		const link = host.link('a file.txt');
		expect((await call(link)).bytes.equals(SAMPLES.text)).toBe(true);
		const piece = await call(link, { headers: { Range: 'bytes=2-7' } });
		expect([piece.status, piece.bytes.toString()]).toEqual([206, 'report']);
		expect(piece.headers['content-range']).toBe(`bytes 2-7/${SAMPLES.text.length}`);
		expect(host.count('a file.txt')).toBe(2);
		expect(host.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=2-7']);
	});

	it('names its file where asked to', async () => {
		const { headers } = await call(host.link('film.mp4'), { method: 'HEAD' });
		expect(headers).toMatchObject({
			'content-type': 'video/mp4',
			'content-length': String(SAMPLES.mp4.length),
			'content-disposition': "attachment; filename*=UTF-8''%E5%9F%B9%E8%AE%AD.mp4",
		});
	});

	it('answers 404 for anything else and 416 beyond the end', async () => {
		expect((await call(host.link('nothing'))).status).toBe(404);
		const answer = await call(host.link('film.mp4'), { headers: { Range: 'bytes=999-' } });
		expect([answer.status, answer.headers['content-range']]).toEqual([
			416,
			`bytes */${SAMPLES.mp4.length}`,
		]);
	});

	it('can ignore Range, for one file or all', async () => {
		const headers = { Range: 'bytes=0-1' };
		const link = host.put('rigid.bin', { bytes: SAMPLES.text, range: false });
		expect((await call(link, { headers })).status).toBe(200);
		const rigid = await startLinkHost({ files: { a: SAMPLES.text }, range: false });
		expect((await call(rigid.link('a'), { headers })).status).toBe(200);
		await rigid.close();
	});

	it('can cut some answers and then behave', async () => {
		const link = host.put('cut.bin', { bytes: SAMPLES.text, cutAfterBytes: 4, cutTimes: 1 });
		const first = await call(link);
		expect([first.bytes.length, first.broken]).toEqual([4, 'aborted']);
		expect((await call(link)).bytes.equals(SAMPLES.text)).toBe(true);
	});

	it('can answer with a status, hold its answer, and leave the length out', async () => {
		expect((await call(host.put('a', { bytes: SAMPLES.text, status: 503 }))).status).toBe(503);
		let release: () => void = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		const link = host.put('b', { bytes: SAMPLES.text, hold, delayMs: 1, noContentLength: true });
		const answer = call(link);
		while (host.count('b') === 0) await call(host.link('a'));
		release();
		expect((await answer).headers['content-length']).toBeUndefined();
		expect((await answer).bytes.equals(SAMPLES.text)).toBe(true);
	});
});
