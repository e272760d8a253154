import {
	hintFor,
	hintIdFromErrmsg,
	ipFromErrmsg,
} from '../../nodes/WeComMedia/wecom/hints/errorHints';

type System = Parameters<typeof hintFor>[1]['system'];

/** Codes of vendor page 90313 that media, token, message and robot calls can answer with. */
const WECOM_CODES = [
	...[-1, 6000, 40001, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40011, 40013, 40014],
	...[40032, 40035, 40039, 40056, 40057, 40058, 40063, 40082, 40083, 40084, 40085, 40091, 40123],
	...[41001, 41002, 41004, 41006, 41011, 41021, 41022, 42001, 42009, 43012, 44001, 44004],
	...[45001, 45002, 45007, 45008, 45009, 45033, 48002, 48004, 48005, 48006, 50003, 60011, 60020],
	...[60111, 81013, 82001, 84061, 86001, 86003, 86008, 93000, 93004, 93008],
	...[301002, 301015, 301016, 301017, 301019, 830001, 830002, 830003],
];
/** Receivers (90236), robot in several groups, Customer Service (94677). */
const MORE_WECOM_CODES = [
	...[82002, 82003, 93006, 95000, 95001, 95002, 95007, 95011, 95012, 95013, 95014, 95016, 95017],
	95018,
];
const OFFICIAL_ACCOUNT_CODES = [
	...[-1, 40001, 40004, 40005, 40006, 40007, 40009, 40010, 40011, 40012, 40013, 40014, 40113],
	...[40125, 40164, 40243, 41005, 42001, 44002, 45001, 45009, 45011, 48001, 50007],
];
const WECOM_SYSTEMS: System[] = ['corpApp', 'thirdPartyApp', 'customerService', 'robot'];

const CASES: Array<[System, number]> = [
	...WECOM_SYSTEMS.flatMap((system) =>
		[...WECOM_CODES, ...MORE_WECOM_CODES].map((code): [System, number] => [system, code]),
	),
	...OFFICIAL_ACCOUNT_CODES.map((code): [System, number] => ['officialAccount', code]),
];

describe('hintFor', () => {
	test('every code of the pages has a meaning and a next step of its own', () => {
		const explained = CASES.map(([system, code]) => ({
			system,
			code,
			...hintFor(code, { system, errmsg: 'text of the vendor' }),
		}));
		expect(explained.length).toBeGreaterThan(300);
		const good = ({ meaning, hint }: (typeof explained)[number]) =>
			/^[A-Z].*[^.!\s]$/.test(meaning) &&
			!meaning.includes('vendor') &&
			// One sentence: a period at the end and nowhere before a blank.
			/^[A-Z].*\.$/s.test(hint) &&
			!/[.!?]\s/.test(hint.slice(0, -1)) &&
			!/devtool|\{|undefined/.test(hint);
		expect(explained.filter((row) => !good(row))).toEqual([]);
	});

	/** The rows whose hint does not hold what stands at their end, with that hint. */
	const without = (rows: Array<[System, string, number, string]>) =>
		rows
			.map(([system, call, code, part]) => {
				const { hint } = hintFor(code, { system, call: call || undefined, errmsg: '' });
				return { system, call, code, part, hint };
			})
			.filter(({ part, hint }) => !hint.includes(part));

	const HINTS: Array<[System, number, string]> = [
		['corpApp', 40001, '应用管理'],
		['thirdPartyApp', 40001, 'Suite Secret'],
		['customerService', 40001, '微信客服'],
		['officialAccount', 40001, 'App Secret'],
		['corpApp', 40004, 'image, voice, video or file'],
		['robot', 40004, 'file or voice'],
		['officialAccount', 40004, 'thumb'],
		['corpApp', 40007, '3 days'],
		['robot', 40007, 'same webhook key'],
		['corpApp', 40009, '10 MB'],
		['robot', 40009, '2 MB'],
		['robot', 40058, "'key'"],
		['corpApp', 45001, '200 MB'],
		['officialAccount', 45001, '64 KB'],
		['robot', 45009, '20 messages a minute'],
		['corpApp', 45009, '1000 a day'],
		['corpApp', 48002, '客户联系 → 可调用应用'],
		['customerService', 48002, '可调用接口的应用'],
		['robot', 93000, '群机器人'],
		['corpApp', 830001, '公有读'],
		['officialAccount', 40012, '64 KB'],
	];
	test('a hint names the place, the limit or the field that it is about', () => {
		expect(without(HINTS.map(([system, code, part]) => [system, '', code, part]))).toEqual([]);
	});

	const HINTS_OF_CALLS: Array<[System, string, number, string]> = [
		['corpApp', 'appchat/send', 48002, 'self-built app'],
		['thirdPartyApp', 'appchat/create', 48002, 'self-built app'],
		['corpApp', 'media/upload_by_url', 48002, '客户联系 → 可调用应用'],
		['robot', 'webhook/upload_media', 40058, 'Copy the webhook URL'],
		['robot', 'webhook/send', 40058, "names 'key'"],
		['corpApp', 'externalcontact/group_welcome_template/add', 41055, 'at most 100'],
		['corpApp', 'media/upload_by_url', 40039, "'Source' to Binary Field"],
	];
	test('a code that means something else at one call has the hint of that call', () => {
		expect(without(HINTS_OF_CALLS)).toEqual([]);
	});

	const OF_OTHERS: Array<[System, number]> = [
		['thirdPartyApp', 41011],
		['thirdPartyApp', 40056],
		['thirdPartyApp', 301002],
		['customerService', 40001],
		['customerService', 41004],
		['customerService', 60020],
	];
	test('other systems are not told of what only a self-built app’s credential has', () => {
		const hints = OF_OTHERS.map(([system, code]) => ({
			...{ system, code },
			...hintFor(code, { system, errmsg: '' }),
		}));
		expect(hints.filter(({ hint }) => /Agent ID in|the app → (Secret|AgentId)/.test(hint))).toEqual(
			[],
		);
	});

	test('an async upload is not offered where it does not exist', () => {
		for (const system of ['robot', 'customerService', 'officialAccount'] as const) {
			expect(hintFor(45001, { system, errmsg: '' }).hint).not.toContain('200 MB');
			expect(hintFor(40006, { system, errmsg: '' }).hint).not.toContain('200 MB');
		}
	});

	test.each([
		[
			'corpApp',
			60020,
			'not allow to access from your ip, hint: [1700000000_1_abc], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020',
			'Add 203.0.113.7 to the trusted IP addresses',
			'企业可信IP',
		],
		[
			'thirdPartyApp',
			60020,
			'not allow to access from your ip, from ip: 203.0.113.8',
			'Add 203.0.113.8 to the IP whitelist',
			'服务商后台',
		],
		[
			'officialAccount',
			40164,
			'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 00000000-00000001-00000002',
			'Add 203.0.113.9 to the IP whitelist',
			'IP白名单',
		],
	] as Array<[System, number, string, string, string]>)(
		'%s %d names the IP to add and where',
		(system, code, errmsg, action, place) => {
			const { hint } = hintFor(code, { system, errmsg });
			expect(hint).toContain(action);
			expect(hint).toContain(place);
		},
	);

	test('60020 without an IP in its text says whose IP is meant', () => {
		const { hint } = hintFor(60020, { system: 'corpApp', errmsg: 'not allow to access' });
		expect(hint).toContain('Add the public IP address of your n8n server to');
	});

	test('an unknown code shows the vendor text without its appendix, and where to look it up', () => {
		const errmsg =
			'some new limit, hint: [1700000000_1_abc], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=987654';
		const { meaning, hint } = hintFor(987654, { system: 'corpApp', errmsg });
		expect(meaning).toBe('some new limit');
		expect(hint).toContain('https://open.work.weixin.qq.com/devtool/query?e=987654');
	});

	test('an unknown code without a text still says something', () => {
		expect(hintFor(987654, { system: 'robot', errmsg: '' }).meaning).not.toBe('');
	});

	test("a number that only WeCom uses is not explained with WeCom's meaning to an Official Account", () => {
		expect(hintFor(40032, { system: 'officialAccount', errmsg: 'invalid thing' })).toEqual({
			meaning: 'invalid thing',
			hint: expect.stringContaining('https://developers.weixin.qq.com/'),
		});
	});

	test('a very long text of a proxy is shortened', () => {
		expect(hintFor(5, { system: 'corpApp', errmsg: 'x '.repeat(1e6) }).meaning.length).toBeLessThan(
			501,
		);
	});
});

describe('ipFromErrmsg', () => {
	test.each([
		['denied, hint: [17_1_ab], from ip: 203.0.113.7, more info at x', '203.0.113.7'],
		['denied, from ip: 203.0.113.7', '203.0.113.7'],
		['denied, from ip:203.0.113.7.', '203.0.113.7'],
		['invalid ip 203.0.113.7, not in whitelist', '203.0.113.7'],
		['invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist', '203.0.113.7'],
		['denied, from ip: ::ffff:203.0.113.7, more', '203.0.113.7'],
		['denied, from ip: 2001:db8::7, more info', '2001:db8::7'],
		['denied, from ip: 999.0.113.7', undefined],
		['denied, from ip: unknown', undefined],
		['version 1.2.3.4 is too old', undefined],
		['', undefined],
	])('%j → %j', (errmsg, ip) => {
		expect(ipFromErrmsg(errmsg)).toBe(ip);
	});
});

describe('hintIdFromErrmsg', () => {
	test.each([
		['invalid media_id, hint: [1700000000_1_abcdef], from ip: 203.0.113.7', '1700000000_1_abcdef'],
		['invalid credential, hint: [ 1700000000 ]', '1700000000'],
		['not in whitelist hint: [AbCdEf01143580]', 'AbCdEf01143580'],
		['not in whitelist rid: 00000000-00000001-00000002', '00000000-00000001-00000002'],
		['invalid media_id', undefined],
		['here is a hint: read the page', undefined],
		['', undefined],
	])('%j → %j', (errmsg, id) => {
		expect(hintIdFromErrmsg(errmsg)).toBe(id);
	});
});
