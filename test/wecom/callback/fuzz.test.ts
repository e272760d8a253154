import fc from 'fast-check';

import { dedupeKey } from '../../../nodes/WeComMedia/wecom/callback/events';
import { sign } from '../../../nodes/WeComMedia/wecom/callback/signature';
import {
	aesKey,
	corpId,
	nonce,
	now,
	openMessage,
	openVerification,
	push,
	pushOf,
	settings,
	timestamp,
	token,
	verificationOf,
} from './support';
import { encrypt } from './seal';

const options = { now };
const runs = { numRuns: 500 };

/** Every outcome is either complete success or one of the four public answers. */
function expectWellFormed(outcome: ReturnType<typeof openMessage | typeof openVerification>) {
	if (outcome.ok) return;
	const answers = [
		'400 bad request',
		'401 request is not fresh',
		'403 forbidden',
		'413 body too large',
	];
	expect(answers).toContain(`${outcome.status} ${outcome.text}`);
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const anyQuery = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.webQueryParameters(),
	fc.record(
		{
			msg_signature: fc.string(),
			timestamp: fc.oneof(fc.constant(timestamp), fc.string()),
			nonce: fc.string(),
			echostr: fc.string(),
		},
		{ requiredKeys: [] },
	),
);
const fragments = fc.constantFrom(
	...['<xml>', '</xml>', '<Event>', '</Event>', '<MsgType>event</MsgType>', '<JobId>j</JobId>'],
	...[
		'upload_media_job_finish',
		'<![CDATA[',
		']]>',
		'&amp;',
		'&',
		'<',
		'{',
		'}',
		'"a":',
		'[',
		',',
		'1',
	],
	...['\u0000', '企', '😀', '\uFEFF', '<__proto__/>'],
);
const almostMessage = fc.array(fragments, { maxLength: 20 }).map((parts) => parts.join(''));

describe('fuzz', () => {
	it('no query and no body makes it throw', () => {
		fc.assert(
			fc.property(anyQuery, fc.oneof(bytes, fc.anything()), (query, body) => {
				expectWellFormed(openMessage(settings, query, body, options));
				expectWellFormed(openVerification(settings, query, options));
			}),
			{ numRuns: 2000 },
		);
	});

	it('no body behind a complete query makes it throw', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					bytes,
					almostMessage.map((text) => Buffer.from(text)),
				),
				(body) => {
					const query = { msg_signature: sign(token, timestamp, nonce, ''), timestamp, nonce };
					expectWellFormed(openMessage(settings, query, body, options));
				},
			),
			runs,
		);
	});

	it('no correctly signed ciphertext makes it throw or is taken for genuine', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (array) => {
				const sealed = Buffer.from(array).toString('base64');
				const { query, body } = pushOf(sealed);
				const refused = { ok: false, status: 403, text: 'forbidden' };
				expect(openMessage(settings, query, body, options)).toMatchObject(refused);
				expect(openVerification(settings, verificationOf(sealed), options)).toMatchObject(refused);
			}),
			runs,
		);
	});

	it('every correctly sealed message is opened, whatever it holds, and has a key', () => {
		fc.assert(
			fc.property(fc.oneof(almostMessage, bytes, fc.json()), (message) => {
				const { query, body } = push(message);
				const outcome = openMessage(settings, query, body, options);
				expect(outcome.ok).toBe(true);
				if (outcome.ok) expect(dedupeKey(outcome.received)).not.toBe('');
				const sealed = encrypt(aesKey, { message, receiveId: corpId });
				expectWellFormed(openVerification(settings, verificationOf(sealed), options));
			}),
			runs,
		);
	});

	it('every JSON object that is sealed correctly is opened', () => {
		const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
		fc.assert(
			fc.property(object, (value) => {
				const { query, body } = push(JSON.stringify(value));
				expect(openMessage(settings, query, body, options)).toMatchObject({ ok: true });
			}),
			runs,
		);
	});
});
