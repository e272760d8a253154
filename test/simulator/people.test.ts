import { XMLParser } from 'fast-xml-parser';

import { startSimulator, type Simulator } from './index';
import { amr, call, corpToken, SAMPLES } from './testClient';
import { startReceiver, type Receiver } from './testReceiver';

let simulator: Simulator;
let receiver: Receiver;
let slept: number[];
beforeEach(async () => {
	slept = [];
	simulator = await startSimulator({
		now: () => 1_790_000_000_000,
		async sleep(milliseconds) {
			slept.push(milliseconds);
			await Promise.resolve();
		},
	});
	receiver = await startReceiver(simulator.demo.corp);
	expect(await simulator.verifyCallbackUrl(receiver.url)).toMatchObject({ ok: true });
});
afterEach(async () => {
	await simulator.close();
	await receiver.close();
});

const parser = new XMLParser({ parseTagValue: false });
const lastMessage = () => {
	const parsed = parser.parse(receiver.pushes.at(-1)?.message ?? '') as { xml: unknown };
	return parsed.xml as Record<string, string>;
};
const pdf = { bytes: Buffer.from('%PDF-1.7 made-up'), fileName: '合同📄.pdf' };

describe('a message to an app', () => {
	it('of text arrives as WeCom sends it', async () => {
		await simulator.people.writeToApp({ text: '你好 <b>&amp;</b>', from: 'LiSi' });
		expect(lastMessage()).toEqual({
			ToUserName: 'wwdemocorp',
			FromUserName: 'LiSi',
			CreateTime: '1790000000',
			MsgType: 'text',
			Content: '你好 <b>&amp;</b>',
			MsgId: expect.stringMatching(/^73\d{17}$/) as string,
			AgentID: '1000002',
		});
	});

	it.each([
		['image', SAMPLES.png, ['PicUrl', 'MediaId']],
		['voice', amr(50), ['MediaId', 'Format']],
		['video', SAMPLES.mp4, ['MediaId', 'ThumbMediaId']],
		['file', pdf.bytes, ['MediaId', 'FileName']],
		['file', amr(3001), ['MediaId', 'FileName']],
	])('with a file arrives as %s, and its media can be had', async (kind, bytes, nodes) => {
		await simulator.people.writeToApp({ file: { bytes, fileName: pdf.fileName } });
		const message = lastMessage();
		expect(message).toMatchObject({ MsgType: kind });
		expect(Object.keys(message)).toEqual([
			...['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', ...nodes, 'MsgId', 'AgentID'],
		]);
		const token = await corpToken(simulator);
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${message.MediaId}`;
		const answer = await call(url);
		expect(answer.bytes.equals(bytes)).toBe(true);
		expect(answer.headers['content-disposition']).toContain(encodeURIComponent(pdf.fileName));
	});

	it.each([
		['text', { MsgType: 'text', Content: pdf.fileName }],
		['none', undefined],
	] as const)('with a file arrives as %s when switched so', async (appFileMessage, expected) => {
		simulator.state.strict.appFileMessage = appFileMessage;
		await simulator.people.writeToApp({ file: pdf });
		if (expected) expect(lastMessage()).toMatchObject(expected);
		else expect(receiver.pushes).toHaveLength(0);
		expect(simulator.state.media.all()).toHaveLength(0);
	});

	it.each([
		['location', { Location_X: '23.134', Location_Y: '113.358', Scale: '15', Label: 'here' }],
		['link', { Title: 'here', Url: 'https://a.example/page' }],
	] as const)('can be a %s', async (kind, nodes) => {
		await simulator.people.writeToApp({ kind, text: 'here' });
		expect(lastMessage()).toMatchObject({ MsgType: kind, ...nodes });
	});

	it('keeps a ]]> inside its text, or breaks at it when switched so', async () => {
		const text = 'if (a[b[0]]>1) <![CDATA[x]]>';
		await simulator.people.writeToApp({ text });
		expect(lastMessage().Content).toBe(text);
		simulator.state.strict.cdataInText = 'raw';
		await simulator.people.writeToApp({ text });
		expect(receiver.pushes[1].message).toContain(`<Content><![CDATA[${text}]]></Content>`);
	});

	it('can carry nodes nobody knows', async () => {
		await simulator.people.writeToApp({ fields: { MsgType: 'hologram', Depth: 3 } });
		expect(lastMessage()).toMatchObject({ MsgType: 'hologram', Depth: '3' });
	});

	it('is under way for a while, and repeated every 5 seconds, three times', async () => {
		simulator.callbacks.delayMs = 700;
		receiver.onPush = () => 503;
		const sent = await simulator.people.writeToApp({ text: 'x' });
		expect(sent).toMatchObject({ delivered: false, open: false });
		expect(slept).toEqual([700, 5000, 5000, 5000]);
		expect(receiver.pushes).toHaveLength(4);
	});

	it.each([
		[false, 1],
		[true, 4],
	])('sealed anew for repeats: %s, has %i ciphertexts', async (anew, count) => {
		simulator.state.strict.callbackRepeatsSealedAnew = anew;
		receiver.onPush = () => 'cut';
		await simulator.people.writeToApp({ text: 'x' });
		expect(new Set(receiver.pushes.map(({ body }) => body)).size).toBe(count);
		expect(new Set(receiver.pushes.map(({ message }) => message)).size).toBe(1);
	});
});
