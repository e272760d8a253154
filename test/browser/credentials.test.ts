import { lineOf, workflowOf } from '../e2e/workflowOf';
import { eventually } from './editor';
import { startStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await startStage();
});
afterAll(async () => await stage?.close());

/** Made up, so that nothing of it is known to n8n's or the nodes' memory. */
const UNTRUSTED = 'made-up-secret-of-an-untrusted-app';

const TYPES = {
	weComCorpApi: 'WeCom Corp Secret (企业微信) API',
	weComSuiteApi: 'WeCom Third-Party App (企业微信第三方应用) API',
	weComWebhookApi: 'WeCom Group Robot Webhook (企业微信群机器人) API',
	weComSmartBotApi: 'WeCom Smart Bot (企业微信智能机器人) API',
	weChatOfficialAccountApi: 'WeChat Official Account (微信公众号) API',
};

/** What a person types into the dialog of a type. */
function valuesFor(type: string): Record<string, string> {
	const { corp, suite, robot, officialAccount, bot } = stage.simulator.demo;
	const { suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode } = suite;
	const { appId, appSecret } = officialAccount;
	const baseUrl = stage.simulator.url;
	const { callbackToken, encodingAesKey } = bot;
	const values: Record<string, Record<string, string>> = {
		[TYPES.weComCorpApi]: { corpId: corp.corpId, corpSecret: corp.corpSecret, baseUrl },
		[TYPES.weComSuiteApi]: {
			...{ suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode },
			baseUrl,
		},
		[TYPES.weComWebhookApi]: { webhookKey: robot.webhookUrl, baseUrl },
		[TYPES.weComSmartBotApi]: { callbackToken, encodingAesKey },
		[TYPES.weChatOfficialAccountApi]: { appId, appSecret, baseUrl },
	};
	return values[type];
}

test.each(Object.values(TYPES))(
	'%s, filled in rightly, is saved and tested successfully',
	async (type) => {
		await stage.editor.newCredential(type);
		await stage.editor.fillCredential(valuesFor(type));
		expect(await stage.editor.saveCredential()).toMatchObject({ ok: true });
		expect(stage.simulator.state.messages).toEqual([]);
	},
);

test.each([
	['weComMedia', { resource: 'robot', operation: 'send' }, TYPES.weComWebhookApi],
	['weComMedia', { resource: 'robot', operation: 'upload' }, TYPES.weComWebhookApi],
	['weComMedia', { resource: 'app', operation: 'send' }, TYPES.weComCorpApi],
	['weComMedia', { resource: 'app', authentication: 'thirdPartyApp' }, TYPES.weComSuiteApi],
	['weComMedia', { resource: 'customerService', operation: 'send' }, TYPES.weComCorpApi],
	['weComMedia', { resource: 'smartBot', operation: 'reply' }, TYPES.weComSmartBotApi],
	['weComMedia', { resource: 'officialAccount' }, TYPES.weChatOfficialAccountApi],
	['weComMediaTrigger', {}, TYPES.weComCorpApi],
	['weComMediaTrigger', { authentication: 'thirdPartyApp' }, TYPES.weComSuiteApi],
	['weComMediaTrigger', { authentication: 'smartBot' }, TYPES.weComSmartBotApi],
])(
	'in %s with %j "Create new credential" makes a %s and selects it',
	async (node, chosen, type) => {
		const { editor, rest } = stage;
		const step = {
			name: 'Node',
			type: `n8n-nodes-wecom-media.${node}`,
			typeVersion: 1,
			parameters: chosen,
		};
		const { id } = await rest.createWorkflow(
			node === 'weComMedia' ? workflowOf('Credential', step) : lineOf('Credential', step),
		);
		await editor.openNode(id, node === 'weComMedia' ? '1' : '0');
		const dialog = await editor.newCredentialInNode();
		expect(await dialog.innerText()).toContain(type);
		await editor.fillCredential(valuesFor(type));
		expect(await editor.saveCredential()).toMatchObject({ ok: true });
		await editor.closeCredential();
		await eventually(async () => {
			expect(await editor.selectedCredential()).toContain(type.replace(/ API$/, ''));
		});
		await editor.picture(`credential-in-${node}-${Object.values(chosen).join('-')}`);
	},
);

test.each(['企业微信', '机器人', '公众号', 'wecom', 'group robot'])(
	'the list of credential types searched for "%s" offers ours',
	async (text) => {
		const offered = await stage.editor.credentialTypes(text);
		expect(offered.filter((name) => Object.values<string>(TYPES).includes(name))).not.toEqual([]);
	},
);

test('a wrong secret is named, and a right one then makes the same dialog green', async () => {
	const { editor } = stage;
	const { corpSecret, ...rest } = valuesFor(TYPES.weComCorpApi) as Record<string, string>;
	const wrong = 'made-up-wrong-secret';
	await editor.newCredential(TYPES.weComCorpApi);
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
	await editor.newCredential(TYPES.weComCorpApi);
	await editor.fillCredential({ corpId, corpSecret: UNTRUSTED, baseUrl: simulator.url });
	const refused = await editor.saveCredential();
	expect(refused.ok).toBe(false);
	for (const part of ['60020', '203.0.113.7', '企业可信IP']) expect(refused.text).toContain(part);
	expect(refused.text).not.toContain(UNTRUSTED);
});
