import * as wecom from '@wecom/crypto';
import fc from 'fast-check';

import { sameBytes, sign, verify } from '../../../nodes/WeComMedia/wecom/callback/signature';
import { nonce, timestamp, token, vector } from './support';

const sealed = vector('synthetic-padding-1').encrypt;
const genuine = sign(token, timestamp, nonce, sealed);

describe('signature', () => {
	it('is the one of the vendor library', () => {
		const ascii = fc.string({ unit: 'grapheme-ascii' });
		fc.assert(
			fc.property(ascii, ascii, ascii, ascii, (first, second, third, fourth) => {
				expect(sign(first, second, third, fourth)).toBe(
					wecom.getSignature(first, second, third, fourth),
				);
			}),
		);
	});

	it('sorts by bytes, where JavaScript would sort by UTF-16 units', () => {
		// U+FF01 comes before U+1F600 in UTF-8 and after its surrogates in UTF-16.
		expect(sign('\u{1F600}', '\uFF01', '', '')).toBe(sign('\uFF01\u{1F600}', '', '', ''));
	});

	it.each([
		['the genuine one', genuine, true],
		['another last digit', genuine.slice(0, -1) + (genuine.endsWith('0') ? '1' : '0'), false],
		['upper case', genuine.toUpperCase(), false],
		['one digit short', genuine.slice(0, -1), false],
		['one digit long', `${genuine}0`, false],
		['a blank behind it', `${genuine} `, false],
		['nothing', '', false],
		['a long text', 'a'.repeat(100_000), false],
	])('%s verifies: %s -> %s', (_name, signature, expected) => {
		expect(verify(signature, token, timestamp, nonce, sealed)).toBe(expected);
	});

	it.each([
		['another token', ['AnotherToken', timestamp, nonce, sealed]],
		['another timestamp', [token, '1700000002', nonce, sealed]],
		['another nonce', [token, timestamp, '1', sealed]],
		['another ciphertext', [token, timestamp, nonce, `${sealed}A`]],
		['only three fields', [token, timestamp, nonce, '']],
	])('over %s does not verify', (_name, [first, second, third, fourth]) => {
		expect(verify(genuine, first, second, third, fourth)).toBe(false);
	});
});

describe('constant-time comparison', () => {
	it('agrees with plain equality for any lengths', () => {
		const bytes = fc.uint8Array({ maxLength: 8, max: 2 });
		fc.assert(
			fc.property(bytes, bytes, (left, right) => {
				expect(sameBytes(left, right)).toBe(Buffer.from(left).equals(right));
				expect(sameBytes(left, Uint8Array.from(left))).toBe(true);
			}),
		);
	});
});
