import { openMessage } from '../../../nodes/WeComMedia/wecom/callback/callback';
import {
	DEFAULT_MAX_BODY_BYTES,
	readEnvelope,
} from '../../../nodes/WeComMedia/wecom/callback/envelope';
import { corpId, now, push, settings } from './support';

const bytes = (text: string) => Buffer.from(text);

describe('envelope', () => {
	it.each<[string, string, object]>([
		[
			'of XML in the vendor’s order',
			'<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[2]]></AgentID><Encrypt><![CDATA[AAAA]]></Encrypt></xml>',
			{ toUserName: 'ww1', agentId: '2', encrypt: 'AAAA' },
		],
		[
			'of XML in another order, without CDATA',
			'<xml>\n<Encrypt>AAAA</Encrypt>\n<ToUserName>ww1</ToUserName>\n</xml>\n',
			{ toUserName: 'ww1', encrypt: 'AAAA' },
		],
		[
			'with an empty AgentID',
			'<xml><ToUserName>ww1</ToUserName><AgentID></AgentID><Encrypt>AAAA</Encrypt></xml>',
			{ toUserName: 'ww1', encrypt: 'AAAA' },
		],
		[
			'of JSON with lower-case keys',
			'{"tousername":"ww1","encrypt":"AAAA","agentid":"2"}',
			{ toUserName: 'ww1', agentId: '2', encrypt: 'AAAA' },
		],
		[
			'of JSON with a numeric agentid',
			' \n{"encrypt":"AAAA","agentid":1000002}',
			{ toUserName: '', agentId: '1000002', encrypt: 'AAAA' },
		],
		['of a smart bot', '{"encrypt":"AAAA"}', { toUserName: '', encrypt: 'AAAA' }],
		['behind a byte order mark', '\uFEFF{"encrypt":"AAAA"}', { toUserName: '', encrypt: 'AAAA' }],
	])('%s is read', (_name, text, envelope) => {
		expect(readEnvelope(bytes(text))).toEqual({ ok: true, envelope });
	});

	it.each<[string, string, string]>([
		['plain text', 'hello', 'envelope-unreadable'],
		['a form', 'a=1&b=2', 'envelope-unreadable'],
		['half of XML', '<xml><Encrypt>AAAA', 'envelope-unreadable'],
		['another root', '<message><Encrypt>AAAA</Encrypt></message>', 'envelope-unreadable'],
		['a root of text', '<xml>AAAA</xml>', 'envelope-unreadable'],
		['half of JSON', '{"encrypt":"AAAA"', 'envelope-unreadable'],
		['a JSON list', '[{"encrypt":"AAAA"}]', 'envelope-unreadable'],
		[
			'an entity bomb',
			'<!DOCTYPE x [<!ENTITY a "a">]><xml><Encrypt>&a;</Encrypt></xml>',
			'envelope-unreadable',
		],
		[
			'nested CDATA',
			'<xml><Encrypt><![CDATA[<![CDATA[AAAA]]>]]></Encrypt></xml>',
			'envelope-unreadable',
		],
		['deep JSON', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, 'envelope-unreadable'],
		['very deep JSON', `{"a":${'['.repeat(400_000)}`, 'envelope-unreadable'],
		['wide JSON', `{"a":[${'0,'.repeat(5000)}0]}`, 'envelope-unreadable'],
		['no Encrypt', '<xml><ToUserName>ww1</ToUserName></xml>', 'encrypt-missing'],
		['an empty root', '<xml/>', 'encrypt-missing'],
		['an empty Encrypt', '<xml><Encrypt></Encrypt></xml>', 'encrypt-missing'],
		[
			'a repeated Encrypt',
			'<xml><Encrypt>AAAA</Encrypt><Encrypt>AAAA</Encrypt></xml>',
			'encrypt-missing',
		],
		['a nested Encrypt', '<xml><Encrypt><a>AAAA</a></Encrypt></xml>', 'encrypt-missing'],
		[
			'Encrypt in two other spellings',
			'<xml><encrypt>AAAA</encrypt><ENCRYPT>AAAA</ENCRYPT></xml>',
			'encrypt-missing',
		],
		['a null in JSON', '{"encrypt":null}', 'encrypt-missing'],
		['an inherited field', '{"__proto__":{"encrypt":"AAAA"}}', 'encrypt-missing'],
		['text instead of Base64', '<xml><Encrypt>hello world!</Encrypt></xml>', 'encrypt-not-base64'],
		['Base64 without padding', '<xml><Encrypt>AAA</Encrypt></xml>', 'encrypt-not-base64'],
		[
			'Base64 with a line end',
			'<xml><Encrypt><![CDATA[AAAA\nAAAA]]></Encrypt></xml>',
			'encrypt-not-base64',
		],
		['Base64 in the URL alphabet', '{"encrypt":"AA-_"}', 'encrypt-not-base64'],
	])('of %s is refused', (_name, text, reason) => {
		expect(readEnvelope(bytes(text))).toMatchObject({
			ok: false,
			status: 400,
			text: 'bad request',
			reason,
		});
	});

	it.each([undefined, null, '<xml/>', {}, 5, Buffer.alloc(0), [1, 2]])(
		'refuses a body that is no bytes: %j',
		(body) => {
			expect(readEnvelope(body)).toMatchObject({ ok: false, status: 400, reason: 'body-missing' });
		},
	);

	it('keeps to the given size to the byte', () => {
		const body = bytes('{"encrypt":"AAAA"}');
		expect(readEnvelope(body, body.length)).toMatchObject({ ok: true });
		expect(readEnvelope(body, body.length - 1)).toEqual({
			ok: false,
			status: 413,
			text: 'body too large',
			reason: 'body-too-large',
			detail: '18 bytes',
		});
	});

	it('of 10 MB is refused without being read', () => {
		const body = Buffer.alloc(10_000_000, '<');
		const toString = jest.spyOn(body, 'toString');
		const { query } = push('<xml/>');
		expect(openMessage(settings, query, body, { now })).toMatchObject({ status: 413 });
		expect(toString).not.toHaveBeenCalled();
	});

	it('of the largest size is opened when it is genuine', () => {
		const content = 'x'.repeat(700_000);
		const { query, body } = push(`<xml><Content><![CDATA[${content}]]></Content></xml>`, corpId);
		expect(body.length).toBeLessThan(DEFAULT_MAX_BODY_BYTES);
		expect(openMessage(settings, query, body, { now })).toMatchObject({
			ok: true,
			fields: { Content: content },
		});
	});
});
