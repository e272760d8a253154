/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largestOf } from '../scripts/lib/groupMemory';
import { installN8n } from '../scripts/lib/n8nInstall';
import { unpackPackage } from '../scripts/lib/packageTarball';
import { RealN8n } from '../test/e2e/realN8n';
import type { CallbackReport } from './callbackClient';
import { callbacksOf, type Announced } from './callbacks';
import { runScript, startServer } from './children';
import { percentile, median } from './statistics';
import type { Stage } from './stage';
import { activate, finishedExecutions, type Receiver, type ReceiverName } from './triggerWorkflows';

const BURST = 500;
/**
 * The first round of each part is not measured: it pays for what n8n, its database driver and V8 do once, and whichever node
 * comes first would pay for both.
 */
const WARM_UP = 1;
/**
 * Bursts to each node before everything else. A request with its execution costs less from round to round, until V8 has
 * compiled what it runs: at 50 a second 25, 19, 19 and 18 ms with our node, 17, 15, 15 and 15 with n8n's.
 */
const BURSTS_BEFORE = 3;

interface Part {
	title: string;
	/** Requests per second; 0 = all at once. */
	rate: number;
	requests: number;
	/** How often each node gets them, in turn, and is measured. */
	rounds: number;
	/** Default: the end of a job. */
	announced?: Announced;
	/** Most times the Webhook node's p99 that is good enough. */
	mostRatio?: number;
}

type Order = Pick<Part, 'requests' | 'rate' | 'announced'>;

/** On a busy machine one n8n process does not end 50 executions per second any more, so it is also asked for less. */
const PARTS: Part[] = [
	{ title: '10 per second', rate: 10, requests: 100, rounds: 2 },
	{ title: '50 per second', rate: 50, requests: 500, rounds: 5, mostRatio: 1.2 },
	{
		title: '20 images per second',
		rate: 20,
		requests: 200,
		rounds: 3,
		announced: 'image',
		mostRatio: 1.2,
	},
	{ title: `${BURST} at once`, rate: 0, requests: BURST, rounds: 3, mostRatio: 1.2 },
];

/** Milliseconds until an answer was complete, and of n8n's processor time for a request with its execution: medians. */
export interface Cost {
	p50: number;
	p99: number;
	cpu: number;
}

export interface PartResult extends Part, Record<ReceiverName, Cost> {
	/** Our p99 in relation to the Webhook node's, within a round; median. */
	p99Ratio: number;
}

/** What one node made of the requests of one round. */
interface Round {
	report: CallbackReport;
	/** ms of n8n's processor time, until the last execution had ended. */
	cpuMs: number;
}

export interface TriggerResult {
	n8n: string;
	parts: PartResult[];
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
}

/** Compares our trigger with n8n's own Webhook node in one real n8n, in turn. */
export async function measureTrigger(
	stage: Stage,
	version: string,
	say: (note: string) => void,
): Promise<TriggerResult> {
	const installed = await installN8n(version, say);
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
		return contest.result(version, (await server.counts()).jobs);
	} finally {
		await n8n.stop();
		server.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}

class Contest {
	private readonly parts: PartResult[] = [];

	private readonly sent = { trigger: 0, webhook: 0 };

	private readonly executions = { trigger: 0, webhook: 0 };

	private readonly announced: string[] = [];

	private failed = 0;

	constructor(
		private readonly n8n: RealN8n,
		private readonly receivers: Record<ReceiverName, Receiver>,
	) {}

	async run(say: (note: string) => void): Promise<void> {
		for (let burst = 1; burst <= BURSTS_BEFORE; burst += 1) {
			say(`warming up, ${burst} of ${BURSTS_BEFORE}`);
			await this.both(`before-${burst}`, { requests: BURST, rate: 0 });
		}
		for (const part of PARTS) {
			const rounds: Record<ReceiverName, Round[]> = { trigger: [], webhook: [] };
			for (let round = 1 - WARM_UP; round <= part.rounds; round += 1) {
				say(
					round < 1
						? `${part.title}, warming up`
						: `${part.title}, round ${round} of ${part.rounds}`,
				);
				const { trigger, webhook } = await this.both(jobName(part, round), part, round % 2 === 0);
				if (round < 1) continue;
				rounds.trigger.push(trigger);
				rounds.webhook.push(webhook);
			}
			const [trigger, webhook] = [rounds.trigger, rounds.webhook].map(costOf);
			const p99Ratio = median(
				rounds.trigger.map((each, index) => p99Of(each) / p99Of(rounds.webhook[index])),
			);
			this.parts.push({ ...part, trigger, webhook, p99Ratio });
		}
		// What was answered late, WeCom announces again.
		const [last] = PARTS.slice(-1);
		say(`the ${last.requests} jobs of the last part again`);
		await this.post('trigger', last, jobids(jobName(last, last.rounds), last.requests));
		await this.settle('trigger');
	}

	/** @param jobs how often the result of each job was asked for: once for each execution the trigger starts */
	result(n8n: string, jobs: Record<string, number>): TriggerResult {
		return {
			n8n,
			parts: this.parts,
			sent: this.sent,
			executions: this.executions,
			repeated: PARTS[PARTS.length - 1].requests,
			lost: this.announced.filter((jobid) => !jobs[jobid]).length,
			doubled: this.announced.filter((jobid) => jobs[jobid] > 1).length,
			failed: this.failed,
		};
	}

	/** @param reversed so that neither always comes first */
	private async both(name: string, part: Order, reversed = false) {
		const { requests, announced = 'job' } = part;
		const ids = jobids(name, requests);
		if (announced === 'job') this.announced.push(...ids);
		const rounds = {} as Record<ReceiverName, Round>;
		const order: ReceiverName[] = reversed ? ['webhook', 'trigger'] : ['trigger', 'webhook'];
		for (const to of order) {
			this.sent[to] += requests;
			const before = await this.cpuMs();
			const report = await this.post(to, part, ids);
			await this.settle(to);
			rounds[to] = { report, cpuMs: (await this.cpuMs()) - before };
		}
		return rounds;
	}

	private async post(
		to: ReceiverName,
		{ rate, announced = 'job' }: Order,
		ids: string[],
	): Promise<CallbackReport> {
		const { url } = this.receivers[to];
		const order = { url, rate, ...callbacksOf(announced, ids) };
		const report = await runScript<CallbackReport>('callbackClient.ts', order);
		this.failed += report.failed;
		return report;
	}

	private async cpuMs(): Promise<number> {
		const found = await largestOf(this.n8n.serverPid);
		return found?.cpuMs ?? NaN;
	}

	/** Waits until no further execution ends, so that the next part does not pay for this one. */
	private async settle(of: ReceiverName): Promise<void> {
		this.executions[of] = await finishedExecutions(this.n8n.rest, this.receivers[of]);
	}
}

function jobName({ title }: Part, round: number): string {
	return `${title.replaceAll(' ', '-')}-${round}`;
}

function jobids(name: string, count: number): string[] {
	return Array.from({ length: count }, (_, index) => `${name}-${index}`);
}

function costOf(rounds: Round[]): Cost {
	const of = (figure: (round: Round) => number) => median(rounds.map(figure));
	return {
		p50: of(({ report }) => percentile(report.latencies, 0.5)),
		p99: of(p99Of),
		cpu: of(({ report, cpuMs }) => cpuMs / report.latencies.length),
	};
}

function p99Of({ report }: Round): number {
	return percentile(report.latencies, 0.99);
}
