import { startSimulator, type Simulator } from './index';
import { accountToken, call, corpToken, post } from './testClient';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator({ now: () => 1_750_000_000_000 });
});
afterEach(async () => await simulator.close());

const getToken = async (query: string) =>
	(await call(`${simulator.url}/cgi-bin/gettoken${query}`)).json();

describe('gettoken', () => {
	it('gives the same token while it is valid, and a new one afterwards', async () => {
		const first = await corpToken(simulator);
		simulator.advance(7_199_000);
		expect(await corpToken(simulator)).toBe(first);
		simulator.advance(1000);
		expect(await corpToken(simulator)).not.toBe(first);
	});

	it('states the seconds that are left', async () => {
		await corpToken(simulator);
		simulator.advance(3_600_000);
		const { corpId, corpSecret } = simulator.demo.corp;
		const answer = await getToken(`?corpid=${corpId}&corpsecret=${corpSecret}`);
		expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 3600 });
	});

	it('gives different apps of one corp different tokens', async () => {
		const { corpId, customerServiceSecret } = simulator.demo.corp;
		const answer = await getToken(`?corpid=${corpId}&corpsecret=${customerServiceSecret}`);
		expect(answer.access_token).not.toBe(await corpToken(simulator));
	});

	const corp = 'corpid=wwdemocorp';
	const rightQuery = 'corpsecret=made-up-secret-of-the-demo-app';
	it.each([
		['no parameter at all', '', 41004],
		['no secret', `?${corp}`, 41004],
		['no corp', `?${rightQuery}`, 41002],
		['an unknown corp', `?corpid=wwnobody&${rightQuery}`, 40013],
		['a wrong secret', `?${corp}&corpsecret=nonsense`, 40001],
		["another corp's secret", `?corpid=wwclientcorp&${rightQuery}`, 40091],
		[
			'a permanent_code of a plain third-party app',
			'?corpid=wwclientcorp&corpsecret=made-up-permanent-code',
			40001,
		],
	])('refuses %s', async (_what, query, errcode) => {
		expect(await getToken(query)).toMatchObject({ errcode });
	});

	it('takes the permanent_code of a provider-developed app as its secret', async () => {
		for (const app of simulator.state.apps) app.providerDeveloped = app.suiteId !== undefined;
		const answer = await getToken('?corpid=wwclientcorp&corpsecret=made-up-permanent-code');
		expect(answer).toMatchObject({ errcode: 0 });
	});

	it('blocks a caller for an hour after too many wrong secrets', async () => {
		simulator.state.strict.wrongSecretsPerHour = 2;
		await getToken(`?${corp}&corpsecret=wrong`);
		await getToken(`?${corp}&corpsecret=wrong`);
		expect(await getToken(`?${corp}&${rightQuery}`)).toMatchObject({ errcode: 45009 });
		simulator.advance(3_600_000);
		expect(await getToken(`?${corp}&${rightQuery}`)).toMatchObject({ errcode: 0 });
	});
});

describe('a business call', () => {
	const ips = async (token: string) =>
		await call(`${simulator.url}/cgi-bin/get_api_domain_ip?access_token=${token}`);

	it('succeeds with a valid token', async () => {
		const answer = (await ips(await corpToken(simulator))).json();
		expect(answer).toMatchObject({
			errcode: 0,
			errmsg: 'ok',
			ip_list: [expect.any(String), expect.any(String)],
		});
	});

	it('answers 41001 without a token, also when it stands in a header', async () => {
		const token = await corpToken(simulator);
		const answer = await call(`${simulator.url}/cgi-bin/get_api_domain_ip`, {
			headers: { access_token: token },
		});
		expect(answer.json()).toMatchObject({ errcode: 41001, ip_list: [] });
	});

	it.each([
		['unknown', () => undefined, 40014],
		['expired', () => simulator.state.expireTokens(), 42001],
		['revoked', () => simulator.state.revokeTokens(), 40014],
		['of an app that is disabled', () => (simulator.state.apps[0].enabled = false), 50003],
	])('refuses a token that is %s', async (what, arrange, errcode) => {
		const token = what === 'unknown' ? 'nonsense' : await corpToken(simulator);
		arrange();
		expect((await ips(token)).json()).toMatchObject({ errcode });
	});

	it('refuses a suite_access_token', async () => {
		const { suiteId, suiteSecret, suiteTicket } = simulator.demo.suite;
		const suite = await post(`${simulator.url}/cgi-bin/service/get_suite_token`, {
			suite_id: suiteId,
			suite_secret: suiteSecret,
			suite_ticket: suiteTicket,
		});
		const token = String(suite.json().suite_access_token);
		expect((await ips(token)).json()).toMatchObject({ errcode: 40014 });
	});

	it('names the caller in the refusal of an untrusted IP, and repeats it in the error headers', async () => {
		simulator.state.trustIp(false);
		simulator.state.clientIp = '203.0.113.9';
		const answer = await ips(await corpToken(simulator));
		expect(answer.status).toBe(200);
		expect(answer.json().errmsg).toMatch(
			/^not allow to access from your ip, hint: \[[0-9a-f_]+\], from ip: 203\.0\.113\.9, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=60020$/,
		);
		expect(answer.headers).toMatchObject({
			'error-code': '60020',
			'error-msg': 'not allow to access from your ip',
			'content-type': 'application/json; charset=UTF-8',
		});
	});

	it('answers 404 without a body for an unknown path', async () => {
		const answer = await call(`${simulator.url}/cgi-bin/media/nonsense`);
		expect([answer.status, answer.bytes.length]).toEqual([404, 0]);
	});

	it('answers 40063 to a wrong HTTP method', async () => {
		const answer = await call(`${simulator.url}/cgi-bin/media/upload`);
		expect(answer.json()).toMatchObject({ errcode: 40063 });
	});
});

describe('third-party tokens', () => {
	const suiteToken = async (change: Record<string, unknown> = {}) => {
		const { suiteId, suiteSecret, suiteTicket } = simulator.demo.suite;
		const answer = await post(`${simulator.url}/cgi-bin/service/get_suite_token`, {
			suite_id: suiteId,
			suite_secret: suiteSecret,
			suite_ticket: suiteTicket,
			...change,
		});
		return answer.json();
	};
	const corpTokenOf = async (token: unknown, change: Record<string, unknown> = {}) => {
		const { authCorpId, permanentCode } = simulator.demo.suite;
		const answer = await post(
			`${simulator.url}/cgi-bin/service/get_corp_token?suite_access_token=${String(token)}`,
			{ auth_corpid: authCorpId, permanent_code: permanentCode, ...change },
		);
		return answer.json();
	};

	it('lead from ticket to suite token to corp token, without an errcode', async () => {
		const suite = await suiteToken();
		expect(Object.keys(suite)).toEqual(['suite_access_token', 'expires_in']);
		const corp = await corpTokenOf(suite.suite_access_token);
		expect(Object.keys(corp)).toEqual(['access_token', 'expires_in']);
		const ips = await call(
			`${simulator.url}/cgi-bin/get_api_domain_ip?access_token=${String(corp.access_token)}`,
		);
		expect(ips.json()).toMatchObject({ errcode: 0 });
	});

	it.each([
		['no suite_id', { suite_id: undefined }, 41021],
		['an unknown suite', { suite_id: 'nobody' }, 40083],
		['a wrong secret', { suite_secret: 'nonsense' }, 40001],
		['a wrong ticket', { suite_ticket: 'nonsense' }, 40085],
	])('get_suite_token refuses %s', async (_what, change, errcode) => {
		expect(await suiteToken(change)).toMatchObject({ errcode });
	});

	it('get_suite_token refuses a ticket past its time', async () => {
		simulator.state.suites[0].ticketExpiresAt = simulator.state.now();
		expect(await suiteToken()).toMatchObject({ errcode: 40085 });
	});

	it.each([
		['another corp', { auth_corpid: 'wwdemocorp' }, 40013],
		['a wrong permanent_code', { permanent_code: 'nonsense' }, 40084],
	])('get_corp_token refuses %s', async (_what, change, errcode) => {
		const { suite_access_token: token } = await suiteToken();
		expect(await corpTokenOf(token, change)).toMatchObject({ errcode });
	});

	it('get_corp_token refuses a missing, an unknown and an expired suite token', async () => {
		const { suite_access_token: token } = await suiteToken();
		expect(await corpTokenOf('')).toMatchObject({ errcode: 41022 });
		expect(await corpTokenOf('nonsense')).toMatchObject({ errcode: 40082 });
		simulator.state.expireTokens();
		expect(await corpTokenOf(token)).toMatchObject({ errcode: 42009 });
	});
});

describe("an Official Account's tokens", () => {
	const plain = async (query: string) =>
		(await call(`${simulator.url}/cgi-bin/token?${query}`)).json();
	const right =
		'grant_type=client_credential&appid=wxdemoaccount&secret=made-up-secret-of-the-account';
	const ips = async (token: unknown) =>
		(await call(`${simulator.url}/cgi-bin/get_api_domain_ip?access_token=${String(token)}`)).json();

	it.each([
		['another grant type', 'grant_type=x', 40002],
		['no appid', 'grant_type=client_credential&secret=x', 41002],
		['no secret', 'grant_type=client_credential&appid=wxdemoaccount', 41004],
		['an unknown appid', 'grant_type=client_credential&appid=wxnobody&secret=x', 40013],
		['a wrong secret', 'grant_type=client_credential&appid=wxdemoaccount&secret=x', 40125],
	])('cgi-bin/token refuses %s', async (_what, query, errcode) => {
		const answer = await plain(query);
		expect(answer).toMatchObject({ errcode });
		expect(answer.errmsg).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
	});

	it('cgi-bin/token replaces the token before, which works for five more minutes', async () => {
		const first = (await plain(right)).access_token;
		const second = (await plain(right)).access_token;
		expect(second).not.toBe(first);
		simulator.advance(299_000);
		expect(await ips(first)).not.toHaveProperty('errcode');
		simulator.advance(1000);
		expect(await ips(first)).toMatchObject({ errcode: 40001 });
		expect(await ips(second)).not.toHaveProperty('errcode');
	});

	it('stable_token gives one token until five minutes before its end', async () => {
		const first = await accountToken(simulator);
		simulator.advance(7_200_000 - 301_000);
		expect(await accountToken(simulator)).toBe(first);
		simulator.advance(1000);
		expect(await accountToken(simulator)).not.toBe(first);
	});

	it('a forced refresh invalidates the token before at once, and needs 30 seconds between', async () => {
		const first = await accountToken(simulator);
		const force = async () => {
			const { appId, appSecret } = simulator.demo.officialAccount;
			const body = {
				grant_type: 'client_credential',
				appid: appId,
				secret: appSecret,
				force_refresh: true,
			};
			return (await post(`${simulator.url}/cgi-bin/stable_token`, body)).json();
		};
		expect((await force()).access_token).not.toBe(first);
		expect(await ips(first)).toMatchObject({ errcode: 40001 });
		expect(await force()).toMatchObject({ errcode: 45011 });
		simulator.advance(30_000);
		expect(await force()).toHaveProperty('access_token');
	});

	it('are refused to an untrusted IP with the IP in the text', async () => {
		simulator.state.trustIp(false);
		simulator.state.clientIp = '203.0.113.9';
		expect(await plain(right)).toMatchObject({
			errcode: 40164,
			errmsg: expect.stringContaining('invalid ip 203.0.113.9') as string,
		});
	});
});
