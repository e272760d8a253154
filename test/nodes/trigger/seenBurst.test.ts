import { SeenKeys } from '../../../nodes/WeComMedia/n8n/seen';

const keys = Array.from({ length: 1000 }, (_, n) => `job ${n}`);
const DAY_MS = 24 * 3600 * 1000;

test('of a burst of 1,000 jobs every repeat is recognized for a day', () => {
	const seen = new SeenKeys();
	const firstsAt = (now: number) => keys.filter((key) => seen.claim('trigger', key, now).first);
	expect(firstsAt(1_000)).toEqual(keys);
	expect(firstsAt(6_000)).toEqual([]);
	expect(firstsAt(1_000 + DAY_MS)).toEqual(keys);
});

test('the newest 10,000 are remembered', () => {
	const seen = new SeenKeys();
	for (let n = 0; n <= 10_000; n += 1) seen.claim('trigger', `job ${n}`, n);
	expect(seen.claim('trigger', 'job 1', 10_001).first).toBe(false);
	expect(seen.claim('trigger', 'job 0', 10_001).first).toBe(true);
});

test('a repeat learns whether n8n has the event, and is the first where it has not', async () => {
	const seen = new SeenKeys();
	const first = seen.claim('trigger', 'job', 0);
	const second = seen.claim('trigger', 'job', 1);
	if (!first.first || second.first) throw new Error('unexpected');
	first.settle(false);
	expect(await second.handedOver).toBe(false);
	const third = seen.claim('trigger', 'job', 2);
	if (!third.first) throw new Error('unexpected');
	third.settle(true);
	const fourth = seen.claim('trigger', 'job', 3);
	expect(!fourth.first && (await fourth.handedOver)).toBe(true);
});
