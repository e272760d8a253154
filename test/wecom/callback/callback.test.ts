import { decodeEncodingAesKey } from '../../../nodes/WeComMedia/wecom/callback/encryptor';
import type { CallbackSettings } from '../../../nodes/WeComMedia/wecom/callback/callbackSettings';
import {
	aesKey,
	corpId,
	jobXml,
	nonce,
	now,
	openMessage,
	openVerification,
	push,
	pushOf,
	settings,
	token,
	verificationOf,
} from './support';
import { encrypt } from './seal';

const options = { now };
const echostr = encrypt(aesKey, { message: '1616140317555161061', receiveId: corpId });

const FORBIDDEN = { ok: false, status: 403, text: 'forbidden' };

function open({ query, body }: { query: Record<string, string>; body: Buffer }, using = settings) {
	return openMessage(using, query, body, options);
}

describe('URL verification', () => {
	it('is answered with the bare text', () => {
		expect(openVerification(settings, verificationOf(echostr), options)).toEqual({
			ok: true,
			echo: '1616140317555161061',
		});
	});

	it('gets back the + that something on the way made a space', () => {
		// Seals until Base64 holds a plus sign; about one in four texts of this length holds none.
		let sealed = echostr;
		while (!sealed.includes('+')) {
			sealed = encrypt(aesKey, { message: '1616140317555161061', receiveId: corpId });
		}
		const spaced = { ...verificationOf(sealed), echostr: sealed.replace(/\+/g, ' ') };
		expect(openVerification(settings, spaced, options)).toMatchObject({ ok: true });

		const { msg_signature, timestamp: at } = verificationOf(sealed);
		const raw = `msg_signature=${msg_signature}&timestamp=${at}&nonce=${nonce}&echostr=${sealed}`;
		expect(openVerification(settings, raw, options)).toMatchObject({ ok: true });
	});

	it.each<string | Buffer>([
		'<xml></xml>',
		' \n<xml/>',
		'{"a":1}',
		'jobid_S0Mrnndv',
		'1616140317555161061\n',
		'',
		'1'.repeat(65),
		'１６１６',
		Buffer.concat([Buffer.from('1616'), Buffer.from([0xb2, 0xff])]),
	])('does not hand out a recorded message or part of one such as %j', (message) => {
		const sealed = encrypt(aesKey, { message, receiveId: corpId });
		expect(openVerification(settings, verificationOf(sealed), options)).toEqual({
			...FORBIDDEN,
			reason: 'echo-is-none',
		});
	});

	it('of another corp is refused', () => {
		const sealed = encrypt(aesKey, { message: '1', receiveId: 'ww0000000000000000' });
		expect(openVerification(settings, verificationOf(sealed), options)).toEqual({
			...FORBIDDEN,
			reason: 'receiver-mismatch',
		});
	});

	it.each([
		['not Base64', 'not+Base64', 'decrypt-failed'],
		['Base64 of one AES block', 'AAAAAAAAAAAAAAAAAAAAAA==', 'decrypt-failed'],
	])('with an echostr that is %s is refused', (_name, sealed, reason) => {
		expect(openVerification(settings, verificationOf(sealed), options)).toMatchObject({
			ok: false,
			reason,
		});
	});
});

describe('a message', () => {
	it('is opened into its kind, time and fields', () => {
		expect(open(push(jobXml))).toEqual({
			ok: true,
			received: {
				kind: 'upload_media_job_finish',
				msgType: 'event',
				event: 'upload_media_job_finish',
				createTime: 1700000000,
				fields: expect.objectContaining({
					FromUserName: 'sys',
					CreateTime: '1700000000',
				}) as unknown,
			},
		});
	});

	it.each([
		['hello'],
		['<!DOCTYPE x [<!ENTITY a "a">]><xml>&a;</xml>'],
		['<xml><a b="1"/></xml>'],
		[''],
	])('that cannot be read is opened as it came: %s', (text) => {
		expect(open(push(text))).toMatchObject({
			ok: true,
			received: { unreadable: { text } },
		});
	});

	it('may be empty inside its root', () => {
		expect(open(push('<xml></xml>'))).toMatchObject({ ok: true, received: { kind: 'other' } });
	});
});

describe('the receiver', () => {
	const two: CallbackSettings = { ...settings, receiveIds: ['ww1111111111111111', corpId] };
	const bots: CallbackSettings = { ...settings, receiveIds: [corpId, ''] };

	it.each([
		[corpId, true],
		['ww1111111111111111', true],
		['ww2222222222222222', false],
		[corpId.toUpperCase(), false],
		[`${corpId} `, false],
		[corpId.slice(0, -1), false],
		['', false],
	])('%j is accepted by a list of two: %s', (receiveId, accepted) => {
		const outcome = open(push(jobXml, receiveId), two);
		if (accepted) expect(outcome).toMatchObject({ ok: true });
		else expect(outcome).toEqual({ ...FORBIDDEN, reason: 'receiver-mismatch' });
	});

	it('may be empty where that is configured, and still not foreign', () => {
		expect(open(push(jobXml, ''), bots)).toMatchObject({ ok: true });
		expect(open(push(jobXml, corpId), bots)).toMatchObject({ ok: true });
		expect(open(push(jobXml, 'ww2222222222222222'), bots)).toMatchObject({ ok: false });
	});

	it('of no list at all is refused', () => {
		const nobody: CallbackSettings = { ...settings, receiveIds: [] };
		expect(open(push(jobXml, ''), nobody)).toMatchObject({ reason: 'receiver-mismatch' });
	});
});

describe('everything found behind a correct signature', () => {
	const sealed = Buffer.from(encrypt(aesKey, { message: jobXml, receiveId: corpId }), 'base64');
	const otherKey = decodeEncodingAesKey(`A${'b'.repeat(42)}`);
	const flipped = (at: number) => {
		const bytes = Buffer.from(sealed);
		bytes[(at + bytes.length) % bytes.length] ^= 1;
		return bytes;
	};

	const failures: Array<[string, Buffer | string]> = [
		['a cut byte', sealed.subarray(0, -1)],
		['a cut AES block', sealed.subarray(0, -16)],
		['a cut padding block', sealed.subarray(0, -32)],
		['an extra byte', Buffer.concat([sealed, Buffer.alloc(1)])],
		['an extra AES block', Buffer.concat([sealed, sealed.subarray(0, 16)])],
		['an extra padding block', Buffer.concat([sealed, sealed.subarray(0, 32)])],
		['a changed length field', flipped(0)],
		['a changed last block', flipped(-1)],
		['a changed padding byte', flipped(-17)],
		['another AES key', encrypt(otherKey, { message: jobXml, receiveId: corpId })],
		['another corp', encrypt(aesKey, { message: jobXml, receiveId: 'ww0000000000000000' })],
	];

	it.each(failures)('%s is refused', (_name, ciphertext) => {
		const text = Buffer.isBuffer(ciphertext) ? ciphertext.toString('base64') : ciphertext;
		expect(open(pushOf(text))).toMatchObject({ ok: false, status: 403 });
	});

	it('is refused with an answer that is the same to the byte, also for a wrong signature', () => {
		const answers = failures.map(([, ciphertext]) => {
			const text = Buffer.isBuffer(ciphertext) ? ciphertext.toString('base64') : ciphertext;
			const outcome = open(pushOf(text));
			return outcome.ok ? 'opened' : `${outcome.status} ${outcome.text}`;
		});
		const { query, body } = push(jobXml);
		const forged = open({ query: { ...query, msg_signature: 'a'.repeat(40) }, body });
		answers.push(forged.ok ? 'opened' : `${forged.status} ${forged.text}`);
		expect(new Set(answers)).toEqual(new Set(['403 forbidden']));
	});

	it('tells the log no key, token, plaintext or receiver', () => {
		for (const [, ciphertext] of failures) {
			const text = Buffer.isBuffer(ciphertext) ? ciphertext.toString('base64') : ciphertext;
			const logged = JSON.stringify(open(pushOf(text)));
			for (const secret of [token, corpId, 'ww0000000000000000', 'jobid_', 'hello']) {
				expect(logged).not.toContain(secret);
			}
		}
	});

	it('is never read when one bit of the first or last 48 bytes is changed', () => {
		for (let at = -48; at < 48; at += 1) {
			const outcome = open(pushOf(flipped(at).toString('base64')));
			// What WeCom seals has no checksum: a garbled beginning is only seen by whoever reads it.
			if (outcome.ok) expect(outcome.received.unreadable?.problem).toMatch(/./);
			else expect(outcome).toMatchObject({ status: 403 });
		}
	});
});
