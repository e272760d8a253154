import { testCredential } from '../helpers/credentialTest';
import { leaks, logText } from '../helpers/engine';
import { credentialTypes, setupScene, type AccountKind } from './scene';
import type { IDataObject } from 'n8n-workflow';

const scene = setupScene();

const check = async (account: AccountKind, changes: IDataObject = {}) =>
	await testCredential(credentialTypes[account], scene.credential(account, changes));

const OK = { status: 'OK', message: 'Connection successful!' };
const accounts: AccountKind[] = ['corp', 'suite', 'robot', 'officialAccount'];

describe('the test of a credential passes', () => {
	test.each(accounts)('%s: when everything is right', async (account) => {
		expect(await check(account)).toEqual(OK);
	});

	test.each(accounts)('%s: with a Base URL that ends in "/cgi-bin/"', async (account) => {
		expect(await check(account, { baseUrl: `${scene.simulator.url}/cgi-bin/` })).toEqual(OK);
	});

	test.each(accounts)('%s: with blanks around every value', async (account) => {
		const spaced = Object.fromEntries(
			Object.entries(scene.credential(account)).map(([name, value]) => [
				name,
				` ${String(value)}\n`,
			]),
		);
		expect(await check(account, spaced)).toEqual(OK);
	});

	test('robot: with the whole webhook address pasted', async () => {
		const { webhookUrl } = scene.simulator.demo.robot;
		expect(await check('robot', { webhookKey: webhookUrl })).toEqual(OK);
	});

	test('robot: also while it may send no more this minute', async () => {
		scene.simulator.state.robots[0].sentAt = Array<number>(20).fill(Date.now());
		expect(await check('robot')).toEqual(OK);
	});

	test('corp: for Customer Service with its own Secret', async () => {
		const { customerServiceSecret } = scene.simulator.demo.corp;
		expect(await check('corp', { corpSecret: customerServiceSecret })).toEqual(OK);
	});
});

test('no test of a credential posts anything into a chat', async () => {
	for (const account of accounts) await check(account);
	expect(scene.simulator.state.messages).toEqual([]);
});

describe('the test of a credential fails and says what to do', () => {
	const failures: Array<[AccountKind, string, IDataObject, RegExp]> = [
		[
			'corp',
			'wrong Secret',
			{ corpSecret: 'made-up-wrong-secret' },
			/^gettoken failed \(40001: The Secret is not valid\)\. Copy the Secret of this very app again/,
		],
		[
			'corp',
			'wrong Corp ID',
			{ corpId: 'wwmadeup' },
			/^gettoken failed \(40013: The Corp ID is not valid\)\. Copy it again \(我的企业/,
		],
		[
			'corp',
			'no Corp ID',
			{ corpId: '' },
			/^'Corp ID' of the credential is empty\. Copy it again from 我的企业/,
		],
		[
			'corp',
			'no Secret',
			{ corpSecret: ' ' },
			/^'Corp Secret' of the credential is empty\. Copy it/,
		],
		[
			'corp',
			'an Agent ID that is no number',
			{ agentId: 'two' },
			/^'Agent ID' of the credential is not a number\. Copy it/,
		],
		[
			'corp',
			'plain http',
			{ baseUrl: 'http://wecom.example' },
			/^The Base URL must start with https:/,
		],
		[
			'corp',
			'no address',
			{ baseUrl: 'wecom' },
			/^The Base URL must be a full address such as https:/,
		],
		[
			'corp',
			'nobody there',
			{ baseUrl: 'http://127.0.0.1:9' },
			/^gettoken: 127\.0\.0\.1:9 refuses the connection\. Check Base URL/,
		],
		[
			'suite',
			'a dead ticket',
			{ suiteTicket: 'made-up-old-ticket' },
			/^service\/get_suite_token failed \(40085: The Suite Ticket is not valid or too old\)\. Enter the newest suite_ticket/,
		],
		[
			'suite',
			'wrong Suite Secret',
			{ suiteSecret: 'made-up-wrong-secret' },
			/^service\/get_suite_token failed \(40001: .*Copy Suite Secret/,
		],
		[
			'suite',
			'wrong Suite ID',
			{ suiteId: 'wwmadeup' },
			/^service\/get_suite_token failed \(40083: The Suite ID is not valid\)/,
		],
		[
			'suite',
			'wrong Permanent Code',
			{ permanentCode: 'made-up-wrong-code' },
			/^service\/get_corp_token failed \(40084: The permanent code is not valid\)/,
		],
		[
			'suite',
			'another company',
			{ authCorpId: 'wwmadeup' },
			/^service\/get_corp_token failed \(40013: .*Enter the corpid of the company that authorized the app/,
		],
		[
			'robot',
			'unknown key',
			{ webhookKey: 'made-up-key' },
			/^webhook\/send failed \(93000: The webhook key is not valid, or the robot was removed\)\. Copy the webhook URL/,
		],
		['robot', 'no key', { webhookKey: '' }, /^The webhook key is empty/],
		[
			'robot',
			'something else pasted',
			{ webhookKey: 'https://work.weixin.qq.com/' },
			/^The address pasted is not that of a WeCom webhook/,
		],
		[
			'officialAccount',
			'wrong App Secret',
			{ appSecret: 'made-up-wrong-secret' },
			/^stable_token failed \(40125: The AppSecret is not valid\)\. Copy the App Secret again/,
		],
		[
			'officialAccount',
			'wrong App ID',
			{ appId: 'wxmadeup' },
			/^stable_token failed \(40013: The App ID is not valid\)\. Copy it again/,
		],
		[
			'officialAccount',
			'no App Secret',
			{ appSecret: '' },
			/^'App Secret' of the credential is empty/,
		],
	];

	test.each(failures)('%s: %s', async (account, _what, changes, message) => {
		const result = await check(account, changes);
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(message);
		const values = Object.values(scene.credential(account, changes));
		const secrets = values.filter((value) => /^made-up/.test(String(value))).map(String);
		expect(leaks(secrets, result, logText())).toEqual([]);
	});

	test.each([
		[
			'corp',
			'Add 203.0.113.7 to the trusted IP addresses of the app (应用管理 → the app → 企业可信IP)',
		],
		['suite', 'Add 203.0.113.7 to the IP whitelist'],
		['officialAccount', 'Add 203.0.113.7 to the IP whitelist of the Official Account'],
	] as const)('%s: an IP that is not trusted, naming it', async (account, advice) => {
		scene.simulator.state.trustIp(false);
		scene.simulator.state.clientIp = '203.0.113.7';
		const first = await check(account);
		expect(first.status).toBe('Error');
		expect(first.message).toContain(advice);
		expect((await check(account)).message).toContain(advice);
	});

	test.each(['corp', 'suite'] as const)('%s: an IP just added counts at once', async (account) => {
		scene.simulator.state.trustIp(false);
		expect((await check(account)).status).toBe('Error');
		scene.simulator.state.trustIp(true);
		expect(await check(account)).toEqual(OK);
	});

	test.each(['corp', 'suite', 'officialAccount'] as const)(
		'%s: an IP that lost its trust a moment ago',
		async (account) => {
			expect(await check(account)).toEqual(OK);
			scene.simulator.state.trustIp(false);
			const { status, message } = await check(account);
			expect([status, message]).toEqual(['Error', expect.stringMatching(/白名单|企业可信IP/)]);
		},
	);

	test('a wrong Secret is sent once a minute at most, however often "Retry" is pressed', async () => {
		for (let n = 0; n < 5; n += 1) await check('corp', { corpSecret: 'made-up-wrong-secret' });
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});
});
