import fc from 'fast-check';

import { amrDurationMs } from '../../nodes/WeComMedia/wecom/files/measure';

/** Bytes of one stored frame, its type byte included (RFC 4867, tables 1 and 3: speech bits rounded up, plus one). */
const SPEECH_BITS: Record<number, number> = {
	0: 95,
	1: 103,
	2: 118,
	3: 134,
	4: 148,
	5: 159,
	6: 204,
	7: 244,
	8: 39,
	15: 0,
};
const MAGIC = Buffer.from('#!AMR\n');

function frame(type: number): Buffer {
	const bytes = Buffer.alloc(1 + Math.ceil(SPEECH_BITS[type] / 8), 0x5a);
	bytes[0] = (type << 3) | 0x04;
	return bytes;
}

function amr(types: number[]): Buffer {
	return Buffer.concat([MAGIC, ...types.map(frame)]);
}

describe('amrDurationMs', () => {
	test.each(Object.keys(SPEECH_BITS).map(Number))('50 frames of type %d last 1 s', (type) => {
		expect(amrDurationMs(amr(Array<number>(50).fill(type)))).toBe(1000);
	});

	test('3000 frames are exactly 60 s, 3001 are 60.02 s', () => {
		expect(amrDurationMs(amr(Array<number>(3000).fill(7)))).toBe(60_000);
		expect(amrDurationMs(amr(Array<number>(3001).fill(7)))).toBe(60_020);
	});

	test('frame types may change from frame to frame', () => {
		const type = fc.constantFrom(...Object.keys(SPEECH_BITS).map(Number));
		fc.assert(
			fc.property(fc.array(type, { maxLength: 200 }), (types) => {
				expect(amrDurationMs(amr(types))).toBe(types.length * 20);
			}),
		);
	});

	test('quality and padding bits of the type byte do not matter', () => {
		const bytes = amr([7, 7]);
		bytes[6] = 0xff & (0x80 | (7 << 3));
		expect(amrDurationMs(bytes)).toBe(40);
	});

	test('the magic alone lasts 0 s', () => {
		expect(amrDurationMs(MAGIC)).toBe(0);
	});

	test('a Uint8Array that is a view into a larger buffer is read within its bounds', () => {
		const bytes = amr([0, 1, 2]);
		const padded = Buffer.concat([Buffer.alloc(3, 1), bytes, Buffer.alloc(9, 1)]);
		expect(amrDurationMs(new Uint8Array(padded.buffer, padded.byteOffset + 3, bytes.length))).toBe(
			60,
		);
	});

	test.each([
		['ends inside a frame', amr([7, 7]).subarray(0, -1)],
		['holds the unknown frame type 9', Buffer.concat([amr([7]), Buffer.from([9 << 3])])],
		['holds the unknown frame type 14', Buffer.concat([amr([7]), Buffer.from([14 << 3])])],
		['is wide-band', Buffer.concat([Buffer.from('#!AMR-WB\n'), frame(7)])],
		['is SILK', Buffer.from('\x02#!SILK_V3', 'latin1')],
		['is shorter than the magic', Buffer.from('#!AM')],
		['is empty', Buffer.alloc(0)],
	])('a file that %s has no duration', (_what, bytes) => {
		expect(amrDurationMs(bytes)).toBeNaN();
	});

	test('any bytes give a number of milliseconds or NaN', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
				const ms = amrDurationMs(Buffer.concat([MAGIC, tail]));
				expect(Number.isNaN(ms) || (ms >= 0 && ms % 20 === 0)).toBe(true);
			}),
		);
	});
});
