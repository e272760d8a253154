import { activate, weComMediaTrigger, type ActiveWorkflow } from '../e2e/activeWorkflow';
import { MIB, pdfOf, sha256 } from '../e2e/files';
import { outputOf, pause, type Execution } from '../e2e/rest';
import type { Step } from '../e2e/workflowOf';
import { N8N_VERSION } from '../e2e/world';
import type { Simulator } from '../simulator';
import { FULL, NOTHING, startScene, type Scene } from './scene';

const LAST = 'Two nodes later';
const noOp = (name: string): Step => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

let scene: Scene;
beforeAll(async () => {
	scene = await startScene();
});
afterAll(async () => await scene?.close());
beforeEach(() => scene.downstream.counts.clear());

type Writing = (
	simulator: Simulator,
	file: { bytes: Buffer; fileName: string },
) => Promise<unknown>;

describe(`a message that a worker fetches (n8n ${N8N_VERSION})`, () => {
	test.each<[string, 'app' | 'customerService' | 'smartBot', object, Writing]>([
		[
			'of a member',
			'app',
			{ events: ['file'] },
			async ({ people }, file) => await people.writeToApp({ file }),
		],
		[
			'to a smart bot',
			'smartBot',
			{ authentication: 'smartBot', events: ['file'] },
			async ({ people }, file) => await people.writeToBot({ file }),
		],
		[
			'of a customer',
			'customerService',
			{ events: ['kf_msg_or_event'] },
			async ({ people }, file) => await people.customerService.write({ file }),
		],
	])('%s brings its file whole, two nodes later too', async (_, system, parameters, write) => {
		const { accounts, cluster, outside } = scene;
		const { simulator, rest } = cluster;
		const workflow = await activate(
			outside,
			`A file ${system}`,
			weComMediaTrigger(accounts.credentials(system), { ...parameters }),
			noOp('One node later'),
			noOp(LAST),
		);
		const { app, customerService, bot } = simulator.targets;
		const target = { app, customerService, smartBot: bot }[system];
		await scene.save(workflow, target);
		const bytes = pdfOf(19 * MIB + 5);
		const file = { bytes, fileName: '合同📄（终稿）.pdf' };
		await write(simulator, file);
		const [execution] = await workflow.executions(1);
		expect(execution.error?.message).toBeUndefined();
		const [{ json, binary }] = outputOf(execution, LAST);
		expect(json).toMatchObject({ file_name: file.fileName, file_size: bytes.length });
		expect(binary?.data.fileName).toBe(file.fileName);
		expect(await rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
		await rest.deactivate(workflow.workflow);
	});
});

if (FULL) {
	test('20 texts of members go on once each', async () => {
		const { accounts, cluster, outside } = scene;
		const { simulator } = cluster;
		const trigger = weComMediaTrigger(accounts.credentials('app'), { events: ['text'] });
		const workflow = await activate(outside, 'Texts', trigger);
		await scene.save(workflow);
		const sent = Array.from({ length: 20 }, (_, index) => `text ${index}`);
		for (const text of sent) await simulator.people.writeToApp({ text });
		const executions = await workflow.executions(sent.length);
		const given = executions.flatMap((each) => outputOf(each, trigger.name));
		expect(given.map(({ json }) => String(json.text)).sort()).toEqual([...sent].sort());
		// A text is neither fetched nor asked for, so its time is that of the claim.
		const times = executions.map(({ runData }) => runData[trigger.name][0].executionTime);
		const middle = times.sort((a, b) => a - b)[times.length / 2];
		// eslint-disable-next-line no-console -- a figure for the documentation
		console.log(`a claim that looks twice: ${middle} ms in the middle, ${times.at(-1)} ms at most`);
	});
}

describe("customers' messages on two workers", () => {
	let inbox: ActiveWorkflow;

	beforeAll(async () => {
		const { accounts, cluster, downstream, outside } = scene;
		inbox = await activate(
			outside,
			'When a customer writes',
			weComMediaTrigger(accounts.credentials('customerService'), { events: ['kf_msg_or_event'] }),
			downstream.step('$json.msgid'),
		);
		await scene.save(inbox, cluster.simulator.targets.customerService);
	});
	afterEach(() => {
		const { simulator } = scene.cluster;
		simulator.faults.clear();
		Object.assign(simulator.state.strict, { kfPageEntries: 1000, kfEmptyPages: 0 });
		scene.downstream.holds = false;
	});

	/** @returns the msgids; all but the last one are filed without a word */
	async function write(count: number): Promise<string[]> {
		const { customerService } = scene.cluster.simulator.people;
		const ids: string[] = [];
		for (let n = 1; n <= count; n += 1) {
			const { msgid, pushes } = await customerService.write({ text: `${n}`, silent: n < count });
			expect(pushes.filter(({ delivered }) => !delivered)).toEqual([]);
			ids.push(msgid);
		}
		return ids;
	}

	async function newestExecution(): Promise<string> {
		return (await scene.cluster.rest.executionIds(inbox.workflow.id))[0];
	}

	/** Waits until n8n shows that the worker of this execution is gone. */
	async function untilFailed(id: string): Promise<Execution> {
		const { rest } = scene.cluster;
		return await rest.until('n8n to notice the dead worker', async () => {
			const execution = await rest.execution(id);
			return ['error', 'crashed'].includes(execution.status) ? execution : undefined;
		});
	}

	test('500 in pages, empty ones and refusals among them, told by overlapping events: each goes on once', async () => {
		const { simulator } = scene.cluster;
		Object.assign(simulator.state.strict, { kfPageEntries: 40, kfEmptyPages: 1 });
		simulator.faults.next({ path: 'kf/sync_msg', errcode: 95007, skip: 3 });
		simulator.faults.next({ path: 'kf/sync_msg', errcode: 50100, skip: 2 });
		simulator.faults.next({ path: 'kf/sync_msg', errcode: 95007, skip: 3 });
		const sent: string[] = [];
		for (let burst = 0; burst < 10; burst += 1) {
			sent.push(...(await write(50)));
			// Longer than a burst, shorter than the execution of one event.
			await pause(1_100);
		}
		await scene.quiet(inbox);
		expect(simulator.faults.pending).toBe(0);
		// What a refusal has left behind, the next event brings.
		sent.push(...(await write(1)));
		expect(await scene.arrivals(inbox, sent)).toEqual(NOTHING);
	});

	test('of an execution whose worker died before its trigger returned come with the next event', async () => {
		const { cluster } = scene;
		const [doomed, other] = cluster.workers;
		const { faults, record } = cluster.simulator;
		// Only the one that will die is there to take it.
		await other.die('SIGTERM');
		faults.next({ path: 'kf/sync_msg', delayMs: 20_000 });
		const before = record.calls('kf/sync_msg').length;
		const sent = await write(3);
		await cluster.rest.until('the inbox to be asked', async () =>
			record.calls('kf/sync_msg').length > before ? true : undefined,
		);
		await doomed.die('SIGKILL');
		await Promise.all([doomed.start(), other.start()]);
		sent.push(...(await write(1)));
		expect(await scene.arrivals(inbox, sent)).toEqual(NOTHING);
	});

	if (FULL) {
		test('of an execution whose worker died later come again when it is retried in n8n', async () => {
			const { cluster, downstream } = scene;
			const [doomed, other] = cluster.workers;
			await other.die('SIGTERM');
			downstream.holds = true;
			downstream.held = 0;
			const sent = await write(3);
			await cluster.rest.until('the next node to work', async () =>
				downstream.held > 0 ? true : undefined,
			);
			const id = await newestExecution();
			await doomed.die('SIGKILL');
			downstream.holds = false;
			await Promise.all([doomed.start(), other.start()]);
			await untilFailed(id);
			expect(downstream.counts.size).toBe(0);
			await cluster.rest.retry(id);
			expect(await scene.arrivals(inbox, sent)).toEqual(NOTHING);
		});
	}
});
