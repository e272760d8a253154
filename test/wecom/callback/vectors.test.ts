import * as wecom from '@wecom/crypto';

import {
	decodeEncodingAesKey,
	decrypt,
	encodingAesKeyProblem,
} from '../../../nodes/WeComMedia/wecom/callback/encryptor';
import { readFields } from '../../../nodes/WeComMedia/wecom/callback/messageFields';
import { sign, verify } from '../../../nodes/WeComMedia/wecom/callback/signature';
import {
	envelopeXml,
	negatives,
	openMessage,
	openVerification,
	settingsOf,
	vector,
	vectors,
} from './support';
import type { Vector } from './support';
import { encrypt } from './seal';

const nowOf = ({ timestamp }: Vector) => Number(timestamp) * 1000;

function queryOf(source: Vector) {
	const { msgSignature, timestamp, nonce } = source;
	return { msg_signature: msgSignature, timestamp, nonce };
}

describe.each(vectors.map((source) => [source.id, source] as const))('vector %s', (_id, source) => {
	it('has the signature we compute', () => {
		const { token, timestamp, nonce, msgSignature } = source;
		expect(sign(token, timestamp, nonce, source.encrypt)).toBe(msgSignature);
		expect(verify(msgSignature, token, timestamp, nonce, source.encrypt)).toBe(true);
	});

	it('decrypts to its plaintext and receiver', () => {
		const opened = decrypt(decodeEncodingAesKey(source.encodingAESKey), source.encrypt);
		expect(opened?.message.toString('utf8')).toBe(source.plaintext);
		expect(opened?.receiveId.toString('utf8')).toBe(source.receiveId);
	});

	it('is what we encrypt with the same 16 random bytes', () => {
		const sealed = encrypt(decodeEncodingAesKey(source.encodingAESKey), {
			message: source.plaintext,
			receiveId: source.receiveId,
			random: Buffer.from(source.randomHex, 'hex'),
		});
		expect(sealed).toBe(source.encrypt);
	});
});

const verifications = vectors.filter(({ kind }) => kind === 'url-verification');
const posts = vectors.filter(({ kind }) => kind.startsWith('post-'));

describe('URL verification vectors', () => {
	it.each(verifications.map((source) => [source.id, source] as const))(
		'%s is answered with the bare plaintext',
		(_id, source) => {
			const query = { ...queryOf(source), echostr: source.encrypt };
			expect(openVerification(settingsOf(source), query, { now: nowOf(source) })).toEqual({
				ok: true,
				echo: source.plaintext,
			});
		},
	);

	it.each(
		verifications
			.filter(({ httpRequest }) => httpRequest)
			.map((source) => [source.id, source] as const),
	)('%s is answered from the raw query too', (_id, source) => {
		const { rawQuery = '', expectedResponseBody } = source.httpRequest ?? {};
		const options = { now: nowOf(source) };
		const expected = { ok: true, echo: expectedResponseBody };
		expect(openVerification(settingsOf(source), rawQuery, options)).toEqual(expected);
		expect(openVerification(settingsOf(source), `?${rawQuery}`, options)).toEqual(expected);
	});
});

describe('message vectors', () => {
	it.each(posts.map((source) => [source.id, source] as const))(
		'%s is opened with the fields of its plaintext',
		(_id, source) => {
			const { rawQuery = queryOf(source), body } = source.httpRequest ?? {};
			const bytes = body === undefined ? envelopeXml(source.encrypt) : Buffer.from(body);
			const opened = openMessage(settingsOf(source), rawQuery, bytes, { now: nowOf(source) });
			const { value: fields } = readFields(source.plaintext) as { value: object };
			expect(Object.keys(fields)).not.toEqual([]);
			expect(opened).toMatchObject({
				ok: true,
				received: { fields },
			});
		},
	);

	it.each(['synthetic-upload-media-job-finish', 'synthetic-upload-media-job-finish-json-envelope'])(
		'%s is the end of its job',
		(id) => {
			const source = vector(id);
			const { rawQuery = '', body = '' } = source.httpRequest ?? {};
			const bytes = Buffer.from(body);
			const opened = openMessage(settingsOf(source), rawQuery, bytes, { now: nowOf(source) });
			expect(opened).toMatchObject({
				ok: true,
				received: {
					kind: 'upload_media_job_finish',
					fields: { JobId: 'jobid_S0MrnndvRG5fadSlLwiBqiDDbM143UqTmKP3152FZk4' },
					createTime: 1700000000,
				},
			});
		},
	);

	it('a Chinese file name with &, <, > and an emoji arrives whole', () => {
		const source = vector('synthetic-utf8-message');
		const body = envelopeXml(source.encrypt);
		const opened = openMessage(settingsOf(source), queryOf(source), body, { now: nowOf(source) });
		expect(opened).toMatchObject({
			ok: true,
			received: { fields: { Title: '季度报表 & 附件 <终稿> 😀.xlsx' } },
		});
	});

	it('a suite ticket loses the blank before its CDATA section', () => {
		const source = vector('synthetic-suite-ticket');
		const body = envelopeXml(source.encrypt);
		const opened = openMessage(settingsOf(source), queryOf(source), body, { now: nowOf(source) });
		expect(opened).toMatchObject({
			ok: true,
			received: {
				kind: 'other',
				event: 'suite_ticket',
				createTime: 1700000004,
				fields: { InfoType: 'suite_ticket', SuiteTicket: 'asdfasfdasdfasdf' },
			},
		});
	});

	it('a smart bot message in JSON becomes nested fields', () => {
		const source = vector('synthetic-empty-receiveid');
		const body = Buffer.from(JSON.stringify({ encrypt: source.encrypt }));
		const opened = openMessage(settingsOf(source), queryOf(source), body, { now: nowOf(source) });
		expect(opened).toMatchObject({
			ok: true,
			received: { kind: 'text', msgType: 'text', fields: { text: { content: 'hello 你好' } } },
		});
	});
});

const OUR_REASONS: Record<string, string> = {
	'signature-mismatch': 'signature-mismatch',
	'receive-id-mismatch': 'receiver-mismatch',
	'decrypt-error': 'decrypt-failed',
};

describe('negative vectors', () => {
	const opened = negatives.filter(({ expect: outcome }) => outcome !== 'invalid-key');

	it.each(opened.map((negative) => [negative.id, negative] as const))(
		'%s is refused',
		(_id, negative) => {
			const source = { ...vector(negative.basedOn), ...negative.override };
			const body = envelopeXml(source.encrypt);
			const outcome = openMessage(settingsOf(source), queryOf(source), body, {
				now: nowOf(source),
			});
			expect(outcome).toEqual({
				ok: false,
				status: 403,
				text: 'forbidden',
				reason: OUR_REASONS[negative.expect],
			});
		},
	);

	it('the shortened EncodingAESKey is named as such', () => {
		const shortened = negatives.find(({ expect: outcome }) => outcome === 'invalid-key');
		expect(encodingAesKeyProblem(shortened?.override.encodingAESKey ?? '')).toBe(
			'EncodingAESKey has 42 characters instead of 43',
		);
	});

	it('covers every outcome the fixture knows', () => {
		const outcomes = new Set(negatives.map(({ expect: outcome }) => outcome));
		expect([...outcomes].sort()).toEqual([...Object.keys(OUR_REASONS), 'invalid-key'].sort());
		expect(negatives).toHaveLength(8);
		expect(vectors).toHaveLength(16);
	});
});

describe('vendor library', () => {
	it.each(vectors.map((source) => [source.id, source] as const))(
		'agrees about %s, so the fixture itself is sound',
		(_id, source) => {
			const { message, id } = wecom.decrypt(source.encodingAESKey, source.encrypt);
			expect(message).toBe(source.plaintext);
			expect(id).toBe(source.receiveId);
		},
	);
});
