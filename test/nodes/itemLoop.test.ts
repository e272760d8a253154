import { gate, setupScene, until, type Job } from './scene';
import type { TestItem } from '../helpers/runNode';

const scene = setupScene({ latencyMs: 4 });

/** Items whose files have different sizes and say which item they are of. */
function reports(count: number): TestItem[] {
	return Array.from({ length: count }, (_, n) => ({
		json: { n },
		binary: {
			data: {
				bytes: Buffer.alloc(100 + ((n * 7919) % 50) * 2000, `report ${n} `),
				fileName: `report-${n}.txt`,
			},
		},
	}));
}

/** Runs a job whose first calls are held until `expected` of them stand side by side; gives the most that ever did. */
async function mostHeld(path: string, expected: number, job: Job): Promise<number> {
	const { record, faults } = scene.simulator;
	const { hold, open } = gate();
	faults.next({ path, hold, times: 99 });
	const running = scene.run(job);
	await until(() => record.count(path) >= expected);
	open();
	await running;
	return record.mostAtOnce(path);
}

const named = (n: number) => `report-${n}.txt`;

describe('many items', () => {
	test('50 items: one token, results in the order of the input, each with its own file', async () => {
		scene.simulator.faults.next({ path: 'media/upload', delayMs: 60, times: 2 });
		const { items, error } = await scene.run({ items: reports(50) });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.file_name)).toEqual([...Array(50).keys()].map(named));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[...Array(50).keys()].map((item) => ({ item })),
		);
		for (const { json } of items) {
			const stored = scene.simulator.state.media.get(String(json.media_id));
			expect([stored?.fileName, stored?.bytes.length]).toEqual([json.file_name, json.file_size]);
		}
		const { record } = scene.simulator;
		expect(record.counters()).toEqual({ gettoken: 1, get_api_domain_ip: 1, 'media/upload': 50 });
	});

	test.each([
		[undefined, 3],
		[1, 1],
		[5, 5],
		[20, 12],
	])('"Concurrency" %s: 12 uploads run %i at a time', async (concurrency, most) => {
		const options = concurrency ? { concurrency } : {};
		expect(await mostHeld('media/upload', most, { items: reports(12), options })).toBe(most);
	});

	test.each([
		[undefined, 3],
		[1, 1],
		[5, 5],
		[20, 10],
	])(
		'"Concurrency" %s: of one item with ten files %i are uploaded at a time',
		async (concurrency, most) => {
			const fields = Array.from({ length: 10 }, (_, n) => `file${n}`);
			const binary = Object.fromEntries(
				fields.map((field, n) => [field, { bytes: `report ${n}`, fileName: named(n) }]),
			);
			const job: Job = {
				items: [{ binary }],
				parameters: { binaryPropertyName: fields.join(', ') },
				options: concurrency ? { concurrency } : {},
			};
			expect(await mostHeld('media/upload', most, job)).toBe(most);
			const { items } = await scene.run(job);
			expect(items.map(({ json }) => json.file_name)).toEqual(fields.map((_, n) => named(n)));
		},
	);

	test('"Concurrency" counts the files of all items together', async () => {
		const binary = { a: { bytes: 'report a', fileName: 'a.txt' }, b: { bytes: 'report b' } };
		const job: Job = {
			items: Array.from({ length: 5 }, () => ({ binary })),
			parameters: { binaryPropertyName: 'a, b' },
			options: { concurrency: 4 },
		};
		expect(await mostHeld('media/upload', 4, job)).toBe(4);
	});

	test('one media_id twelve times is fetched one after the other, and always arrives', async () => {
		const mediaId = scene.simulator.state.addMedia({ bytes: Buffer.from('the same file') });
		const { items, error } = await scene.run({
			operation: 'get',
			parameters: { mediaId },
			options: { concurrency: 6 },
			items: reports(12),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.file_size)).toEqual(Array(12).fill(13));
		const { record } = scene.simulator;
		expect(record.mostAtOnce('media/get')).toBe(1);
		expect(record.calls('media/get').map(({ reply }) => reply?.errcode)).not.toContain(45033);
	});

	test('different media_ids are fetched side by side', async () => {
		const items = reports(6).map((_, n) => ({
			json: { id: scene.simulator.state.addMedia({ bytes: Buffer.from(`file number ${n}`) }) },
		}));
		const job = { operation: 'get', parameters: { mediaId: '={{ $json.id }}' }, items };
		expect(await mostHeld('media/get', 3, job)).toBe(3);
	});
});

describe('when one item fails and the workflow stops', () => {
	function withBad(...bad: number[]): TestItem[] {
		return reports(30).map((item, n) =>
			bad.includes(n) ? { binary: { data: { bytes: 'abcde', fileName: 'tiny.txt' } } } : item,
		);
	}

	test('the error names the item, and no new work starts', async () => {
		const { record, faults } = scene.simulator;
		const { hold, open } = gate();
		// Item 1 fails while items 0 and 2, which the other two of three workers have, are on their way.
		faults.next({ path: 'media/upload', hold, times: 99 });
		const running = scene.run({ items: withBad(1) });
		await until(() => record.count('media/upload') === 2);
		open();
		const { run, items, error } = await running;
		expect(run.status).toBe('error');
		expect(items).toEqual([]);
		expect(error).toMatchObject({
			message: "'tiny.txt' has 5 bytes; WeCom app takes files of at least 6 bytes [item 1]",
			context: { itemIndex: 1 },
		});
		expect(record.count('media/upload')).toBe(2);
	});

	test('of several that fail the earliest is named, whichever failed first', async () => {
		scene.simulator.faults.next({ path: 'media/upload', errcode: 40006, delayMs: 80 });
		const { error } = await scene.run({ items: withBad(1, 2) });
		expect(error?.context).toMatchObject({ itemIndex: 0 });
		expect(error?.message).toBe('media/upload failed (40006: The file size is not valid) [item 0]');
	});

	test('of the files of one item, too: the earliest is named, and no new one is begun', async () => {
		const { record, faults } = scene.simulator;
		const binary = {
			late: { bytes: 'a report', fileName: 'late.txt' },
			early: { bytes: 'abcde', fileName: 'tiny.txt' },
			never: { bytes: 'a report', fileName: 'never.txt' },
		};
		faults.next({ path: 'media/upload', errcode: 40006, delayMs: 80 });
		const { error } = await scene.run({
			items: [{ binary }],
			parameters: { binaryPropertyName: 'late, early, never' },
			options: { concurrency: 2 },
		});
		expect(error?.message).toBe('media/upload failed (40006: The file size is not valid) [item 0]');
		expect(record.count('media/upload')).toBe(1);
	});

	test('an expression that fails names its item too', async () => {
		const { error } = await scene.run({
			items: reports(2),
			parameters: { mediaType: '={{ $json.n === 1 ? $("Nowhere").first().json.type : "file" }}' },
		});
		expect(error?.context).toMatchObject({ itemIndex: 1 });
		expect(error?.message).toMatch(/doesn't exist/);
	});
});
