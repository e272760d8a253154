/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n } from '../scripts/lib/n8nInstall';
import { unpackPackage } from '../scripts/lib/packageTarball';
import { RealN8n } from '../test/e2e/realN8n';
import type { CallbackReport } from './callbackClient';
import { jobCallbacks } from './callbacks';
import { runScript, startServer } from './children';
import { percentile, median } from './statistics';
import type { Stage } from './stage';
import { activate, finishedExecutions, type Receiver, type ReceiverName } from './triggerWorkflows';

const N8N_VERSION = '2.8.4';
export const BURST = 1000;
/** Requests per second of the steady part. */
export const RATE = 50;
const STEADY_SECONDS = 10;
const ROUNDS = 3;
/** Unmeasured requests to each node first. */
const WARM_UP = 100;

/** Milliseconds until an answer was complete. */
export interface Latency {
	p50: number;
	p99: number;
}

export interface TriggerResult {
	n8n: string;
	rounds: number;
	/** Medians over the rounds. */
	steady: Record<ReceiverName, Latency>;
	burst: Record<ReceiverName, Latency>;
	/** Requests to each node, repeats left out, and executions that came of them. */
	sent: Record<ReceiverName, number>;
	executions: Record<ReceiverName, number>;
	/** Jobs that were announced a second time after the burst. */
	repeated: number;
	/** Jobs without an execution, and jobs with more than one. */
	lost: number;
	doubled: number;
	/** Answers other than 200. */
	failed: number;
	tokenCalls: number;
}

/** Compares our trigger with n8n's own Webhook node in one real n8n, in turn. */
export async function measureTrigger(
	stage: Stage,
	say: (note: string) => void,
): Promise<TriggerResult> {
	const installed = await installN8n(N8N_VERSION, say);
	const userFolder = await mkdtemp(join(tmpdir(), 'wecom-media-bench-n8n-'));
	const server = await startServer(0);
	const n8n = new RealN8n(installed, { userFolder });
	try {
		await unpackPackage(stage.tarball, userFolder);
		say('starting n8n');
		await n8n.start();
		await n8n.rest.logIn({ email: 'bench@example.com', password: 'Made-up-1-bench' });
		const contest = new Contest(n8n, await activate(n8n, server.baseUrl));
		await contest.run(say);
		return contest.result(await server.counts());
	} finally {
		await n8n.stop();
		server.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}

class Contest {
	private readonly steady: Record<ReceiverName, CallbackReport[]> = { trigger: [], webhook: [] };

	private readonly burst: Record<ReceiverName, CallbackReport[]> = { trigger: [], webhook: [] };

	private readonly sent = { trigger: 0, webhook: 0 };

	private readonly executions = { trigger: 0, webhook: 0 };

	private readonly announced: string[] = [];

	private failed = 0;

	constructor(
		private readonly n8n: RealN8n,
		private readonly receivers: Record<ReceiverName, Receiver>,
	) {}

	async run(say: (note: string) => void): Promise<void> {
		say('warming up');
		await this.both('warm', WARM_UP, RATE);
		for (let round = 1; round <= ROUNDS; round += 1) {
			say(`${RATE} callbacks per second, round ${round} of ${ROUNDS}`);
			const reports = await this.both(`steady${round}`, RATE * STEADY_SECONDS, RATE);
			this.steady.trigger.push(reports.trigger);
			this.steady.webhook.push(reports.webhook);
		}
		say(`${BURST} callbacks at once`);
		const reports = await this.both('burst', BURST, 0);
		this.burst.trigger.push(reports.trigger);
		this.burst.webhook.push(reports.webhook);
		say(`the same ${BURST} callbacks again`);
		await this.post('trigger', jobids('burst', BURST), 0);
		await this.settle('trigger');
	}

	result({ requests, jobs }: { requests: Record<string, number>; jobs: Record<string, number> }) {
		const latencies = (reports: CallbackReport[]): Latency => ({
			p50: median(reports.map((report) => percentile(report.latencies, 0.5))),
			p99: median(reports.map((report) => percentile(report.latencies, 0.99))),
		});
		const each = (reports: Record<ReceiverName, CallbackReport[]>) => ({
			trigger: latencies(reports.trigger),
			webhook: latencies(reports.webhook),
		});
		return {
			n8n: N8N_VERSION,
			rounds: ROUNDS,
			steady: each(this.steady),
			burst: each(this.burst),
			sent: this.sent,
			executions: this.executions,
			repeated: BURST,
			// The trigger asks for the result of a job exactly when it starts an execution for it.
			lost: this.announced.filter((jobid) => !jobs[jobid]).length,
			doubled: this.announced.filter((jobid) => jobs[jobid] > 1).length,
			failed: this.failed,
			tokenCalls: requests.gettoken ?? 0,
		};
	}

	private async both(prefix: string, count: number, rate: number) {
		const ids = jobids(prefix, count);
		this.announced.push(...ids);
		const reports = {} as Record<ReceiverName, CallbackReport>;
		for (const name of ['trigger', 'webhook'] as const) {
			this.sent[name] += count;
			reports[name] = await this.post(name, ids, rate);
			await this.settle(name);
		}
		return reports;
	}

	private async post(to: ReceiverName, ids: string[], rate: number): Promise<CallbackReport> {
		const { url } = this.receivers[to];
		const order = { url, rate, ...jobCallbacks(ids) };
		const report = await runScript<CallbackReport>('callbackClient.ts', order);
		this.failed += report.failed;
		return report;
	}

	/** Waits until no further execution ends, so that the next part does not pay for this one. */
	private async settle(name: ReceiverName): Promise<void> {
		this.executions[name] = await finishedExecutions(this.n8n.rest, this.receivers[name]);
	}
}

function jobids(prefix: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}
