import { createHash } from 'node:crypto';
import type { IDataObject, INodeType } from 'n8n-workflow';

import { until } from '../scene';
import { itemsOf, JOB_FINISH, QUERY, quiet, setupTrigger } from './scene';

const scene = setupTrigger();

/** A trigger as a restarted n8n loads it: with empty memory. */
async function restarted(): Promise<INodeType> {
	let type: INodeType | undefined;
	await jest.isolateModulesAsync(async () => {
		const fresh = await import('../../../nodes/WeComMedia/WeComMediaTrigger.node');
		type = new fresh.WeComMediaTrigger();
	});
	return type!;
}

const repeat = async (jobid: string) =>
	await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: jobid });
const digestsIn = (staticData: IDataObject) =>
	(staticData['node:Trigger'] as { seenEvents: Record<string, number> }).seenEvents;

describe('one job starts one execution', () => {
	test('though WeCom pushes it four times', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ callbackTimes: 4 });
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
		const answers = scene.simulator.callbacks.sent.flatMap(({ attempts }) => attempts);
		expect(answers).toEqual(Array(4).fill({ status: 200, body: 'success' }));
		expect(scene.simulator.record.count(QUERY)).toBe(1);
	});

	test('though two, three or more pushes arrive at the same moment', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ callbackTimes: 5, callbacksAtOnce: true });
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
		expect(scene.simulator.callbacks.sent).toHaveLength(5);
	});

	test('though the repeats come while its result is still being asked for', async () => {
		const webhook = await scene.serve();
		let release = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		scene.simulator.faults.next({ path: QUERY, hold });
		const job = await scene.finishJob({ callbackTimes: 3 });
		expect(webhook.executions).toEqual([]);
		release();
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
		expect(scene.simulator.record.count(QUERY)).toBe(1);
	});

	test('though a repeat has another nonce, another time and other envelope', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		const fields = { Event: JOB_FINISH, JobId: job.jobId, CreateTime: 1 };
		await scene.simulator.pushEvent(fields, { format: 'json', nonce: '7' });
		expect(await itemsOf(webhook)).toHaveLength(1);
	});

	test('though n8n was restarted between the pushes', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		await itemsOf(webhook);
		const staticData = webhook.savedStaticData();
		await webhook.close();

		const again = await scene.serve({ type: await restarted(), staticData });
		await repeat(job.jobId);
		await repeat(job.jobId);
		await quiet();
		expect(again.executions).toEqual([]);
		const { jobId } = await scene.finishJob();
		expect(await itemsOf(again)).toMatchObject([{ jobid: jobId }]);
	});

	test('though many jobs ended side by side before the restart', async () => {
		const webhook = await scene.serve({ parameters: { fetchResult: false } });
		const jobids = Array.from({ length: 12 }, (_, n) => `jobid_side-by-side-${n}`);
		await Promise.all(jobids.map(repeat));
		const items = await itemsOf(webhook, 12);
		expect(new Set(items.map(({ jobid }) => jobid))).toEqual(new Set(jobids));
		const staticData = webhook.savedStaticData();

		const type = await restarted();
		const again = await scene.serve({ type, staticData, parameters: { fetchResult: false } });
		await Promise.all(jobids.map(repeat));
		await quiet();
		expect(again.executions).toEqual([]);
	});
});

test('without what was stored, a restart would start the job again', async () => {
	const webhook = await scene.serve();
	const job = await scene.finishJob();
	await itemsOf(webhook);
	const again = await scene.serve({ type: await restarted() });
	await repeat(job.jobId);
	expect(await itemsOf(again)).toHaveLength(1);
});

test('two jobs that end in the same second start two executions', async () => {
	const webhook = await scene.serve();
	const jobs = [
		await scene.finishJob({ callbackTimes: 0 }),
		await scene.finishJob({ callbackTimes: 0 }),
	];
	const CreateTime = Math.floor(Date.now() / 1000);
	await Promise.all(
		jobs.map(async ({ jobId: JobId }) => {
			await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId, CreateTime });
		}),
	);
	const items = await itemsOf(webhook, 2);
	expect(new Set(items.map(({ jobid }) => jobid))).toEqual(new Set(jobs.map(({ jobId }) => jobId)));
	expect(items.map(({ create_time }) => create_time)).toEqual([CreateTime, CreateTime]);
});

describe('what is remembered in the static data', () => {
	test('is a digest and a time for each job, nothing of the event', async () => {
		const before = Date.now();
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		await itemsOf(webhook);
		const staticData = webhook.savedStaticData();
		const remembered = Object.entries(digestsIn(staticData));
		// Earlier tests of this process have left some, too.
		expect(remembered.filter(([, at]) => at >= before)).not.toEqual([]);
		for (const [digest, at] of remembered) {
			expect(digest).toMatch(/^[\w-]{22}$/);
			expect(at).toBeLessThanOrEqual(Date.now());
		}
		expect(JSON.stringify(staticData)).not.toContain(job.jobId);
	});

	test('is bounded: of 500 and one the oldest goes', async () => {
		const now = Date.now();
		const digests = Array.from({ length: 500 }, (_, n) =>
			createHash('sha256').update(`made-up ${n}`).digest('base64url').slice(0, 22),
		);
		const seenEvents = Object.fromEntries(digests.map((digest, n) => [digest, now - 600 + n]));
		const webhook = await scene.serve({
			type: await restarted(),
			staticData: { 'node:Trigger': { seenEvents } },
			parameters: { fetchResult: false },
		});
		await repeat('jobid_the-newest');
		await itemsOf(webhook);
		const kept = Object.keys(digestsIn(webhook.savedStaticData()));
		expect(kept).toHaveLength(500);
		expect(kept).not.toContain(digests[0]);
		expect(kept.slice(0, 499)).toEqual(digests.slice(1));
		await repeat('jobid_the-newest');
		await itemsOf(webhook);
	});

	test('does no harm when it is garbage', async () => {
		const webhook = await scene.serve({
			type: await restarted(),
			staticData: { 'node:Trigger': { seenEvents: { a: 'yesterday', b: null } } },
		});
		const job = await scene.finishJob();
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId }]);
	});
});

describe('the push is answered', () => {
	test('while the result query hangs, and the workflow starts when that ends', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob({ callbackTimes: 0 });
		let release = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		scene.simulator.faults.next({ path: QUERY, hold });
		const { attempts } = await repeat(job.jobId);
		expect(attempts).toEqual([{ status: 200, body: 'success' }]);
		await until(() => scene.simulator.record.count(QUERY) === 1);
		await quiet();
		expect(webhook.executions).toEqual([]);
		release();
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
	});

	test('while the token call hangs', async () => {
		const webhook = await scene.serve();
		let release = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		scene.simulator.faults.next({ path: 'gettoken', hold });
		const job = await scene.finishJob();
		release();
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'done' }]);
	});
});
