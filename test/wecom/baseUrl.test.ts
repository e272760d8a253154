import { normalizeBaseUrl } from '../../nodes/WeComMedia/wecom/accounts/baseUrl';

const DEFAULT = 'https://qyapi.weixin.qq.com';
const read = (value: string, allowInsecureHttp = false) =>
	normalizeBaseUrl(value, { defaultUrl: DEFAULT, allowInsecureHttp });

describe('normalizeBaseUrl', () => {
	test.each([
		['', DEFAULT],
		['   ', DEFAULT],
		[DEFAULT, DEFAULT],
		[`  ${DEFAULT}/ \n`, DEFAULT],
		[`${DEFAULT}///`, DEFAULT],
		[`${DEFAULT}/cgi-bin`, DEFAULT],
		[`${DEFAULT}/cgi-bin/`, DEFAULT],
		['HTTPS://QYAPI.weixin.qq.com:443/CGI-BIN', DEFAULT],
		['https://proxy.example.com/wecom', 'https://proxy.example.com/wecom'],
		['https://proxy.example.com/a/B/cgi-bin/', 'https://proxy.example.com/a/B'],
		['https://proxy.example.com/my-cgi-bin', 'https://proxy.example.com/my-cgi-bin'],
		['https://192.0.2.1:8443/x/', 'https://192.0.2.1:8443/x'],
		['http://localhost:3000', 'http://localhost:3000'],
		['http://127.0.0.1:8080/cgi-bin', 'http://127.0.0.1:8080'],
		['http://127.8.9.10', 'http://127.8.9.10'],
		['http://[::1]:9', 'http://[::1]:9'],
	])('%j → %s', (value, url) => {
		expect(read(value)).toEqual({ ok: true, url });
	});

	test.each([
		'http://qyapi.weixin.qq.com',
		'http://10.0.0.1',
		'http://localhost.evil.example',
		'http://127.0.0.1.evil.example',
		'http://127.evil.example',
		'http://notlocalhost',
		'http://[2001:db8::1]',
		'http://0.0.0.0',
	])('%s is refused unless insecure http is allowed', (value) => {
		expect(read(value)).toEqual({ ok: false, problem: expect.stringContaining('https://') });
		expect(read(value, true)).toEqual({ ok: true, url: value });
	});

	test.each([
		'qyapi.weixin.qq.com',
		'qyapi.weixin.qq.com:443',
		'ftp://qyapi.weixin.qq.com',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'https://',
		'https:qyapi.weixin.qq.com',
		'//qyapi.weixin.qq.com',
		'https://a b.example',
		'https://a.example/pa th',
		'https://a.\nexample',
		'https://user:made-up-pass@a.example',
		'https://user@a.example',
		'https://a.example/?key=made-up-pass',
		'https://a.example?',
		'https://a.example/#part',
		'https://exa<mple',
	])('%j is refused in one sentence that names the field and repeats nothing', (value) => {
		for (const allowInsecureHttp of [false, true]) {
			const result = read(value, allowInsecureHttp);
			expect(result).toEqual({ ok: false, problem: expect.stringContaining('Base URL') });
			const { problem } = result as { problem: string };
			expect(problem).not.toContain('made-up-pass');
			expect(problem).not.toMatch(/\. /);
		}
	});

	test('a result given again stays the same', () => {
		const first = read('https://proxy.example.com/wecom/cgi-bin//');
		expect(first).toEqual({ ok: true, url: 'https://proxy.example.com/wecom' });
		expect(read('https://proxy.example.com/wecom')).toEqual(first);
	});

	test('the example in the message is the address of the system in question', () => {
		const options = { defaultUrl: 'https://api.weixin.qq.com', allowInsecureHttp: false };
		expect(normalizeBaseUrl('nonsense', options)).toEqual({
			ok: false,
			problem: expect.stringContaining('https://api.weixin.qq.com'),
		});
	});
});
