/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { saveAccounts, type Accounts } from '../e2e/accounts';
import type { ActiveWorkflow, Host } from '../e2e/activeWorkflow';
import { submitJob } from '../e2e/largeJob';
import { pause } from '../e2e/rest';
import { eventXml, startLinkHost, startSimulator } from '../simulator';
import type { CallbackTarget, LinkHost, Simulator } from '../simulator';
import { startCluster, type BinaryMode, type Cluster } from './cluster';
import { startDownstream, type Downstream } from './downstream';
import { sharedCluster } from './sharedCluster';

/** A run in CI shows each row; --full takes the numbers of the documentation. */
export const FULL = process.env.WECOM_QUEUE_FULL === '1';
/** WeCom repeats a push that was not answered after 5 s (vendor page 90238). */
export const REPEAT_MS = 5_000;

/** Keys that never arrived downstream, and those that arrived more than once. */
export interface Arrivals {
	lost: string[];
	doubled: string[];
}
export const NOTHING: Arrivals = { lost: [], doubled: [] };

/** A cluster with a WeCom to talk to, its demo accounts, a host of links, and something behind the workflows. */
export interface Scene {
	cluster: Cluster & { simulator: Simulator };
	accounts: Accounts;
	downstream: Downstream;
	/** The cluster as webhook callers see it: through the balancer. */
	outside: Host;
	/** Jobs of a large upload that have ended without any push. */
	quietJobs(count: number): Promise<string[]>;
	/** Pushes the end of a job as WeCom does; gives the status, or 0 where no answer came. */
	push(jobid: string, url: string): Promise<number>;
	/** The same until it is answered with 200, as WeCom repeats it. */
	pushUntilTaken(jobid: string, url: string): Promise<void>;
	/** Enters a workflow's URL in the console; a busy n8n may miss the second that WeCom waits, so the person saves again. */
	save(workflow: ActiveWorkflow, target?: CallbackTarget): Promise<void>;
	/** Waits until every key has arrived downstream and no execution is on its way; then looks once more. */
	arrivals(workflow: ActiveWorkflow, keys: string[]): Promise<Arrivals>;
	/** Waits until no execution runs and nothing arrives any more. */
	quiet(workflow: ActiveWorkflow): Promise<void>;
	close(): Promise<void>;
}

/** @param binaryMode needs a cluster of its own where it is not the shared one's */
export async function startScene(binaryMode: BinaryMode = 'filesystem'): Promise<Scene> {
	const isShared = binaryMode === 'filesystem';
	const processes = isShared ? await sharedCluster() : await startCluster({ binaryMode });
	const simulator = await startSimulator();
	const cluster = { ...processes, simulator };
	const { rest, balancer } = cluster;
	const host: LinkHost = await startLinkHost();
	const downstream = await startDownstream();
	const accounts = await saveAccounts(cluster);

	async function quietJobs(count: number): Promise<string[]> {
		const jobids: string[] = [];
		for (let index = 0; index < count; index += 1) {
			simulator.jobs.next({ callbackTimes: 0 });
			jobids.push((await submitJob(simulator, host)).jobId);
		}
		await simulator.jobs.settled();
		return jobids;
	}

	async function push(jobid: string, url: string): Promise<number> {
		const { callbacks, targets } = simulator;
		const message = eventXml({
			ToUserName: targets.app.corpId,
			FromUserName: 'sys',
			CreateTime: Math.floor(Date.now() / 1000),
			MsgType: 'event',
			Event: 'upload_media_job_finish',
			JobId: jobid,
		});
		const { query, body, contentType } = callbacks.envelope(targets.app, message);
		try {
			const answer = await fetch(`${url}?${new URLSearchParams(query).toString()}`, {
				method: 'POST',
				headers: { 'content-type': contentType, connection: 'close' },
				body,
				signal: AbortSignal.timeout(REPEAT_MS),
			});
			await answer.text();
			return answer.status;
		} catch {
			return 0;
		}
	}

	async function pushUntilTaken(jobid: string, url: string): Promise<void> {
		const statuses: number[] = [];
		for (let attempt = 0; attempt < 4; attempt += 1) {
			const status = await push(jobid, url);
			if (status === 200) return;
			statuses.push(status);
			await pause(REPEAT_MS);
		}
		throw new Error(`${jobid} was answered with 200 by nobody, but with ${statuses.join(', ')}`);
	}

	async function save({ url }: ActiveWorkflow, target?: CallbackTarget): Promise<void> {
		let result = await simulator.verifyCallbackUrl(url, target);
		for (let tries = 1; tries < 5 && !result.ok; tries += 1) {
			await pause(2_000);
			result = await simulator.verifyCallbackUrl(url, target);
		}
		if (!result.ok) throw new Error(`The console refuses the URL: ${result.reason}`);
	}

	// A processor that was killed between storing an execution and queueing it leaves it as new for
	// ever: WeCom got no 200 for it. So it ends when nothing runs and nothing changes any more.
	async function quiet({ workflow: { id } }: ActiveWorkflow): Promise<void> {
		let last = '';
		await rest.until('all executions to end', async () => {
			const waiting = await rest.countExecutions(id, 'new');
			const running = await rest.countExecutions(id, 'running', 'waiting');
			const now = `${waiting} ${running} ${[...downstream.counts.values()].join()}`;
			if (running === 0 && now === last) return true;
			last = now;
			await pause(3_000);
			return undefined;
		});
	}

	async function arrivals(workflow: ActiveWorkflow, keys: string[]): Promise<Arrivals> {
		const missing = () => keys.filter((key) => !downstream.counts.has(key));
		for (let waited = 0; waited < 240 && missing().length > 0; waited += 1) await pause(250);
		await quiet(workflow);
		const doubled = keys.filter((key) => (downstream.counts.get(key) ?? 0) > 1);
		return { lost: missing(), doubled };
	}

	return {
		cluster,
		accounts,
		downstream,
		outside: { rest, n8n: { url: balancer.url } },
		quietJobs,
		push,
		pushUntilTaken,
		save,
		arrivals,
		quiet,
		async close() {
			await downstream.close();
			await host.close();
			await (isShared ? rest.removeAll() : cluster.close());
			await simulator.close();
		},
	};
}
