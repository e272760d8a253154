import { startStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await startStage();
});
afterAll(async () => await stage.close());

/** Made up, so that nothing of it is known to n8n's or the nodes' memory. */
const UNTRUSTED = 'made-up-secret-of-an-untrusted-app';

/** What a person types into each dialog, besides Base URL. */
function typed(): Array<[string, Record<string, string>]> {
	const { corp, suite, robot, officialAccount } = stage.simulator.demo;
	const { suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode } = suite;
	const { appId, appSecret } = officialAccount;
	return [
		['WeCom Corp Secret API', { corpId: corp.corpId, corpSecret: corp.corpSecret }],
		['WeCom Third-Party App API', { suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode }],
		['WeCom Group Robot Webhook API', { webhookKey: robot.webhookUrl }],
		['WeChat Official Account API', { appId, appSecret }],
	];
}

const valuesFor = (type: string) => ({
	...Object.fromEntries(typed())[type],
	baseUrl: stage.simulator.url,
});

test.each([
	'WeCom Corp Secret API',
	'WeCom Third-Party App API',
	'WeCom Group Robot Webhook API',
	'WeChat Official Account API',
])('%s, filled in rightly, is saved and tested successfully', async (type) => {
	await stage.editor.newCredential(type);
	await stage.editor.fillCredential(valuesFor(type));
	expect(await stage.editor.saveCredential()).toMatchObject({ ok: true });
	expect(stage.simulator.state.messages).toEqual([]);
});

test('a wrong secret is named, and a right one then makes the same dialog green', async () => {
	const { editor } = stage;
	const { corpSecret, ...rest } = valuesFor('WeCom Corp Secret API') as Record<string, string>;
	const wrong = 'made-up-wrong-secret';
	await editor.newCredential('WeCom Corp Secret API');
	await editor.fillCredential({ ...rest, corpSecret: wrong });
	const refused = await editor.saveCredential();
	expect(refused).toEqual({ ok: false, text: expect.stringContaining('40001') });
	expect(refused.text).toContain('The Secret is not valid');
	expect(refused.text).not.toContain(wrong);

	await editor.fillCredential({ corpSecret });
	expect(await editor.saveCredential()).toMatchObject({ ok: true });
});

test('a right secret from an untrusted IP fails and names the IP to add', async () => {
	const { editor, simulator } = stage;
	simulator.state.clientIp = '203.0.113.7';
	const { corpId } = simulator.demo.corp;
	simulator.state.addApp({ corpId, secret: UNTRUSTED, ipTrusted: false });
	await editor.newCredential('WeCom Corp Secret API');
	await editor.fillCredential({ corpId, corpSecret: UNTRUSTED, baseUrl: simulator.url });
	const refused = await editor.saveCredential();
	expect(refused.ok).toBe(false);
	for (const part of ['60020', '203.0.113.7', '企业可信IP']) expect(refused.text).toContain(part);
	expect(refused.text).not.toContain(UNTRUSTED);
});
