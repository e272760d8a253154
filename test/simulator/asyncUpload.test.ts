import { startLinkHost, startSimulator, type LinkHost, type Simulator } from './index';
import { jobCalls, md5 } from './jobCalls';
import { call, corpToken, SAMPLES } from './testClient';

let simulator: Simulator;
let links: LinkHost;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator({
		now: () => 1_750_000_000_000,
		sleep: async () => await Promise.resolve(),
	});
	links = await startLinkHost({ files: { 'film.mp4': SAMPLES.mp4, 'report.txt': SAMPLES.text } });
	token = await corpToken(simulator);
});
afterEach(async () => {
	await simulator.close();
	await links.close();
});

const { submit, result, finished } = jobCalls(() => ({ simulator, links, token }));

describe('upload_by_url', () => {
	it('fetches the link by ranges and ends with a media_id', async () => {
		simulator.jobs.chunkBytes = 16;
		const answer = await finished();
		expect(answer).toMatchObject({
			errcode: 0,
			status: 2,
			detail: { errcode: 0, created_at: expect.stringMatching(/^\d+$/) as string },
		});
		expect(links.requests.map(({ range, status }) => [range, status])).toEqual([
			['bytes=0-15', 206],
			['bytes=16-31', 206],
		]);
		const { media_id: mediaId } = answer.detail as { media_id: string };
		expect(mediaId).toMatch(/^3\*1\*/);
		const file = await call(
			`${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${encodeURIComponent(mediaId)}`,
		);
		expect(file.bytes.equals(SAMPLES.mp4)).toBe(true);
	});

	it.each([
		['no scene', { scene: undefined }, 40063],
		['another scene', { scene: 2 }, 40058],
		['no md5', { md5: undefined }, 40063],
		['an image', { type: 'image' }, 40004],
		['a name of 129 bytes', { filename: `${'x'.repeat(125)}.mp4` }, 40058],
		['a url of 1025 bytes', { url: `http://127.0.0.1/${'x'.repeat(1008)}` }, 40039],
		['an md5 of 33 bytes', { md5: 'x'.repeat(33) }, 40058],
	])('refuses %s at once', async (_what, change, errcode) => {
		expect(await submit(change)).toMatchObject({ errcode });
	});

	it('needs the permission for Customer Contact', async () => {
		simulator.state.apps[0].customerContact = false;
		expect(await submit()).toMatchObject({ errcode: 48002 });
	});

	it.each([
		['ignores Range', { bytes: SAMPLES.mp4, range: false }, 830001],
		['answers 403', { bytes: SAMPLES.mp4, status: 403 }, 830003],
		['cuts the connection', { bytes: SAMPLES.mp4, cutAfterBytes: 3 }, 830003],
		['holds another file', { bytes: Buffer.from('something else') }, 301019],
		['holds 5 bytes', { bytes: Buffer.alloc(5) }, 45001],
		['holds nothing', { bytes: Buffer.alloc(0) }, 45001],
	])('fails the job when the link %s', async (_what, file, errcode) => {
		links.put('film.mp4', file);
		expect(await finished()).toMatchObject({ errcode: 0, status: 3, detail: { errcode } });
	});

	it('fails the job when nobody listens behind the link', async () => {
		expect(await finished({ url: 'http://127.0.0.1:1/film.mp4' })).toMatchObject({
			status: 3,
			detail: { errcode: 830003 },
		});
	});

	it('fails a video that is not MP4', async () => {
		const change = { url: links.link('report.txt'), md5: md5(SAMPLES.text) };
		expect(await finished(change)).toMatchObject({ status: 3, detail: { errcode: 40005 } });
		expect(await finished({ ...change, type: 'file' })).toMatchObject({ status: 2 });
	});

	it('compares md5 without its case, or exactly when told so', async () => {
		const upper = { md5: md5(SAMPLES.mp4).toUpperCase() };
		expect(await finished(upper)).toMatchObject({ status: 2 });
		simulator.state.strict.md5LowerCaseOnly = true;
		expect(await finished(upper)).toMatchObject({ status: 3, detail: { errcode: 301019 } });
	});

	it('forgets the job after 60 minutes', async () => {
		const { jobid } = await submit();
		await simulator.jobs.settled();
		simulator.advance(3_599_999);
		expect(await result(jobid)).toMatchObject({ status: 2 });
		simulator.advance(1);
		expect(await result(jobid)).toMatchObject({ errcode: 40058 });
		expect(await result('nonsense')).toMatchObject({ errcode: 40058 });
	});

	it("does not tell another corp's app about a job", async () => {
		const { jobid } = await submit();
		simulator.state.jobs.get(String(jobid))!.app.corpId = 'wwelsewhere';
		const { demo } = simulator;
		simulator.state.addApp({ corpId: demo.corp.corpId, secret: 'second-made-up-secret' });
		const other = await call(
			`${simulator.url}/cgi-bin/gettoken?corpid=${demo.corp.corpId}&corpsecret=second-made-up-secret`,
		);
		token = String(other.json().access_token);
		expect(await result(jobid)).toMatchObject({ errcode: 40058 });
	});

	it('can be held, and answers in every form while it is', async () => {
		simulator.jobs.next({ hold: true });
		simulator.jobs.next({ hold: true, processingDetail: 'empty', statusAsString: true });
		simulator.jobs.next({ hold: true, processingDetail: 'zeros' });
		const ids = [await submit(), await submit(), await submit()].map(({ jobid }) => jobid);
		const ok = { errcode: 0, errmsg: 'ok' };
		expect(await result(ids[0])).toEqual({ ...ok, status: 1 });
		expect(await result(ids[1])).toEqual({ ...ok, status: '1', detail: {} });
		expect(await result(ids[2])).toMatchObject({ status: 1, detail: { errcode: 0, media_id: '' } });
		simulator.jobs.release(String(ids[1]));
		await simulator.jobs.settled();
		expect(await result(ids[1])).toMatchObject({ status: '2' });
		expect(await result(ids[0])).toMatchObject({ status: 1 });
		simulator.jobs.release();
		await simulator.jobs.settled();
		expect(await result(ids[0])).toMatchObject({ status: 2 });
	});

	it('can leave errcode out of the detail of success', async () => {
		simulator.jobs.behavior = { doneDetail: 'withoutErrcode' };
		const { detail } = await finished();
		expect(Object.keys(detail as object)).toEqual(['media_id', 'created_at']);
	});

	it('can be made to fail with any code', async () => {
		simulator.jobs.next({ errcode: 830003 });
		expect(await finished()).toMatchObject({ status: 3, detail: { errcode: 830003 } });
		expect(links.requests).toEqual([]);
	});
});
