import {
	jobFailure,
	queryJob,
	readJobid,
	waitForJob,
} from '../../../nodes/WeComMedia/wecom/calls/asyncUpload';
import { WeComInputError, WeComJobError } from '../../../nodes/WeComMedia/wecom/client/errors';
import type { JobBehavior } from '../../simulator';
import { contentOf } from '../files';
import { failureOf, useScene } from '../scene';
import { stepTime, submit, useLinks } from './support';

const scene = useScene({ maxRetries: 0 });
const links = useLinks();
const QUERY = 'media/get_upload_by_url_result';
const HOUR = 60 * 60_000;

async function endedJob(behavior: JobBehavior = {}): Promise<string> {
	scene.sim.jobs.next(behavior);
	const { jobid } = await submit(scene, links.put('report.pdf', contentOf('pdf')));
	await scene.sim.jobs.settled();
	stepTime(scene);
	return jobid;
}

const query = async (jobid: string) => await queryJob(scene.app().client, jobid);
const answer = (json: unknown) =>
	scene.sim.faults.next({ path: QUERY, body: JSON.stringify({ errcode: 0, ...(json as object) }) });

const done = (jobid: string, createdAt: number) => ({
	jobid,
	status: 2,
	state: 'done',
	media_id: expect.stringMatching(/^3\*1\*/) as string,
	created_at: createdAt,
	expires_at: new Date((createdAt + 3 * 24 * 3600) * 1000).toISOString(),
});

describe('a job that is done', () => {
	test.each<[string, JobBehavior]>([
		['as documented', {}],
		['with its status as text', { statusAsString: true }],
		['without errcode in detail', { doneDetail: 'withoutErrcode' }],
	])('%s gives media_id and three days', async (_how, behavior) => {
		const jobid = await endedJob(behavior);
		const createdAt = Math.floor((scene.sim.state.jobs.get(jobid)?.finishedAt ?? 0) / 1000);
		expect(await query(jobid)).toEqual(done(jobid, createdAt));
		expect(scene.sim.record.last(QUERY)?.json).toEqual({ jobid });
	});

	test('takes created_at as a number too, and the present where there is none', async () => {
		const jobid = await endedJob();
		const detail = { media_id: '3*1*made-up', created_at: 1_750_000_000 };
		answer({ status: 2, detail });
		expect(await query(jobid)).toEqual(done(jobid, 1_750_000_000));
		answer({ status: 2, detail: { media_id: '3*1*made-up' } });
		expect(await query(jobid)).toEqual(done(jobid, 1_800_000_000));
	});

	test.each([
		['no detail', {}],
		['null as detail', { detail: null }],
		['an empty detail', { detail: {} }],
		['an empty media_id', { detail: { errcode: 0, media_id: '' } }],
	])('but has %s is an error that carries the jobid', async (_what, rest) => {
		answer({ status: 2, ...rest });
		const error = await failureOf(query('jobid_1'), WeComJobError);
		expect(error).toMatchObject({
			jobid: 'jobid_1',
			message: 'WeCom says that the upload job is done, but gave no media_id',
			hint: "Ask again with 'Get Large Upload Result'.",
		});
	});
});

describe('a job that still runs', () => {
	test.each<[string, JobBehavior]>([
		['without detail', {}],
		['with an empty detail', { processingDetail: 'empty' }],
		['with zeros in detail', { processingDetail: 'zeros' }],
		['with its status as text', { statusAsString: true }],
	])('%s has neither media_id nor times', async (_how, behavior) => {
		const jobid = await endedJob({ hold: true, ...behavior });
		expect(await query(jobid)).toEqual({ jobid, status: 1, state: 'processing' });
	});

	test('may have a status nobody documented', async () => {
		answer({ status: 4 });
		expect(await query('jobid_1')).toMatchObject({ status: 4, state: 'processing' });
	});
});

test('an answer without status is none', async () => {
	answer({});
	await expect(query('jobid_1')).rejects.toThrow(`${QUERY} was answered without status`);
});

describe('a job that failed', () => {
	const CASES: Array<[errcode: number, meaning: string, hint: RegExp]> = [
		[830001, 'WeCom cannot use the URL', /supports Range requests.*公有读/],
		[830003, 'WeCom could not download the file from the URL', /from outside your network/],
		[301019, 'The MD5 does not fit the file', /^Leave 'MD5' empty/],
		[45001, 'The file has a size that WeCom does not take', /^Use a file of 6 bytes to 200 MB/],
		[830002, 'The file is too large for WeCom to fetch', /at most 200 MB/],
	];
	test.each(CASES)('with %i says what it means and what to do', async (errcode, meaning, hint) => {
		const jobid = await endedJob({ errcode });
		const result = await query(jobid);
		expect(result).toMatchObject({ state: 'failed', status: 3, errcode, meaning });
		const error = jobFailure(result);
		expect(error.message).toBe(`The upload job failed (${errcode}: ${meaning})`);
		expect(error.hint).toMatch(hint);
		expect(error).toMatchObject({ jobid, errcode, errmsg: result.errmsg });
		const waited = await failureOf(waitForJob(scene.app().client, jobid, 1000), WeComJobError);
		expect(waited.message).toBe(error.message);
	});

	test("with a code nobody knows passes the vendor's text on", async () => {
		answer({ status: '3', detail: { errcode: 830_004, errmsg: 'made-up trouble, hint: [1_2]' } });
		const error = jobFailure(await query('jobid_1'));
		expect(error.message).toBe('The upload job failed (830004: made-up trouble)');
		expect(error.errmsg).toBe('made-up trouble, hint: [1_2]');
		expect(error.hint).toBe(
			'Look up error 830004 at https://open.work.weixin.qq.com/devtool/query?e=830004',
		);
	});

	test.each([
		['without detail', {}],
		['with an empty detail', { detail: {} }],
		['with null as detail', { detail: null }],
		['with errcode 0', { detail: { errcode: 0, errmsg: 'ok' } }],
	])('%s fails all the same', async (_how, rest) => {
		answer({ status: 3, ...rest });
		const result = await query('jobid_1');
		expect(result).toMatchObject({ state: 'failed', status: 3 });
		expect(jobFailure(result).message).toBe('The upload job failed (WeCom gave no reason)');
	});
});

describe('a job WeCom does not know', () => {
	test('says so, with its jobid', async () => {
		const error = await failureOf(query('jobid_made-up'), WeComJobError);
		expect(error).toMatchObject({ jobid: 'jobid_made-up', errcode: 40058 });
		expect(error.errmsg).toMatch(/^invalid jobid/);
		expect(error.hint).toMatch(/^The job may be unknown or older than 60 minutes; /);
	});

	test('is also one that is older than an hour', async () => {
		const jobid = await endedJob();
		scene.sim.advance(HOUR);
		const error = await failureOf(query(jobid), WeComJobError);
		expect(error.hint).toContain('older than 60 minutes');
	});

	test.each([60020, 48002, 45009, -1, 50003])(
		'is not blamed where the code says who may call (%i)',
		async (errcode) => {
			scene.sim.faults.next({ path: QUERY, errcode });
			const error = await failureOf(query('jobid_1'), WeComJobError);
			expect(error).toMatchObject({ jobid: 'jobid_1', errcode });
			expect(error.hint).not.toContain('60 minutes');
			expect(error.hint).not.toBe('');
		},
	);

	test('may be told by a code nobody documented', async () => {
		scene.sim.faults.next({ path: QUERY, errcode: 987_654, errmsg: 'job gone' });
		const error = await failureOf(query('jobid_1'), WeComJobError);
		expect(error.hint).toMatch(/^The job may be unknown .* Look up error 987654 at https:/);
	});
});

describe('a jobid', () => {
	test('loses the blanks around it', () => {
		expect(readJobid(' jobid_S0Mrnndv\n')).toBe('jobid_S0Mrnndv');
		expect(readJobid('j'.repeat(128))).toHaveLength(128);
	});

	test.each(['', '  ', 'job id', 'undefined', 'null', '[object Object]', 'j'.repeat(129), 'a\0b'])(
		'%j is refused with where to take it from',
		(value) => {
			const read = () => readJobid(value);
			expect(read).toThrow(WeComInputError);
			expect(read).toThrow(/^'Job ID' (?:is empty|does not look like an ID of WeCom)$/);
		},
	);
});
