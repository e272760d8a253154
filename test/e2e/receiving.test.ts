import type { IDataObject } from 'n8n-workflow';

import { activate, weComMediaTrigger, type ActiveWorkflow } from './activeWorkflow';
import { MIB, pdfOf, sample, sha256 } from './files';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { lineOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

const TRIGGER = 'WeCom Media Trigger';
const LAST = 'Two nodes later';

let world: World;
let member: ActiveWorkflow;
let customer: ActiveWorkflow;

const noOp = (name: string): Step => ({
	name,
	type: 'n8n-nodes-base.noOp',
	typeVersion: 1,
	parameters: {},
});

async function credentialOf(account: IDataObject): Promise<{ weComCorpApi: CredentialReference }> {
	const { corpId, corpSecret, callbackToken, encodingAesKey } = account;
	const data = { corpId, corpSecret, callbackToken, encodingAesKey, baseUrl: world.simulator.url };
	return { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
}

beforeAll(async () => {
	world = await startWorld();
	const { corp, customerService } = world.simulator.demo;
	const after = [noOp('One node later'), noOp(LAST)];
	member = await activate(
		world,
		'When a member writes',
		weComMediaTrigger(await credentialOf({ ...corp }), {
			events: ['image', 'voice', 'video', 'file', 'text', 'location', 'link'],
		}),
		...after,
	);
	customer = await activate(
		world,
		'When a customer writes',
		weComMediaTrigger(await credentialOf({ ...customerService }), { events: ['kf_msg_or_event'] }),
		...after,
	);
	const { simulator } = world;
	await simulator.verifyCallbackUrl(member.url);
	await simulator.verifyCallbackUrl(customer.url, simulator.targets.customerService);
});
afterAll(async () => await world?.close());

let seen = 0;
/** The execution that a member's message has started. */
async function nextOf(workflow: ActiveWorkflow): Promise<Execution> {
	const executions = await workflow.executions((seen += 1));
	return executions[seen - 1];
}

describe(`a member's message in a real n8n ${N8N_VERSION}`, () => {
	test.each<[string, string, () => Promise<Buffer>]>([
		['image', '现场📷.jpg', async () => await sample('photo.jpg')],
		['voice', '语音.amr', async () => await sample('voice.amr')],
		['video', '视频 1.mp4', async () => await sample('video.mp4')],
		['file', '合同（终稿）.pdf', async () => pdfOf(25 * MIB + 3)],
	])('with its %s is whole, two nodes later too', async (kind, fileName, bytesOf) => {
		const bytes = await bytesOf();
		await world.simulator.people.writeToApp({ file: { bytes, fileName } });
		const execution = await nextOf(member);
		expect(execution.error).toBeUndefined();
		const [{ json, binary }] = outputOf(execution, LAST);
		expect(json).toMatchObject({ event: kind, file_name: fileName, file_size: bytes.length });
		expect(binary?.data.fileName).toBe(fileName);
		expect(await world.rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
	});

	test('of text arrives as it was typed', async () => {
		const text = '<xml>]]></xml> {"a":1} 你好 😀';
		await world.simulator.people.writeToApp({ text });
		const [{ json }] = outputOf(await nextOf(member), LAST);
		expect(json).toMatchObject({ event: 'text', from_user: 'ZhangSan', text });
	});
});

describe(`customers' messages in a real n8n ${N8N_VERSION}`, () => {
	/** Every item given so far, over all executions. */
	async function given(atLeast: number): Promise<IDataObject[]> {
		const executions = await customer.executions(atLeast);
		return executions.flatMap((each) => outputOf(each, TRIGGER).map(({ json }) => json));
	}

	test('are read page by page, and each is given once over several events', async () => {
		const { strict } = world.simulator.state;
		Object.assign(strict, { kfPageEntries: 30, kfEmptyPages: 1 });
		const { customerService } = world.simulator.people;
		const sent: string[] = [];
		for (let burst = 1; burst <= 3; burst += 1) {
			for (let n = 0; n < 40; n += 1) {
				const { msgid } = await customerService.write({ text: `${n}`, silent: n < 39 });
				sent.push(msgid);
			}
			await customer.executions(burst);
		}
		const items = await given(3);
		expect(items.map(({ msgid }) => msgid)).toEqual(sent);
		expect(items[0]).toMatchObject({ event: 'kf_msg_or_event', open_kfid: 'wkdemo', origin: 3 });
	});

	test('bring their files', async () => {
		const bytes = await sample('photo.jpg');
		const { customerService } = world.simulator.people;
		await customerService.write({ file: { bytes, fileName: '照片.jpg' } });
		const execution = (await customer.executions(4))[3];
		const [{ json, binary }] = outputOf(execution, LAST);
		expect(json).toMatchObject({ msgtype: 'image', file_name: '照片.jpg' });
		expect(await world.rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
	});
});

test("the editor's test URL gives one message to the workflow that is open, file included", async () => {
	const { rest, n8n, simulator } = world;
	const trigger = weComMediaTrigger(await credentialOf({ ...simulator.demo.corp }), {
		events: ['image'],
	});
	const workflow = await rest.createWorkflow(lineOf('Being tried', trigger, noOp(LAST)));
	await rest.listen(workflow, TRIGGER);
	simulator.targets.app.callback!.url = `${n8n.url}/webhook-test/${trigger.webhookId}/wecom-media`;
	const bytes = await sample('photo.jpg');
	const file = { bytes, fileName: 'a.jpg' };
	const sent = await simulator.people.writeToApp({ file });
	expect(sent?.attempts).toEqual([{ status: 200, body: 'success' }]);
	const id = await rest.until(
		'the execution',
		async () => (await rest.executionIds(workflow.id))[0],
	);
	const [{ json, binary }] = outputOf(await rest.finished(id), LAST);
	expect(json).toMatchObject({ event: 'image', file_name: 'a.jpg' });
	expect(await rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
});
