import type { AsyncJob } from '../../simulator';
import { doneFields, itemsOf, JOB_FINISH, QUERY, setupTrigger } from './scene';

const scene = setupTrigger();

const eventFields = (job: AsyncJob) => ({
	event: JOB_FINISH,
	jobid: job.jobId,
	create_time: expect.closeTo((job.finishedAt ?? 0) / 1000, -1) as number,
});

/** What became of the newest push. */
const answered = () => scene.simulator.callbacks.sent.at(-1)?.attempts;

describe('a finished job starts the workflow', () => {
	test('with the result, asked for with its jobid', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
		expect(answered()).toEqual([{ status: 200, body: 'success' }]);
		expect(scene.simulator.record.last(QUERY)?.json).toEqual({ jobid: job.jobId });
	});

	test.each([
		['with its status as text', { statusAsString: true }],
		['without errcode in its detail', { doneDetail: 'withoutErrcode' }],
	] as const)('told %s', async (_how, behavior) => {
		const webhook = await scene.serve();
		const job = await scene.finishJob(behavior);
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
	});

	test.each(['xml', 'json'] as const)('pushed in an envelope of %s', async (format) => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ callbackTimes: 0 });
		const fields = { Event: JOB_FINISH, JobId: job.jobId };
		await scene.simulator.pushEvent(fields, { format });
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
	});

	test('without AgentID in the envelope', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ callbackTimes: 0 });
		const fields = { Event: JOB_FINISH, JobId: job.jobId };
		await scene.simulator.pushEvent(fields, { withoutAgentId: true });
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
	});

	test('with the jobid alone where Fetch Result is off, and nobody is asked', async () => {
		const webhook = await scene.serve({ parameters: { fetchResult: false } });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([eventFields(job)]);
		expect(scene.simulator.record.all).toEqual([]);
	});

	test('of a third-party app, told to the authorized company', async () => {
		const webhook = await scene.serve({ thirdPartyApp: true });
		const job = await scene.finishJob({}, 'thirdPartyApp');
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
		expect(scene.simulator.record.count('service/get_corp_token')).toBe(1);
	});
});

describe('a failed job starts the workflow too, as an item with state failed:', () => {
	test.each([
		[830001, 'invalid url', /supports Range/],
		[830003, 'download failed', /without login/],
		[301019, 'file md5 mismatch', /^Leave 'MD5' empty/],
		[45001, 'media size out of limit', /6 bytes to 200 MB/],
	])('%i', async (errcode, errmsg, hint) => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ errcode });
		expect(await itemsOf(webhook)).toEqual([
			{
				...eventFields(job),
				status: 3,
				state: 'failed',
				errcode,
				errmsg,
				hint: expect.stringMatching(hint) as string,
			},
		]);
	});

	test("an unknown code with the vendor's text", async () => {
		const webhook = await scene.serve();
		const detail = { errcode: 7, errmsg: 'odd end' };
		const body = JSON.stringify({ errcode: 0, status: 3, detail });
		scene.simulator.faults.next({ path: QUERY, body });
		await scene.finishJob();
		expect(await itemsOf(webhook)).toMatchObject([
			{ state: 'failed', ...detail, hint: expect.stringContaining('Look up error 7') as string },
		]);
	});
});

describe('when the result cannot be had, the event is emitted with the reason:', () => {
	test('WeCom is disturbed for longer than the retries', async () => {
		const webhook = await scene.serve();
		scene.simulator.faults.next({ path: QUERY, cut: 'onArrival', times: 99 });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([
			{
				...eventFields(job),
				error: expect.stringMatching(/ECONNRESET/) as string,
				hint: expect.stringMatching(/./) as string,
			},
		]);
		expect(scene.simulator.record.count(QUERY)).toBe(4);
	});

	test('a disturbance that passes is no reason', async () => {
		const webhook = await scene.serve();
		scene.simulator.faults.next({ path: QUERY, errcode: -1 });
		scene.simulator.faults.next({ path: QUERY, status: 502 });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
	});

	test.each([
		[48002, /客户联系/],
		[60020, /127\.0\.0\.1.*企业可信IP/],
	])('WeCom refuses the question (%i)', async (errcode, hint) => {
		const webhook = await scene.serve();
		scene.simulator.faults.next({ path: QUERY, errcode });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([
			{
				...eventFields(job),
				error: expect.stringContaining(`${QUERY} failed (${errcode}: `) as string,
				errcode,
				errmsg: expect.stringMatching(/hint: \[/) as string,
				hint: expect.stringMatching(hint) as string,
			},
		]);
	});

	test('the job is unknown', async () => {
		const webhook = await scene.serve();
		await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: 'jobid_of-another-app' });
		expect(await itemsOf(webhook)).toMatchObject([
			{
				event: JOB_FINISH,
				jobid: 'jobid_of-another-app',
				errcode: 40058,
				hint: expect.stringContaining('unknown or older than 60 minutes') as string,
			},
		]);
	});

	test('the Secret of the credential is wrong', async () => {
		const credential = { corpSecret: 'made-up-wrong-secret' };
		const webhook = await scene.serve({ credential });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toMatchObject([
			{ jobid: job.jobId, error: expect.stringContaining('40001') as string },
		]);
	});

	test('the credential has no Secret', async () => {
		const webhook = await scene.serve({ credential: { corpSecret: '' } });
		const job = await scene.finishJob();
		const [item] = await itemsOf(webhook);
		expect(item).toMatchObject({
			jobid: job.jobId,
			error: expect.stringMatching(/Secret/) as string,
		});
	});

	test('the result is not there yet, however often it is asked for', async () => {
		const webhook = await scene.serve();
		scene.simulator.faults.next({ path: QUERY, body: '{"errcode":0,"status":1}', times: 99 });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([
			{ ...eventFields(job), status: 1, state: 'processing' },
		]);
		expect(scene.simulator.record.count(QUERY)).toBe(4);
	});

	test('an event that is ahead of its result waits for it', async () => {
		const webhook = await scene.serve();
		scene.simulator.faults.next({ path: QUERY, body: '{"errcode":0,"status":1}', times: 2 });
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toEqual([{ ...eventFields(job), ...doneFields(job) }]);
	});
});
