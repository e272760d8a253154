import type { JobBehavior } from '../../simulator';
import { setupScene, until } from '../scene';
import { asking, remarksOf, submitted, useLinks } from './support';

const scene = setupScene();
const links = useLinks();
const QUERY = 'media/get_upload_by_url_result';
const USES = /入群欢迎语素材.*not accept it for sending messages/;

async function job(behavior: JobBehavior = {}): Promise<string> {
	scene.simulator.jobs.next(behavior);
	const jobid = await submitted(scene, links.put('报告.txt', Buffer.from('made-up report')));
	await scene.simulator.jobs.settled();
	return jobid;
}

const item = (jobid: string) => ({ json: { jobid } });

describe('Get Large Upload Result', () => {
	test.each<[string, JobBehavior]>([
		['with a number as status', {}],
		['with a text as status', { statusAsString: true }],
		['without errcode in its detail', { doneDetail: 'withoutErrcode' }],
	])('gives media_id and its times of a job that is done, %s', async (_how, behavior) => {
		const jobid = await job(behavior);
		const run = await scene.run(asking([item(jobid)]));
		const { mediaId, finishedAt = 0 } = scene.simulator.state.jobs.get(jobid)!;
		const createdAt = Math.floor(finishedAt / 1000);
		expect(run.items).toEqual([
			{
				json: {
					jobid,
					status: 2,
					state: 'done',
					media_id: mediaId,
					created_at: createdAt,
					expires_at: new Date((createdAt + 3 * 24 * 3600) * 1000).toISOString(),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(remarksOf(run)).toEqual([expect.stringMatching(USES)]);
	});

	test.each<[string, JobBehavior]>([
		['without detail', {}],
		['with an empty detail', { processingDetail: 'empty' }],
		['with zeros in its detail', { processingDetail: 'zeros' }],
	])('says that a job still runs, %s', async (_how, behavior) => {
		const jobid = await job({ hold: true, ...behavior });
		const run = await scene.run(asking([item(jobid)]));
		expect(run.items[0].json).toEqual({ jobid, status: 1, state: 'processing' });
		expect(remarksOf(run)).toEqual([]);
	});

	test('waits for the end where that is wished', async () => {
		const jobid = await job({ hold: true });
		scene.simulator.faults.next({ path: QUERY, skip: 3, errcode: -1 });
		const running = scene.run(asking([item(jobid)], { waitForCompletion: true }));
		await until(() => scene.simulator.record.count(QUERY) > 4);
		scene.simulator.jobs.release(jobid);
		const run = await running;
		expect(run.items[0].json).toMatchObject({ jobid, state: 'done', status: 2 });
		expect(remarksOf(run)).toEqual([expect.stringMatching(USES)]);
	});
});

describe('a failed job is an error', () => {
	test('that stops the workflow with the code, its meaning and what to do', async () => {
		const jobid = await job({ errcode: 45001 });
		const { run, error } = await scene.run(asking([item(jobid)]));
		expect(run.status).toBe('error');
		expect(error?.message).toBe(
			'The upload job failed (45001: The file has a size that WeCom does not take) [item 0]',
		);
		expect(error?.description).toMatch(/^Use a file of 6 bytes to 200 MB/);
		expect(error?.description).toContain(`The job is ${jobid}.`);
	});

	test.each([false, true])(
		'and under "Continue" an item with errcode, errmsg, hint and jobid (waiting: %s)',
		async (waitForCompletion) => {
			const [bad, good] = [await job({ errcode: 301019 }), await job()];
			const { items } = await scene.run(
				asking(
					[item(bad), item(good)],
					{ waitForCompletion },
					{ onError: 'continueRegularOutput' },
				),
			);
			expect(items[0]).toEqual({
				json: {
					error: 'The upload job failed (301019: The MD5 does not fit the file)',
					jobid: bad,
					errcode: 301019,
					errmsg: 'file md5 mismatch',
					hint: expect.stringContaining("Leave 'MD5' empty") as string,
				},
				pairedItem: { item: 0 },
			});
			expect(items[1].json).toMatchObject({ jobid: good, state: 'done' });
		},
	);

	test("with a code nobody knows it has the vendor's text", async () => {
		const body = JSON.stringify({
			errcode: 0,
			status: 3,
			detail: { errcode: 7, errmsg: 'odd end' },
		});
		scene.simulator.faults.next({ path: QUERY, body });
		const { items } = await scene.run(
			asking([item('jobid_1')], {}, { onError: 'continueRegularOutput' }),
		);
		expect(items[0].json).toMatchObject({
			error: 'The upload job failed (7: odd end)',
			errcode: 7,
			errmsg: 'odd end',
		});
	});

	test.each([false, true])(
		"with WeCom's support reference it is handed on (waiting: %s)",
		async (waitForCompletion) => {
			const detail = { errcode: 830003, errmsg: 'download failed, hint: [1700000000_7_0abc]' };
			const body = JSON.stringify({ errcode: 0, status: 3, detail });
			scene.simulator.faults.next({ path: QUERY, body });
			const { error } = await scene.run(asking([item('jobid_1')], { waitForCompletion }));
			expect(error?.description).toMatch(/name this reference: 1700000000_7_0abc$/);
		},
	);

	test('without one, none is named', async () => {
		const { error } = await scene.run(asking([item(await job({ errcode: 301019 }))]));
		expect(error?.description).not.toContain('reference');
	});
});

describe('a job that cannot be told of', () => {
	test('is said to be unknown or too old', async () => {
		const { items } = await scene.run(
			asking([item('jobid_made-up')], {}, { onError: 'continueRegularOutput' }),
		);
		expect(items[0].json).toMatchObject({
			jobid: 'jobid_made-up',
			errcode: 40058,
			hint: expect.stringMatching(/^The job may be unknown or older than 60 minutes/) as string,
		});
	});

	test('an hour after it was submitted as well', async () => {
		const jobid = await job();
		scene.simulator.advance(60 * 60_000);
		const { error } = await scene.run(asking([item(jobid)]));
		expect(error?.description).toContain('older than 60 minutes');
		expect(error?.description).toMatch(/name this reference: \d+_[0-9a-f]+_[0-9a-f]+$/);
	});

	test('in time is an error that carries its jobid', async () => {
		const jobid = await job({ hold: true });
		const { items } = await scene.run(
			asking(
				[item(jobid)],
				{ waitForCompletion: true },
				{
					options: { timeout: 1 },
					onError: 'continueRegularOutput',
				},
			),
		);
		expect(items[0].json).toEqual({
			error: `The upload job ${jobid} is still running after 1 s`,
			jobid,
			hint: expect.stringMatching(/^Nothing is lost/) as string,
		});
	});

	test.each([
		['', "'Job ID' is empty [item 0]"],
		['job id', "'Job ID' does not look like an ID of WeCom [item 0]"],
	])('because its id is %j is an error before anybody is asked', async (jobid, message) => {
		const { error } = await scene.run(asking([item(jobid)]));
		expect(error?.message).toBe(message);
		expect(scene.simulator.record.all).toEqual([]);
	});

	test.each([0, 3601, 'soon'])('because Timeout is %j is an error', async (timeout) => {
		const { error } = await scene.run(
			asking([item('jobid_1')], { waitForCompletion: true }, { options: { timeout } }),
		);
		expect(error?.message).toContain("'Timeout' must be a number from 1 to 3600");
	});
});
