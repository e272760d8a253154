import type { INodeExecutionData } from 'n8n-workflow';

import { binaryBytes, logText } from '../../helpers/engine';
import type { ServedWebhook } from '../../helpers/webhook';
import type { PersonMessage } from '../../simulator/inbox/message';
import { sample, voiceOf } from '../scene';
import { itemsOf, quiet, setupTrigger } from './scene';

const scene = setupTrigger();
const KINDS = ['image', 'voice', 'video', 'file', 'text', 'location', 'link'];

const PDF = Buffer.from('%PDF-1.7 made-up contract');

async function write(message: PersonMessage): Promise<void> {
	const sent = await scene.simulator.people.writeToApp(message);
	expect(sent?.attempts.at(-1)).toEqual({ status: 200, body: 'success' });
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
	create_time: expect.any(Number) as number,
	msgid: expect.stringMatching(/^73\d{17}$/) as string,
	from_user: 'ZhangSan',
	agent_id: '1000002',
});

describe('a message with a file starts the workflow, the file included:', () => {
	test.each<[string, Buffer, string, string, string]>([
		['image', sample('photo.jpg'), '现场📷.jpg', '现场📷.jpg', 'image/jpeg'],
		['voice', voiceOf(2), 'voice.amr', 'voice.amr', 'audio/amr'],
		['video', sample('video.mp4'), '视频 1.mp4', '视频 1.mp4', 'video/mp4'],
		['file', PDF, '合同（终稿）.pdf', '合同（终稿）.pdf', 'application/pdf'],
	])('%s', async (kind, bytes, sent, fileName, mimeType) => {
		const webhook = await scene.serve({ parameters: { events: KINDS } });
		await write({ file: { bytes, fileName: sent } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({
			...common(kind),
			media_id: expect.any(String) as string,
			file_name: fileName,
			file_size: bytes.length,
			mime_type: mimeType,
			message: { MsgType: kind, MediaId: json.media_id, MsgId: json.msgid },
		});
		expect(json).not.toHaveProperty('error');
		expect(Object.keys(binary ?? {})).toEqual(['data']);
		expect(binary?.data).toMatchObject({ fileName, mimeType });
		expect((await binaryBytes(binary?.data)).equals(bytes)).toBe(true);
	});

	test('into the field the user names', async () => {
		const parameters = { events: ['image'], binaryPropertyName: 'picture' };
		const webhook = await scene.serve({ parameters });
		await write({ file: { bytes: sample('photo.jpg'), fileName: 'a.jpg' } });
		expect(Object.keys((await received(webhook)).binary ?? {})).toEqual(['picture']);
	});

	test('or its media_id alone, where files are not to be fetched', async () => {
		const parameters = { events: ['image'], downloadFiles: false };
		const webhook = await scene.serve({ parameters });
		await write({ file: { bytes: sample('photo.jpg'), fileName: 'a.jpg' } });
		const { json, binary } = await received(webhook);
		expect(json.media_id).toEqual(expect.any(String));
		expect(json).not.toHaveProperty('file_name');
		expect(binary).toBeUndefined();
		expect(scene.simulator.record.count('media/get')).toBe(0);
	});

	test("in three pieces where it is larger than WeCom's 20 MB", async () => {
		const bytes = Buffer.alloc(40 * 1024 * 1024, '%PDF-1.7 made-up ');
		const webhook = await scene.serve({ parameters: { events: ['file'] } });
		await write({ file: { bytes, fileName: 'large.pdf' } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ file_name: 'large.pdf', file_size: bytes.length });
		expect((await binaryBytes(binary?.data)).equals(bytes)).toBe(true);
	});
});

describe('a message without a file starts the workflow:', () => {
	test.each(['你好 <b>&amp;</b>', '<xml><MsgType>event</MsgType></xml>', '{"a":1}', 'a]]>b'])(
		'text %s, as it was typed',
		async (text) => {
			for (const cdataInText of ['split', 'raw'] as const) {
				scene.simulator.state.strict.cdataInText = cdataInText;
				const webhook = await scene.serve({ parameters: { events: ['text'] } });
				await write({ text });
				const { json } = await received(webhook);
				expect(json).toMatchObject({ ...common('text'), text, message: { Content: text } });
			}
		},
	);

	test('location', async () => {
		const webhook = await scene.serve({ parameters: { events: ['location'] } });
		await write({ kind: 'location', text: '门口' });
		const message = { Location_X: '23.134', Location_Y: '113.358', Label: '门口' };
		expect((await received(webhook)).json).toMatchObject({ ...common('location'), message });
	});

	test('link', async () => {
		const webhook = await scene.serve({ parameters: { events: ['link'] } });
		await write({ kind: 'link', text: '周报' });
		const message = { Title: '周报', Url: 'https://a.example/page' };
		expect((await received(webhook)).json).toMatchObject({ ...common('link'), message });
	});
});

describe('only what is ticked starts the workflow', () => {
	test('a text does not where images are wanted', async () => {
		const webhook = await scene.serve({ parameters: { events: ['image'] } });
		await write({ text: 'hello' });
		await quiet();
		expect(webhook.started()).toBe(0);
	});

	test('an unknown kind does under Everything, with its raw fields', async () => {
		const webhook = await scene.serve({ parameters: { events: ['*'] } });
		await write({ fields: { MsgType: 'hologram', Depth: 3 } });
		expect((await received(webhook)).json).toMatchObject({
			...common('hologram'),
			message: { MsgType: 'hologram', Depth: '3' },
		});
	});

	test('a file that WeCom hands over as text arrives as text', async () => {
		scene.simulator.state.strict.appFileMessage = 'text';
		const webhook = await scene.serve({ parameters: { events: KINDS } });
		await write({ file: { bytes: PDF, fileName: 'a.pdf' } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ ...common('text'), text: 'a.pdf' });
		expect(binary).toBeUndefined();
	});
});

describe('a message whose file cannot be had still starts the workflow:', () => {
	test.each([
		['is gone', { errcode: 40007 }, 40007],
		['may not be fetched from here', { errcode: 60020 }, 60020],
	])('it %s', async (_what, fault, errcode) => {
		const webhook = await scene.serve({ parameters: { events: ['image'] } });
		scene.simulator.faults.next({ path: 'media/get', ...fault, times: 9 });
		await write({ file: { bytes: sample('photo.jpg'), fileName: 'a.jpg' } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({
			...common('image'),
			media_id: expect.any(String) as string,
			error: expect.stringContaining('media/get') as string,
			errcode,
			hint: expect.stringMatching(/./) as string,
		});
		expect(json).not.toHaveProperty('file_name');
		expect(binary).toBeUndefined();
	});

	test('the connection breaks again and again, and no half file is given', async () => {
		const webhook = await scene.serve({ parameters: { events: ['image'] } });
		scene.simulator.faults.next({ path: 'media/get', cut: 'onArrival', times: 99 });
		await write({ file: { bytes: sample('photo.jpg'), fileName: 'a.jpg' } });
		const { json, binary } = await received(webhook);
		expect(json).toMatchObject({ error: expect.stringMatching(/ECONNRESET/) as string });
		expect(binary).toBeUndefined();
	});
});

describe('a message starts the workflow once', () => {
	test('though WeCom pushes it again in another sealing; its msgid tells it from the next', async () => {
		const webhook = await scene.serve({ parameters: { events: ['text'] } });
		const first = { text: 'same', fields: { MsgId: '7300000000000000001' } };
		await write(first);
		await write(first);
		await write({ ...first, fields: { MsgId: '7300000000000000002' } });
		expect(await itemsOf(webhook, 2)).toHaveLength(2);
		expect(logText()).toContain('acknowledged and ignored, it is a repeated one');
	});
});
