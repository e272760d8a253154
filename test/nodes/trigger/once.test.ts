/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { clearProcessed, processedData } from '../../helpers/deduplication';
import { logText } from '../../helpers/engine';
import { replaceSleep } from '../../helpers/sleep';
import type { ServedWebhook } from '../../helpers/webhook';
import { eventXml } from '../../simulator';
import { gate, until } from '../scene';
import { restarted } from './anotherProcess';
import { itemsOf, JOB_FINISH, QUERY, quiet, setupTrigger } from './scene';
import { envelope, post, queryText, seal, signed } from './sealing';

const scene = setupTrigger();

/** @returns what ends the connection, before any answer */
function pushAndHangUp(url: string, jobid: string): () => Promise<void> {
	const { corp } = scene.simulator.demo;
	const sealed = seal(corp, eventXml({ MsgType: 'event', Event: JOB_FINISH, JobId: jobid }));
	const connection = new AbortController();
	const answer = fetch(`${url}?${queryText(signed(corp, sealed))}`, {
		method: 'POST',
		headers: { 'content-type': 'text/xml' },
		body: envelope(sealed),
		signal: connection.signal,
	});
	return async () => {
		connection.abort();
		await expect(answer).rejects.toThrow();
		await quiet();
	};
}

const repeat = async (jobid: string) =>
	await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: jobid });

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
		await webhook.close();

		const again = await scene.serve({ type: await restarted() });
		await repeat(job.jobId);
		await repeat(job.jobId);
		await again.idle();
		expect(again.executions).toEqual([]);
		expect(again.started()).toBe(1);
		const { jobId } = await scene.finishJob();
		expect(await itemsOf(again)).toMatchObject([{ jobid: jobId }]);
	});

	test('though many jobs ended side by side before the restart', async () => {
		const webhook = await scene.serve({ parameters: { fetchResult: false } });
		const jobids = Array.from({ length: 12 }, (_, n) => `jobid_side-by-side-${n}`);
		await Promise.all(jobids.map(repeat));
		const items = await itemsOf(webhook, 12);
		expect(new Set(items.map(({ jobid }) => jobid))).toEqual(new Set(jobids));

		const type = await restarted();
		const again = await scene.serve({ type, parameters: { fetchResult: false } });
		await Promise.all(jobids.map(repeat));
		await again.idle();
		expect(again.executions).toEqual([]);
		expect(again.started()).toBe(12);
	});
});

test('without n8n’s table, a restart would start the job again', async () => {
	const webhook = await scene.serve();
	const job = await scene.finishJob();
	await itemsOf(webhook);
	clearProcessed();
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

describe('what is remembered', () => {
	test('stands in n8n’s table as digests, in the static data nothing', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		await itemsOf(webhook);
		expect(webhook.savedStaticData()).toEqual({});
		const rows = [...processedData.rows.values()];
		// No marker: this process itself received the push.
		expect(rows).toEqual([{ mode: 'entries', data: [expect.any(String)] }]);
		for (const entry of rows[0].data) expect(entry).toMatch(/^[\w-]{22}$/);
		expect(JSON.stringify(rows)).not.toContain(job.jobId);
	});

	describe('in writes', () => {
		const hurried = gate();
		let putBack: () => void;
		// The pause between two writes does not end by itself here.
		beforeEach(() => {
			putBack = replaceSleep((before) => async (ms) => {
				await (ms === 250 ? hurried.hold : before(ms));
			});
		});
		afterEach(() => putBack());

		test('of its own each, without a pause, where one execution follows another', async () => {
			const webhook = await scene.serve({ parameters: { fetchResult: false } });
			for (const jobid of ['jobid_w1', 'jobid_w2', 'jobid_w3']) {
				await repeat(jobid);
				await webhook.idle();
			}
			expect(processedData.writes).toBe(3);
		});

		test('that all share who come meanwhile', async () => {
			const webhook = await scene.serve({ parameters: { fetchResult: false } });
			const { hold, open } = gate();
			processedData.before = async () => await hold;
			await Promise.all(['jobid_s1', 'jobid_s2', 'jobid_s3', 'jobid_s4'].map(repeat));
			await until(() => webhook.started() === 4);
			// Until the executions stand at the table.
			await quiet();
			open();
			expect(await itemsOf(webhook, 4)).toHaveLength(4);
			expect(processedData.writes).toBe(2);
		});

		test('for which those already there wait a quarter of a second as long as another execution goes on', async () => {
			const webhook = await scene.serve();
			const query = gate();
			scene.simulator.faults.next({ path: QUERY, hold: query.hold });
			const slow = await scene.finishJob({ callbackTimes: 0 });
			await repeat(slow.jobId);
			await until(() => scene.simulator.record.count(QUERY) === 1);
			const quick = await scene.finishJob();
			await until(() => processedData.writes === 1);
			const waiting = await scene.finishJob();
			await until(() => scene.simulator.record.count(QUERY) === 3);
			await quiet();
			expect(processedData.writes).toBe(1);

			query.open();
			const jobids = (await itemsOf(webhook, 3)).map(({ jobid }) => jobid);
			expect(new Set(jobids)).toEqual(new Set([slow, quick, waiting].map(({ jobId }) => jobId)));
			expect(processedData.writes).toBe(2);
		});
	});

	test('is bounded: the oldest of 6,000 go', async () => {
		const webhook = await scene.serve({ parameters: { fetchResult: false } });
		await repeat('jobid_b1');
		await itemsOf(webhook);
		const [row] = processedData.rows.values();
		row.data.push(...Array.from({ length: 6_000 }, (_, n) => `made-up ${n}`));
		await repeat('jobid_b2');
		await itemsOf(webhook, 2);
		const [{ data }] = processedData.rows.values();
		expect(data).toHaveLength(6_000);
		expect(data.slice(0, -1)).toEqual(Array.from({ length: 5_999 }, (_, n) => `made-up ${n + 1}`));
	});
});

describe('several processes that got the same push', () => {
	const options = { parameters: { fetchResult: false } };
	/** Webhook processors and workers with memories of their own, and one table. */
	async function processes(count: number): Promise<ServedWebhook[]> {
		const served: ServedWebhook[] = [];
		for (let n = 0; n < count; n += 1) {
			const [type, worker] = [await restarted(), await restarted()];
			served.push(await scene.serve({ ...options, type, worker }));
		}
		return served;
	}

	/** Pushes jobs to all of them at one instant. @returns how often each job started a workflow */
	async function pushToAll(served: ServedWebhook[], jobids: string[]): Promise<number[]> {
		const { corp } = scene.simulator.demo;
		await Promise.all(
			served.flatMap(({ url }) =>
				jobids.map(async (jobid) => {
					const fields = { MsgType: 'event', Event: JOB_FINISH, JobId: jobid };
					const sealed = seal(corp, eventXml(fields));
					const answer = await post(url, queryText(signed(corp, sealed)), envelope(sealed));
					expect(answer).toMatchObject({ status: 200, text: 'success' });
				}),
			),
		);
		await Promise.all(served.map(async (each) => await each.idle()));
		const items = served.flatMap(({ executions }) => executions.flatMap((each) => each.items));
		return jobids.map((jobid) => items.filter(({ json }) => json.jobid === jobid).length);
	}

	const jobids = (count: number) => Array.from({ length: count }, (_, n) => `jobid_p${n}`);

	test('give it to the workflow once, the others end without items', async () => {
		const served = await processes(2);
		expect(await pushToAll(served, ['jobid_p'])).toEqual([1]);
		expect(served.map((each) => each.started())).toEqual([1, 1]);
	});

	test('lose and double none of 30 at one instant', async () => {
		const served = await processes(3);
		expect(await pushToAll(served, jobids(30))).toEqual(Array(30).fill(1));
	});

	test('lose none when their writes fall between each other’s reads', async () => {
		const served = await processes(2);
		// Every other write is late, so it puts back a row without what was written meanwhile.
		let steps = 0;
		processedData.before = async (step) => {
			if (step === 'write' && (steps += 1) % 2 === 0) {
				await new Promise((resolve) => setImmediate(resolve));
			}
		};
		const counts = await pushToAll(served, jobids(10));
		expect(counts.filter((count) => count === 0)).toEqual([]);
	});

	test('look again after twice the time that a write has lately taken, and at first after longer', async () => {
		const looks: number[] = [];
		const putBack = replaceSleep((before) => async (ms) => {
			// A pause of 250 ms to the point is the one between two writes.
			if (ms > 250) looks.push(ms);
			await before(ms);
		});
		let late = 0;
		const { now } = Date;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + late);
		try {
			const served = await processes(1);
			const names = jobids(12);
			for (const jobid of names) expect(await pushToAll(served, [jobid])).toEqual([1]);
			expect(looks[0]).toBeGreaterThanOrEqual(800);
			expect(looks[11]).toBeLessThanOrEqual(350);
			processedData.before = () => void (late += 2_000);
			await pushToAll(served, ['jobid_late']);
			expect(looks[12]).toBeGreaterThanOrEqual(3_000);
		} finally {
			clock.mockRestore();
			putBack();
		}
	});

	test('lose none when the table fails, and say so', async () => {
		const served = await processes(1);
		processedData.before = () => {
			throw new Error('database is locked');
		};
		expect(await pushToAll(served, ['jobid_locked'])).toEqual([1]);
		expect(logText()).toContain('table cannot be written (database is locked)');
	});

	test('try again when the table fails for a moment', async () => {
		const served = await processes(2);
		let failures = 3;
		processedData.before = () => {
			if ((failures -= 1) >= 0) throw new Error('database is locked');
		};
		expect(await pushToAll(served, ['jobid_busy'])).toEqual([1]);
		expect(logText()).not.toContain('cannot be written');
	});
});

describe('an event that n8n could not store', () => {
	/** Pushes a job that n8n tries to store until `open`, and then fails to; what comes later it stores at once. */
	async function pushWhileStoringHangs(jobid: string) {
		const { hold, open } = gate();
		let stored = 0;
		const storing = async () => {
			if ((stored += 1) > 1) return;
			await hold;
			throw new Error('database is gone');
		};
		const webhook = await scene.serve({ parameters: { fetchResult: false }, storing });
		scene.simulator.callbacks.repeats = 0;
		const first = repeat(jobid);
		await until(() => stored === 1);
		return { webhook, first, open };
	}

	test('is not answered with 200, and WeCom’s repeat starts the workflow', async () => {
		let failures = 1;
		const storing = () => {
			if ((failures -= 1) >= 0) throw new Error('database is gone');
		};
		const webhook = await scene.serve({ parameters: { fetchResult: false }, storing });
		const { attempts } = await repeat('jobid_unstored');
		expect(attempts).toEqual([
			{ status: 500, body: expect.any(String) as string },
			{ status: 200, body: 'success' },
		]);
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: 'jobid_unstored' }]);
	});

	test('is not acknowledged by a repeat that comes while n8n still tries', async () => {
		const { webhook, first, open } = await pushWhileStoringHangs('jobid_held');
		const second = repeat('jobid_held');
		await quiet();
		expect(webhook.started()).toBe(0);
		open();
		expect((await first).attempts).toMatchObject([{ status: 500 }]);
		expect((await second).attempts).toMatchObject([{ status: 200 }]);
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: 'jobid_held' }]);
	});

	test('is answered when it comes again, though a repeat that waited for the first hung up meanwhile', async () => {
		const { webhook, first, open } = await pushWhileStoringHangs('jobid_hung_up');
		const hungUp = pushAndHangUp(webhook.url, 'jobid_hung_up');
		await quiet();
		await hungUp();
		open();
		expect((await first).attempts).toMatchObject([{ status: 500 }]);
		expect((await repeat('jobid_hung_up')).attempts).toMatchObject([{ status: 200 }]);
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: 'jobid_hung_up' }]);
	});
});

describe('Retry in n8n', () => {
	test('gives the event again, whole, though it was claimed', async () => {
		const webhook = await scene.serve();
		const job = await scene.finishJob();
		const [first] = await itemsOf(webhook);
		const again = await webhook.retry(0);
		expect(again.map(({ json }) => json)).toEqual([first]);
		expect(first).toMatchObject({ jobid: job.jobId, state: 'done' });
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
		expect(webhook.started()).toBe(1);
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
