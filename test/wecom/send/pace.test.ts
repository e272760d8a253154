import { WeComCancelledError } from '../../../nodes/WeComMedia/wecom/client/errors';
import { Pace } from '../../../nodes/WeComMedia/wecom/calls/pace';
import type { World } from '../../../nodes/WeComMedia/wecom/client/wire';
import { failureOf } from '../scene';

interface ClockWorld extends World {
	pauses: number[];
	lines: string[];
	pass(ms: number): void;
	cancel(): void;
}

/** A world whose clock moves by its own pauses only. */
function clockWorld(): ClockWorld {
	let now = 1_800_000_000_000;
	let cancelled = false;
	const pauses: number[] = [];
	const lines: string[] = [];
	return {
		transport: async () => await Promise.reject(new Error('nothing is sent here')),
		now: () => now,
		sleep: async (ms) => {
			pauses.push(ms);
			await Promise.resolve();
			now += ms;
			return !cancelled;
		},
		random: () => 0,
		log: (line) => lines.push(line),
		pauses,
		lines,
		pass: (ms) => {
			now += ms;
		},
		cancel: () => {
			cancelled = true;
		},
	};
}

/** One that is answered at once. @returns ms waited for its turn */
async function message(pace: Pace, key: string, world: World): Promise<number> {
	const { waited, end } = await pace.next(key, world);
	end();
	return waited;
}

test('20 messages go out at once, the 21st waits until the first is a minute old', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) {
		expect(await message(pace, 'a robot', world)).toBe(0);
		world.pass(1_000);
	}
	expect(await message(pace, 'a robot', world)).toBe(40_001);
	expect(world.pauses).toEqual([40_001]);
	expect(world.lines).toEqual(['this robot has sent 20 messages in the last minute, waiting 41 s']);
});

test('whatever the rhythm, no minute holds more than 20 of 200 messages', async () => {
	const world = clockWorld();
	const pace = new Pace();
	const times: number[] = [];
	for (let count = 0; count < 200; count += 1) {
		await message(pace, 'a robot', world);
		times.push(world.now());
		world.pass((count * 7_919) % 4_000);
	}
	const busiest = Math.max(
		...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length),
	);
	expect(busiest).toBe(20);
});

test('parallel senders share the minute: the 20 that are left over wait', async () => {
	const world = clockWorld();
	const pace = new Pace();
	const waited = await Promise.all(
		Array.from({ length: 40 }, async () => await message(pace, 'a robot', world)),
	);
	expect(waited.filter((ms) => ms === 0)).toHaveLength(20);
	expect(waited.filter((ms) => ms >= 60_000)).toHaveLength(20);
});

test('the minute of a message begins with its answer: on the way it may have been slow to arrive', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) {
		const { end } = await pace.next('a robot', world);
		world.pass(700);
		end();
	}
	expect(await message(pace, 'a robot', world)).toBe(60_001 - 19 * 700);
});

test('messages that are not answered yet count, however long they take', async () => {
	const world = clockWorld();
	const pace = new Pace();
	const turns = [];
	for (let count = 0; count < 20; count += 1) turns.push(await pace.next('a robot', world));
	world.pass(90_000);
	const next = message(pace, 'a robot', world);
	for (const { end } of turns) end();
	expect(await next).toBe(60_001);
});

test('one robot does not wait for another', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) await message(pace, 'a robot', world);
	expect(await message(pace, 'another robot', world)).toBe(0);
});

test('after "too many" the next message waits a whole minute, although few were counted', async () => {
	const world = clockWorld();
	const pace = new Pace();
	await message(pace, 'a robot', world);
	pace.exhaust('a robot', world);
	expect(await message(pace, 'a robot', world)).toBe(60_001);
	expect(await message(pace, 'another robot', world)).toBe(0);
});

test('cancelling ends the wait, and the message does not count', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) await message(pace, 'a robot', world);
	world.cancel();
	await failureOf(pace.next('a robot', world), WeComCancelledError);
	world.pass(60_001);
	const after = clockWorld();
	after.pass(world.now() - after.now());
	for (let count = 0; count < 20; count += 1) expect(await message(pace, 'a robot', after)).toBe(0);
});
