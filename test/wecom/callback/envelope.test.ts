import {
	APP_LIMITS,
	BOT_LIMITS,
	readEnvelope,
} from '../../../nodes/WeComMedia/wecom/callback/envelope';
import { now, openMessage, push, settings } from './support';

const bytes = (text: string) => Buffer.from(text);

describe('envelope', () => {
	it.each<[string, string, string?]>([
		[
			'of XML in the vendor’s order',
			'<xml><ToUserName><![CDATA[ww1]]></ToUserName><AgentID><![CDATA[2]]></AgentID><Encrypt><![CDATA[AAAA]]></Encrypt></xml>',
		],
		[
			'of XML in another order, without CDATA',
			'<xml>\n<Encrypt>AAAA</Encrypt>\n<ToUserName>ww1</ToUserName>\n</xml>\n',
		],
		[
			'with an empty AgentID',
			'<xml><ToUserName>ww1</ToUserName><AgentID></AgentID><Encrypt>AAAA</Encrypt></xml>',
		],
		['of JSON with lower-case keys', '{"tousername":"ww1","encrypt":"AAAA","agentid":"2"}'],
		['of JSON with a numeric agentid', ' \n{"encrypt":"AAAA","agentid":1000002}'],
		['of a smart bot', '{"encrypt":"AAAA"}'],
		['behind a byte order mark', '\uFEFF{"encrypt":"AAAA"}'],
		['of JSON as PHP writes it', '{"encrypt":"AA\\/A"}', 'AA/A'],
		['of JSON with a capital, as Tencent’s plugin reads it', '{"Encrypt" : "AAAA"}'],
		['behind a declaration', '<?xml version="1.0"?>\n<xml><Encrypt>AAAA</Encrypt></xml>'],
	])('%s is read', (_name, text, encrypt = 'AAAA') => {
		expect(readEnvelope(bytes(text))).toEqual({ ok: true, encrypt });
	});

	it.each<[string, string, string]>([
		['plain text', 'hello', 'envelope-unreadable'],
		['a form', 'a=1&b=2', 'envelope-unreadable'],
		['half of XML', '<xml><Encrypt>AAAA', 'envelope-unreadable'],
		['another root', '<message><Encrypt>AAAA</Encrypt></message>', 'envelope-unreadable'],
		['a root of text', '<xml>AAAA</xml>', 'encrypt-missing'],
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
			'encrypt-not-base64',
		],
		['deep JSON', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, 'encrypt-missing'],
		['very deep JSON', `{"a":${'['.repeat(60_000)}`, 'envelope-unreadable'],
		['wide JSON', `{"a":[${'0,'.repeat(5000)}0]}`, 'encrypt-missing'],
		['no Encrypt', '<xml><ToUserName>ww1</ToUserName></xml>', 'encrypt-missing'],
		['an empty root', '<xml/>', 'envelope-unreadable'],
		['an empty Encrypt', '<xml><Encrypt></Encrypt></xml>', 'encrypt-missing'],
		[
			'a repeated Encrypt',
			'<xml><Encrypt>AAAA</Encrypt><Encrypt>AAAA</Encrypt></xml>',
			'encrypt-missing',
		],
		['fields in Encrypt', '<xml><Encrypt><a>AAAA</a></Encrypt></xml>', 'encrypt-not-base64'],
		['Encrypt in another spelling', '<xml><encrypt>AAAA</encrypt></xml>', 'encrypt-missing'],
		['a null in JSON', '{"encrypt":null}', 'encrypt-missing'],
		['a list in JSON', '{"encrypt":["AAAA"]}', 'encrypt-missing'],
		['a repeated encrypt in JSON', '{"encrypt":"AAAA","encrypt":"AAAA"}', 'encrypt-missing'],
		['an encrypt that does not end', '{"encrypt":"AAAA}', 'encrypt-missing'],
		['an end before the beginning', '<xml></Encrypt><Encrypt>AAAA</xml>', 'encrypt-missing'],
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

	it.each([
		['of an app', 'XML', APP_LIMITS, 65_536],
		['of an app', 'JSON', APP_LIMITS, 65_536],
		['of a smart bot', 'XML', BOT_LIMITS, 65_536],
		['of a smart bot', 'JSON', BOT_LIMITS, 1_048_576],
	])('%s in %s keeps to its size to the byte', (_whose, form, limits, size) => {
		const [start, end] =
			form === 'XML' ? ['<xml>', '<Encrypt>AAAA</Encrypt></xml>'] : ['{', '"encrypt":"AAAA"}'];
		const body = (length: number) => bytes(start + end.padStart(length - start.length));
		expect(readEnvelope(body(size), limits)).toEqual({ ok: true, encrypt: 'AAAA' });
		expect(readEnvelope(body(size + 1), limits)).toEqual({
			ok: false,
			status: 413,
			text: 'body too large',
			reason: 'body-too-large',
			detail: `${size + 1} bytes`,
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
		const content = 'x'.repeat(47_000);
		const { query, body } = push(`<xml><Content><![CDATA[${content}]]></Content></xml>`);
		expect(body.length).toBeGreaterThan(62_000);
		expect(openMessage(settings, query, body, { now })).toMatchObject({
			ok: true,
			received: { fields: { Content: content } },
		});
	});
});
