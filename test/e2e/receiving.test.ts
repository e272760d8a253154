import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { activate, weComMediaTrigger, type ActiveWorkflow } from './activeWorkflow';
import { MIB, pdfOf, sample, sha256 } from './files';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { lineOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

const TRIGGER = 'WeCom Media Trigger';
const LAST = 'Two nodes later';

let world: World;
let member: Inbox;
let bot: Inbox;
let customer: ActiveWorkflow;

/** A workflow that is started by one message after the other. */
interface Inbox {
	/** The end of the execution that the next message has started. */
	next(): Promise<Execution>;
}

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

function inboxOf(workflow: ActiveWorkflow): Inbox {
	let seen = 0;
	return {
		async next() {
			seen += 1;
			return (await workflow.executions(seen))[seen - 1];
		},
	};
}

beforeAll(async () => {
	world = await startWorld();
	const { simulator, rest } = world;
	const { corp, customerService } = simulator.demo;
	const { callbackToken, encodingAesKey } = simulator.demo.bot;
	const after = [noOp('One node later'), noOp(LAST)];
	const ofMembers = await activate(
		world,
		'When a member writes',
		weComMediaTrigger(await credentialOf({ ...corp }), {
			events: ['image', 'voice', 'video', 'file', 'text', 'location', 'link'],
		}),
		...after,
	);
	const ofTheBot = await activate(
		world,
		'When somebody writes to the bot',
		weComMediaTrigger(
			{
				weComSmartBotApi: await rest.createCredential('weComSmartBotApi', {
					callbackToken,
					encodingAesKey,
				}),
			},
			{
				authentication: 'smartBot',
				events: ['image', 'file', 'video', 'mixed', 'voice', 'text'],
			},
		),
		...after,
	);
	customer = await activate(
		world,
		'When a customer writes',
		weComMediaTrigger(await credentialOf({ ...customerService }), { events: ['kf_msg_or_event'] }),
		...after,
	);
	await simulator.verifyCallbackUrl(ofMembers.url);
	await simulator.verifyCallbackUrl(ofTheBot.url, simulator.targets.bot);
	await simulator.verifyCallbackUrl(customer.url, simulator.targets.customerService);
	[member, bot] = [ofMembers, ofTheBot].map(inboxOf);
});
afterAll(async () => await world?.close());

/** The fields of the file that the last node still holds, and its bytes, which must be these. */
async function expectWhole(
	[{ json, binary }]: INodeExecutionData[],
	files: Array<{ bytes: Buffer; fileName: string }>,
): Promise<void> {
	expect(json).toMatchObject({
		file_name: files[0].fileName,
		file_size: files[0].bytes.length,
	});
	const received = Object.values(binary ?? {});
	expect(received.map(({ fileName }) => fileName)).toEqual(files.map(({ fileName }) => fileName));
	const sums = received.map(async ({ id = '' }) => await world.rest.binarySha256(id));
	expect(await Promise.all(sums)).toEqual(files.map(({ bytes }) => sha256(bytes)));
}

const fileOf = async (fileName: string, content: string | Buffer) => ({
	fileName,
	bytes: typeof content === 'string' ? await sample(content) : content,
});

describe(`a member's message in a real n8n ${N8N_VERSION}`, () => {
	test.each([
		['image', '现场📷.jpg', 'photo.jpg'],
		['voice', '语音.amr', 'voice.amr'],
		['video', '视频 1.mp4', 'video.mp4'],
		['file', '合同（终稿）.pdf', pdfOf(25 * MIB + 3)],
	])('with its %s is whole, two nodes later too', async (kind, fileName, content) => {
		const sent = await fileOf(fileName, content);
		await world.simulator.people.writeToApp({ file: sent });
		const execution = await member.next();
		expect(execution.error).toBeUndefined();
		const output = outputOf(execution, LAST);
		expect(output[0].json).toMatchObject({ event: kind, msgtype: kind, from_user: 'ZhangSan' });
		await expectWhole(output, [sent]);
	});

	test.each([
		['text', { Content: '<xml>]]></xml> {"a":1} 你好 😀' }],
		['location', { Label: '<xml>]]></xml> {"a":1} 你好 😀', Location_X: '23.134' }],
		['link', { Title: '<xml>]]></xml> {"a":1} 你好 😀', Url: 'https://a.example/page' }],
	] as const)('of the kind %s arrives as it was typed', async (kind, fields) => {
		const text = '<xml>]]></xml> {"a":1} 你好 😀';
		await world.simulator.people.writeToApp({ kind, text });
		const [{ json, binary }] = outputOf(await member.next(), LAST);
		expect(json).toMatchObject({ event: kind, from_user: 'ZhangSan', message: fields });
		expect(json.text).toBe(kind === 'text' ? text : undefined);
		expect(binary).toBeUndefined();
	});
});

describe(`a message to the smart bot in a real n8n ${N8N_VERSION}`, () => {
	test.each([
		['image', '现场📷.jpg', 'photo.jpg'],
		['video', '视频 1.mp4', 'video.mp4'],
		['file', '合同（终稿）.pdf', pdfOf(25 * MIB + 3)],
	])('with its %s is decrypted and whole, two nodes later too', async (kind, name, content) => {
		const sent = await fileOf(name, content);
		await world.simulator.people.writeToBot({ file: sent });
		const output = outputOf(await bot.next(), LAST);
		expect(output[0].json).toMatchObject({ event: kind, chattype: 'single' });
		await expectWhole(output, [sent]);
	});

	test('that mixes texts and pictures brings them all', async () => {
		const pictures = [await fileOf('一📷.jpg', 'photo.jpg'), await fileOf('二.png', 'picture.png')];
		await world.simulator.people.writeToBot({
			mixed: ['之前', pictures[0], '之后 😀', pictures[1]],
			chatId: 'wr1',
		});
		const output = outputOf(await bot.next(), LAST);
		expect(output[0].json).toMatchObject({
			event: 'mixed',
			chatid: 'wr1',
			text: '@Demo bot 之前\n之后 😀',
		});
		await expectWhole(output, pictures);
	});

	test('that quotes a file in a group brings the quoted one', async () => {
		const quoted = await fileOf('合同（终稿）.pdf', 'report.pdf');
		const message = { text: '请看', chatId: 'wr1', quote: { file: quoted } };
		await world.simulator.people.writeToBot(message);
		const output = outputOf(await bot.next(), LAST);
		expect(output[0].json).toMatchObject({ event: 'text', text: '@Demo bot 请看' });
		await expectWhole(output, [quoted]);
	});

	test('that was spoken arrives as its transcript', async () => {
		await world.simulator.people.writeToBot({ kind: 'voice', text: '明天开会 😀' });
		const [{ json, binary }] = outputOf(await bot.next(), LAST);
		expect(json).toMatchObject({ event: 'voice', text: '明天开会 😀' });
		expect(binary).toBeUndefined();
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

	let burst = 3;

	test.each([
		['image', '照片📷.jpg', 'photo.jpg'],
		['voice', '语音.amr', 'voice.amr'],
		['video', '视频 1.mp4', 'video.mp4'],
		['file', '合同（终稿）.pdf', 'report.pdf'],
	])('bring their %s whole, two nodes later too', async (kind, fileName, content) => {
		const sent = await fileOf(fileName, content);
		await world.simulator.people.customerService.write({ file: sent });
		burst += 1;
		const output = outputOf((await customer.executions(burst))[burst - 1], LAST);
		expect(output.map(({ json }) => json.msgtype)).toEqual([kind]);
		await expectWhole(output, [sent]);
	});

	test('come with what happens to the account', async () => {
		const { customerService } = world.simulator.people;
		const detail = { external_userid: 'wmdemocustomer' };
		await customerService.happen('enter_session', detail);
		burst += 1;
		const [{ json }] = outputOf((await customer.executions(burst))[burst - 1], LAST);
		expect(json).toMatchObject({ msgtype: 'event', origin: 4, ...detail });
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
