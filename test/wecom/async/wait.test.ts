import {
	JOB_LIFE_MS,
	waitForJob,
	type JobResult,
	type SubmittedJob,
} from '../../../nodes/WeComMedia/wecom/calls/asyncUpload';
import { WeComCanceledError, WeComJobError } from '../../../nodes/WeComMedia/wecom/client/errors';
import { contentOf } from '../files';
import { failureOf, useScene } from '../scene';
import { md5Of, stepTime, submit, useLinks } from './support';

const scene = useScene({ maxRetries: 2 });
const links = useLinks();
const report = contentOf('pdf');
const QUERY = 'media/get_upload_by_url_result';
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A job that stays in processing, and time that stands still until somebody waits. */
async function heldJob(): Promise<SubmittedJob> {
	scene.sim.jobs.behavior = { hold: true };
	const url = links.put('report.pdf', report);
	// Without a look at the link: watching its stream pauses too.
	const job = await submit(scene, url, { checkUrl: false, md5: md5Of(report) });
	stepTime(scene);
	return job;
}

async function wait(jobid: string, timeoutMs = 10 * MINUTE): Promise<JobResult> {
	return await waitForJob(scene.app().client, jobid, timeoutMs);
}

async function finish(jobid: string): Promise<void> {
	scene.sim.jobs.release(jobid);
	await scene.sim.jobs.settled();
}

const total = (pauses: number[]) => pauses.reduce((sum, ms) => sum + ms, 0);

test('a job that is done is told at the first question', async () => {
	const { jobid } = await submit(scene, links.put('report.pdf', report));
	await scene.sim.jobs.settled();
	stepTime(scene);
	await expect(wait(jobid)).resolves.toMatchObject({ jobid, state: 'done', status: 2 });
	expect(scene.world.pauses).toEqual([]);
	expect(scene.sim.record.count(QUERY)).toBe(1);
});

test('the pauses grow from 2 s to 30 s and no further', async () => {
	const { jobid } = await heldJob();
	await failureOf(wait(jobid), WeComJobError);
	expect(scene.world.pauses.slice(0, 10)).toEqual([
		2_000, 3_000, 4_500, 6_750, 10_125, 15_187.5, 22_781.25, 30_000, 30_000, 30_000,
	]);
	expect(Math.max(...scene.world.pauses)).toBe(30_000);
	expect(scene.sim.record.count(QUERY)).toBe(scene.world.pauses.length + 1);
});

test('a job that ends meanwhile is told after the next pause', async () => {
	const { jobid } = await heldJob();
	stepTime(scene, async (count) => {
		if (count === 4) await finish(jobid);
	});
	const result = await wait(jobid);
	expect(result).toMatchObject({ state: 'done', media_id: expect.stringMatching(/./) as string });
	expect(scene.world.pauses).toHaveLength(4);
});

describe('the timeout', () => {
	test('is kept to the second and its error carries the jobid', async () => {
		const { jobid } = await heldJob();
		const error = await failureOf(wait(jobid, 20 * SECOND), WeComJobError);
		expect(error.jobid).toBe(jobid);
		expect(error.message).toBe(`The upload job ${jobid} is still running after 20 s`);
		expect(error.hint).toMatch(/^Nothing is lost: ask again with 'Get Large Upload Result'/);
		expect(total(scene.world.pauses)).toBe(20 * SECOND);
	});

	test('lets the job be asked for a last time when it is over', async () => {
		const { jobid } = await heldJob();
		stepTime(scene, async (count) => {
			if (count === 4) await finish(jobid);
		});
		await expect(wait(jobid, 10 * SECOND)).resolves.toMatchObject({ state: 'done' });
		expect(scene.world.pauses).toEqual([2_000, 3_000, 4_500, 500]);
	});

	test('is 60 minutes at most: WeCom forgets the job then', async () => {
		const { jobid } = await heldJob();
		const error = await failureOf(wait(jobid, 24 * 60 * MINUTE), WeComJobError);
		expect(total(scene.world.pauses)).toBe(JOB_LIFE_MS);
		expect(error.message).toContain('still running after 3600 s');
	});
});

describe('canceling', () => {
	test.each([1, 5])('in pause %i ends the waiting with it', async (pause) => {
		const { jobid } = await heldJob();
		stepTime(scene, (count) => {
			if (count === pause) scene.world.cancel();
		});
		await failureOf(wait(jobid), WeComCanceledError);
		expect(scene.world.pauses).toHaveLength(pause);
		expect(scene.sim.record.count(QUERY)).toBe(pause);
	});

	test('during a retry ends it too', async () => {
		const { jobid } = await heldJob();
		stepTime(scene, () => scene.world.cancel());
		scene.sim.faults.next({ path: QUERY, errcode: -1, times: 9 });
		await failureOf(wait(jobid), WeComCanceledError);
		expect(scene.sim.record.count(QUERY)).toBe(1);
	});
});

describe('a disturbance while waiting', () => {
	test.each([
		['WeCom is busy', { errcode: -1 }],
		['too many calls at once', { errcode: 45033 }],
		['HTTP 502', { status: 502 }],
		['a cut connection', { cut: 'onArrival' }],
		['an expired token', { token: 'expire' }],
	] as const)('is survived: %s', async (_what, fault) => {
		const { jobid } = await heldJob();
		stepTime(scene, (count) => {
			if (count === 4) scene.sim.jobs.release(jobid);
		});
		scene.sim.faults.next({ path: QUERY, skip: 1, ...fault });
		await expect(wait(jobid)).resolves.toMatchObject({ state: 'done' });
		expect(scene.sim.faults.pending).toBe(0);
	});

	test('that outlasts the retries of one question is survived, once WeCom has told of the job', async () => {
		const { jobid } = await heldJob();
		stepTime(scene, () => {
			if (scene.sim.faults.pending === 0) scene.sim.jobs.release(jobid);
		});
		// Three questions of three tries each.
		scene.sim.faults.next({ path: QUERY, skip: 1, cut: 'onArrival', times: 9 });
		await expect(wait(jobid)).resolves.toMatchObject({ state: 'done' });
	});

	test('that lasts until the timeout is the error then, with the jobid', async () => {
		const { jobid } = await heldJob();
		scene.sim.faults.next({ path: QUERY, skip: 1, status: 503, times: 999 });
		const error = await failureOf(wait(jobid), WeComJobError);
		expect(error).toMatchObject({ jobid, message: `${QUERY} was answered with HTTP status 503` });
	});

	test('at the first question ends the waiting after the retries', async () => {
		const { jobid } = await heldJob();
		scene.sim.faults.next({ path: QUERY, cut: 'onArrival', times: 99 });
		await failureOf(wait(jobid), WeComJobError);
		expect(scene.sim.record.count(QUERY)).toBe(3);
	});

	test('that does not pass ends the waiting at once', async () => {
		const { jobid } = await heldJob();
		scene.sim.faults.next({ path: QUERY, skip: 2, errcode: 48002 });
		const error = await failureOf(wait(jobid), WeComJobError);
		expect(error).toMatchObject({ jobid, errcode: 48002 });
		expect(scene.sim.record.count(QUERY)).toBe(3);
	});
});
