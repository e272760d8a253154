import { AnswersFirst } from '../../../nodes/WeComMedia/trigger/answersFirst';
import { gate, until } from '../scene';
import { JOB_FINISH, QUERY, itemsOf, quiet, setupTrigger } from './scene';

const scene = setupTrigger();

test('an execution begins when no push waits for its answer any more', async () => {
	const { hold, open } = gate();
	let stored = 0;
	// The first one is on its way into n8n's database.
	const storing = async () => await (++stored === 1 ? hold : undefined);
	const webhook = await scene.serve({ storing });
	const push = async (jobid: string) =>
		await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: jobid });

	const slow = push('jobid_slow');
	await until(() => stored === 1);
	await push('jobid_quick');
	await quiet();
	expect(scene.simulator.record.count(QUERY)).toBe(0);

	open();
	await slow;
	expect(await itemsOf(webhook, 2)).toHaveLength(2);
	expect(scene.simulator.record.count(QUERY)).toBe(2);
});

describe('with a clock that only pauses move', () => {
	let now: number;
	let answers: AnswersFirst;
	beforeEach(() => {
		now = 0;
		const sleep = async (ms: number) => void (now += ms);
		answers = new AnswersFirst({ now: () => now, sleep });
	});

	test('where no push waits an execution begins at once', async () => {
		answers.waiting()();
		await answers.turn();
		expect(now).toBe(0);
	});

	test('an answer that ends twice counts once', async () => {
		const answered = answers.waiting();
		answers.waiting();
		answered();
		answered();
		await answers.turn();
		expect(now).toBeGreaterThan(0);
	});

	test('pushes without end keep executions for 2 s, all of them together', async () => {
		answers.waiting();
		await Promise.all([answers.turn(), answers.turn(), answers.turn()]);
		expect(now).toBeGreaterThanOrEqual(2_000);
		expect(now).toBeLessThan(2_100);
	});

	test('executions that come together go on 5 ms apart, a later one at once', async () => {
		await Promise.all([answers.turn(), answers.turn(), answers.turn()]);
		expect(now).toBe(10);
		await answers.turn();
		expect(now).toBe(10);
	});
});
