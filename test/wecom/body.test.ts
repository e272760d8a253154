/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { Readable } from 'node:stream';

import { bytesOf, readAll, streamOf, toBuffer } from '../../nodes/WeComMedia/wecom/client/body';
import { WeComTransferError } from '../../nodes/WeComMedia/wecom/client/errors';
import type { ByteStream } from '../../nodes/WeComMedia/wecom/client/wire';
import { failureOf } from './scene';

const pieces = (...texts: string[]) =>
	Readable.from(
		texts.map((text) => Buffer.from(text)),
		{ objectMode: false },
	);

async function textOf(stream: ByteStream): Promise<string> {
	let text = '';
	for await (const piece of stream) text += toBuffer(piece).toString();
	return text;
}

describe('toBuffer', () => {
	test('a view is turned into a Buffer over the same memory, with its offset and length', () => {
		const memory = Uint8Array.from([1, 2, 3, 4, 5]);
		const buffer = toBuffer(memory.subarray(1, 4));
		expect([...buffer]).toEqual([2, 3, 4]);
		memory[2] = 9;
		expect(buffer[1]).toBe(9);
	});

	test('text is taken as UTF-8, a Buffer stays the same object', () => {
		const buffer = Buffer.from('x');
		expect(toBuffer(buffer)).toBe(buffer);
		expect(toBuffer('报').toString('hex')).toBe('e68aa5');
	});
});

describe('bytesOf', () => {
	test.each([
		['fewer bytes than wanted', 10, true],
		['exactly the bytes wanted', 6, true],
		['one byte more than wanted', 5, false],
		['more than wanted in its first piece', 2, false],
		['bytes although none are wanted', 0, false],
	])('a stream with %s is looked at without losing a byte', async (_what, count, ended) => {
		const looked = await bytesOf(pieces('abc', 'def'), count);
		expect(looked.ended).toBe(ended);
		expect('abcdef').toContain(looked.start.toString());
		expect(looked.start.length).toBeGreaterThanOrEqual(Math.min(count, 6));
		expect(await textOf(looked.rest)).toBe('abcdef');
	});

	test('an empty stream has no start and has ended', async () => {
		const looked = await bytesOf(pieces(), 64);
		expect(looked).toMatchObject({ start: Buffer.alloc(0), ended: true });
		expect(await textOf(looked.rest)).toBe('');
	});

	test('whoever stops reading the rest closes the source', async () => {
		const source = pieces('abc', 'def', 'ghi');
		const { rest } = await bytesOf(source, 1);
		for await (const piece of rest) {
			expect(toBuffer(piece).toString()).toBe('abc');
			break;
		}
		expect(source.destroyed).toBe(true);
	});

	test('the rest can be closed before anything of it was read', async () => {
		const source = pieces('abc', 'def');
		const { rest } = await bytesOf(source, 1);
		rest.destroy?.();
		expect(source.destroyed).toBe(true);
	});

	test('a source that breaks while it is looked at passes its error on', async () => {
		const broken = new Readable({
			read() {
				this.destroy(new Error('disk gone'));
			},
		});
		await expect(bytesOf(broken, 10)).rejects.toThrow('disk gone');
	});
});

describe('readAll', () => {
	test('a body of exactly the limit is read', async () => {
		expect((await readAll(pieces('abc', 'def'), 6, 'call')).toString()).toBe('abcdef');
	});

	test('a longer body is an error and its source is closed', async () => {
		const source = pieces('abc', 'def');
		const failure = await failureOf(readAll(source, 5, 'some/call'), WeComTransferError);
		expect(failure.message).toBe('some/call was answered with more than 5 bytes');
		expect(source.destroyed).toBe(true);
	});

	test('a Buffer is given as it is', async () => {
		const bytes = Buffer.from('abc');
		expect(await readAll(bytes, 3, 'call')).toEqual(bytes);
		expect(await textOf(streamOf(bytes))).toBe('abc');
	});
});
