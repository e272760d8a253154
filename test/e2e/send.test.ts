import type { NodeParameterValueType } from 'n8n-workflow';
import { activate, webhook, type ActiveWorkflow } from './activeWorkflow';
import { sample } from './files';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { readFiles, weComMedia, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let app: { weComCorpApi: CredentialReference };
let robot: { weComWebhookApi: CredentialReference };

beforeAll(async () => {
	world = await startWorld();
	const { demo, url: baseUrl } = world.simulator;
	const { corpId, corpSecret, agentId } = demo.corp;
	const { webhookKey } = demo.robot;
	const save = world.rest.createCredential.bind(world.rest);
	app = { weComCorpApi: await save('weComCorpApi', { corpId, corpSecret, agentId, baseUrl }) };
	robot = { weComWebhookApi: await save('weComWebhookApi', { webhookKey, baseUrl }) };
});
beforeEach(() => {
	world.simulator.record.clear();
	world.simulator.state.messages.length = 0;
});
afterAll(async () => await world?.close());

type Parameters = Record<string, NodeParameterValueType>;

/** The one node that forwards the file of its item. */
function send(parameters: Parameters, options: Parameters = {}): Step {
	const credentials = parameters.resource === 'robot' ? robot : app;
	const common = { content: 'binary', mediaType: 'auto', binaryPropertyName: 'data' };
	return weComMedia('Send', credentials, {
		resource: 'app',
		operation: 'send',
		...common,
		...parameters,
		options,
	});
}

/** "Read/Write Files" of a small real file under another name. */
async function read(name: string, original: string): Promise<Step> {
	return readFiles(await world.addFile(name, await sample(original)));
}

async function run(...steps: Step[]): Promise<Execution> {
	const workflow = workflowOf(expect.getState().currentTestName ?? 'test', ...steps);
	return await world.rest.run(await world.rest.createWorkflow(workflow));
}

const toMember = { sendTo: 'members', toUser: 'ZhangSan' };

describe(`one node of a real n8n ${N8N_VERSION} forwards`, () => {
	test.each([
		[
			'a PDF with a Chinese name to a group robot',
			'季度报告.pdf',
			'report.pdf',
			'file',
			'robot',
			{},
		],
		['an image to a member', '照片.png', 'picture.png', 'image', 'app', toMember],
		[
			'a voice to an app chat',
			'语音.amr',
			'voice.amr',
			'voice',
			'appChat',
			{ sendTo: 'appChat', chatId: 'demochat' },
		],
	])('%s, as the right type', async (_, name, original, msgtype, via, parameters) => {
		const resource = via === 'robot' ? 'robot' : 'app';
		const execution = await run(await read(name, original), send({ resource, ...parameters }));

		expect(execution.error).toBeUndefined();
		const bytes = await sample(original);
		const [{ json }] = outputOf(execution, 'Send');
		expect(json).toMatchObject({ msgtype, file_name: name, file_size: bytes.length });
		const { messages } = world.simulator.state;
		expect(messages).toMatchObject([
			{ via, msgtype, media: { fileName: name, type: msgtype, mediaId: json.media_id } },
		]);
		expect(messages[0].media?.bytes.equals(bytes)).toBe(true);
	});
});

describe('a message', () => {
	// WeCom names receivers in lower case (vendor page 90236).
	test('that reaches some of its receivers only says in the output and in the panel whom not', async () => {
		const receivers = { sendTo: 'members', toUser: 'ZhangSan, Nobody, LiSi', toParty: '2, 77' };
		const execution = await run(await read('a.pdf', 'report.pdf'), send(receivers));

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Send')[0].json).toMatchObject({
			msgid: expect.stringMatching(/./),
			invaliduser: 'nobody',
			invalidparty: '77',
		});
		expect(execution.runData.Send[0].hints).toMatchObject([
			{ message: expect.stringContaining("'invaliduser'") },
			{ message: expect.stringContaining("'invalidparty'") },
		]);
		expect(world.simulator.state.messages).toHaveLength(1);
	});

	test.each([
		['a member', 'message/send', toMember],
		['an app chat', 'appchat/send', { sendTo: 'appChat', chatId: 'demochat' }],
		['a group robot', 'webhook/send', { resource: 'robot' }],
	])('to %s whose answer was lost is not sent again', async (_, path, parameters) => {
		world.simulator.faults.next({ path, cut: 'beforeAnswer' });
		const execution = await run(await read('b.pdf', 'report.pdf'), send(parameters));

		expect(execution.status).toBe('error');
		expect(execution.error?.message).toMatch(/broke the connection/);
		expect(execution.error?.description).toMatch(/may have arrived/);
		expect(world.simulator.record.count(path)).toBe(1);
		expect(world.simulator.state.messages).toHaveLength(1);
	});
});

describe('an active workflow that reuses a media_id', () => {
	let forward: ActiveWorkflow;
	let calls = 0;
	beforeAll(async () => {
		const sending = send({ ...toMember }, { reuseMediaId: true, duplicateCheck: false });
		const reading = await read('周报.pdf', 'report.pdf');
		forward = await activate(world, 'Forward the weekly report', webhook(), reading, sending);
	});

	/** Calls the production URL; gives the item that was sent once n8n has kept its static data. */
	async function call() {
		const response = await fetch(forward.url, { method: 'POST', headers: { connection: 'close' } });
		expect(response.status).toBe(200);
		calls += 1;
		const execution = (await forward.executions(calls)).at(-1);
		expect(execution?.status).toBe('success');
		return execution && outputOf(execution, 'Send')[0].json;
	}
	const uploads = () => world.simulator.record.count('media/upload');

	test('uploads once over two executions', async () => {
		const first = await call();
		const second = await call();
		expect(first).toMatchObject({ reused: false });
		expect(second).toMatchObject({ reused: true, media_id: first?.media_id });
		expect(uploads()).toBe(1);
		expect(world.simulator.state.messages).toHaveLength(2);
	});

	test('uploads again when WeCom does not know the media_id any more, and reuses that one', async () => {
		const before = await call();
		world.simulator.state.media.clear();
		const renewed = await call();
		expect(renewed).toMatchObject({ reused: false });
		expect(renewed?.media_id).not.toBe(before?.media_id);
		expect(await call()).toMatchObject({ reused: true, media_id: renewed?.media_id });
		expect(uploads()).toBe(1);
		const refused = world.simulator.record
			.calls('message/send')
			.filter(({ reply }) => reply?.errcode === 40007);
		expect(refused).toHaveLength(1);
		expect(world.simulator.state.messages).toHaveLength(3);
	});
});
