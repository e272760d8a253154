import type { NodeRun } from '../helpers/runNode';
import { gate, pauses, sampleFile, setupScene, until, type Job } from './scene';

const scene = setupScene();

/** Runs a job and presses "Stop" at the moment given. */
async function canceled(job: Job, when: () => boolean): Promise<NodeRun> {
	let cancel = () => {};
	const running = scene.run({ ...job, onRunning: (handle) => (cancel = () => handle.cancel()) });
	await until(when);
	cancel();
	return await running;
}

const report = { binary: { data: sampleFile('report.pdf') } };
const asked = (path: string) => () => scene.simulator.record.count(path) > 0;

/** "At once" for the tests below: the calls they cut short would go on for 30 s and more. */
const SOON_MS = 15_000;

describe('pressing "Stop"', () => {
	test('in the pause before a retry ends the pause, and nothing is tried again', async () => {
		scene.simulator.faults.next({ path: 'media/upload', errcode: -1, times: 99 });
		let cancel = () => {};
		pauses.onPause = () => cancel();
		const { run, items } = await scene.run({
			items: [report],
			options: { maxRetries: 10 },
			onRunning: (handle) => (cancel = () => handle.cancel()),
		});
		expect(run.status).toBe('canceled');
		expect(items).toEqual([]);
		expect(scene.simulator.record.count('media/upload')).toBe(1);
		expect(pauses.lengths).toHaveLength(1);
		expect(pauses.lengths[0]).toBeLessThanOrEqual(500);
	});

	test(
		'during an upload that hangs ends at once',
		async () => {
			scene.simulator.faults.next({ path: 'media/upload', stall: true });
			const { run } = await canceled({ items: [report] }, asked('media/upload'));
			expect(run.status).toBe('canceled');
			expect(scene.simulator.record.count('media/upload')).toBe(1);
		},
		SOON_MS,
	);

	test(
		'during a long download ends at once',
		async () => {
			const bytes = Buffer.alloc(3_000_000, 'made-up film ');
			const mediaId = scene.simulator.state.addMedia({ bytes });
			scene.simulator.faults.next({ path: 'media/get', stallAfterBytes: 1_000_000 });
			const { run, items } = await canceled(
				{ operation: 'get', parameters: { mediaId } },
				asked('media/get'),
			);
			expect(run.status).toBe('canceled');
			expect(items).toEqual([]);
			expect(scene.simulator.record.count('media/get')).toBe(1);
		},
		SOON_MS,
	);

	test(
		'while several items wait for one media_id ends all of them',
		async () => {
			const mediaId = scene.simulator.state.addMedia({ bytes: Buffer.from('a file') });
			scene.simulator.faults.next({ path: 'media/get', stall: true });
			const { run } = await canceled(
				{ operation: 'get', parameters: { mediaId }, items: [{}, {}, {}, {}] },
				asked('media/get'),
			);
			expect(run.status).toBe('canceled');
			expect(scene.simulator.record.count('media/get')).toBe(1);
		},
		SOON_MS,
	);

	test(
		'while the token call hangs ends at once',
		async () => {
			scene.simulator.faults.next({ path: 'gettoken', stall: true });
			const { run } = await canceled({ items: [report] }, asked('gettoken'));
			expect(run.status).toBe('canceled');
			expect(scene.simulator.record.count('media/upload')).toBe(0);
		},
		SOON_MS,
	);

	test.each([undefined, 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'among 50 items starts no more of them (On Error: %s)',
		async (onError) => {
			const { record, faults } = scene.simulator;
			const { hold, open } = gate();
			faults.next({ path: 'media/upload', skip: 10, times: 3, hold });
			const running = canceled(
				{ items: Array(50).fill(report), onError },
				() => record.count('media/upload') === 13,
			);
			await until(() => record.count('media/upload') === 13);
			const { run, items, errorItems } = await running;
			open();
			expect(run.status).toBe('canceled');
			// Where the workflow goes on after errors n8n itself hands the input through.
			const said = [...items, ...errorItems].flatMap(({ json }) => Object.keys(json));
			expect(said).toEqual([]);
			expect(record.count('media/upload')).toBe(13);
		},
		SOON_MS,
	);
});

test('does not take the token from another execution that waits for the same answer', async () => {
	const { hold, open } = gate();
	scene.simulator.faults.next({ path: 'gettoken', hold });
	let other: Promise<NodeRun> | undefined;
	const stopped = await canceled({ items: [report] }, () => {
		if (asked('gettoken')()) other ??= scene.run({ items: [report] });
		return other !== undefined;
	});
	expect(stopped.run.status).toBe('canceled');
	open();
	expect((await other)?.items[0].json).toMatchObject({ file_name: 'report.pdf' });
	expect(scene.simulator.record.count('gettoken')).toBe(1);
});
