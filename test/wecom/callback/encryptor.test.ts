import * as wecom from '@wecom/crypto';
import { createCipheriv } from 'crypto';
import fc from 'fast-check';

import {
	EncodingAesKeyError,
	decodeEncodingAesKey,
	decrypt,
	isStrictBase64,
} from '../../../nodes/WeComMedia/wecom/callback/encryptor';
import { aesKey, corpId, encodingAesKey, vector } from './support';
import { encrypt } from './seal';

/** Text as WeCom carries it: Chinese, emoji, controls; no lone surrogates, which UTF-8 cannot hold. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: fc.constantFrom('企', '业', '微', '信', '😀', '👨‍👩‍👧', 'a', '\u0000', '\n') }),
);
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
const anyKey = fc.string({ unit: fc.constantFrom(...letters), minLength: 43, maxLength: 43 });

/** AES over given plain bytes, without the layout or padding that encrypt() would add. */
function sealRaw(plain: Buffer): string {
	const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16));
	cipher.setAutoPadding(false);
	return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

/** 16 random | length | 8 bytes of message | corpid | padding, with the padding given. */
function plainWith(padding: number[], length = 8): Buffer {
	const head = Buffer.alloc(20);
	head.writeUInt32BE(length, 16);
	const content = Buffer.concat([head, Buffer.from('message!'), Buffer.from(corpId)]);
	return Buffer.concat([content, Buffer.from(padding)]);
}

/** 20 + 8 + 18 bytes of content leave 18 to fill 64. */
const PADDING = Array<number>(18).fill(18);

describe('EncodingAESKey', () => {
	it('of 43 letters and digits decodes to 32 bytes, blanks around it forgiven', () => {
		expect(aesKey).toHaveLength(32);
		expect(decodeEncodingAesKey(` \t${encodingAesKey}\r\n`)).toEqual(aesKey);
	});

	it('may carry surplus bits in its last character', () => {
		const start = encodingAesKey.slice(0, 42);
		// E = 000100 has no surplus bits; F, G and H differ from it in the last two only.
		for (const last of ['E', 'F', 'G', 'H']) {
			expect(decodeEncodingAesKey(start + last)).toEqual(decodeEncodingAesKey(`${start}E`));
		}
	});

	it.each([
		['', 'EncodingAESKey is empty'],
		['   ', 'EncodingAESKey is empty'],
		['a'.repeat(42), 'EncodingAESKey has 42 characters instead of 43'],
		['a'.repeat(44), 'EncodingAESKey has 44 characters instead of 43'],
		[`${'a'.repeat(43)}=`, 'EncodingAESKey has 44 characters instead of 43'],
		[`${'a'.repeat(42)}+`, 'EncodingAESKey contains something other than letters and digits'],
		[
			`${'a'.repeat(20)} ${'a'.repeat(22)}`,
			'EncodingAESKey contains something other than letters and digits',
		],
		[`${'a'.repeat(42)}钥`, 'EncodingAESKey contains something other than letters and digits'],
	])('%j is refused with its own error', (key, message) => {
		expect(() => decodeEncodingAesKey(key)).toThrow(EncodingAesKeyError);
		expect(() => decodeEncodingAesKey(key)).toThrow(message);
	});
});

describe('encrypt and decrypt', () => {
	it('open what the vendor library seals', () => {
		fc.assert(
			fc.property(anyKey, anyText, fc.string(), (key, message, receiveId) => {
				const opened = decrypt(decodeEncodingAesKey(key), wecom.encrypt(key, message, receiveId));
				expect(opened?.message.toString('utf8')).toBe(message);
				expect(opened?.receiveId.toString('utf8')).toBe(receiveId);
			}),
		);
	});

	it('seal what the vendor library opens', () => {
		fc.assert(
			fc.property(anyKey, anyText, fc.string(), (key, message, receiveId) => {
				const sealed = encrypt(decodeEncodingAesKey(key), { message, receiveId });
				expect(wecom.decrypt(key, sealed)).toMatchObject({ message, id: receiveId });
			}),
		);
	});

	it('agree byte for byte with the vendor library when the random bytes are given', () => {
		const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
		fc.assert(
			fc.property(anyKey, anyText, sixteenBytes, (key, message, bytes) => {
				const random = Buffer.from(bytes);
				const ours = encrypt(decodeEncodingAesKey(key), { message, receiveId: corpId, random });
				expect(ours).toBe(wecom.encrypt(key, message, corpId, random));
			}),
		);
	});

	it('agree at every length from 0 to 100 bytes, across the 32-byte borders', () => {
		for (let length = 0; length <= 100; length += 1) {
			const message = 'x'.repeat(length);
			const sealed = encrypt(aesKey, { message, receiveId: corpId });
			expect(Buffer.from(sealed, 'base64').length % 32).toBe(0);
			expect(wecom.decrypt(encodingAesKey, sealed).message).toBe(message);
			const theirs = wecom.encrypt(encodingAesKey, message, corpId);
			expect(decrypt(aesKey, theirs)?.message.toString()).toBe(message);
		}
	});

	it('take bytes as well as text', () => {
		const message = Buffer.from([0, 255, 128, 10]);
		const sealed = encrypt(aesKey, { message, receiveId: '' });
		expect(decrypt(aesKey, sealed)).toEqual({ message, receiveId: Buffer.alloc(0) });
	});

	it('use fresh random bytes unless some are given', () => {
		const input = { message: 'same', receiveId: corpId };
		expect(encrypt(aesKey, input)).not.toBe(encrypt(aesKey, input));
	});

	it('refuse random bytes of another length', () => {
		const random = Buffer.alloc(15);
		expect(() => encrypt(aesKey, { message: '', receiveId: '', random })).toThrow(RangeError);
	});
});

describe('decrypt', () => {
	const good = plainWith(PADDING);
	const genuine = Buffer.from(vector('official-message-post').encrypt, 'base64');

	it('opens the plain bytes that the broken ones below are made of', () => {
		expect(decrypt(aesKey, sealRaw(good))?.message.toString()).toBe('message!');
	});

	it.each<[string, string]>([
		['padding 0', sealRaw(plainWith([...PADDING.slice(1), 0]))],
		[
			'padding 33',
			sealRaw(Buffer.concat([plainWith(PADDING.map(() => 33)), Buffer.alloc(32, 33)])),
		],
		['padding 255', sealRaw(plainWith([...PADDING.slice(1), 255]))],
		['uneven padding, wrong in its first byte', sealRaw(plainWith([17, ...PADDING.slice(1)]))],
		[
			'uneven padding, wrong in its middle',
			sealRaw(plainWith(PADDING.map((byte, at) => (at === 9 ? 0 : byte)))),
		],
		['a length field one beyond the end', sealRaw(plainWith(PADDING, 8 + corpId.length + 1))],
		[
			'a length field that reaches into the padding',
			sealRaw(plainWith(PADDING, 8 + corpId.length + 18)),
		],
		['the largest length field', sealRaw(plainWith(PADDING, 0xffffffff))],
		['padding over the head', sealRaw(Buffer.alloc(32, 32))],
		['a cut of one byte', genuine.subarray(0, -1).toString('base64')],
		['a cut of one AES block', genuine.subarray(0, -16).toString('base64')],
		['a cut of one padding block', genuine.subarray(0, -32).toString('base64')],
		['an extra byte', Buffer.concat([genuine, Buffer.alloc(1)]).toString('base64')],
		['an extra padding block', Buffer.concat([genuine, Buffer.alloc(32)]).toString('base64')],
		['one AES block', genuine.subarray(0, 16).toString('base64')],
		[
			'swapped blocks',
			Buffer.concat([genuine.subarray(32), genuine.subarray(0, 32)]).toString('base64'),
		],
		['nothing', ''],
		['text that is not Base64', 'not Base64!'],
		['Base64 in the URL alphabet', genuine.toString('base64url')],
	])('gives the same undefined for %s', (_name, sealed) => {
		const { encodingAESKey } = vector('official-message-post');
		expect(decrypt(decodeEncodingAesKey(encodingAESKey), sealed)).toBeUndefined();
		expect(decrypt(aesKey, sealed)).toBeUndefined();
	});

	it('takes a length field that ends exactly at the padding as an empty receiver', () => {
		const opened = decrypt(aesKey, sealRaw(plainWith(PADDING, 8 + corpId.length)));
		expect(opened?.receiveId).toHaveLength(0);
	});

	it('survives any bytes of any length', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(() => decrypt(aesKey, Buffer.from(bytes).toString('base64'))).not.toThrow();
			}),
		);
	});

	it('survives any plain bytes behind a correct cipher, and never reads outside them', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(40), (bytes, padding) => {
				const plain = Buffer.from(bytes).fill(padding, 64 - Math.min(padding, 64));
				plain[63] = padding;
				const opened = decrypt(aesKey, sealRaw(plain));
				if (!opened) return;
				const { message, receiveId } = opened;
				expect(20 + message.length + receiveId.length + padding).toBe(64);
			}),
		);
	});
});

describe('strict Base64', () => {
	it.each([
		'',
		'A',
		'AA',
		'AAA',
		'AB==',
		'AAB=',
		'A===',
		'AA=A',
		'AAAA ',
		' AAAA',
		'AA\nAA',
		'AA-_',
		'企业微信',
	])('%j is refused', (text) => {
		expect(isStrictBase64(text)).toBe(false);
	});

	it('takes what an encoder writes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
				expect(isStrictBase64(Buffer.from(bytes).toString('base64'))).toBe(true);
			}),
		);
	});
});
