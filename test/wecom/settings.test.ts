import { WeComInputError } from '../../nodes/WeComMedia/wecom/client/errors';
import {
	readCorpSettings,
	readOfficialAccountSettings,
	readSuiteSettings,
	readWebhookSettings,
	type CredentialData,
} from '../../nodes/WeComMedia/wecom/accounts/accountSettings';
import { everythingIn } from './everything';

const CORP = { corpId: 'ww1234567890abcdef', corpSecret: 'made-up-secret-of-the-app' };
const SUITE = {
	suiteId: 'ww1234567890suite',
	suiteSecret: 'made-up-suite-secret',
	suiteTicket: 'made-up-suite-ticket',
	authCorpId: 'ww-client-corp',
	permanentCode: 'made-up-permanent-code',
};
const ACCOUNT = { appId: 'wx1234567890abcdef', appSecret: 'made-up-account-secret' };
const KEY = '11111111-2222-4333-8444-555555555555';

function refusalOf(read: () => unknown): WeComInputError {
	try {
		read();
	} catch (error) {
		expect(error).toBeInstanceOf(WeComInputError);
		return error as WeComInputError;
	}
	throw new Error('nothing was refused');
}

describe('a complete credential', () => {
	test('is read with its defaults', () => {
		const baseUrl = 'https://qyapi.weixin.qq.com';
		expect(readCorpSettings(CORP)).toEqual({ ...CORP, baseUrl, agentId: '' });
		expect(readSuiteSettings(SUITE)).toEqual({ ...SUITE, baseUrl });
		expect(readWebhookSettings({ webhookKey: KEY })).toEqual({ baseUrl, webhookKey: KEY });
		expect(readOfficialAccountSettings(ACCOUNT)).toEqual({
			...ACCOUNT,
			baseUrl: 'https://api.weixin.qq.com',
		});
	});

	test('loses the blanks and line breaks that copying adds around it', () => {
		const copied = {
			corpId: ` ${CORP.corpId}\n`,
			corpSecret: `\t${CORP.corpSecret} `,
			agentId: ' 7 ',
		};
		expect(readCorpSettings(copied)).toMatchObject({ ...CORP, agentId: '7' });
	});

	test('may have a number as Agent ID', () => {
		expect(readCorpSettings({ ...CORP, agentId: 1000002 }).agentId).toBe('1000002');
	});

	test('takes the address of a private deployment from a pasted webhook URL, unless Base URL was changed', () => {
		const webhookKey = `https://wecom.example/gateway/cgi-bin/webhook/send?key=${KEY}`;
		expect(readWebhookSettings({ webhookKey })).toEqual({
			baseUrl: 'https://wecom.example/gateway',
			webhookKey: KEY,
		});
		const baseUrl = 'https://proxy.example';
		expect(readWebhookSettings({ webhookKey, baseUrl }).baseUrl).toBe(baseUrl);
		const insecure = webhookKey.replace('https:', 'http:');
		expect(refusalOf(() => readWebhookSettings({ webhookKey: insecure })).field).toBe('Base URL');
	});

	test('may have the whole webhook URL as key', () => {
		const webhookKey = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`;
		expect(readWebhookSettings({ webhookKey }).webhookKey).toBe(KEY);
	});

	test('keeps the path of a proxy in Base URL, without /cgi-bin', () => {
		const baseUrl = ' https://proxy.example/wecom/cgi-bin/ ';
		expect(readCorpSettings({ ...CORP, baseUrl }).baseUrl).toBe('https://proxy.example/wecom');
	});
});

type Read = (data: CredentialData) => unknown;
const FIELDS: Array<[string, string, Read, CredentialData]> = [
	['Corp ID', 'corpId', readCorpSettings, CORP],
	['Corp Secret', 'corpSecret', readCorpSettings, CORP],
	['Suite ID', 'suiteId', readSuiteSettings, SUITE],
	['Suite Secret', 'suiteSecret', readSuiteSettings, SUITE],
	['Suite Ticket', 'suiteTicket', readSuiteSettings, SUITE],
	['Authorized Corp ID', 'authCorpId', readSuiteSettings, SUITE],
	['Permanent Code', 'permanentCode', readSuiteSettings, SUITE],
	['App ID', 'appId', readOfficialAccountSettings, ACCOUNT],
	['App Secret', 'appSecret', readOfficialAccountSettings, ACCOUNT],
];

describe.each(FIELDS)('%s', (label, field, read, data) => {
	test.each([undefined, null, '', '   '])(
		'that is empty (%p) is named, with where to find it',
		(value) => {
			const refusal = refusalOf(() => read({ ...data, [field]: value }));
			expect(refusal).toMatchObject({
				message: `'${label}' of the credential is empty`,
				field: label,
				hint: expect.stringMatching(/^Copy it again from .+\.$/),
			});
		},
	);

	test.each(['made up-rest', 'made\r\nup-rest', 'made\0up-rest'])(
		'with a blank inside (%j) is refused without showing it',
		(value) => {
			const refusal = refusalOf(() => read({ ...data, [field]: value }));
			expect(refusal.field).toBe(label);
			expect(everythingIn(refusal)).not.toContain('up-rest');
		},
	);
});

describe('other fields', () => {
	test.each(['ww/1', 'ww 1', 'ww?x=1', 'ww&x', 'x'.repeat(65)])('%j is no Corp ID', (corpId) => {
		expect(refusalOf(() => readCorpSettings({ ...CORP, corpId })).field).toBe('Corp ID');
	});

	test.each(['app', '1e3', '-1', '1.5', '12345678901'])('%j is no Agent ID', (agentId) => {
		expect(refusalOf(() => readCorpSettings({ ...CORP, agentId }))).toMatchObject({
			message: "'Agent ID' of the credential is not a number",
			field: 'Agent ID',
		});
	});

	test.each(['', 'made up', `https://elsewhere.example/?key=${KEY}`])(
		'%j is no webhook key',
		(value) => {
			const refusal = refusalOf(() => readWebhookSettings({ webhookKey: value }));
			expect(refusal.field).toBe('Webhook Key');
			expect(everythingIn(refusal)).not.toContain(KEY);
		},
	);

	test.each(['ftp://x', 'proxy.example', 'https://user:made-up@proxy.example'])(
		'%j is no Base URL, for any credential',
		(baseUrl) => {
			const reads = [
				() => readCorpSettings({ ...CORP, baseUrl }),
				() => readSuiteSettings({ ...SUITE, baseUrl }),
				() => readWebhookSettings({ webhookKey: KEY, baseUrl }),
				() => readOfficialAccountSettings({ ...ACCOUNT, baseUrl }),
			];
			for (const read of reads) expect(refusalOf(read).field).toBe('Base URL');
		},
	);

	test('plain http is taken for this machine, for others only when it was allowed', () => {
		const read = (baseUrl: string, allowInsecureHttp?: unknown) =>
			readCorpSettings({ ...CORP, baseUrl, allowInsecureHttp });
		expect(read('http://127.0.0.1:8080').baseUrl).toBe('http://127.0.0.1:8080');
		expect(read('http://proxy.example', true).baseUrl).toBe('http://proxy.example');
		for (const allowed of [undefined, false, 'true', 1]) {
			expect(refusalOf(() => read('http://proxy.example', allowed)).field).toBe('Base URL');
		}
	});
});
