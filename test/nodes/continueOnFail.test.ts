import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { sampleFile, setupScene } from './scene';
import type { TestItem } from '../helpers/runNode';

const scene = setupScene();

const good = (n: number): TestItem => ({
	json: { n },
	binary: { data: sampleFile('report.pdf', `report-${n}.pdf`) },
});
const tiny: TestItem = {
	json: { n: 'tiny' },
	binary: { data: { bytes: 'abcde', fileName: 'tiny.txt' } },
};
const tinyAs = (field: string) => ({ [field]: tiny.binary!.data });
const fileAs = (field: string) => ({ [field]: sampleFile('report.pdf', `${field}.pdf`) });
const tinyFailed = {
	error: "'tiny.txt' has 5 bytes; WeCom app takes files of at least 6 bytes",
	hint: expect.stringMatching(/^\w.*\.$/) as string,
};

describe('"Continue": a failed item stands in its own place', () => {
	test('and harms no sibling', async () => {
		const items = [good(0), tiny, good(2)];
		const run = await scene.run({ items, onError: 'continueRegularOutput' });
		expect(run.run.status).toBe('success');
		expect(run.items.map(({ json }) => json.file_name ?? json)).toEqual([
			'report-0.pdf',
			tinyFailed,
			'report-2.pdf',
		]);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	test("with WeCom's code, text and what to do", async () => {
		const mediaId = scene.simulator.state.addMedia({ bytes: Buffer.from('a file') });
		const { items } = await scene.run({
			operation: 'get',
			parameters: { mediaId: '={{ $json.id }}' },
			items: [{ json: { id: 'made-up-media-id' } }, { json: { id: mediaId } }],
			onError: 'continueRegularOutput',
		});
		expect(items[0].json).toEqual({
			error: 'media/get failed (40007: The media_id is not valid)',
			errcode: 40007,
			errmsg: expect.stringMatching(/^invalid media_id, hint: \[\w+\], from ip: /) as string,
			hint: expect.stringContaining('Upload the file again') as string,
		});
		expect(items[1].json).toMatchObject({ media_id: mediaId });
	});

	test('also when only one of the binary fields of an item fails', async () => {
		const { items } = await scene.run({
			parameters: { binaryPropertyName: 'a, b, c' },
			items: [{ binary: { a: sampleFile('photo.jpg'), c: sampleFile('report.pdf') } }],
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json.file_name ?? json.error)).toEqual([
			'photo.jpg',
			"The item has no file in the field 'b' ('Input Binary Field')",
			'report.pdf',
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 0 }));
		expect(items.map(({ json }) => json.field)).toEqual([undefined, 'b', undefined]);
	});

	test.each(['upload', 'uploadImg'])(
		'%s: when the first file of an item fails, the others are uploaded and the failed one is named',
		async (operation) => {
			const path = operation === 'upload' ? 'media/upload' : 'media/uploadimg';
			scene.simulator.faults.next({ path, errcode: 40009 });
			const { items } = await scene.run({
				operation,
				parameters: { binaryPropertyName: 'a, b, c' },
				// The fault is for the upload that arrives first.
				options: { concurrency: 1 },
				items: [
					{
						binary: {
							a: sampleFile('photo.jpg', 'a.jpg'),
							b: sampleFile('photo.jpg', 'b.jpg'),
							c: sampleFile('picture.png', 'c.png'),
						},
					},
				],
				onError: 'continueRegularOutput',
			});
			expect(items.map(({ json }) => json.file_name ?? json.field)).toEqual([
				'a',
				'b.jpg',
				'c.png',
			]);
			expect(items[0].json).toMatchObject({ errcode: 40009, field: 'a' });
			expect(scene.simulator.record.count(path)).toBe(3);
		},
	);

	test('also when its expression or an option is wrong', async () => {
		const { items } = await scene.run({
			parameters: { mediaType: '={{ $json.n === 0 ? $("Nowhere").first().json.type : "file" }}' },
			options: { maxRetries: '={{ $json.n === 1 ? 99 : 3 }}' },
			items: [good(0), good(1), good(2)],
			onError: 'continueRegularOutput',
		});
		expect(items[0].json).toEqual({
			error: expect.stringMatching(/Nowhere|doesn't exist/) as string,
		});
		expect(items[1].json).toMatchObject({
			error: "'Max Retries' must be a number from 0 to 10",
		});
		expect(items[2].json).toMatchObject({ file_name: 'report-2.pdf' });
	});
});

describe('"Continue (using error output)"', () => {
	test('parts the items: successes go one way, failures with all they say the other', async () => {
		const { items, errorItems } = await scene.run({
			items: [good(0), tiny, good(2)],
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ json }) => json.file_name)).toEqual(['report-0.pdf', 'report-2.pdf']);
		// n8n itself adds the fields of the item that failed.
		expect(errorItems).toEqual([{ json: { n: 'tiny', ...tinyFailed }, pairedItem: { item: 1 } }]);
	});

	test("keeps WeCom's code, text and what to do", async () => {
		const { errorItems } = await scene.run({
			operation: 'get',
			parameters: { mediaId: '={{ $json.id }}' },
			items: [{ json: { id: 'made-up-media-id' } }],
			onError: 'continueErrorOutput',
		});
		expect(errorItems[0].json).toEqual({
			id: 'made-up-media-id',
			error: 'media/get failed (40007: The media_id is not valid)',
			errcode: 40007,
			errmsg: expect.stringContaining('invalid media_id') as string,
			hint: expect.stringContaining('Upload the file again') as string,
		});
	});

	test('parts the files of one item as well', async () => {
		const { items, errorItems } = await scene.run({
			parameters: { binaryPropertyName: 'a, b, c' },
			items: [{ json: { n: 1 }, binary: { ...tinyAs('a'), ...fileAs('b'), ...fileAs('c') } }],
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ json }) => json.file_name)).toEqual(['b.pdf', 'c.pdf']);
		expect(errorItems).toEqual([
			{ json: { n: 1, ...tinyFailed, field: 'a' }, pairedItem: { item: 0 } },
		]);
	});

	test('leaves n8n up to 1.120 free to assign to the error of an item', async () => {
		const { execute } = WeComMedia.prototype;
		const handedOver: INodeExecutionData[] = [];
		jest.spyOn(WeComMedia.prototype, 'execute').mockImplementation(async function (
			this: IExecuteFunctions,
		) {
			const outputs = await execute.call(this);
			handedOver.push(...outputs[0]);
			return outputs;
		});
		await scene.run({ items: [tiny], onError: 'continueErrorOutput' });
		jest.restoreAllMocks();
		const [item] = handedOver;
		expect(item.error).toBeInstanceOf(Error);
		// As that n8n does, in strict mode; a property that cannot be written would throw.
		item.error = undefined;
		expect(item.error).toBeUndefined();
		expect(Object.keys(item)).not.toContain('error');
	});

	test('may have nothing but failures', async () => {
		const { items, errorItems } = await scene.run({
			items: [tiny, tiny],
			onError: 'continueErrorOutput',
		});
		expect(items).toEqual([]);
		expect(errorItems.map(({ json }) => json.error)).toEqual(Array(2).fill(tinyFailed.error));
	});
});

test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
	'%s: 20 items with failures of every kind leave all others alone',
	async (onError) => {
		const items = [...Array(20).keys()].map(good);
		items[3] = tiny;
		items[7] = { json: { n: 7 } };
		items[11] = { binary: { data: { bytes: Buffer.alloc(9000, 'report '), fileName: 'big.txt' } } };
		scene.simulator.faults.next({
			path: 'media/upload',
			when: ({ contentLength = 0 }) => contentLength > 9000,
			errcode: 45001,
		});
		const run = await scene.run({ items, onError });
		const all = [...run.items, ...run.errorItems];
		const succeeded = all.filter(({ json }) => json.media_id).map(({ pairedItem }) => pairedItem);
		expect(succeeded).toEqual(
			[...Array(20).keys()].filter((n) => ![3, 7, 11].includes(n)).map((item) => ({ item })),
		);
		const failed = all.filter(({ json }) => json.error);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 3 },
			{ item: 7 },
			{ item: 11 },
		]);
		expect(failed[2].json).toMatchObject({ errcode: 45001 });
	},
);
