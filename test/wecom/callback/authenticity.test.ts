/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import crypto from 'crypto';

import {
	MAX_AGE_SECONDS,
	MAX_CLOCK_SKEW_SECONDS,
} from '../../../nodes/WeComMedia/wecom/callback/callback';
import { sign } from '../../../nodes/WeComMedia/wecom/callback/signature';
import {
	aesKey,
	corpId,
	envelopeXml,
	jobXml,
	nonce,
	now,
	openMessage,
	openVerification,
	push,
	pushOf,
	settings,
	timestamp,
	token,
} from './support';
import { encrypt } from './seal';

const options = { now };

const FORBIDDEN = { ok: false, status: 403, text: 'forbidden' };
const BAD_REQUEST = { ok: false, status: 400, text: 'bad request' };

describe('the query', () => {
	const { query, body } = push(jobXml);

	it.each(['msg_signature', 'timestamp', 'nonce'])('without %s is refused', (name) => {
		for (const incomplete of [
			{ ...query, [name]: undefined },
			{ ...query, [name]: '' },
		]) {
			expect(openMessage(settings, incomplete, body, options)).toEqual({
				...BAD_REQUEST,
				reason: 'parameter-missing',
				detail: name,
			});
		}
	});

	it('without echostr is refused', () => {
		expect(openVerification(settings, query, options)).toMatchObject({
			reason: 'parameter-missing',
			detail: 'echostr',
		});
	});

	it.each(['msg_signature', 'timestamp', 'nonce'])('with %s repeated is refused', (name) => {
		const once = new URLSearchParams(query).toString();
		for (const again of [`${name}=${query[name]}`, `${name}=`, name]) {
			expect(openMessage(settings, `${once}&${again}`, body, options)).toEqual({
				...BAD_REQUEST,
				reason: 'parameter-repeated',
				detail: name,
			});
		}
	});

	it('may carry parameters of its own', () => {
		const raw = `?flow=1&flow=2&flag&${new URLSearchParams(query).toString()}`;
		expect(openMessage(settings, raw, body, options)).toMatchObject({ ok: true });
	});

	it.each([
		['a broken escape', '%E4%BD', 'query-unreadable'],
		['more than 2 KiB', `a=${'x'.repeat(2048)}`, 'query-too-long'],
		['1,000 parameters more', '&a'.repeat(1000), 'query-too-long'],
	])('with %s is refused', (_name, raw, reason) => {
		const whole = `${new URLSearchParams(query).toString()}&${raw}`;
		expect(openMessage(settings, whole, body, options)).toEqual({ ...BAD_REQUEST, reason });
	});

	it('of exactly 2,048 characters is read, one more is not even decoded', () => {
		const whole = `${new URLSearchParams(query).toString()}&a=`;
		const padded = whole.padEnd(2048, 'x');
		expect(openMessage(settings, padded, body, options)).toMatchObject({ ok: true });
		const decode = jest.spyOn(global, 'decodeURIComponent');
		expect(openMessage(settings, `${padded}x`, body, options)).toMatchObject({ ok: false });
		expect(decode).not.toHaveBeenCalled();
		decode.mockRestore();
	});

	it('is read up to the first that is repeated, and no further', () => {
		const raw = `${new URLSearchParams(query).toString()}${'&nonce'.repeat(300)}`;
		const decode = jest.spyOn(global, 'decodeURIComponent');
		expect(openMessage(settings, raw, body, options)).toMatchObject({
			reason: 'parameter-repeated',
		});
		expect(decode).toHaveBeenCalledTimes(2 * 4);
		decode.mockRestore();
	});
});

describe('the signature', () => {
	const sealed = encrypt(aesKey, { message: jobXml, receiveId: corpId });

	it.each([
		['without the ciphertext', sign(token, timestamp, nonce, '')],
		['without the token', sign('', timestamp, nonce, sealed)],
		['over the whole body', sign(token, timestamp, nonce, envelopeXml(sealed).toString())],
		['over the plaintext', sign(token, timestamp, nonce, jobXml)],
		['over another nonce', sign(token, timestamp, '1', sealed)],
		['over the token with a blank', sign(`${token} `, timestamp, nonce, sealed)],
		['in upper case', sign(token, timestamp, nonce, sealed).toUpperCase()],
		['of another length', 'a'],
	])('%s is refused', (_name, msg_signature) => {
		const query = { ...pushOf(sealed).query, msg_signature };
		expect(openMessage(settings, query, envelopeXml(sealed), options)).toEqual({
			...FORBIDDEN,
			reason: 'signature-mismatch',
		});
	});

	it('is checked before anything is decrypted', () => {
		const { query, body } = pushOf('AAAA');
		const forged = { ...query, msg_signature: 'a'.repeat(40) };
		expect(openMessage(settings, forged, body, options)).toMatchObject({
			reason: 'signature-mismatch',
		});
	});

	it('does not let timestamp and nonce swap their roles, although their sum is the same', () => {
		const swapped = { ...pushOf(sealed).query, timestamp: nonce, nonce: timestamp };
		expect(openMessage(settings, swapped, envelopeXml(sealed), options)).toMatchObject({
			ok: false,
			reason: 'not-fresh',
		});
	});
});

describe('before the signature is known to be right', () => {
	it.each<[string, string | Buffer]>([
		['XML', `<xml>${'<a/>'.repeat(16_000)}<Encrypt>AAAA</Encrypt></xml>`],
		['nested XML', `<xml>${'<a>'.repeat(20_000)}<Encrypt>AAAA</Encrypt></xml>`],
		['JSON', `{"a":[${'0,'.repeat(30_000)}0],"encrypt":"AAAA"}`],
		['a long ciphertext', `<xml><Encrypt>${'A'.repeat(65_000)}</Encrypt></xml>`],
	])('nothing is parsed and nothing decrypted: %s', (_name, body) => {
		const { query } = pushOf('AAAA');
		const forged = { ...query, msg_signature: 'a'.repeat(40) };
		const spies = [
			jest.spyOn(JSON, 'parse'),
			jest.spyOn(crypto, 'createDecipheriv'),
			jest.spyOn(Buffer, 'from'),
		];
		const outcome = openMessage(settings, forged, Buffer.from(body), options);
		const [parsed, decrypted, copied] = spies.map(({ mock }) => mock.calls.length);
		spies.forEach((spy) => spy.mockRestore());
		expect(outcome).toMatchObject({ reason: 'signature-mismatch' });
		// One copy is the test's own; four are signed, two compared.
		expect({ parsed, decrypted, copied }).toEqual({ parsed: 0, decrypted: 0, copied: 7 });
	});
});

describe('the time inside the sealed message', () => {
	const sealed = (createTime: number) =>
		push(`<xml><MsgType>text</MsgType><CreateTime>${createTime}</CreateTime></xml>`);
	const nowSeconds = now / 1000;

	it.each([
		[0, undefined],
		[600, undefined],
		[601, 601],
		[1_000_000, 1_000_000],
		[-100_000, undefined],
	])('%d s old: stale %s', (age, staleSeconds) => {
		const { query, body } = sealed(nowSeconds - age);
		const outcome = openMessage(settings, query, body, options);
		expect(outcome.ok && outcome.staleSeconds).toBe(staleSeconds);
	});

	it('gives a recorded push away whose nonce was made its timestamp', () => {
		// Ten digits that are a time years later: whoever swaps them sends a fresh push with the old signature.
		const later = String(nowSeconds + 100_000_000);
		const recorded = encrypt(aesKey, { message: jobXml, receiveId: corpId });
		const msg_signature = sign(token, timestamp, later, recorded);
		const swapped = { msg_signature, timestamp: later, nonce: timestamp };
		const replayed = openMessage(settings, swapped, envelopeXml(recorded), {
			now: Number(later) * 1000,
		});
		expect(replayed).toMatchObject({ ok: true, staleSeconds: 100_000_001 });
	});

	it('counts for what cannot be read, too', () => {
		const { query, body } = push('<xml><CreateTime><![CDATA[1600000000]]></CreateTime><!--');
		expect(openMessage(settings, query, body, options)).toMatchObject({
			ok: true,
			staleSeconds: 100_000_001,
		});
	});
});

describe('the timestamp', () => {
	const { query, body } = push(jobXml);
	const at = (secondsLater: number, maxAgeSeconds?: number) =>
		openMessage(settings, query, body, { now: now + secondsLater * 1000, maxAgeSeconds });

	it.each([
		[0, undefined, true],
		[20, undefined, true],
		[MAX_AGE_SECONDS.default, undefined, true],
		[MAX_AGE_SECONDS.default + 1, undefined, false],
		[-MAX_CLOCK_SKEW_SECONDS, undefined, true],
		[-MAX_CLOCK_SKEW_SECONDS - 1, undefined, false],
		[3600, 3600, true],
		[3601, 3600, false],
		[MAX_AGE_SECONDS.max, 1_000_000, true],
		[MAX_AGE_SECONDS.max + 1, 1_000_000, false],
		// Whatever is configured, WeCom's own three repeats after 5 s each get through.
		[MAX_AGE_SECONDS.min, 0, true],
		[MAX_AGE_SECONDS.min + 1, 0, false],
		[MAX_AGE_SECONDS.min, -5, true],
		[MAX_AGE_SECONDS.default, NaN, true],
		[MAX_AGE_SECONDS.default + 1, NaN, false],
	])('%d s old with a window of %s s is accepted: %s', (seconds, maxAge, accepted) => {
		expect(at(seconds, maxAge).ok).toBe(accepted);
	});

	it('outside the window is refused with its age for the log', () => {
		expect(at(601)).toEqual({
			ok: false,
			status: 401,
			text: 'request is not fresh',
			reason: 'not-fresh',
			detail: '601 s old, at most 600 s accepted',
		});
	});

	it('is refused when the clock is not a number', () => {
		expect(openMessage(settings, query, body, { now: NaN })).toMatchObject({ reason: 'not-fresh' });
	});

	it.each([
		'17000000',
		'17000000010',
		'1700000001.0',
		'-170000000',
		'0x6553f101',
		' 1700000001',
		'１７００００００００',
	])('%j is refused although it is signed', (odd) => {
		const sealed = encrypt(aesKey, { message: jobXml, receiveId: corpId });
		const signed = { msg_signature: sign(token, odd, nonce, sealed), timestamp: odd, nonce };
		expect(openMessage(settings, signed, envelopeXml(sealed), options)).toEqual({
			...BAD_REQUEST,
			reason: 'timestamp-malformed',
		});
	});
});
