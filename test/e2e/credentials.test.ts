import { startWorld, type World } from './world';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
beforeEach(() => {
	world.simulator.state.trustIp(true);
	world.simulator.state.clientIp = '203.0.113.7';
});
afterAll(async () => await world?.close());

/** The five kinds, filled in correctly. */
function correct(): Record<string, Record<string, unknown>> {
	const { demo, url: baseUrl } = world.simulator;
	const { corp, suite, robot, officialAccount, bot } = demo;
	return {
		weComCorpApi: { corpId: corp.corpId, corpSecret: corp.corpSecret, baseUrl },
		weComSuiteApi: {
			suiteId: suite.suiteId,
			suiteSecret: suite.suiteSecret,
			suiteTicket: suite.suiteTicket,
			authCorpId: suite.authCorpId,
			permanentCode: suite.permanentCode,
			baseUrl,
		},
		weComWebhookApi: { webhookKey: robot.webhookKey, baseUrl },
		weComSmartBotApi: {
			callbackToken: bot.callbackToken,
			encodingAesKey: bot.encodingAesKey,
		},
		weChatOfficialAccountApi: {
			appId: officialAccount.appId,
			appSecret: officialAccount.appSecret,
			baseUrl,
		},
	};
}

const check = async (type: string, changes: Record<string, unknown> = {}) =>
	await world.rest.testCredential(type, { ...correct()[type], ...changes });

/** An account that n8n has no token of yet. */
function newcomer(type: string): Record<string, unknown> {
	const { state, demo } = world.simulator;
	const untrusted = { ipTrusted: false };
	if (type === 'weComCorpApi') {
		const corpSecret = 'made-up-secret-of-a-newcomer';
		state.addApp({ corpId: demo.corp.corpId, secret: corpSecret, ...untrusted });
		return { corpSecret };
	}
	if (type === 'weComSuiteApi') {
		const { suiteId, authCorpId } = demo.suite;
		const permanentCode = 'made-up-code-of-a-newcomer';
		state.addApp({ corpId: authCorpId, secret: permanentCode, suiteId, ...untrusted });
		return { permanentCode };
	}
	const account = { appId: 'wxnewcomer', appSecret: 'made-up-secret-of-a-newcomer' };
	state.addOfficialAccount({ ...account, ...untrusted });
	return account;
}

const KINDS = [
	'weComCorpApi',
	'weComSuiteApi',
	'weComWebhookApi',
	'weComSmartBotApi',
	'weChatOfficialAccountApi',
];

describe("the credential dialog's test in a real n8n", () => {
	test.each([
		// First: a ticket is only needed while no token of the suite is in memory.
		['weComSuiteApi', 'stale ticket', { suiteTicket: 'made-up-stale-ticket' }, 40085],
		['weComCorpApi', 'wrong secret', { corpSecret: 'made-up-wrong-secret' }, 40001],
		['weComCorpApi', 'wrong corp id', { corpId: 'wwnosuchcorp' }, 40013],
		['weComSuiteApi', 'wrong suite secret', { suiteSecret: 'made-up-wrong-secret' }, 40001],
		['weComSuiteApi', 'wrong permanent code', { permanentCode: 'made-up-wrong-code' }, 40084],
		['weComWebhookApi', 'wrong key', { webhookKey: '99999999-2222-4333-8444-555555555555' }, 93000],
		['weChatOfficialAccountApi', 'wrong secret', { appSecret: 'made-up-wrong-secret' }, 40125],
		['weChatOfficialAccountApi', 'wrong app id', { appId: 'wxnosuchaccount' }, 40013],
	])('%s with a %s fails with the code and repeats nothing of it', async (type, _, wrong, code) => {
		const { status, message } = await check(type, wrong);
		expect(status).toBe('Error');
		expect(message).toContain(String(code));
		for (const value of Object.values(wrong)) {
			if (/secret|code|ticket|Key/.test(Object.keys(wrong)[0]))
				expect(message).not.toContain(value);
		}
	});

	test.each(KINDS)('%s passes when everything is right', async (type) => {
		expect(await check(type)).toMatchObject({ status: 'OK' });
		expect(world.simulator.state.messages).toEqual([]);
	});

	test('weComWebhookApi passes with the whole webhook URL pasted, and posts nothing', async () => {
		const { webhookUrl } = world.simulator.demo.robot;
		expect(await check('weComWebhookApi', { webhookKey: webhookUrl })).toMatchObject({
			status: 'OK',
		});
		expect(world.simulator.state.messages).toEqual([]);
	});

	test.each(['weComCorpApi', 'weComSuiteApi', 'weChatOfficialAccountApi'])(
		'%s fails from an untrusted IP and names the IP to add, every time it is tried',
		async (type) => {
			world.simulator.state.trustIp(false);
			const changes = newcomer(type);
			for (const attempt of [1, 2]) {
				const { status, message } = await check(type, changes);
				expect({ attempt, status }).toEqual({ attempt, status: 'Error' });
				expect(message).toContain('203.0.113.7');
			}
		},
	);

	test('an address where nobody answers fails without showing the secret', async () => {
		const { status, message } = await check('weComCorpApi', { baseUrl: 'http://127.0.0.1:9' });
		expect(status).toBe('Error');
		expect(message).not.toContain(world.simulator.demo.corp.corpSecret);
	});

	test('plain http to another host is refused before anything is sent', async () => {
		const { status, message } = await check('weComCorpApi', { baseUrl: 'http://wecom.example' });
		expect(status).toBe('Error');
		expect(message).toMatch(/http/);
	});
});
