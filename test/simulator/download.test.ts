import { startSimulator, type DownloadQuirks, type Simulator } from './index';
import { accountToken, amr, call, corpToken, postFile, SAMPLES, type Call } from './testClient';

const MIB = 1024 * 1024;

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator();
	token = await corpToken(simulator);
});
afterEach(async () => await simulator.close());

const get = async (mediaId: string, headers: Record<string, string> = {}, options: Call = {}) =>
	await call(
		`${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${encodeURIComponent(mediaId)}`,
		{ headers, ...options },
	);
const range = (value: string) => ({ Range: `bytes=${value}` });
const bytesOf = (text: string) => Buffer.from(text);

describe('media/get', () => {
	it('answers with the documented headers', async () => {
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.jpeg, fileName: 'a.jpg' });
		const answer = await get(mediaId);
		expect(answer.status).toBe(200);
		expect(answer.headers).toMatchObject({
			'content-type': 'image/jpeg',
			'content-disposition': 'attachment; filename="a.jpg"',
			'content-length': String(SAMPLES.jpeg.length),
			connection: 'close',
			'cache-control': 'no-cache, must-revalidate',
		});
		expect(answer.rawHeaders).toContain('Content-disposition');
		expect(answer.bytes.equals(SAMPLES.jpeg)).toBe(true);
	});

	it('names a Chinese file twice: percent-encoded and as raw UTF-8', async () => {
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.text, fileName: '测试.txt' });
		const raw = Buffer.from('测试.txt', 'utf8').toString('latin1');
		expect((await get(mediaId)).headers['content-disposition']).toBe(
			`attachment; filename*=utf-8''%E6%B5%8B%E8%AF%95.txt; filename="${raw}"`,
		);
	});

	it('gives back what media/upload took', async () => {
		const url = `${simulator.url}/cgi-bin/media/upload?access_token=${token}&type=file`;
		const uploaded = await postFile(url, SAMPLES.text, { fileName: '报告.txt' });
		const answer = await get(String(uploaded.json().media_id));
		expect(answer.bytes.equals(SAMPLES.text)).toBe(true);
	});

	it.each([
		['bytes=0-3', 'bytes 0-3/10', '0123'],
		['bytes=4-', 'bytes 4-9/10', '456789'],
		['bytes=8-99', 'bytes 8-9/10', '89'],
		['bytes=-3', 'bytes 7-9/10', '789'],
	])('answers %s with 206 and its piece', async (header, contentRange, text) => {
		const mediaId = simulator.state.addMedia({ bytes: bytesOf('0123456789') });
		const answer = await get(mediaId, { Range: header });
		expect(answer.status).toBe(206);
		expect(answer.headers).toMatchObject({
			'content-range': contentRange,
			'content-length': String(text.length),
			'accept-ranges': 'bytes',
		});
		expect(answer.bytes.toString()).toBe(text);
	});

	it.each(['bytes 0-3', 'bytes=5-2', 'bytes=0-1,3-4', 'bytes=-'])(
		'ignores the malformed Range "%s"',
		async (header) => {
			const mediaId = simulator.state.addMedia({ bytes: bytesOf('0123456789') });
			expect((await get(mediaId, { Range: header })).status).toBe(200);
		},
	);

	it('answers 416 beyond the end, or an errcode when told so', async () => {
		const mediaId = simulator.state.addMedia({ bytes: bytesOf('0123456789') });
		const answer = await get(mediaId, range('10-'));
		expect([answer.status, answer.headers['content-range']]).toEqual([416, 'bytes */10']);
		simulator.state.strict.unsatisfiableRange = 830002;
		expect((await get(mediaId, range('10-'))).json()).toMatchObject({ errcode: 830002 });
	});

	it('gives 20 MB at once, and more only in pieces of at most 20 MB', async () => {
		const limit = 20 * MIB;
		const fits = simulator.state.addMedia({ bytes: Buffer.alloc(limit) });
		const large = simulator.state.addMedia({ bytes: Buffer.alloc(limit + 16, 7), origin: 'async' });
		expect((await get(fits)).bytes.length).toBe(limit);
		expect((await get(large)).json()).toMatchObject({ errcode: 830002 });
		expect((await get(large, range('0-'))).json()).toMatchObject({ errcode: 830002 });
		expect((await get(large, range(`0-${limit}`))).json()).toMatchObject({ errcode: 830002 });
		expect((await get(large, range(`0-${limit - 1}`))).bytes.length).toBe(limit);
		expect((await get(large, range(`${limit}-`))).bytes.equals(Buffer.alloc(16, 7))).toBe(true);
	});

	it('refuses the later of two simultaneous gets of one media_id', async () => {
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.text });
		const other = simulator.state.addMedia({ bytes: SAMPLES.text });
		let release: () => void = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		simulator.faults.next({ path: 'media/get', hold });
		const first = get(mediaId);
		while (simulator.record.count('media/get') === 0) await get(other);
		expect((await get(mediaId)).json()).toMatchObject({ errcode: 45033 });
		release();
		expect((await first).status).toBe(200);
		expect((await get(mediaId)).status).toBe(200);
	});

	it('refuses nothing to a client that fetches piece after piece', async () => {
		const mediaId = simulator.state.addMedia({ bytes: Buffer.alloc(8 * MIB) });
		const statuses = [];
		for (let start = 0; start < 8 * MIB; start += MIB) {
			statuses.push((await get(mediaId, range(`${start}-${start + MIB - 1}`))).status);
		}
		expect(statuses).toEqual(Array(8).fill(206));
		expect(simulator.record.mostAtOnce('media/get')).toBe(1);
	});

	it('lets a client that hung up fetch again', async () => {
		const mediaId = simulator.state.addMedia({ bytes: Buffer.alloc(MIB) });
		simulator.faults.next({ path: 'media/get', stallAfterBytes: 10 });
		const abort = new AbortController();
		const stalled = get(mediaId, {}, { signal: abort.signal });
		while (simulator.record.last('media/get')?.reply === undefined) {
			await call(`${simulator.url}/cgi-bin/getcallbackip`);
		}
		abort.abort();
		await stalled.catch(() => undefined);
		while (simulator.record.calls('media/get')[0].open) {
			await call(`${simulator.url}/cgi-bin/getcallbackip`);
		}
		expect((await get(mediaId)).status).toBe(200);
	});

	it.each([
		['no media_id', () => '', 41006],
		['an unknown one', () => 'nonsense', 40007],
		["a robot's", () => simulator.state.addMedia({ bytes: SAMPLES.text, system: 'robot' }), 40007],
		[
			"another corp's",
			() => simulator.state.addMedia({ bytes: SAMPLES.text, owner: 'wwclientcorp' }),
			40007,
		],
		[
			'one three days old',
			() =>
				simulator.state.addMedia({
					bytes: SAMPLES.text,
					createdAt: simulator.state.now() - 259_200_000,
				}),
			40007,
		],
	])('refuses %s', async (_what, mediaId, errcode) => {
		const answer = await get(mediaId());
		expect(answer.json()).toMatchObject({ errcode });
		expect(answer.headers['error-code']).toBe(String(errcode));
		expect(answer.headers['content-disposition']).toBeUndefined();
	});

	const quirks: Array<[string, DownloadQuirks, Record<string, unknown>]> = [
		['ignoreRange', { ignoreRange: true }, { status: 200, length: 10 }],
		['an unknown total', { total: '*' }, { 'content-range': 'bytes 4-7/*' }],
		['a changed total', { total: 'changes' }, { 'content-range': 'bytes 4-7/11' }],
		['a wrong start', { startShift: 1 }, { 'content-range': 'bytes 5-7/10', length: 3 }],
		[
			'no Content-Disposition',
			{ noContentDisposition: true },
			{ 'content-disposition': undefined },
		],
		['text/plain', { contentType: 'text/plain' }, { 'content-type': 'text/plain' }],
		[
			'a plain name only',
			{ plainNameOnly: true },
			{ 'content-disposition': 'attachment; filename="\u00e6\u00b5\u008b.bin"' },
		],
		['encrypted storage', { encrypted: true }, { 'error-code': '830002' }],
		['no Content-Length', { noContentLength: true }, { 'content-length': undefined, length: 4 }],
	];
	it.each(quirks)('can deviate: %s', async (_what, deviation, expected) => {
		const bytes = bytesOf('0123456789');
		const mediaId = simulator.state.addMedia({ bytes, fileName: '测.bin', quirks: deviation });
		const answer = await get(mediaId, range('4-7'));
		const seen = { ...answer.headers, status: answer.status, length: answer.bytes.length };
		expect(
			Object.fromEntries(Object.keys(expected).map((name) => [name, seen[name as 'status']])),
		).toEqual(expected);
	});

	it('can spell its header names in lower case', async () => {
		simulator.state.strict.downloads = { lowerCaseHeaders: true };
		const answer = await get(simulator.state.addMedia({ bytes: SAMPLES.text }));
		expect(answer.rawHeaders).toContain('content-disposition');
	});

	it('can give a name that is only an extension', async () => {
		const mediaId = simulator.state.addMedia({
			bytes: amr(1),
			fileName: '.amr',
			origin: 'received',
		});
		expect((await get(mediaId)).headers['content-disposition']).toBe('attachment; filename=".amr"');
	});

	it('cuts encrypted media in whole blocks, the last one excepted', async () => {
		const bytes = Buffer.alloc(40);
		const mediaId = simulator.state.addMedia({ bytes, quirks: { encrypted: true } });
		expect((await get(mediaId, range('0-31'))).status).toBe(206);
		expect((await get(mediaId, range('32-'))).status).toBe(206);
		expect((await get(mediaId, range('8-23'))).status).toBe(206);
		expect((await get(mediaId, range('0-19'))).json()).toMatchObject({ errcode: 830002 });
		simulator.state.strict.alignedChunks = 'startAndLength';
		expect((await get(mediaId, range('8-23'))).json()).toMatchObject({ errcode: 830002 });
	});
});

describe('media/get/jssdk', () => {
	const getHd = async (mediaId: string) =>
		await call(
			`${simulator.url}/cgi-bin/media/get/jssdk?access_token=${token}&media_id=${mediaId}`,
		);

	it('gives the Speex form of a voice recorded with the JS-SDK', async () => {
		const hdVoice = bytesOf('made-up speex');
		const mediaId = simulator.state.addMedia({ bytes: amr(1), type: 'voice', hdVoice });
		const answer = await getHd(mediaId);
		expect(answer.headers).toMatchObject({
			'content-type': 'voice/speex',
			'content-disposition': `attachment; filename="${mediaId}"`,
		});
		expect(answer.bytes.equals(hdVoice)).toBe(true);
	});

	it('refuses every other voice with 40007', async () => {
		const mediaId = simulator.state.addMedia({ bytes: amr(1), type: 'voice' });
		expect((await getHd(mediaId)).json()).toMatchObject({ errcode: 40007 });
	});
});

describe("an Official Account's media/get", () => {
	beforeEach(async () => {
		token = await accountToken(simulator);
	});

	it('gives an image as bytes', async () => {
		const mediaId = simulator.state.addMedia({
			bytes: SAMPLES.png,
			type: 'image',
			system: 'officialAccount',
		});
		expect((await get(mediaId)).bytes.equals(SAMPLES.png)).toBe(true);
	});

	it('gives a video as a link that needs no token and knows Range', async () => {
		const system = 'officialAccount';
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.mp4, type: 'video', system });
		const answer = await get(mediaId);
		expect(answer.headers['content-disposition']).toBeUndefined();
		const link = answer.json();
		expect(Object.keys(link)).toEqual(['video_url']);
		expect((await call(String(link.video_url))).bytes.equals(SAMPLES.mp4)).toBe(true);
		const piece = await call(String(link.video_url), { headers: range('4-7') });
		expect([piece.status, piece.bytes.toString()]).toEqual([206, 'ftyp']);
	});

	it('cannot fetch what belongs to a corp', async () => {
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.png });
		expect((await get(mediaId)).json()).toMatchObject({ errcode: 40007 });
	});
});
