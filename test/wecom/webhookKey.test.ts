import fc from 'fast-check';

import { parseWebhookKey } from '../../nodes/WeComMedia/wecom/accounts/accountSettings';

const MADE_UP = '00000000-made-up00-0000-0000robot000';
const ORIGIN = 'https://qyapi.weixin.qq.com';

describe('parseWebhookKey', () => {
	test.each([[MADE_UP], [` ${MADE_UP}\n`], [`key=${MADE_UP}`], [`?key=${MADE_UP}`]])(
		'%j is a bare key',
		(value) => {
			expect(parseWebhookKey(value)).toEqual({ ok: true, key: MADE_UP });
		},
	);

	test.each([
		[`${ORIGIN}/cgi-bin/webhook/send?key=${MADE_UP}`, ORIGIN],
		[`  ${ORIGIN}/cgi-bin/webhook/send?key=${MADE_UP}\r\n`, ORIGIN],
		[`${ORIGIN}/cgi-bin/webhook/send?debug=1&key=${MADE_UP}&x=2#y`, ORIGIN],
		[`${ORIGIN}/cgi-bin/webhook/upload_media?type=file&key=${MADE_UP}`, ORIGIN],
		[`${ORIGIN}/cgi-bin/webhook/send?key=%20${MADE_UP}%20`, ORIGIN],
		[`qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${MADE_UP}`, ORIGIN],
		[`http://127.0.0.1:8080/cgi-bin/webhook/send?key=${MADE_UP}`, 'http://127.0.0.1:8080'],
		[`https://p.example/wecom/cgi-bin/webhook/send?key=${MADE_UP}`, 'https://p.example/wecom'],
	])('%s holds the key and the address', (value, origin) => {
		expect(parseWebhookKey(value)).toEqual({ ok: true, key: MADE_UP, origin });
	});

	test.each([
		['', 'empty'],
		['  ', 'empty'],
		[`${MADE_UP} ${MADE_UP}`, 'letters, digits and dashes'],
		[`${MADE_UP}!`, 'letters, digits and dashes'],
		[`"${MADE_UP}"`, 'letters, digits and dashes'],
		['机器人', 'letters, digits and dashes'],
		['a'.repeat(129), 'letters, digits and dashes'],
		[`ftp://h/cgi-bin/webhook/send?key=${MADE_UP}`, 'letters, digits and dashes'],
		[`${ORIGIN}/cgi-bin/webhook/send`, 'no usable key'],
		[`${ORIGIN}/cgi-bin/webhook/send?key=`, 'no usable key'],
		[`${ORIGIN}/cgi-bin/webhook/send?key=a%26b`, 'no usable key'],
		[`${ORIGIN}/cgi-bin/message/send?key=${MADE_UP}`, 'not that of a WeCom webhook'],
		[`https://hooks.example.com/services/${MADE_UP}`, 'not that of a WeCom webhook'],
	])('%j is refused: %s', (value, reason) => {
		expect(parseWebhookKey(value)).toEqual({ ok: false, problem: expect.stringContaining(reason) });
	});

	test('a problem never repeats what was pasted', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 30 }), (noise) => {
				const pasted = `made-up-secret${noise}/\u0000?key=made-up-secret_${noise}`;
				const result = parseWebhookKey(pasted);
				expect(result).toEqual({ ok: false, problem: expect.any(String) });
				expect((result as { problem: string }).problem).not.toContain('made-up-secret');
			}),
		);
	});
});
