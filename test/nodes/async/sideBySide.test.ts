import { setupScene, until } from '../scene';
import { asking, quiet, uploading, useLinks } from './support';

const scene = setupScene();
const links = useLinks();
const QUERY = 'media/get_upload_by_url_result';

/** Links to so many files that differ. */
function files(count: number) {
	return Array.from({ length: count }, (_, n) => ({
		json: { url: links.put(`report-${n}.txt`, Buffer.from(`made-up report ${n}`)) },
	}));
}

const jobs = () => scene.simulator.state.jobs;

test('12 items wait side by side, however small Concurrency is, and come back in order', async () => {
	scene.simulator.jobs.behavior = { hold: true };
	const running = scene.run(
		uploading(files(12), { waitForCompletion: true }, { options: { concurrency: 2, timeout: 15 } }),
	);
	// Waiting one after the other, the third would never be submitted.
	await until(() => jobs().size === 12);
	scene.simulator.jobs.release();
	const { items, error } = await running;
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.file_name)).toEqual(
		Array.from({ length: 12 }, (_, n) => `report-${n}.txt`),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
		Array.from({ length: 12 }, (_, item) => ({ item })),
	);
	for (const { json } of items) {
		expect(json.media_id).toBe(jobs().get(String(json.jobid))?.mediaId);
	}
	expect(scene.simulator.record.mostAtOnce('media/upload_by_url')).toBeLessThanOrEqual(2);
});

test('12 jobs asked for wait side by side too', async () => {
	scene.simulator.jobs.behavior = { hold: true };
	const { items: submittedItems } = await scene.run(uploading(files(12)));
	const jobids = submittedItems.map(({ json }) => ({ json: { jobid: json.jobid } }));
	const running = scene.run(
		asking(jobids, { waitForCompletion: true }, { options: { concurrency: 1, timeout: 15 } }),
	);
	await until(() => scene.simulator.record.count(QUERY) >= 12);
	scene.simulator.jobs.release();
	const { items } = await running;
	expect(items.map(({ json }) => json.jobid)).toEqual(jobids.map(({ json }) => json.jobid));
	expect(items.map(({ json }) => json.state)).toEqual(Array(12).fill('done'));
});

describe('one failing job among five', () => {
	test('stands in its own place under "Continue"', async () => {
		for (const n of [0, 1, 2, 3, 4]) scene.simulator.jobs.next(n === 1 ? { errcode: 830003 } : {});
		const { items, run } = await scene.run(
			uploading(
				files(5),
				{ waitForCompletion: true },
				{
					onError: 'continueRegularOutput',
					options: { concurrency: 1, timeout: 15 },
				},
			),
		);
		expect(run.status).toBe('success');
		expect(items.map(({ json }) => json.state ?? json.errcode)).toEqual([
			'done',
			830003,
			'done',
			'done',
			'done',
		]);
		expect(items[1]).toMatchObject({
			json: {
				error: 'The upload job failed (830003: WeCom could not download the file from the URL)',
				errcode: 830003,
				errmsg: 'download failed',
				hint: expect.stringContaining('without login') as string,
				jobid: expect.stringMatching(/^jobid_/) as string,
			},
			pairedItem: { item: 1 },
		});
	});

	test('goes to the error output where the workflow has one', async () => {
		for (const n of [0, 1, 2, 3, 4]) scene.simulator.jobs.next(n === 3 ? { errcode: 301019 } : {});
		const { items, errorItems } = await scene.run(
			uploading(
				files(5),
				{ waitForCompletion: true },
				{
					onError: 'continueErrorOutput',
					options: { concurrency: 1, timeout: 15 },
				},
			),
		);
		expect(items.map(({ json }) => json.file_name)).toEqual(
			[0, 1, 2, 4].map((n) => `report-${n}.txt`),
		);
		expect(errorItems.map(({ json }) => json.errcode)).toEqual([301019]);
	});
});

describe('without "Continue" the first failing item is reported after the others have ended:', () => {
	test('a job that fails while others still run', async () => {
		const { simulator } = scene;
		for (const n of [0, 1, 2]) simulator.jobs.next(n === 0 ? { errcode: 830003 } : { hold: true });
		let ended = false;
		const running = scene
			.run(
				uploading(
					files(3),
					{ waitForCompletion: true },
					{ options: { concurrency: 1, timeout: 15 } },
				),
			)
			.finally(() => (ended = true));
		await until(() => jobs().size === 3);
		await until(() => simulator.record.count(QUERY) >= 8);
		expect(ended).toBe(false);
		simulator.jobs.release();
		const { error } = await running;
		expect(error?.message).toMatch(/^The upload job failed \(830003: .*\[item 0\]$/);
		const asked = simulator.record.count(QUERY);
		await quiet();
		expect(simulator.record.count(QUERY)).toBe(asked);
	});

	test('an item that cannot be submitted while the first one waits', async () => {
		const { simulator } = scene;
		simulator.jobs.behavior = { hold: true };
		const items = files(3);
		items[1].json.url = links.link('nothing-here');
		let ended = false;
		const running = scene
			.run(
				uploading(items, { waitForCompletion: true }, { options: { concurrency: 1, timeout: 15 } }),
			)
			.finally(() => (ended = true));
		await until(() => simulator.record.count(QUERY) >= 3);
		expect(ended).toBe(false);
		simulator.jobs.release();
		const { error } = await running;
		expect(error?.message).toMatch(/^The link cannot be fetched: .*404.*\[item 1\]$/);
		expect(jobs().size).toBe(1);
		const asked = simulator.record.count(QUERY);
		await quiet();
		expect(simulator.record.count(QUERY)).toBe(asked);
	});
});

test('a wait and a submission that both fail: the earlier item is reported', async () => {
	scene.simulator.jobs.next({ errcode: 45001 });
	const items = files(2);
	items[1].json.url = 'no link';
	const { error } = await scene.run(
		uploading(items, { waitForCompletion: true }, { options: { concurrency: 1, timeout: 15 } }),
	);
	expect(error?.message).toContain('[item 0]');
});
