import fc from 'fast-check';

import { redact } from '../../nodes/WeComMedia/wecom/client/redact';
import { startCpuWatch } from '../helpers/cpuTime';

const SECRET = 'made-up-secret-of-the-report-app';

describe('redact', () => {
	test.each([
		[`gettoken with ${SECRET} failed`, 'gettoken with *** failed'],
		[`${SECRET}${SECRET}`, '******'],
		[`{"note":"${SECRET}"}`, '{"note":"***"}'],
	])('a given secret is removed wherever it stands: %j', (text, expected) => {
		expect(redact(text, [SECRET])).toBe(expected);
	});

	test.each([
		['encodeURIComponent', encodeURIComponent('a+b/c=d &é"测\'()')],
		['the same in lower case', encodeURIComponent('a+b/c=d &é"测\'()').toLowerCase()],
		['URLSearchParams', new URLSearchParams({ q: 'a+b/c=d &é"测\'()' }).toString().slice(2)],
		['JSON', JSON.stringify('a+b/c=d &é"测\'()').slice(1, -1)],
		['raw', 'a+b/c=d &é"测\'()'],
	])('a secret is removed as %s spells it', (_how, spelled) => {
		expect(redact(`see <${spelled}>`, ['a+b/c=d &é"测\'()'])).toBe('see <***>');
	});

	test('of secrets that contain each other nothing is left over', () => {
		expect(redact('x made-up-long-tail y', ['made-up', 'made-up-long-tail'])).toBe('x *** y');
	});

	test('a secret under 4 characters would destroy the text and is ignored', () => {
		expect(redact('a call to an app', ['a', 'app', ''])).toBe('a call to an app');
		expect(redact('the code 1234', ['1234'])).toBe('the code ***');
	});

	test.each([
		[
			'/cgi-bin/media/get?access_token=abc&media_id=m',
			'/cgi-bin/media/get?access_token=***&media_id=m',
		],
		['?corpid=ww1&corpsecret=abc', '?corpid=ww1&corpsecret=***'],
		['?appid=wx1&secret=abc#x', '?appid=wx1&secret=***#x'],
		[
			'https://h/cgi-bin/webhook/send?key=0-1-2 failed',
			'https://h/cgi-bin/webhook/send?key=*** failed',
		],
		['?suite_access_token=abc', '?suite_access_token=***'],
		['?provider_access_token=abc', '?provider_access_token=***'],
		['?ACCESS_TOKEN=abc', '?ACCESS_TOKEN=***'],
		['?corpsecret=ab%26cd&x=1', '?corpsecret=***&x=1'],
		[
			'u=https%3A%2F%2Fh%2F%3Faccess_token%3Dabc%26m%3D1',
			'u=https%3A%2F%2Fh%2F%3Faccess_token%3D***%26m%3D1',
		],
		['"https://h/?key=abc"', '"https://h/?key=***"'],
		['{"url":"https:\\/\\/h\\/?key=abc"}', '{"url":"https:\\/\\/h\\/?key=***"}'],
		['{"access_token":"abc","expires_in":7200}', '{"access_token":"***","expires_in":7200}'],
		[
			'https://h/cgi-bin/aibot/response?response_code=abc failed',
			'https://h/cgi-bin/aibot/response?response_code=*** failed',
		],
		['{"open_kfid":"wk1","token":"ENCabc"}', '{"open_kfid":"wk1","token":"***"}'],
		['{ "suite_secret" : "a\\"bc", "n": 1 }', '{ "suite_secret" : "***", "n": 1 }'],
		[
			'{"permanent_code":"abc","suite_ticket":"def"}',
			'{"permanent_code":"***","suite_ticket":"***"}',
		],
		["{ access_token: 'abc', n: 1 }", "{ access_token: '***', n: 1 }"],
		['"{\\"access_token\\":\\"abc\\",\\"n\\":1}"', '"{\\"access_token\\":\\"***\\",\\"n\\":1}"'],
		['{"key":"cut off', '{"key":"***'],
	])('%j becomes %j', (text, expected) => {
		expect(redact(text, [])).toBe(expected);
	});

	test.each([
		"invalid param 'key'",
		'The webhook key is empty: copy it again',
		'the secret: check that it belongs to this app',
		'monkey=banana&turkey=1',
		'{"media_id":"abc","errcode":40001,"errmsg":"invalid credential"}',
		'?access_token=&media_id=m',
		'access_token missing, hint: [17_1_ab], from ip: 203.0.113.7',
	])('%j is left alone', (text) => {
		expect(redact(text, [])).toBe(text);
	});

	test('whatever the secret, it does not survive in a query or in JSON', () => {
		const secret = fc.string({ unit: 'binary', minLength: 6, maxLength: 40 });
		fc.assert(
			fc.property(secret, (value) => {
				fc.pre(!value.includes('***'));
				const coded = encodeURIComponent(value);
				const json = JSON.stringify({ other: value });
				for (const text of [`/x?v=${coded}&y=1`, `error: ${value}.`, json]) {
					const clean = redact(text, [value]);
					expect(clean).toContain('***');
					expect(clean).not.toContain(value);
					expect(clean).not.toContain(coded);
				}
			}),
			{ numRuns: 200 },
		);
	});

	test('a secret with a lone surrogate does not throw', () => {
		expect(redact('x half\uD83Dsecret y', ['half\uD83Dsecret'])).toBe('x *** y');
	});

	test('redacting twice changes nothing more', () => {
		const text = `?access_token=abc&key=def {"secret":"ghi"} ${SECRET}`;
		const once = redact(text, [SECRET]);
		expect(redact(once, [SECRET])).toBe(once);
	});

	test('a hostile answer of a megabyte is cleaned in linear time', () => {
		const cpuSeconds = startCpuWatch();
		for (const piece of ['key=', '"key":', 'access_token', '_', '\\', '%26', "key:'", 'key="\\']) {
			redact(piece.repeat(1_000_000 / piece.length), [SECRET]);
		}
		expect(cpuSeconds()).toBeLessThan(10);
	});
});
