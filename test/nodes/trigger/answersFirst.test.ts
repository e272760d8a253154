import { AnswersFirst } from '../../../nodes/WeComMedia/trigger/answersFirst';
import { replaceSleep } from '../../helpers/sleep';
import { gate, until } from '../scene';
import { JOB_FINISH, QUERY, itemsOf, quiet, setupTrigger } from './scene';

const scene = setupTrigger();

test('an execution lets pushes go first that wait for their answer', async () => {
	const stores = gate();
	const looks = gate();
	const putBack = replaceSleep(
		(before) => async (ms) => await (ms === 5 ? looks.hold : before(ms)),
	);
	try {
		let stored = 0;
		// The first one is on its way into n8n's database.
		const storing = async () => await (++stored === 1 ? stores.hold : undefined);
		const webhook = await scene.serve({ storing });
		const push = async (jobid: string) =>
			await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: jobid });

		const slow = push('jobid_slow');
		await until(() => stored === 1);
		await push('jobid_quick');
		await quiet();
		expect(scene.simulator.record.count(QUERY)).toBe(0);

		stores.open();
		await slow;
		looks.open();
		expect(await itemsOf(webhook, 2)).toHaveLength(2);
		expect(scene.simulator.record.count(QUERY)).toBe(2);
	} finally {
		putBack();
	}
});

describe('with a clock that only pauses move', () => {
	let now: number;
	let onPause: () => void;
	let answers: AnswersFirst;
	beforeEach(() => {
		now = 0;
		onPause = () => {};
		const sleep = async (ms: number) => {
			now += ms;
			onPause();
		};
		answers = new AnswersFirst({ now: () => now, sleep });
	});

	test('where no push waits an execution goes on at once', async () => {
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

	test('pushes that n8n does not answer, as where it has a limit of executions, keep one for 10 ms', async () => {
		answers.waiting();
		await answers.turn();
		expect(now).toBe(10);
	});

	test('as long as answers go out they keep an execution, but no longer than 2 s', async () => {
		let answered = answers.waiting();
		onPause = () => {
			answered();
			answered = answers.waiting();
		};
		await answers.turn();
		expect(now).toBe(2_000);
	});

	test('executions that come together go on 5 ms apart, a later one at once', async () => {
		await Promise.all([answers.turn(), answers.turn(), answers.turn()]);
		expect(now).toBe(10);
		await answers.turn();
		expect(now).toBe(10);
	});
});
