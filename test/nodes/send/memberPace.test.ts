import { pauses } from '../scene';
import { setupSending, useClockOfPauses } from './sending';

// Follows the clock of the test, which every pause of the node moves. The simulator drops what is too much, as WeCom does.
const scene = setupSending({ now: () => Date.now(), strict: { dropsBeyondPace: true } });
useClockOfPauses();

const paused = () => pauses.lengths.reduce((sum, ms) => sum + ms, 0);
const texts = (count: number, toUser: string) => ({
	parameters: { content: 'text', text: '=message {{ $json.n }}', toUser },
	options: { concurrency: 1 },
	items: Array.from({ length: count }, (_, n) => ({ json: { n } })),
});

test('45 messages to one member all reach them, in order, and the node says that it paused', async () => {
	const run = await scene.send(texts(45, 'LiSi'));
	expect(run.error).toBeUndefined();
	const said = scene.arrived().map(({ body }) => (body.text as { content: string }).content);
	expect(said).toEqual(Array.from({ length: 45 }, (_, n) => `message ${n}`));
	expect(paused()).toBeGreaterThan(55_000);
	expect(scene.remarks(run)).toEqual([
		'WeCom delivers 30 messages a minute and 1,000 an hour of an app to one member, so the node paused in between.',
	]);
});

test('30 messages to each of two members need no pause', async () => {
	await scene.send(texts(30, "={{ $json.n % 2 ? 'LiSi' : 'ZhangSan' }}"));
	const run = await scene.send(texts(30, "={{ $json.n % 2 ? 'ZhangSan' : 'LiSi' }}"));
	expect(run.error).toBeUndefined();
	expect(scene.arrived()).toHaveLength(60);
	expect(paused()).toBe(0);
	expect(scene.remarks(run)).toEqual([]);
});
