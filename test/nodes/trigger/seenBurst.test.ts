import { SeenKeys } from '../../../nodes/WeComMedia/n8n/seen';

const keys = Array.from({ length: 1000 }, (_, n) => `job ${n}`);

test('of a burst of 1,000 jobs every repeat is recognised', () => {
	const seen = new SeenKeys();
	expect(keys.filter((key) => seen.claim('trigger', key, 1_000, {}))).toEqual(keys);
	expect(keys.filter((key) => seen.claim('trigger', key, 6_000, {}))).toEqual([]);
});

test('the static data holds the newest 500 of them', () => {
	const seen = new SeenKeys();
	for (const [at, key] of keys.entries()) seen.claim('trigger', key, at);
	const stored: { seenEvents?: Record<string, number> } = {};
	seen.store('trigger', stored);
	const times = Object.values(stored.seenEvents ?? {});
	expect(times).toEqual(Array.from({ length: 500 }, (_, n) => 500 + n));
});
