import { giveBack, joined } from '../../nodes/WeComMedia/n8n/pieces';

const KB = 1024;
const SIZE = 512 * KB;

/** A piece with memory of its own, as a connection brings it. */
const piece = (length: number, value: number) => Buffer.from(new ArrayBuffer(length)).fill(value);

async function* of(pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* pieces;
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
	const got: Buffer[] = [];
	for await (const each of pieces) got.push(Buffer.from(each));
	return got;
}

describe('joined', () => {
	test.each([
		['of a connection', Array<number>(20).fill(64 * KB), [SIZE, SIZE, 256 * KB]],
		['whose first is shorter', [60 * KB, ...Array<number>(10).fill(64 * KB)], [508 * KB, 192 * KB]],
		['larger than asked for', [KB, 2 * SIZE, KB], [KB, 2 * SIZE, KB]],
		['that are empty', [0, KB, 0], [KB]],
		['that are none', [], []],
	])('pieces %s give the same bytes', async (_what, lengths, expected) => {
		const pieces = lengths.map((length, index) => piece(length, index + 1));
		const whole = Buffer.concat(pieces);
		const got = await all(joined(of(pieces), SIZE));
		expect(got.map(({ length }) => length)).toEqual(expected);
		expect(Buffer.concat(got).equals(whole)).toBe(true);
	});

	test('a size of nothing loses nothing', async () => {
		expect(Buffer.concat(await all(joined(of([piece(KB, 1), piece(KB, 2)]), 0)))).toHaveLength(
			2 * KB,
		);
	});

	test('what has been copied takes no memory any more', async () => {
		const pieces = [60, ...Array<number>(10).fill(64)].map((kb) => piece(kb * KB, 1));
		await all(joined(of(pieces), SIZE));
		expect(pieces.map(({ length }) => length)).toEqual(Array(11).fill(0));
	});

	test('what passes as it is keeps its bytes', async () => {
		const large = piece(SIZE + 1, 1);
		const [got] = await all(joined(of([large]), SIZE));
		expect([got.length, large.length]).toEqual([SIZE + 1, SIZE + 1]);
	});

	test('what breaks on the way breaks it, after what came before was read', async () => {
		const source = (async function* () {
			yield piece(64 * KB, 1);
			throw new Error('broken');
		})();
		await expect(all(joined(source, SIZE))).rejects.toThrow('broken');
	});

	test('who stops reading ends the source', async () => {
		let isEnded = false;
		const source = (async function* () {
			try {
				for (;;) yield piece(SIZE, 1);
			} finally {
				isEnded = true;
			}
		})();
		for await (const each of joined(source, SIZE)) {
			expect(each.length).toBe(SIZE);
			break;
		}
		expect(isEnded).toBe(true);
	});
});

test('a part of a larger piece of memory keeps it for its neighbours', () => {
	const memory = piece(64 * KB, 7);
	giveBack(memory.subarray(0, 32 * KB));
	expect(memory.equals(Buffer.alloc(64 * KB, 7))).toBe(true);
});
