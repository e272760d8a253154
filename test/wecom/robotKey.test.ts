import { WeComApiError, WeComNetworkError } from '../../nodes/WeComMedia/wecom/client/errors';
import { webhookKeyCheck } from '../../nodes/WeComMedia/wecom/accounts/robots';
import { failureOf, useScene } from './scene';

const scene = useScene();

/** Checks a key as the credential does: through the cache. */
async function check(webhookKey = scene.sim.demo.robot.webhookKey): Promise<string> {
	const settings = { baseUrl: scene.sim.url, webhookKey };
	return await scene.tokens.get(webhookKeyCheck(settings, scene.world));
}

describe('the check of a webhook key', () => {
	test('accepts a good key, once for ten minutes, and posts nothing into the chat', async () => {
		await Promise.all(Array.from({ length: 50 }, () => check()));
		scene.clock.now += 500_000;
		await check();
		expect(scene.sim.record.counters()).toEqual({ 'webhook/send': 1 });
		expect(scene.sim.state.messages).toEqual([]);
		scene.clock.now += 100_000;
		await check();
		expect(scene.sim.record.counters()).toEqual({ 'webhook/send': 2 });
	});

	test('refuses an unknown key, whose robot may have been removed', async () => {
		const failure = await failureOf(check('99999999-2222-4333-8444-555555555555'), WeComApiError);
		expect(failure).toMatchObject({ errcode: 93000, call: 'webhook/send' });
		expect(failure.hint).toMatch(/robot/i);
	});

	test.each([
		['disabled', 'disabled' as const, 93004],
		['no longer in the group', 'notInGroup' as const, 93008],
	])('refuses a robot that is %s', async (_what, condition, errcode) => {
		scene.sim.state.robots[0].condition = condition;
		expect(await failureOf(check(), WeComApiError)).toMatchObject({ errcode });
	});

	test('accepts a robot that is merely busy (45009)', async () => {
		scene.sim.faults.next({ path: 'webhook/send', errcode: 45009 });
		await check();
		expect(scene.sim.record.counters()).toEqual({ 'webhook/send': 1 });
	});

	test.each([
		['text.content is empty', true],
		["invalid param 'key'", false],
	])('reads 40058 by what it names (%s)', async (errmsg, accepted) => {
		scene.sim.faults.next({ path: 'webhook/send', errcode: 40058, errmsg });
		const outcome = await check().then(
			() => true,
			() => false,
		);
		expect(outcome).toBe(accepted);
	});

	test('says nothing about the key when there is no answer', async () => {
		scene.sim.faults.next({ path: 'webhook/send', cut: 'onArrival', times: 3 });
		await failureOf(check(), WeComNetworkError);
		await check();
		expect(scene.sim.record.count('webhook/send')).toBe(4);
	});
});
