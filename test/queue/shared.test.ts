/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { activate, webhook, weComMediaTrigger } from '../e2e/activeWorkflow';
import type { ActiveWorkflow } from '../e2e/activeWorkflow';
import { MIB, pdfOf, sha256 } from '../e2e/files';
import { outputOf, pause, type Execution } from '../e2e/rest';
import { items, readFiles, type Step } from '../e2e/workflowOf';
import { N8N_VERSION } from '../e2e/world';
import { FULL, startScene, type Scene } from './scene';

const SIZES = FULL
	? { robotMessages: 60, hosted: 150 * MIB }
	: { robotMessages: 30, hosted: 24 * MIB };
const ENDED = ['success', 'error', 'crashed', 'canceled'];

let scene: Scene;
beforeAll(async () => {
	scene = await startScene();
});
afterAll(async () => await scene?.close());

/** n8n's Webhook node that answers at once. */
function startedByCall(): Step {
	const step = webhook();
	return { ...step, parameters: { ...step.parameters, responseMode: 'onReceived' } };
}

async function call({ url }: ActiveWorkflow, body: object = {}): Promise<void> {
	const answer = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', connection: 'close' },
		body: JSON.stringify(body),
	});
	expect(answer.status).toBe(200);
}

/** Waits for the executions of a workflow, which may take minutes. */
async function endedExecutions(
	{ workflow }: ActiveWorkflow,
	count: number,
	{ rest } = scene.cluster,
): Promise<Execution[]> {
	const ids = await rest.until(`${count} executions`, async () => {
		const found = await rest.executionIds(workflow.id);
		return found.length >= count ? found : undefined;
	});
	const ended: Execution[] = [];
	for (const id of ids) {
		let execution = await rest.execution(id);
		for (let waited = 0; waited < 1_680 && !ENDED.includes(execution.status); waited += 1) {
			await pause(250);
			execution = await rest.execution(id);
		}
		ended.push(execution);
	}
	return ended;
}

/** Lets WeCom fetch a file out of n8n; prints what it took. */
async function hostInParts({ accounts, cluster, outside, save }: Scene): Promise<void> {
	const { simulator } = cluster;
	const trigger = weComMediaTrigger(accounts.credentials('app'));
	const listener = await activate(outside, 'Host', trigger);
	await save(listener);
	const bytes = pdfOf(SIZES.hosted);
	const path = await cluster.addFile('training.pdf', bytes);
	simulator.jobs.chunkBytes = 4 * MIB;
	const upload = await activate(
		outside,
		'Upload',
		startedByCall(),
		readFiles(path),
		accounts.node('Submit', 'app', 'asyncUpload', {
			source: 'binary',
			binaryPropertyName: 'data',
			mediaType: 'file',
			waitForCompletion: true,
			options: { hostUrl: listener.url },
		}),
	);
	const [idle, began] = [await cluster.peaks(true), Date.now()];
	await call(upload);
	const [execution] = await endedExecutions(upload, 1, cluster);
	const seconds = (Date.now() - began) / 1000;
	expect(execution.error?.message ?? execution.status).toBe('success');
	const mediaId = String(outputOf(execution, 'Submit')[0].json.media_id);
	const stored = simulator.state.media.get(mediaId);
	expect(sha256(stored?.bytes ?? Buffer.alloc(0))).toBe(sha256(bytes));
	const peaks = Object.entries(await cluster.peaks());
	const rises = peaks.map(([name, peak]) => `${name} ${peak} (+${peak - idle[name]})`);
	// eslint-disable-next-line no-console -- figures for the documentation
	console.log(`hosted in ${seconds.toFixed(1)} s; memory, MB at most: ${rises.join(', ')}`);
}

/** Makes a small text file of the item's field `text`. */
const asFile: Step = {
	name: 'As File',
	type: 'n8n-nodes-base.convertToFile',
	typeVersion: 1.1,
	parameters: {
		operation: 'toText',
		sourceProperty: 'text',
		binaryPropertyName: 'data',
		options: { fileName: '={{ $json.text }}.txt' },
	},
};

describe(`what two workers share (n8n ${N8N_VERSION})`, () => {
	test(`${SIZES.robotMessages} robot messages from 6 executions all arrive, none twice, and no execution fails`, async () => {
		const { accounts, cluster, outside } = scene;
		const perExecution = SIZES.robotMessages / 6;
		const robots = await activate(
			outside,
			'Robot',
			startedByCall(),
			...items(Array.from({ length: perExecution }, (_, index) => ({ text: `message ${index}` }))),
			accounts.node('Send', 'robot', 'send', {
				content: 'text',
				text: '={{ $execution.id }}: {{ $json.text }}',
			}),
		);
		await Promise.all(Array.from({ length: 6 }, async () => await call(robots)));
		const executions = await endedExecutions(robots, 6);
		expect(executions.map(({ status, error }) => error?.message ?? status)).toEqual(
			Array.from({ length: 6 }, () => 'success'),
		);
		const texts = cluster.simulator.state.messages
			.filter(({ via }) => via === 'robot')
			.map(({ body }) => JSON.stringify(body.text));
		expect(new Set(texts).size).toBe(SIZES.robotMessages);
		expect(texts).toHaveLength(SIZES.robotMessages);
	});

	test('400 uploads cost each worker one token at most', async () => {
		const { accounts, cluster, outside } = scene;
		const uploads = await activate(
			outside,
			'Uploads',
			startedByCall(),
			...items(Array.from({ length: 50 }, (_, index) => ({ text: `file ${index}` }))),
			asFile,
			accounts.node('Upload', 'app', 'upload', { mediaType: 'file' }),
		);
		const { record } = cluster.simulator;
		const [uploaded, tokens] = ['media/upload', 'gettoken'].map(
			(path) => record.calls(path).length,
		);
		await Promise.all(Array.from({ length: 8 }, async () => await call(uploads)));
		const executions = await endedExecutions(uploads, 8);
		expect(executions.map(({ status, error }) => error?.message ?? status)).toEqual(
			Array.from({ length: 8 }, () => 'success'),
		);
		expect(record.calls('media/upload').length - uploaded).toBe(400);
		expect(record.calls('gettoken').length - tokens).toBeLessThanOrEqual(cluster.workers.length);
	});

	test('Reuse Media ID uploads a file once a process at most, whatever ran in parallel', async () => {
		const { accounts, cluster, outside } = scene;
		const reuse = await activate(
			outside,
			'Reuse',
			startedByCall(),
			{
				name: 'Text',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				parameters: {
					mode: 'raw',
					jsonOutput: '={{ { text: $json.body.text } }}',
					options: {},
				},
			},
			asFile,
			accounts.node('Upload', 'app', 'upload', {
				mediaType: 'file',
				options: { reuseMediaId: true },
			}),
		);
		const { record } = cluster.simulator;
		const rounds: number[] = [];
		for (let round = 1; round <= 3; round += 1) {
			const before = record.calls('media/upload').length;
			await Promise.all(
				Array.from(
					{ length: 10 },
					async (_, index) => await call(reuse, { text: `page ${index}` }),
				),
			);
			await endedExecutions(reuse, 10 * round);
			rounds.push(record.calls('media/upload').length - before);
		}
		expect(rounds[0]).toBe(10);
		// n8n stores static data as a whole when an execution ends, and of parallel ones the last wins,
		// so a worker may not know what the other has uploaded; what it has uploaded itself it knows.
		const [first, second, third] = rounds;
		expect(first + second + third).toBeLessThanOrEqual(10 * cluster.workers.length);
		// eslint-disable-next-line no-console -- a figure for the documentation
		console.log(`uploads of 10 files in three rounds: ${rounds.join(', ')}`);
	});

	test(`a ${SIZES.hosted / MIB} MB file is hosted in parts of 4 MB through both processors, identical`, async () => {
		await hostInParts(scene);
	});
});

if (FULL) {
	describe('files in the database', () => {
		let other: Scene;
		beforeAll(async () => {
			other = await startScene('database');
		});
		afterAll(async () => await other?.close());

		test(`a ${SIZES.hosted / MIB} MB file is hosted in parts of 4 MB through both processors, identical`, async () => {
			await hostInParts(other);
		});
	});
}

/** n8n's own behavior, without any node of this package: what the package has to live with. */
describe(`n8n ${N8N_VERSION} by itself, in queue mode`, () => {
	const keepsStaticData = N8N_VERSION.startsWith('2.8.');
	const counted = keepsStaticData ? [1, 2, 3, 4, 5] : [1, 1, 1, 1, 1];

	test(`a Code node that counts in static data counts ${counted.join(' ')}`, async () => {
		const { outside } = scene;
		const counting = await activate(outside, 'Count', webhook(), {
			name: 'Count',
			type: 'n8n-nodes-base.code',
			typeVersion: 2,
			parameters: {
				jsCode:
					"const data = $getWorkflowStaticData('global');\ndata.count = (data.count ?? 0) + 1;\nreturn [{ json: { count: data.count } }];",
			},
		});
		const counts: unknown[] = [];
		for (let call = 1; call <= 5; call += 1) {
			await (await fetch(counting.url, { method: 'POST' })).text();
			const executions = await counting.executions(call);
			counts.push(outputOf(executions[call - 1], 'Count')[0]?.json.count);
		}
		expect(counts).toEqual(counted);
	});
});
