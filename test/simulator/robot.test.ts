import { createHash } from 'node:crypto';

import { startSimulator, type Simulator } from './index';
import { amr, call, post, postFile, SAMPLES } from './testClient';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

const key = () => simulator.demo.robot.webhookKey;
const uploadUrl = (type: string, robotKey = key()) =>
	`${simulator.url}/cgi-bin/webhook/upload_media?key=${robotKey}&type=${type}`;
const send = async (body: unknown, robotKey = key()) =>
	(await post(`${simulator.url}/cgi-bin/webhook/send?key=${robotKey}`, body)).json();
const text = (content: unknown) => ({ msgtype: 'text', text: { content } });
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const image = (bytes: Buffer, sum = md5(bytes)) => ({
	msgtype: 'image',
	image: { base64: bytes.toString('base64'), md5: sum },
});

describe('webhook/upload_media', () => {
	it.each([
		['file', 'a.txt', SAMPLES.text],
		['voice', 'a.amr', amr(10)],
	])('takes a %s', async (type, fileName, bytes) => {
		const answer = (await postFile(uploadUrl(type), bytes, { fileName })).json();
		expect(answer).toMatchObject({ errcode: 0, type, created_at: expect.any(String) });
		const stored = simulator.state.media.get(String(answer.media_id));
		expect(stored).toMatchObject({ system: 'robot', owner: key(), fileName });
	});

	it.each([
		['an image', 'image', SAMPLES.png, undefined, 40004],
		['a bad key', 'file', SAMPLES.text, 'nonsense', 40058],
		['an empty file, even with a bad key', 'file', Buffer.alloc(0), 'nonsense', 44001],
		['a voice that is not AMR', 'voice', SAMPLES.text, undefined, 301017],
		['a file of 5 bytes', 'file', Buffer.alloc(5), undefined, 40006],
	])('refuses %s', async (_what, type, bytes, robotKey, errcode) => {
		const answer = await postFile(uploadUrl(type, robotKey), bytes);
		expect(answer.json()).toMatchObject({ errcode });
	});
});

describe('webhook/send', () => {
	it('delivers a file that this robot uploaded', async () => {
		const uploaded = await postFile(uploadUrl('file'), SAMPLES.text, { fileName: '报告.txt' });
		const mediaId = uploaded.json().media_id;
		const answer = await send({ msgtype: 'file', file: { media_id: mediaId } });
		expect(answer).toEqual({ errcode: 0, errmsg: 'ok' });
		expect(simulator.state.messages).toEqual([
			expect.objectContaining({
				via: 'robot',
				msgtype: 'file',
				media: expect.objectContaining({ fileName: '报告.txt' }) as unknown,
			}),
		]);
	});

	const longest = 'x'.repeat(5120);
	const article = { title: 'news', url: 'https://example.com' };
	const card = { card_type: 'text_notice', main_title: { title: 'x' }, card_action: { type: 1 } };
	it.each([
		['text', text('hello')],
		['text of 5120 bytes', text(longest)],
		['markdown', { msgtype: 'markdown', markdown: { content: '**x**' } }],
		['markdown_v2', { msgtype: 'markdown_v2', markdown_v2: { content: '# x' } }],
		['an image', image(SAMPLES.png)],
		['an image whose md5 is upper case', image(SAMPLES.png, md5(SAMPLES.png).toUpperCase())],
		['news', { msgtype: 'news', news: { articles: [article] } }],
		['a template card', { msgtype: 'template_card', template_card: card }],
		['text to one of its groups', { ...text('hello'), chatid: 'wrdemogroup' }],
	])('delivers %s', async (_what, body) => {
		expect(await send(body)).toMatchObject({ errcode: 0 });
		expect(simulator.state.messages).toHaveLength(1);
	});

	it.each([
		['empty text', text(''), 44004],
		['text of 5121 bytes', text(`${longest}x`), 40058],
		['text that is a number', text(5), 40058],
		[
			'markdown of 4097 bytes',
			{ msgtype: 'markdown', markdown: { content: 'x'.repeat(4097) } },
			40058,
		],
		['an unknown msgtype', { msgtype: 'video', video: {} }, 40008],
		['a msgtype in capitals', { msgtype: 'Text', text: { content: 'x' } }, 40008],
		['no content', { msgtype: 'text' }, 40058],
		['an image with a wrong md5', image(SAMPLES.png, md5(SAMPLES.text)), 301019],
		['an image that is none', image(SAMPLES.text), 40123],
		['an image over 2 MB', image(Buffer.concat([SAMPLES.png], 2 * 1024 * 1024 + 1)), 40009],
		[
			'an image as a data URL',
			{ msgtype: 'image', image: { base64: 'data:image/png;base64,AAAA', md5: 'x' } },
			40058,
		],
		['an image without md5', { msgtype: 'image', image: { base64: 'AAAA' } }, 40058],
		['nine articles', { msgtype: 'news', news: { articles: Array(9).fill(article) } }, 45008],
		[
			'a card without action',
			{ msgtype: 'template_card', template_card: { ...card, card_action: undefined } },
			40058,
		],
		['an unknown group', { ...text('hello'), chatid: 'elsewhere' }, 93006],
	])('refuses %s', async (_what, body, errcode) => {
		expect(await send(body)).toMatchObject({ errcode });
		expect(simulator.state.messages).toEqual([]);
	});

	it("refuses an app's media_id, another robot's, a voice's as file, and an old one", async () => {
		const { state } = simulator;
		state.addRobot({ webhookKey: 'second' });
		const bytes = SAMPLES.text;
		const ids = [
			state.addMedia({ bytes }),
			state.addMedia({ bytes, system: 'robot', owner: 'second' }),
			state.addMedia({ bytes: amr(1), system: 'robot', type: 'voice' }),
			state.addMedia({ bytes, system: 'robot', createdAt: state.now() - 259_200_000 }),
		];
		for (const mediaId of ids) {
			expect(await send({ msgtype: 'file', file: { media_id: mediaId } })).toMatchObject({
				errcode: 40007,
			});
		}
	});

	it.each([
		['a bad key', () => undefined, 'nonsense', 93000],
		['no key', () => undefined, '', 93000],
		[
			'a disabled robot',
			() => (simulator.state.robots[0].condition = 'disabled'),
			undefined,
			93004,
		],
		[
			'a robot outside the group',
			() => (simulator.state.robots[0].condition = 'notInGroup'),
			undefined,
			93008,
		],
	])('refuses %s', async (_what, arrange, robotKey, errcode) => {
		arrange();
		expect(await send(text('hello'), robotKey)).toMatchObject({ errcode });
	});

	it('takes 20 calls a minute', async () => {
		for (let sent = 0; sent < 20; sent += 1) {
			expect(await send(text('hello'))).toMatchObject({ errcode: 0 });
		}
		expect(await send(text('hello'))).toMatchObject({ errcode: 45009 });
		simulator.advance(60_000);
		expect(await send(text('hello'))).toMatchObject({ errcode: 0 });
	});

	it('answers 415 to a form and warns of malformed JSON', async () => {
		const url = `${simulator.url}/cgi-bin/webhook/send?key=${key()}`;
		const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
		expect((await call(url, { body: 'msgtype=text', headers: form })).status).toBe(415);
		const json = { 'Content-Type': 'application/json' };
		const answer = await call(url, { body: '{"msgtype":"text",', headers: json });
		expect(answer.json()).toMatchObject({
			errcode: 40008,
			errmsg: expect.stringContaining('Warning: wrong json format.') as string,
		});
	});
});
