import type { INodeExecutionData } from 'n8n-workflow';

import { binaryBytes } from '../../helpers/engine';
import type { ServedWebhook } from '../../helpers/webhook';
import type { BotMessage } from '../../simulator';
import { sample, until } from '../scene';
import { itemsOf, quiet, setupTrigger } from './scene';

const scene = setupTrigger();
const KINDS = ['image', 'voice', 'video', 'file', 'text', 'mixed'];
const PHOTO = { bytes: sample('photo.jpg'), fileName: '现场📷.jpg' };
const PDF = { bytes: sample('report.pdf'), fileName: '合同（终稿）.pdf' };

const serve = async (parameters = {}) =>
	await scene.serve({ smartBot: true, parameters: { events: KINDS, ...parameters } });

async function write(message: BotMessage): Promise<void> {
	const sent = await scene.simulator.people.writeToBot(message);
	expect(sent.attempts.at(-1)).toEqual({ status: 200, body: '' });
}

/** The only item, with its files. */
async function received(webhook: ServedWebhook): Promise<INodeExecutionData> {
	await itemsOf(webhook);
	expect(webhook.executions[0].items).toHaveLength(1);
	return webhook.executions[0].items[0];
}

const common = (msgtype: string) => ({
	event: msgtype,
	msgtype,
	msgid: expect.stringMatching(/^m-/) as string,
	from_user: 'ZhangSan',
	aibotid: 'aibdemobot',
	chattype: 'single',
	response_url: expect.stringContaining('/cgi-bin/aibot/response?response_code=') as string,
});

describe('a message to a smart bot starts the workflow, its file decrypted:', () => {
	test.each([
		['image', PHOTO.bytes, '现场📷.jpg', 'image/jpeg'],
		['video', sample('video.mp4'), '视频 1.mp4', 'video/mp4'],
		['file', PDF.bytes, '合同（终稿）.pdf', 'application/pdf'],
	])('%s', async (kind, bytes, fileName, mimeType) => {
		const webhook = await serve();
		await write({ file: { bytes, fileName } });
		const { json, binary } = await received(webhook);
		expect(json).toEqual({
			...common(kind),
			file_name: fileName,
			file_size: bytes.length,
			mime_type: mimeType,
			message: expect.objectContaining({ msgtype: kind, msgid: json.msgid }) as object,
		});
		expect(binary?.data).toMatchObject({ fileName, mimeType });
		expect((await binaryBytes(binary?.data)).equals(bytes)).toBe(true);
	});

	test('file and image are what the panel ticks at first', async () => {
		const webhook = await scene.serve({ smartBot: true });
		await write({ text: 'hello' });
		await write({ file: PDF });
		await write({ file: PHOTO });
		expect((await itemsOf(webhook, 2)).map(({ event }) => event)).toEqual(['file', 'image']);
	});

	test('mixed, its texts in lines and its pictures in fields of their own', async () => {
		const webhook = await serve({ binaryPropertyName: 'picture' });
		await write({ mixed: ['之前', PHOTO, '之后', { ...PHOTO, fileName: '2.jpg' }], chatId: 'wr1' });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({
			...common('mixed'),
			chattype: 'group',
			chatid: 'wr1',
			text: '@Demo bot 之前\n之后',
			file_name: '现场📷.jpg',
		});
		expect(Object.keys(binary ?? {})).toEqual(['picture', 'picture_1']);
		expect(binary?.picture_1.fileName).toBe('2.jpg');
	});

	test('a file that is quoted in a group counts as the own', async () => {
		const webhook = await serve();
		await write({ text: '请看', chatId: 'wr1', quote: { file: PDF } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ event: 'text', text: '@Demo bot 请看', file_name: PDF.fileName });
		expect((await binaryBytes(binary?.data)).equals(PDF.bytes)).toBe(true);
	});

	test('pictures of a quoted mixed message come behind the own', async () => {
		const webhook = await serve();
		await write({ file: PDF, quote: { mixed: ['x', PHOTO] } });
		const { binary } = await received(webhook);
		const names = Object.values(binary ?? {}).map(({ fileName }) => fileName);
		expect(names).toEqual([PDF.fileName, PHOTO.fileName]);
	});

	test('or the link alone, where files are not to be fetched', async () => {
		const webhook = await serve({ downloadFiles: false });
		await write({ file: PDF });
		const { json, binary } = await received(webhook);
		expect(binary).toBeUndefined();
		expect(json.message).toMatchObject({ file: { url: expect.stringContaining('/aibot/file?') } });
		expect(scene.simulator.record.count('/aibot/file')).toBe(0);
	});
});

describe('a message without a file starts the workflow:', () => {
	test.each(['你好 <b>&amp;</b>', '<xml><MsgType>event</MsgType></xml>', '{"msgtype":"file"}'])(
		'text %s, as it was typed',
		async (text) => {
			const webhook = await serve();
			await write({ text });
			expect((await received(webhook)).json).toMatchObject({ ...common('text'), text });
		},
	);

	test('voice, as its transcript', async () => {
		const webhook = await serve();
		await write({ kind: 'voice', text: '明天开会' });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ ...common('voice'), text: '明天开会' });
		expect(binary).toBeUndefined();
	});

	test('an event and an unknown kind under Everything, with their raw fields', async () => {
		const webhook = await serve({ events: ['*'] });
		await scene.simulator.people.happenToBot('enter_chat');
		await write({ text: 'x', fields: { msgtype: 'hologram' }, withoutResponseUrl: true });
		const [event, unknown] = await itemsOf(webhook, 2);
		expect(event).toMatchObject({
			event: 'enter_chat',
			msgtype: 'event',
			create_time: expect.any(Number) as number,
			message: { event: { eventtype: 'enter_chat' } },
		});
		expect(unknown).toMatchObject({ event: 'hologram', message: { msgtype: 'hologram' } });
		expect(unknown).not.toHaveProperty('response_url');
	});

	test('but not where only files are wanted', async () => {
		const webhook = await serve({ events: ['file'] });
		await write({ text: 'x' });
		await scene.simulator.people.happenToBot('enter_chat');
		await quiet();
		expect(webhook.started()).toBe(0);
	});
});

describe('a message whose file cannot be had still starts the workflow:', () => {
	test.each(['403Xml', '403Empty', '200Html'] as const)(
		'its link has ended (%s), and the item says how long it waited in n8n',
		async (manner) => {
			scene.simulator.state.strict.expiredBotLink = manner;
			const webhook = await serve();
			scene.simulator.faults.next({ path: '/aibot/file', hold: expire() });
			await write({ file: PDF });
			const { json, binary } = await received(webhook);
			expect(json).toMatchObject({
				...common('file'),
				error: expect.stringContaining("The file's link") as string,
				hint: expect.stringMatching(/end after 5 minutes.*had waited \d+ s in n8n\.$/) as string,
			});
			expect(json).not.toHaveProperty('file_name');
			expect(binary).toBeUndefined();
		},
	);

	test.each([
		['cut', { ciphertext: Buffer.alloc(48, 1) }, 'multiple of 32'],
		['sealed with another key', { ciphertext: Buffer.alloc(64, 1) }, 'does not fit the key'],
	])('it is %s, and no half file is given', async (_what, quirks, message) => {
		const webhook = await serve();
		await write({ file: PDF, quirks });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ error: expect.stringContaining(message) as string });
		expect(binary).toBeUndefined();
	});

	test('of several files those that can be had stand without gaps, and the reason beside them', async () => {
		const webhook = await serve();
		scene.simulator.faults.next({ path: '/aibot/file', status: 404 });
		await write({ mixed: [PHOTO, { ...PHOTO, fileName: '2.jpg' }] });
		const { json, binary } = await received(webhook);
		expect(Object.keys(binary ?? {})).toEqual(['data']);
		expect(json).toMatchObject({
			file_name: '2.jpg',
			error: expect.stringContaining('404') as string,
			hint: expect.any(String) as string,
		});
	});

	test('one whose beginning does not fit its name comes with a remark', async () => {
		const webhook = await serve();
		await write({
			kind: 'file',
			file: { bytes: Buffer.from('garbage of a wrong key'), fileName: 'a.pdf' },
		});
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({
			file_name: 'a.pdf',
			hint: expect.stringMatching(/\.pdf/) as string,
		});
		expect(json).not.toHaveProperty('error');
		expect(binary?.data).toBeDefined();
	});
});

describe('a push of a smart bot', () => {
	test('that comes again, sealed anew, starts the workflow once; the next message again', async () => {
		const webhook = await serve();
		const first = { text: 'same', fields: { msgid: 'm-once' } };
		await write(first);
		await write(first);
		await write({ text: 'same', fields: { msgid: 'm-twice' } });
		expect((await itemsOf(webhook, 2)).map(({ msgid }) => msgid)).toEqual(['m-once', 'm-twice']);
	});

	test('of more than 64 KB is read, as quotes may be long', async () => {
		const webhook = await serve();
		const text = '长'.repeat(40_000);
		await write({ text });
		expect((await received(webhook)).json.text).toBe(text);
	});

	test.each([
		['for somebody', { receiveId: 'wwdemocorp' }],
		['with a wrong signature', { signature: '0'.repeat(40) }],
		['that is stale by its timestamp', { timestamp: 1_700_000_000 }],
	])('%s is refused and starts nothing', async (_what, options) => {
		scene.simulator.callbacks.repeats = 0;
		const webhook = await serve();
		const sent = await scene.simulator.people.writeToBot({ text: 'x' }, options);
		expect(sent.attempts[0].status).toBeGreaterThanOrEqual(400);
		await quiet();
		expect(webhook.started()).toBe(0);
	});

	test('needs Token and EncodingAESKey, and the error says where they stand', async () => {
		const credential = { encodingAesKey: '' };
		const webhook = await scene.serve({ smartBot: true, credential, unsaved: true });
		const saved = await scene.simulator.verifyCallbackUrl(webhook.url, scene.simulator.targets.bot);
		expect(saved).toMatchObject({ ok: false, status: 503 });
	});
});

/** Lets the link end while its request is held. */
async function expire(): Promise<void> {
	await until(() => scene.simulator.record.count('/aibot/file') > 0);
	scene.simulator.advance(301_000);
}
