import { activate, untilServed, weComMediaTrigger } from '../e2e/activeWorkflow';
import type { ActiveWorkflow } from '../e2e/activeWorkflow';
import { pause } from '../e2e/rest';
import { N8N_VERSION } from '../e2e/world';
import type { Member } from './cluster';
import { FULL, NOTHING, REPEAT_MS, startScene, type Scene } from './scene';

const SIZES = FULL
	? { steadyJobs: 300, burstJobs: 100, deaths: 25 }
	: { steadyJobs: 40, burstJobs: 40, deaths: 2 };

let scene: Scene;
let listener: ActiveWorkflow;

beforeAll(async () => {
	scene = await startScene();
	const { accounts, downstream, outside } = scene;
	listener = await activate(
		outside,
		'When WeCom has finished',
		weComMediaTrigger(accounts.credentials('app')),
		downstream.step('$json.jobid'),
	);
	await scene.save(listener);
});
afterAll(async () => await scene?.close());
beforeEach(() => scene.downstream.counts.clear());

const arrivals = async (jobids: string[]) => await scene.arrivals(listener, jobids);

/** What nobody answered with 200 in time, as on a busy machine, WeCom repeats. */
async function repeatUnlessTaken(jobid: string, statuses: number[]): Promise<void> {
	if (!statuses.includes(200)) await scene.pushUntilTaken(jobid, listener.url);
}

/** Sends them 20 at a time, as a busy WeCom would. One that fails ends neither the others nor the test before them. */
async function each<T>(list: T[], work: (entry: T) => Promise<unknown>): Promise<void> {
	const waiting = [...list];
	const failed: Error[] = [];
	await Promise.all(
		Array.from({ length: 20 }, async () => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
				await work(next).catch((error: Error) => failed.push(error));
			}
		}),
	);
	if (failed.length > 0) {
		throw new Error(`${failed.length} of ${list.length} failed, the first: ${failed[0].message}`);
	}
}

describe(`the trigger behind two webhook processors and two workers (n8n ${N8N_VERSION})`, () => {
	test(`${SIZES.burstJobs} jobs pushed three times at one instant go on once each`, async () => {
		const jobids = await scene.quietJobs(SIZES.burstJobs);
		await each(jobids, async (jobid) => {
			const statuses = await Promise.all(
				[1, 2, 3].map(async () => await scene.push(jobid, listener.url)),
			);
			await repeatUnlessTaken(jobid, statuses);
		});
		expect(await arrivals(jobids)).toEqual(NOTHING);
	});

	test(`${SIZES.burstJobs} jobs pushed three times within 1.5 s go on once each`, async () => {
		const jobids = await scene.quietJobs(SIZES.burstJobs);
		await each(jobids, async (jobid) => {
			const statuses: number[] = [];
			for (let repeat = 0; repeat < 3; repeat += 1) {
				statuses.push(await scene.push(jobid, listener.url));
				await pause(600);
			}
			await repeatUnlessTaken(jobid, statuses);
		});
		expect(await arrivals(jobids)).toEqual(NOTHING);
	});

	test(`${SIZES.steadyJobs} jobs pushed three times 5 s apart go on once each, processors and workers being restarted`, async () => {
		const jobids = await scene.quietJobs(SIZES.steadyJobs);
		const { processors, workers, balancer } = scene.cluster;
		const restarting = (async () => {
			for (const index of [0, 1]) {
				await Promise.all([processors[index], workers[index]].map(restart));
			}
		})();
		async function restart(member: Member): Promise<void> {
			await pause(1_000);
			// What an operator does: out of the balancer first, then SIGTERM.
			balancer.targets = balancer.targets.filter((port) => port !== member.port);
			await pause(500);
			await member.die('SIGTERM');
			await member.start();
			if (member.role === 'webhook') balancer.targets.push(member.port);
		}
		await each(jobids, async (jobid) => {
			for (let repeat = 0; repeat < 3; repeat += 1) {
				await scene.pushUntilTaken(jobid, listener.url);
				if (repeat < 2) await pause(REPEAT_MS);
			}
		});
		await restarting;
		expect(await arrivals(jobids)).toEqual(NOTHING);
	});

	test.each(['SIGTERM', 'SIGKILL'] as const)(
		`what was answered with 200 survives a %s of the processor at the first 200, ${SIZES.deaths} times`,
		async (name) => {
			const { processors, balancer } = scene.cluster;
			const [doomed] = processors;
			const url = listener.url.replace(balancer.url, `http://127.0.0.1:${doomed.port}`);
			const all: string[] = [];
			for (let round = 0; round < SIZES.deaths; round += 1) {
				const jobids = await scene.quietJobs(6);
				all.push(...jobids);
				let dying: Promise<void> | undefined;
				const taken = await Promise.all(
					jobids.map(async (jobid) => {
						const status = await scene.push(jobid, url);
						if (status === 200) dying ??= doomed.die(name);
						return status === 200;
					}),
				);
				await dying;
				balancer.targets = [processors[1].port];
				// What was not answered WeCom repeats; it reaches the one that is alive.
				await Promise.all(
					jobids
						.filter((_, index) => !taken[index])
						.map(async (jobid) => await scene.pushUntilTaken(jobid, listener.url)),
				);
				await doomed.start();
				balancer.targets = processors.map(({ port }) => port);
				await untilServed(scene.outside, url);
			}
			expect(await arrivals(all)).toEqual(NOTHING);
		},
	);
});

if (FULL) {
	/** Every write of a claim begins up to so many ms late, as where a machine or its disk hangs. */
	const STALLS = [200, 500, 1_000, 3_000];

	describe('a database that stalls between the reading and the writing of a claim', () => {
		afterEach(
			async () => await scene.cluster.sql('DROP TRIGGER IF EXISTS stalls ON processed_data'),
		);

		test.each(STALLS)('by up to %d ms loses no event', async (stall) => {
			await scene.cluster.sql(`
				CREATE OR REPLACE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN PERFORM pg_sleep(random() * ${stall / 1000}); RETURN NULL; END $$;
				CREATE TRIGGER stalls BEFORE INSERT OR UPDATE ON processed_data
					FOR EACH STATEMENT EXECUTE FUNCTION stall();`);
			const jobids = await scene.quietJobs(SIZES.burstJobs);
			await each(jobids, async (jobid) => {
				const pushes = [1, 2, 3].map(async () => await scene.push(jobid, listener.url));
				await repeatUnlessTaken(jobid, await Promise.all(pushes));
			});
			const { lost, doubled } = await arrivals(jobids);
			// eslint-disable-next-line no-console -- a figure for the documentation
			console.log(
				`${stall} ms: ${doubled.length} of ${jobids.length} doubled, ${lost.length} lost`,
			);
			expect(lost).toEqual([]);
		});
	});
}

describe('an execution whose worker died before its trigger gave the item', () => {
	test('gives the event again, whole, when it is retried in n8n', async () => {
		const { cluster, downstream } = scene;
		const [jobid] = await scene.quietJobs(1);
		const [doomed, other] = cluster.workers;
		// Only the one that will die is there to take it.
		await other.die('SIGTERM');
		cluster.simulator.faults.next({ path: 'media/get_upload_by_url_result', delayMs: 20_000 });
		await scene.pushUntilTaken(jobid, listener.url);
		const asked = () => cluster.simulator.record.calls('media/get_upload_by_url_result').length;
		const before = asked();
		await cluster.rest.until('the result to be asked for', async () =>
			asked() > before ? true : undefined,
		);
		const [id] = await cluster.rest.executionIds(listener.workflow.id);
		await doomed.die('SIGKILL');
		await Promise.all([doomed.start(), other.start()]);
		const ended = await cluster.rest.until('n8n to notice', async () => {
			const { status } = await cluster.rest.execution(id);
			return ['error', 'crashed'].includes(status) ? status : undefined;
		});
		expect(ended).toMatch(/error|crashed/);
		expect(downstream.counts.get(jobid)).toBeUndefined();

		await cluster.rest.retry(id);
		expect(await arrivals([jobid])).toEqual(NOTHING);
	});
});
