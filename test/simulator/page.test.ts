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
});
