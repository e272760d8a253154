/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { forgetPeak, largestOf, type LargestProcess } from '../scripts/lib/groupMemory';
import { saveAccounts, type Accounts } from '../test/e2e/accounts';
import {
	activate,
	webhook,
	weComMediaTrigger,
	type ActiveWorkflow,
} from '../test/e2e/activeWorkflow';
import { pdfOf } from '../test/e2e/files';
import { outputOf, pause } from '../test/e2e/rest';
import type { Step } from '../test/e2e/workflowOf';
import { startOwnWorld, type World } from '../test/e2e/world';
import { MB } from './spec';
import { median } from './statistics';

const FILE_BYTES = 100 * MB;
const WARM_UP_BYTES = 3 * MB;
const ROUNDS = 3;
/** Before idle memory is read, ms: n8n tidies up behind the work before. */
const REST_MS = 3_000;
const TRIGGER = 'WeCom Media Trigger';
/** Messages an execution gives at most. */
const PER_EXECUTION = 1_000;
const BACKLOG = 10_000;
const CLAIMS = 20;

export type Storage = 'filesystem' | 'database';

/** A bot's file of 100 MB into an item, once with its host falling silent half way. */
export interface FileResult {
	n8n: string;
	storage: Storage;
	ms: number;
	/** MB over idle, of n8n's process at most. */
	rise: number;
	/** The same of a download that falls silent half way and is taken up again; where it is promised to stream. */
	stalled?: Pick<FileResult, 'ms' | 'rise'>;
}

/** The same 100 MB decrypted, as media of an app, and as they are by n8n's HTTP Request node; medians. */
export interface DecryptResult {
	client: string;
	ms: number;
	cpuMs: number;
	/** The decrypted one in relation to this one, within a round. */
	oursMs: number;
	oursCpu: number;
}

export interface InboxResult {
	messages: number;
	given: number;
	executions: number;
	syncCalls: number;
	ms: number;
	/** MB over idle. */
	rise: number;
}

export interface ReceivingResult {
	files: FileResult[];
	decrypt: DecryptResult[];
	inbox: InboxResult[];
	/** Milliseconds of a text message's execution in its trigger node, which does nothing but claim; median. */
	claimMs: number;
}

type Say = (note: string) => void;

/** Measures what receiving costs in real n8n servers; takes about five minutes. */
export async function measureReceiving(say: Say, versions: string[]): Promise<ReceivingResult> {
	const files: FileResult[] = [];
	let rest: Omit<ReceivingResult, 'files'> | undefined;
	for (const n8n of versions) {
		for (const storage of ['filesystem', 'database'] as const) {
			say(`n8n ${n8n}, files in the ${storage}`);
			const world = await startOwnWorld({ N8N_DEFAULT_BINARY_DATA_MODE: storage }, n8n);
			try {
				const bench = new Bench(world, await saveAccounts(world), say);
				files.push({ n8n, storage, ...(await bench.file(storage === 'filesystem')) });
				rest ??= await bench.everythingElse();
			} finally {
				await world.close();
			}
		}
	}
	if (!rest) throw new Error('No n8n was measured');
	return { files, ...rest };
}

interface Link {
	url: string;
	/** Of the file behind it. */
	bytes: number;
}

interface Cost {
	ms: number;
	cpuMs: number;
	rise: number;
}

class Bench {
	constructor(
		private readonly world: World,
		private readonly accounts: Accounts,
		private readonly say: Say,
	) {}

	async file(withStall: boolean): Promise<Omit<FileResult, 'n8n' | 'storage'>> {
		const fetch = await this.botFile();
		for (let warm = 0; warm < 2; warm += 1) await fetch(this.linkTo(WARM_UP_BYTES));
		const link = this.linkTo(FILE_BYTES);
		const { ms, rise } = await this.measured(async () => await fetch(link));
		if (!withStall) return { ms, rise };
		this.world.simulator.faults.next({ path: '/aibot/file', stallAfterBytes: FILE_BYTES / 2 });
		return { ms, rise, stalled: await this.measured(async () => await fetch(link)) };
	}

	async everythingElse(): Promise<Omit<ReceivingResult, 'files'>> {
		const decrypt = await this.decrypt();
		const claimMs = await this.claim();
		this.say('500 customer messages');
		const inbox = [await this.inbox(500)];
		this.say(`a backlog of ${BACKLOG} customer messages`);
		inbox.push(await this.inbox(BACKLOG));
		return { decrypt, claimMs, inbox };
	}

	/** @returns what downloads the file behind a link */
	private async botFile(): Promise<(link: Link) => Promise<void>> {
		const url = '={{ $json.body.url }}';
		return await this.called(
			this.accounts.node('Download', 'smartBot', 'get', { url, binaryPropertyName: 'data' }),
		);
	}

	/** A new file of so many bytes; its link is good for five minutes. */
	private linkTo(bytes: number): Link {
		const file = { bytes: pdfOf(bytes), fileName: 'report.pdf' };
		const { people, state } = this.world.simulator;
		state.botFiles.clear();
		const { file: sent } = people.composeForBot({ file });
		return { ...(sent as { url: string }), bytes };
	}

	private async decrypt(): Promise<DecryptResult[]> {
		const { state } = this.world.simulator;
		const mediaId = state.addMedia({ bytes: pdfOf(FILE_BYTES), fileName: 'a.pdf', type: 'file' });
		const ofBot = await this.botFile();
		const ofApp = await this.called(
			this.accounts.node('Download', 'app', 'get', { mediaId: '={{ $json.body.mediaId }}' }),
		);
		const asItIs = await this.called({
			name: 'Download',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				url: '={{ $json.body.url }}',
				options: { response: { response: { responseFormat: 'file' } } },
			},
		});
		const link = this.linkTo(FILE_BYTES);
		const clients: Array<[string, () => Promise<void>]> = [
			["a bot's link, decrypted", async () => await ofBot(link)],
			['media of an app, in parts', async () => await ofApp({ mediaId, bytes: FILE_BYTES })],
			['the link by HTTP Request, still encrypted', async () => await asItIs({ url: link.url })],
		];
		const costs: Cost[][] = clients.map(() => []);
		for (let round = 0; round < ROUNDS; round += 1) {
			this.say(`decrypting, round ${round + 1} of ${ROUNDS}`);
			const order = clients.map((_, index) => index);
			for (const index of round % 2 === 0 ? order : order.reverse()) {
				costs[index].push(await this.measured(clients[index][1]));
			}
		}
		const [ours] = costs;
		return clients.map(([client], index) => ({
			client,
			ms: median(costs[index].map(({ ms }) => ms)),
			cpuMs: median(costs[index].map(({ cpuMs }) => cpuMs)),
			oursMs: median(costs[index].map(({ ms }, round) => ours[round].ms / ms)),
			oursCpu: median(costs[index].map(({ cpuMs }, round) => ours[round].cpuMs / cpuMs)),
		}));
	}

	private async claim(): Promise<number> {
		const { simulator } = this.world;
		const trigger = weComMediaTrigger(this.accounts.credentials('app'), { events: ['text'] });
		const workflow = await activate(this.world, 'Texts', trigger);
		await simulator.verifyCallbackUrl(workflow.url);
		const times: number[] = [];
		for (let count = 1; count <= CLAIMS; count += 1) {
			await simulator.people.writeToApp({ text: `${count}` });
			const execution = (await workflow.executions(count))[count - 1];
			times.push(execution.runData[TRIGGER][0].executionTime);
		}
		return median(times);
	}

	/** One event for every thousand messages, each after the execution of the one before. */
	private async inbox(messages: number): Promise<InboxResult> {
		const { simulator, rest } = this.world;
		const { customerService } = simulator.people;
		simulator.state.corps[0].inbox.length = 0;
		const trigger = weComMediaTrigger(this.accounts.credentials('customerService'), {
			events: ['kf_msg_or_event'],
		});
		const workflow: ActiveWorkflow = await activate(this.world, `${messages} messages`, trigger);
		await simulator.verifyCallbackUrl(workflow.url, simulator.targets.customerService);
		for (let count = 0; count < messages; count += 1) {
			await customerService.write({ text: `message ${count}: 你好`, silent: true });
		}
		const before = simulator.record.count('kf/sync_msg');
		const events = Math.ceil(messages / PER_EXECUTION);
		const given = new Set<unknown>();
		const { ms, rise } = await this.measured(async () => {
			for (let event = 1; event <= events; event += 1) {
				await customerService.announce(simulator.demo.corp.openKfId);
				await rest.until('the execution', async () =>
					(await rest.countExecutions(workflow.workflow.id, 'success')) === event
						? true
						: undefined,
				);
			}
		});
		const executions = await workflow.executions(events);
		for (const execution of executions) {
			for (const { json } of outputOf(execution, TRIGGER)) given.add(json.msgid);
		}
		await rest.deactivate(workflow.workflow);
		return {
			messages,
			given: given.size,
			executions: executions.length,
			syncCalls: simulator.record.count('kf/sync_msg') - before,
			ms,
			rise,
		};
	}

	/** Activates a workflow of one step behind a Webhook node. @returns what runs it to its end */
	private async called(
		step: Step,
	): Promise<(body: { url?: string; mediaId?: string; bytes?: number }) => Promise<void>> {
		const { url } = await activate(this.world, step.name, webhook(), step, {
			name: 'Size',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: '={{ { size: $json.file_size ?? 0 } }}', options: {} },
		});
		const headers = { connection: 'close', 'content-type': 'application/json' };
		return async (body) => {
			const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
			const text = await answer.text();
			const isWhole = body.bytes === undefined || text.includes(`${body.bytes}`);
			if (!answer.ok || !isWhole) throw new Error(`A measured download failed: ${text}`);
		};
	}

	private async measured(work: () => Promise<void>): Promise<Cost> {
		await pause(REST_MS);
		const before = await this.n8n();
		await forgetPeak(before);
		const startedAt = performance.now();
		await work();
		const ms = performance.now() - startedAt;
		const after = await this.n8n();
		return { ms, cpuMs: after.cpuMs - before.cpuMs, rise: after.peak - before.memory };
	}

	private async n8n(): Promise<LargestProcess> {
		const found = await largestOf(this.world.n8n.serverPid);
		if (!found) throw new Error('The memory of n8n can be read on Linux only');
		return found;
	}
}
