import { startSimulator, type Simulator } from './index';
import { call, corpToken, post, postFile, SAMPLES } from './testClient';
import { startReceiver } from './testReceiver';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

const page = async () => (await call(`${simulator.url}/`)).bytes.toString('utf8');

describe('the page for people', () => {
	it('shows files, messages and calls without their secrets', async () => {
		const token = await corpToken(simulator);
		const url = `${simulator.url}/cgi-bin/media/upload?access_token=${token}&type=file`;
		await postFile(url, Buffer.alloc(2048), { fileName: '季度报告.pdf' });
		await postFile(url, SAMPLES.png, { fileName: '封面.png' });
		const { webhookKey, webhookUrl } = simulator.demo.robot;
		await post(webhookUrl, { msgtype: 'text', text: { content: 'hello <b>group</b>' } });
		const html = await page();
		expect(html).toContain('季度报告.pdf');
		expect(html).toContain('2.0 KB');
		expect(html).toMatch(/<a href="(_simulator\/media\/[^"]+)">封面\.png<img [^>]*src="\1">/);
		expect(html).toContain('hello &lt;b&gt;group&lt;/b&gt;');
		for (const secret of [token, webhookKey, simulator.demo.corp.corpSecret]) {
			expect(html).not.toContain(secret);
		}
	});

	it('leads to the values of every demo credential, in full and without a call on record', async () => {
		expect(await page()).toContain('href="_simulator/credentials"');
		const values = await call(`${simulator.url}/_simulator/credentials`);
		const html = values.bytes.toString('utf8');
		const { corp, suite, robot, officialAccount, customerService } = simulator.demo;
		for (const value of [
			...[simulator.url, robot.webhookKey, corp.corpSecret, customerService.corpSecret],
			...[corp.encodingAesKey, suite.suiteTicket, suite.permanentCode, officialAccount.appSecret],
		]) {
			expect(html).toContain(`<code>${value}</code>`);
		}
		expect(simulator.record.all).toEqual([]);
	});

	it('escapes what others wrote', async () => {
		simulator.state.addMedia({ bytes: SAMPLES.text, fileName: '<script>alert(1)</script>' });
		expect(await page()).not.toContain('<script>alert');
	});

	it('shows an inline image, a job, a refusal and a lost callback', async () => {
		const { state } = simulator;
		const body = { msgtype: 'image' };
		state.messages.push({
			at: 0,
			via: 'robot',
			to: [],
			msgtype: 'image',
			body,
			image: SAMPLES.png,
		});
		simulator.jobs.submit({
			app: state.apps[0],
			type: 'file',
			fileName: 'film',
			url: 'x',
			md5: 'x',
		});
		await simulator.jobs.settled();
		await call(`${simulator.url}/cgi-bin/get_api_domain_ip`);
		simulator.callbacks.repeats = 0;
		simulator.targets.app.callback!.url = 'http://127.0.0.1:1/';
		await simulator.pushEvent({ Event: 'x' });
		const html = await page();
		expect(html).toContain(`src="data:image/png;base64,${SAMPLES.png.toString('base64')}"`);
		expect(html).toContain('failed, 830003');
		expect(html).toContain('200, errcode 41001');
		expect(html).toContain('ECONNREFUSED');
	});

	it('refreshes a part of itself and counts none of its own requests', async () => {
		const live = await call(`${simulator.url}/_simulator/live`);
		expect(live.bytes.toString()).toContain('Nothing has arrived yet');
		expect(simulator.record.all).toEqual([]);
	});

	it('serves stored files, and other than images only as a download', async () => {
		const file = async (bytes: Buffer) =>
			await call(`${simulator.url}/_simulator/media/${simulator.state.addMedia({ bytes })}`);
		expect((await file(SAMPLES.png)).headers['content-disposition']).toBeUndefined();
		const html = await file(Buffer.from('<html></html>'));
		expect(html.headers).toMatchObject({
			'content-disposition': 'attachment',
			'x-content-type-options': 'nosniff',
		});
		expect((await call(`${simulator.url}/_simulator/media/nonsense`)).status).toBe(404);
	});

	it("saves the demo app's callback URL after asking for its echo", async () => {
		const receiver = await startReceiver(simulator.demo.corp);
		const save = async (url: string) =>
			(await post(`${simulator.url}/_simulator/callback-url`, { url })).json();
		expect(await save('http://127.0.0.1:1/')).toMatchObject({ ok: false });
		expect(await save(receiver.url)).toMatchObject({ ok: true });
		expect(simulator.targets.app.callback?.url).toBe(receiver.url);
		await receiver.close();
	});

	it('saves the callback URL of the bot, Customer Service and the suite too', async () => {
		const { bot, customerService, suite } = simulator.demo;
		for (const [target, settings] of Object.entries({ bot, customerService, suite })) {
			const receiver = await startReceiver(settings);
			const saved = await post(`${simulator.url}/_simulator/callback-url`, {
				target,
				url: receiver.url,
			});
			expect(saved.json()).toMatchObject({ ok: true });
			expect(await page()).toContain(receiver.url);
			await receiver.close();
		}
		const unknown = { target: 'toString', url: 'http://127.0.0.1:1/' };
		expect((await post(`${simulator.url}/_simulator/callback-url`, unknown)).json()).toMatchObject({
			ok: false,
		});
	});
});

describe('a person on the page', () => {
	const say = async (query: Record<string, string>, body = '') =>
		(
			await call(`${simulator.url}/_simulator/say?${String(new URLSearchParams(query))}`, {
				method: 'POST',
				body,
			})
		).json();
	const settled = async () => {
		while (simulator.callbacks.sent.some(({ open }) => open)) await page();
	};

	it.each([
		['app', 'corp', /<MsgType><!\[CDATA\[file\]\]>/, 'file'],
		['bot', 'bot', /"msgtype":"file"/, 'smart bot: file'],
		['customerService', 'customerService', /kf_msg_or_event/, 'kf_msg_or_event'],
	] as const)('writes to %s and attaches a file', async (to, account, pushed, shown) => {
		const receiver = await startReceiver(simulator.demo[account]);
		await post(`${simulator.url}/_simulator/callback-url`, { target: to, url: receiver.url });
		const given = { to, text: '请看附件', fileName: '合同.pdf' };
		expect(await say(given, '%PDF-1.7')).toMatchObject({ ok: true });
		await settled();
		expect(receiver.pushes).toHaveLength(2);
		expect(receiver.pushes.some(({ message }) => pushed.test(message))).toBe(true);
		const html = await page();
		expect(html).toContain(`<td>${shown}</td><td><span class="good">yes</span>`);
		for (const { message } of receiver.pushes) {
			const secrets = /(?:Token><!\[CDATA\[|response_code=|sign=)([^\]"&]+)/g;
			for (const [, secret] of message.matchAll(secrets)) expect(html).not.toContain(secret);
		}
		await receiver.close();
	});

	it('sees a push that is still under way', async () => {
		const receiver = await startReceiver(simulator.demo.corp);
		await simulator.verifyCallbackUrl(receiver.url);
		let release: (status: number) => void = () => {};
		receiver.onPush = async () => await new Promise<number>((resolve) => (release = resolve));
		await say({ to: 'app', text: 'x' });
		while (receiver.pushes.length === 0) await page();
		expect(await page()).toContain('under way…');
		release(200);
		await settled();
		expect(await page()).not.toContain('under way…');
		await receiver.close();
	});

	it.each([
		['nobody', { to: 'suite', text: 'x' }, 'There is nobody of that name.'],
		['an app without a callback URL', { to: 'app', text: 'x' }, /^Save a callback URL/],
	])('is told why a message to %s does not go out', async (_who, query, reason) => {
		expect(await say(query)).toMatchObject({
			ok: false,
			reason: expect.stringMatching(reason) as string,
		});
	});

	it('is told that an empty message does not go out', async () => {
		simulator.targets.app.callback!.url = 'http://127.0.0.1:1/';
		expect(await say({ to: 'app' })).toMatchObject({ ok: false });
		expect(simulator.callbacks.sent).toHaveLength(0);
	});
});
