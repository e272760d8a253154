/** What n8n is asked for each item: its panel, its credentials and its storage cost more than the packing of a small file. */
import { Container } from '@n8n/di';
import { BinaryDataService, ExecuteContext } from 'n8n-core';
import { setupScene } from './scene';

const scene = setupScene({ binaryMode: 'filesystem' });

interface Reads {
	_getNodeParameter(
		name: string,
		itemIndex: number,
		fallback?: unknown,
		options?: { rawExpressions?: boolean },
	): unknown;
}

afterEach(() => jest.restoreAllMocks());

const items = (count: number) =>
	Array.from({ length: count }, (_, index) => ({
		json: { name: `报告 ${index}.txt` },
		binary: { data: { bytes: Buffer.from('made-up text'), fileName: 'a.txt' } },
	}));

/** @returns the names of the parameters that were read for more than one item; which of the items is first is open, since they run side by side */
async function readForSeveralItems(options: Record<string, string | number>): Promise<string[]> {
	const read = jest.spyOn(ExecuteContext.prototype as unknown as Reads, '_getNodeParameter');
	const { error, items: results } = await scene.run({ items: items(5), options });
	expect(error).toBeUndefined();
	expect(results).toHaveLength(5);
	const readers = new Map<string, Set<number>>();
	for (const [name, itemIndex] of read.mock.calls) {
		readers.set(name, (readers.get(name) ?? new Set()).add(itemIndex));
	}
	return [...readers].filter(([, indexes]) => indexes.size > 1).map(([name]) => name);
}

test('a value without an expression is read once for all items', async () => {
	expect(await readForSeveralItems({ maxRetries: 2 })).toEqual([]);
});

test('a value with an expression is read for each item, and gives each its own', async () => {
	const options = { fileName: '={{ $json.name }}' };
	expect(await readForSeveralItems(options)).toEqual(['options']);
	const { items: results } = await scene.run({ items: items(3), options });
	expect(results.map(({ json }) => json.file_name)).toEqual([
		'报告 0.txt',
		'报告 1.txt',
		'报告 2.txt',
	]);
});

test('whether a value holds an expression is asked once for all items', async () => {
	const read = jest.spyOn(ExecuteContext.prototype as unknown as Reads, '_getNodeParameter');
	await scene.run({ items: items(5), options: { fileName: '={{ $json.name }}' } });
	const asked = read.mock.calls.filter(([, , , how]) => how?.rawExpressions).map(([name]) => name);
	expect(asked).toEqual([...new Set(asked)]);
	expect(asked).toContain('options');
});

test('the size of a stored file is taken from the item, so its metadata are not read', async () => {
	const metadata = jest.spyOn(Container.get(BinaryDataService), 'getMetadata');
	const { items: results } = await scene.run({ items: items(2) });
	expect(results.map(({ json }) => json.file_size)).toEqual([12, 12]);
	expect(metadata).not.toHaveBeenCalled();
});
