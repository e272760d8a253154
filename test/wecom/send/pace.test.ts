import {
	WeComApiError,
	WeComCanceledError,
	WeComInputError,
} from '../../../nodes/WeComMedia/wecom/client/errors';
import { PACES } from '../../../nodes/WeComMedia/wecom/accounts/rules';
import { Pace, type PacePlan } from '../../../nodes/WeComMedia/wecom/calls/pace';
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
	let canceled = false;
	const pauses: number[] = [];
	const lines: string[] = [];
	return {
		transport: async () => await Promise.reject(new Error('nothing is sent here')),
		now: () => now,
		sleep: async (ms) => {
			pauses.push(ms);
			const until = now + ms;
			await Promise.resolve();
			now = Math.max(now, until);
			return !canceled;
		},
		random: () => 0,
		log: (line) => lines.push(line),
		pauses,
		lines,
		pass: (ms) => {
			now += ms;
		},
		cancel: () => {
			canceled = true;
		},
	};
}

const toRobot = (account: string): PacePlan => ({
	rule: PACES.robot,
	account,
	receivers: ['@all'],
});
const toMembers = (...receivers: string[]): PacePlan => ({
	rule: PACES.members,
	account: 'an app',
	receivers,
});
const tooMany = () =>
	new WeComApiError('webhook/send', 45009, 'too many', { meaning: 'too many', hint: 'Wait.' });

/** One that is answered at once. @returns ms waited for its turn */
async function message(pace: Pace, plan: PacePlan | string, world: World): Promise<number> {
	const given = typeof plan === 'string' ? toRobot(plan) : plan;
	return (await pace.send(given, world, async () => undefined)).waitedMs;
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
	expect(world.lines).toEqual(['WeCom takes 20 messages a minute from a robot; waiting 41 s']);
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
		await pace.send(toRobot('a robot'), world, async () => world.pass(700));
	}
	expect(await message(pace, 'a robot', world)).toBe(60_001 - 19 * 700);
});

test('messages that are not answered yet count, however long they take', async () => {
	const world = clockWorld();
	const pace = new Pace();
	let answer = () => {};
	const answered = new Promise<void>((resolve) => (answer = resolve));
	const slow = Array.from(
		{ length: 20 },
		async () => await pace.send(toRobot('a robot'), world, async () => await answered),
	);
	await Promise.resolve();
	world.pass(90_000);
	const next = message(pace, 'a robot', world);
	answer();
	await Promise.all(slow);
	expect(await next).toBeGreaterThanOrEqual(60_001);
});

test('one robot does not wait for another', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) await message(pace, 'a robot', world);
	expect(await message(pace, 'another robot', world)).toBe(0);
});

describe('members of an app', () => {
	test('get 30 messages a minute each; the others do not wait for them', async () => {
		const world = clockWorld();
		const pace = new Pace();
		for (let n = 0; n < 30; n += 1) expect(await message(pace, toMembers('a', 'b'), world)).toBe(0);
		expect(await message(pace, toMembers('c'), world)).toBe(0);
		expect(await message(pace, toMembers('b', 'c'), world)).toBe(60_001);
	});

	test('get 1,000 an hour each; what would wait longer than ten minutes is refused and not sent', async () => {
		const world = clockWorld();
		const pace = new Pace();
		for (let n = 0; n < 1_000; n += 1) {
			await message(pace, toMembers('a'), world);
			world.pass(2_001);
		}
		const sent = jest.fn(async () => undefined);
		const { message: text, hint } = await failureOf(
			pace.send(toMembers('a'), world, sent),
			WeComInputError,
		);
		expect(text).toBe(
			'The message was not sent: WeCom delivers 30 messages a minute and 1,000 an hour of an app to one member, so its turn comes in 27 minutes only',
		);
		expect(hint).toContain('at most 10 minutes');
		expect(sent).not.toHaveBeenCalled();
		world.pass(20 * 60_000);
		expect(await message(pace, toMembers('a'), world)).toBeGreaterThan(5 * 60_000);
	});

	test('what goes to everybody counts for each, and waits for each', async () => {
		const world = clockWorld();
		const pace = new Pace();
		for (let n = 0; n < 20; n += 1) await message(pace, toMembers('@all'), world);
		for (let n = 0; n < 10; n += 1) expect(await message(pace, toMembers('a'), world)).toBe(0);
		expect(await message(pace, toMembers('a'), world)).toBe(60_001);
		for (let n = 0; n < 29; n += 1) await message(pace, toMembers('a'), world);
		expect(await message(pace, toMembers('@all'), world)).toBeGreaterThan(59_000);
	});

	test('hear of every one of 10,000 in turn without the memory growing with each message', async () => {
		const world = clockWorld();
		const pace = new Pace();
		const remembered = () => {
			const [{ byReceiver }] = Object.values(pace)[0].values() as Iterable<{
				byReceiver: Map<string, unknown>;
			}>;
			return byReceiver.size;
		};
		for (let n = 0; n < 20_000; n += 1) {
			await message(pace, toMembers(`m${n}`), world);
			world.pass(3_600);
		}
		expect(remembered()).toBeLessThan(6_000);
	});
});

describe('after "too many"', () => {
	test('a message waits a minute and some more by chance, and is sent again', async () => {
		const world = clockWorld();
		const refusals = [tooMany(), tooMany()];
		const send = jest.fn(async () => {
			const refusal = refusals.pop();
			if (refusal) throw refusal;
			return 'sent';
		});
		world.random = () => 0.5;
		const result = await new Pace().send(toRobot('a robot'), world, send);
		expect(result).toEqual({ answer: 'sent', waitedMs: 150_000 });
		expect(send).toHaveBeenCalledTimes(3);
	});

	test('whoever comes next waits as well, another robot does not', async () => {
		const world = clockWorld();
		const pace = new Pace();
		let isFirst = true;
		const refused = pace.send(toRobot('a robot'), world, async () => {
			if (!isFirst) return;
			isFirst = false;
			throw tooMany();
		});
		await Promise.resolve();
		await Promise.resolve();
		expect(await message(pace, 'another robot', world)).toBe(0);
		await refused;
		expect(await message(pace, 'a robot', world)).toBe(0);
	});

	test('ten minutes are the end, and the error names the wait', async () => {
		const world = clockWorld();
		const send = jest.fn(async () => {
			throw tooMany();
		});
		const startedAt = world.now();
		const { errcode, hint } = await failureOf(
			new Pace().send(toRobot('a robot'), world, send),
			WeComApiError,
		);
		expect(errcode).toBe(45009);
		expect(hint).toBe('Wait. It was tried again for 10 minutes and has not been sent.');
		expect(world.now() - startedAt).toBe(10 * 60_000);
		expect(send).toHaveBeenCalledTimes(11);
	});

	test('of another kind nothing is repeated', async () => {
		const send = jest.fn(async () => {
			throw tooMany();
		});
		await failureOf(new Pace().send(toMembers('a'), clockWorld(), send), WeComApiError);
		expect(send).toHaveBeenCalledTimes(1);
	});
});

test('canceling ends the wait, and the message does not count', async () => {
	const world = clockWorld();
	const pace = new Pace();
	for (let count = 0; count < 20; count += 1) await message(pace, 'a robot', world);
	world.cancel();
	await failureOf(message(pace, 'a robot', world), WeComCanceledError);
	world.pass(60_001);
	const after = clockWorld();
	after.pass(world.now() - after.now());
	for (let count = 0; count < 20; count += 1) expect(await message(pace, 'a robot', after)).toBe(0);
});

test('a clock that ticks while a message gets its turn at once is no pause', async () => {
	const world = clockWorld();
	const ticking: World = {
		...world,
		now: () => {
			world.pass(1);
			return world.now();
		},
	};
	expect(await message(new Pace(), 'ticking', ticking)).toBe(0);
});
