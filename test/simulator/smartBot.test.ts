import { createDecipheriv } from 'node:crypto';

import { getSignature } from '@wecom/crypto';

import { encryptFile, startSimulator, type BotMessage, type Simulator } from './index';
import { call, post, SAMPLES, type Call } from './testClient';
import { startReceiver, type Receiver } from './testReceiver';

let simulator: Simulator;
let receiver: Receiver;
beforeEach(async () => {
	simulator = await startSimulator({
		now: () => 1_790_000_000_000,
		sleep: async () => await Promise.resolve(),
	});
	receiver = await startReceiver(simulator.demo.bot);
	const saved = await simulator.verifyCallbackUrl(receiver.url, simulator.targets.bot);
	expect(saved).toMatchObject({ ok: true });
});
afterEach(async () => {
	await simulator.close();
	await receiver.close();
});

interface Received {
	[name: string]: unknown;
	response_url: string;
	file: { url: string };
}
const write = async (message: BotMessage): Promise<Received> => {
	await simulator.people.writeToBot(message);
	return JSON.parse(receiver.pushes.at(-1)?.message ?? '') as Received;
};
const pdf = { bytes: Buffer.from('%PDF-1.7 made-up'), fileName: '合同📄.pdf' };
const file = async (message: BotMessage = {}) => (await write({ file: pdf, ...message })).file.url;

describe('a callback of a smart bot', () => {
	it('is JSON with an empty receiver, signed like every other', async () => {
		await write({ text: 'hello' });
		const [{ query, body, id }] = receiver.pushes;
		const { encrypt, ...rest } = JSON.parse(body) as { encrypt: string };
		expect([id, rest]).toEqual(['', {}]);
		const { callbackToken } = simulator.demo.bot;
		const { timestamp, nonce } = query;
		expect(query.msg_signature).toBe(getSignature(callbackToken, timestamp, nonce, encrypt));
		expect(receiver.verifications.map((verification) => verification.id)).toEqual(['']);
	});

	it('of a text alone with the bot holds what the vendor page names, and no time', async () => {
		expect(await write({ text: 'hello' })).toEqual({
			msgid: expect.any(String) as string,
			aibotid: 'aibdemobot',
			chattype: 'single',
			from: { userid: 'ZhangSan' },
			response_url: expect.stringContaining('/cgi-bin/aibot/response?response_code=') as string,
			msgtype: 'text',
			text: { content: 'hello' },
		});
		simulator.state.strict.botCreateTime = true;
		expect(await write({ text: 'x' })).toHaveProperty('create_time', 1_790_000_000);
		expect(await write({ text: 'x', withoutResponseUrl: true })).not.toHaveProperty('response_url');
	});

	it('in a group mentions the bot and can quote a file', async () => {
		const message = await write({ text: 'look', chatId: 'wrgroup', quote: { file: pdf } });
		expect(message).toMatchObject({
			chatid: 'wrgroup',
			chattype: 'group',
			text: { content: '@Demo bot look' },
			quote: { msgtype: 'file', file: { url: expect.any(String) as string } },
		});
	});

	it.each([
		['image', SAMPLES.png],
		['video', SAMPLES.mp4],
		['file', pdf.bytes],
	])('with a file is of the kind %s and has a link only', async (kind, bytes) => {
		const message = await write({ file: { bytes, fileName: pdf.fileName } });
		expect(message).toMatchObject({ msgtype: kind, [kind]: { url: expect.any(String) as string } });
		expect(receiver.pushes[0].message).not.toContain('合同');
	});

	it('mixes texts and pictures, and gives a voice as what was said', async () => {
		const mixed = ['before', { bytes: SAMPLES.png, fileName: 'a.png' }];
		expect(await write({ mixed })).toMatchObject({
			msgtype: 'mixed',
			mixed: {
				msg_item: [
					{ msgtype: 'text', text: { content: 'before' } },
					{ msgtype: 'image', image: { url: expect.any(String) as string } },
				],
			},
		});
		const voice = await write({ kind: 'voice', text: 'what was said' });
		expect(voice).toMatchObject({ msgtype: 'voice', voice: { content: 'what was said' } });
	});

	it('can be an event, which has a time', async () => {
		await simulator.people.happenToBot('enter_chat');
		expect(JSON.parse(receiver.pushes[0].message)).toMatchObject({
			msgtype: 'event',
			create_time: 1_790_000_000,
			event: { eventtype: 'enter_chat', enter_chat: {} },
		});
	});

	it.each([3, 0] as const)('is repeated %i times', async (botRepeats) => {
		simulator.state.strict.botRepeats = botRepeats;
		receiver.onPush = () => 500;
		await write({ text: 'x' });
		expect(receiver.pushes).toHaveLength(1 + botRepeats);
	});
});

describe("a smart bot's link", () => {
	const decrypted = (cipher: Buffer) => {
		const key = Buffer.from(`${simulator.demo.bot.encodingAesKey}=`, 'base64');
		const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
		const plain = decipher.setAutoPadding(false).update(cipher);
		return plain.subarray(0, plain.length - plain[plain.length - 1]);
	};

	it('gives ciphertext, and the name only in its header', async () => {
		const answer = await call(await file());
		expect(answer.headers).toMatchObject({
			'content-type': 'application/octet-stream',
			'content-length': '32',
		});
		expect(answer.headers['content-disposition']).toContain(
			`filename*=utf-8''${encodeURIComponent(pdf.fileName)}`,
		);
		expect(decrypted(answer.bytes)).toEqual(pdf.bytes);
	});

	it.each([
		['hello wecom\n', '4feddd1ea01213bf039391931ea3e1adc96b22b19aed1e0fda7256e8b80df121'],
		['b'.repeat(15), '0aaff7e3d4d3e09632ac19d56ec64d5090a3183bef4879c8c2304715dfeba9b5'],
		['c'.repeat(31), 'bdde208bda8bf554524734d884edeec018b137c38723f60537feaf5c2e45e376'],
		[
			'a'.repeat(32),
			'54b08741dc5125c4cc54f8be96872ca956c4fe1f42a196b535326738c5c8742d' +
				'd22335ac73c785863cecee9f6b096825d86190c1c472a67477a2f723b26e48c1',
		],
	])('encrypts %j as the known vector', (plain, hex) => {
		const readable = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef').toString('base64');
		expect(encryptFile(readable.slice(0, 43), Buffer.from(plain)).toString('hex')).toBe(hex);
	});

	it.each([
		['with an Authorization header', 400, { headers: { Authorization: 'Bearer x' } }, ''],
		['decoded once too often', 403, {}, 'decoded'],
		['with something added', 403, {}, '&x=1'],
		['of a file nobody has', 404, {}, 'unknown'],
	] as Array<[string, number, Call, string]>)('asked for %s answers %i', async (...given) => {
		const [, status, options, change] = given;
		let url = await file();
		if (change === 'decoded') url = decodeURIComponent(url);
		else if (change === 'unknown') url = url.replace(/k=\w+/, 'k=0');
		else url += change;
		expect((await call(url, options)).status).toBe(status);
	});

	it.each([
		['403Xml', 403, /<Code>AccessDenied<\/Code>/],
		['403Empty', 403, /^$/],
		['200Html', 200, /^<!doctype html>/],
	] as const)('after five minutes answers %s', async (expiredBotLink, status, body) => {
		simulator.state.strict.expiredBotLink = expiredBotLink;
		const url = await file();
		simulator.advance(299_999);
		expect((await call(url)).bytes).toHaveLength(32);
		simulator.advance(1);
		const answer = await call(url);
		expect(answer.status).toBe(status);
		expect(answer.bytes.toString()).toMatch(body);
	});

	it.each([
		[true, 206, 16],
		[false, 200, 32],
	])('honors Range: %s', async (botLinkRange, status, length) => {
		simulator.state.strict.botLinkRange = botLinkRange;
		const answer = await call(await file(), { headers: { Range: 'bytes=16-' } });
		expect([answer.status, answer.bytes.length]).toEqual([status, length]);
	});

	it('can give other bytes, another length and no name', async () => {
		const ciphertext = Buffer.alloc(33, 1);
		const odd = await call(await file({ quirks: { ciphertext, noContentDisposition: true } }));
		expect(odd.bytes).toEqual(ciphertext);
		expect(odd.headers).not.toHaveProperty('content-disposition');
		const longer = await call(await file({ quirks: { announcedBytes: 64 } }));
		expect([longer.bytes.length, longer.broken]).toEqual([32, 'aborted']);
		const shorter = await call(await file({ quirks: { announcedBytes: 16 } }));
		expect([shorter.bytes.length, shorter.broken]).toEqual([16, undefined]);
		const open = await call(await file({ quirks: { noContentLength: true } }));
		expect(open.headers).not.toHaveProperty('content-length');
	});
});

describe('a response_url', () => {
	const markdown = (content: string) => ({ msgtype: 'markdown', markdown: { content } });

	it('takes one answer, as plain JSON', async () => {
		const { response_url: url } = await write({ text: 'x', chatId: 'wrgroup' });
		expect((await post(url, markdown('**got it**'))).json()).toEqual({ errcode: 0, errmsg: 'ok' });
		expect(simulator.state.messages).toMatchObject([
			{ via: 'smartBot', to: ['wrgroup'], body: markdown('**got it**') },
		]);
	});

	it.each([
		[40058, 200, /"errcode":40058/],
		['404', 404, /^$/],
		['ok', 200, /"errcode":0/],
	] as const)('used twice, or after an hour, answers %s', async (spent, status, body) => {
		simulator.state.strict.spentResponseUrl = spent;
		const { response_url: used } = await write({ text: 'x' });
		const { response_url: old } = await write({ text: 'x' });
		await post(used, markdown('first'));
		const second = await post(used, markdown('second'));
		simulator.advance(3_600_000);
		for (const answer of [second, await post(old, markdown('late'))]) {
			expect(answer.status).toBe(status);
			expect(answer.bytes.toString()).toMatch(body);
		}
		expect(simulator.state.messages).toHaveLength(1);
	});

	it.each([
		['another kind', { msgtype: 'text', text: { content: 'x' } }, 40008],
		['nothing', markdown(''), 44004],
		['20,481 bytes', markdown('x'.repeat(20_481)), 40058],
		['no content', { msgtype: 'markdown' }, 40058],
	])('refuses %s and stays unused', async (_what, body, errcode) => {
		const { response_url: url } = await write({ text: 'x' });
		expect((await post(url, body)).json()).toMatchObject({ errcode });
		expect((await post(url, markdown('x'.repeat(20_480)))).json()).toMatchObject({ errcode: 0 });
	});

	it('refuses what is no JSON, and a code nobody has', async () => {
		const { response_url: url } = await write({ text: 'x' });
		expect((await call(url, { body: 'x', headers: { 'Content-Type': 'text/plain' } })).status).toBe(
			415,
		);
		const other = url.replace(/response_code=.*/, 'response_code=x');
		expect((await post(other, markdown('x'))).json()).toMatchObject({ errcode: 40058 });
	});
});
