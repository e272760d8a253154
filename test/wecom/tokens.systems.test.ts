import { WeComApiError } from '../../nodes/WeComMedia/wecom/client/errors';
import { fileOf } from './files';
import { failureOf, harmlessCall, upload, useScene } from './scene';

const scene = useScene();

/** Endpoints in the order they were called. */
const order = () => scene.sim.record.all.map(({ path }) => path.replace('/cgi-bin/', ''));

/** Ends only the suite's tokens, or only the corp's. */
function endTokens(kind: 'suite' | 'app', how: 'expire' | 'revoke'): void {
	const { tokens } = scene.sim.state;
	for (const { value, holder } of tokens.all()) if (holder.kind === kind) tokens[how](value);
}

describe('the token of a third-party app', () => {
	test('comes from the ticket over the suite token to the corp token, once for 50 calls', async () => {
		const app = scene.thirdPartyApp();
		await Promise.all(Array.from({ length: 50 }, () => harmlessCall(app)));
		expect(order().slice(0, 3)).toEqual([
			'service/get_suite_token',
			'service/get_corp_token',
			'get_api_domain_ip',
		]);
		expect(scene.sim.record.counters()).toMatchObject({
			'service/get_suite_token': 1,
			'service/get_corp_token': 1,
			getcallbackip: 50,
		});
	});

	test('media calls carry the corp token, not the suite token', async () => {
		await upload(scene.thirdPartyApp(), fileOf('pdf'));
		const [suiteToken] = scene.sim.record
			.calls('service/get_corp_token')
			.map(({ query }) => query.suite_access_token);
		const used = scene.sim.record.last('media/upload')?.query.access_token;
		expect(used).not.toBe(suiteToken);
		expect(scene.sim.state.tokens.find(used ?? '')?.holder.kind).toBe('app');
	});

	test('an expired corp token is fetched with the suite token that is still good', async () => {
		const app = scene.thirdPartyApp();
		await harmlessCall(app);
		endTokens('app', 'expire');
		await harmlessCall(app);
		expect(scene.sim.record.counters()).toMatchObject({
			'service/get_suite_token': 1,
			'service/get_corp_token': 2,
		});
	});

	test.each([
		['expired (42009)', 'expire' as const],
		['revoked (40082)', 'revoke' as const],
	])('a suite token that was %s is fetched once more', async (_how, how) => {
		const app = scene.thirdPartyApp();
		await harmlessCall(app);
		endTokens('app', 'expire');
		endTokens('suite', how);
		await harmlessCall(app);
		expect(scene.sim.record.counters()).toMatchObject({
			'service/get_suite_token': 2,
			'service/get_corp_token': 3,
		});
	});

	test('a second refusal of the suite token is final', async () => {
		scene.sim.faults.next({ path: 'service/get_corp_token', errcode: 40082, times: 2 });
		const failure = await failureOf(harmlessCall(scene.thirdPartyApp()), WeComApiError);
		expect(failure).toMatchObject({ errcode: 40082, call: 'service/get_corp_token' });
		expect(scene.sim.record.counters()).toEqual({
			'service/get_suite_token': 2,
			'service/get_corp_token': 2,
		});
	});

	test('an outdated suite_ticket (40085) says so, is asked for once, and again after five seconds', async () => {
		scene.sim.state.suites[0].suiteTicket = 'made-up-next-ticket';
		const app = scene.thirdPartyApp();
		const attempt = async () => await failureOf(harmlessCall(app), WeComApiError);
		const failures = await Promise.all(Array.from({ length: 50 }, attempt));
		expect(failures[0]).toMatchObject({ errcode: 40085, hint: expect.stringMatching(/ticket/i) });
		await attempt();
		expect(scene.sim.record.counters()).toEqual({ 'service/get_suite_token': 1 });
		scene.clock.now += 5_000;
		await attempt();
		expect(scene.sim.record.counters()).toEqual({ 'service/get_suite_token': 2 });
	});

	test('a wrong permanent_code (40084) is asked once', async () => {
		const app = scene.sim.state.apps.find(({ suiteId }) => suiteId);
		if (app) app.secret = 'made-up-other-code';
		const connected = scene.thirdPartyApp();
		expect(await failureOf(harmlessCall(connected), WeComApiError)).toMatchObject({
			errcode: 40084,
		});
		await failureOf(harmlessCall(connected), WeComApiError);
		expect(scene.sim.record.count('service/get_corp_token')).toBe(1);
	});

	test('an untrusted IP is named and needs no new token when it is trusted', async () => {
		scene.sim.state.clientIp = '203.0.113.7';
		scene.sim.state.trustIp(false);
		const app = scene.thirdPartyApp();
		expect(await failureOf(harmlessCall(app), WeComApiError)).toMatchObject({
			errcode: 60020,
			hint: expect.stringContaining('203.0.113.7'),
		});
		scene.sim.state.trustIp(true);
		await harmlessCall(app);
		expect(scene.sim.record.count('service/get_corp_token')).toBe(1);
	});
});

describe('the token of an Official Account', () => {
	test('comes from stable_token, once for 50 calls, and disturbs no other program', async () => {
		const account = scene.officialAccount();
		await Promise.all(Array.from({ length: 50 }, () => harmlessCall(account)));
		expect(scene.sim.record.counters()).toEqual({ stable_token: 1, getcallbackip: 50 });
		expect(scene.sim.record.last('stable_token')).toMatchObject({
			method: 'POST',
			query: {},
			json: { grant_type: 'client_credential', appid: scene.sim.demo.officialAccount.appId },
		});
	});

	test.each([
		['expired (42001)', () => scene.sim.state.expireTokens()],
		['replaced (40001)', () => scene.sim.state.revokeTokens()],
	])('that was %s is fetched once more', async (_how, end) => {
		const account = scene.officialAccount();
		await harmlessCall(account);
		end();
		await Promise.all(Array.from({ length: 50 }, () => harmlessCall(account)));
		expect(scene.sim.record.count('stable_token')).toBe(2);
	});

	test('a wrong App Secret (40125) is asked once for 50 calls', async () => {
		const account = scene.officialAccount('made-up-wrong-secret');
		const attempts = Array.from({ length: 50 }, () =>
			failureOf(harmlessCall(account), WeComApiError),
		);
		expect((await Promise.all(attempts))[0]).toMatchObject({ errcode: 40125 });
		expect(scene.sim.record.counters()).toEqual({ stable_token: 1 });
	});

	test('an IP outside the whitelist (40164) is named and tried again after five seconds', async () => {
		scene.sim.state.clientIp = '203.0.113.7';
		scene.sim.state.trustIp(false);
		const account = scene.officialAccount();
		expect(await failureOf(harmlessCall(account), WeComApiError)).toMatchObject({
			errcode: 40164,
			hint: expect.stringContaining('203.0.113.7'),
		});
		scene.sim.state.trustIp(true);
		scene.clock.now += 5_000;
		await harmlessCall(account);
		expect(scene.sim.record.counters()).toEqual({ stable_token: 2, getcallbackip: 1 });
	});
});

describe('the key of a group robot', () => {
	test('goes into the query as it is, without any token call', async () => {
		await upload(scene.robot(), fileOf('pdf'));
		expect(scene.sim.record.counters()).toEqual({ 'webhook/upload_media': 1 });
		expect(scene.sim.record.last('webhook/upload_media')?.query).toEqual({
			key: scene.sim.demo.robot.webhookKey,
			type: 'file',
		});
	});

	test.each([40001, 40014, 42001, 93000])('refused with %d is not repeated', async (errcode) => {
		scene.sim.faults.next({ path: 'webhook/upload_media', errcode });
		const failure = await failureOf(upload(scene.robot(), fileOf('pdf')), WeComApiError);
		expect(failure.errcode).toBe(errcode);
		expect(scene.sim.record.counters()).toEqual({ 'webhook/upload_media': 1 });
	});

	test('that is unknown fails with what to do', async () => {
		const unknown = scene.robot('99999999-2222-4333-8444-555555555555');
		const failure = await failureOf(upload(unknown, fileOf('pdf')), WeComApiError);
		expect(failure).toMatchObject({ errcode: 40058, hint: expect.stringMatching(/key|robot/i) });
	});
});
