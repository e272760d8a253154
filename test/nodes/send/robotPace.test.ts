import { sampleFile, pauses } from '../scene';
import { setupSending, useClockOfPauses } from './sending';

// Follows the clock of the test, which every pause of the node moves.
const scene = setupSending({ now: () => Date.now() });
useClockOfPauses();

const texts = (count: number, robotText = 'message {{ $json.n }}') => ({
	system: 'robot' as const,
	parameters: { content: 'text', text: `=${robotText}` },
	items: Array.from({ length: count }, (_, n) => ({ json: { n } })),
});
const paused = () => pauses.lengths.reduce((sum, ms) => sum + ms, 0);
const contents = () =>
	scene.arrived().map(({ body }) => (body.text as { content: string }).content);

test('45 messages arrive in the order of the items, in three minutes, and none is refused', async () => {
	const run = await scene.send(texts(45));
	expect(run.error).toBeUndefined();
	expect(run.items).toHaveLength(45);
	expect(contents()).toEqual(Array.from({ length: 45 }, (_, n) => `message ${n}`));
	expect(scene.simulator.record.count('webhook/send')).toBe(45);
	const [first, ...others] = scene.arrived().map(({ at }) => at);
	const minutes = others.map((at) => Math.floor((at - first) / 60_000));
	expect([0, 1, 2].map((minute) => minutes.filter((m) => m === minute).length)).toEqual([
		19, 20, 5,
	]);
	expect(scene.remarks(run)).toEqual([
		'WeCom takes 20 messages a minute from a robot, so the node paused in between.',
	]);
});

test('a second execution knows what the first has sent', async () => {
	await scene.send(texts(15));
	expect(paused()).toBe(0);
	await scene.send(texts(15));
	expect(scene.simulator.record.count('webhook/send')).toBe(30);
	expect(scene.arrived()).toHaveLength(30);
	expect(paused()).toBeGreaterThan(50_000);
});

test('20 messages and no more need no pause and no remark', async () => {
	const run = await scene.send(texts(20));
	expect(scene.arrived()).toHaveLength(20);
	expect(paused()).toBe(0);
	expect(scene.remarks(run)).toEqual([]);
});

test('texts and files count together: 12 files with a text each are 24 messages', async () => {
	const data = sampleFile('voice.amr');
	const { error } = await scene.send({
		system: 'robot',
		parameters: { text: 'listen' },
		items: Array.from({ length: 12 }, () => ({ binary: { data } })),
	});
	expect(error).toBeUndefined();
	expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(
		Array.from({ length: 12 }, () => ['text', 'voice']).flat(),
	);
	expect(paused()).toBeGreaterThan(50_000);
});

describe('"too many" (45009), because somebody else speaks through the same robot', () => {
	test('has certainly not arrived: it waits for the next minute, is sent again, and the order stays', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 45009, skip: 1 });
		const run = await scene.send(texts(3));
		expect(run.error).toBeUndefined();
		expect(contents()).toEqual(['message 0', 'message 1', 'message 2']);
		expect(scene.simulator.record.count('webhook/send')).toBe(4);
		expect(paused()).toBeGreaterThanOrEqual(60_000);
		expect(paused()).toBeLessThan(91_000);
		expect(scene.remarks(run)).toEqual([
			'WeCom takes 20 messages a minute from a robot, so the node paused in between.',
		]);
	});

	test('for more than ten minutes is an error that names the wait', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 45009, times: 99 });
		const { error } = await scene.send(texts(1));
		expect(error?.message).toContain('45009: The robot has sent too many messages');
		expect(error?.description).toMatch(
			/It was tried again for \d+ minutes and has not been sent\./,
		);
		expect(paused()).toBeLessThanOrEqual(600_000);
		expect(scene.arrived()).toEqual([]);
	});

	test('of an upload is waited for as well', async () => {
		scene.simulator.faults.next({ path: 'webhook/upload_media', errcode: 45009 });
		const { error } = await scene.send({
			system: 'robot',
			items: [{ binary: { data: sampleFile('report.pdf') } }],
		});
		expect(error).toBeUndefined();
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['file']);
	});
});

test('stopping the workflow ends the wait for the next minute', async () => {
	const seen = scene.simulator.record;
	const { run } = await scene.send({
		...texts(45),
		onRunning: ({ cancel }) => {
			const advance = pauses.onPause;
			pauses.onPause = () => {
				advance?.();
				cancel();
			};
		},
	});
	expect(run.status).toBe('canceled');
	expect(seen.count('webhook/send')).toBe(20);
});
