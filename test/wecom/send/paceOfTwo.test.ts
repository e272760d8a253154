/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { PACES } from '../../../nodes/WeComMedia/wecom/accounts/rules';
import { robot } from '../../../nodes/WeComMedia/wecom/accounts/robots';
import { ROBOT_CHANNEL } from '../../../nodes/WeComMedia/wecom/calls/channels';
import { sendMessage } from '../../../nodes/WeComMedia/wecom/calls/messages';
import { Pace } from '../../../nodes/WeComMedia/wecom/calls/pace';
import { startSimulator, type Simulator } from '../../simulator';
import { clientFor, testWorld, type TestWorld } from '../testWorld';

/** n8n's workers share neither memory nor clock ticks, only the robot: each has a pace of its own. */
const clock = { now: 1_800_000_000_000 };
let simulator: Simulator;

function workerWorld(chance: () => number): TestWorld {
	const world = testWorld();
	return Object.assign(world, {
		now: () => clock.now,
		random: chance,
		sleep: async (ms: number) => {
			world.pauses.push(ms);
			const until = clock.now + ms;
			await new Promise((resolve) => setImmediate(resolve));
			clock.now = Math.max(clock.now, until);
			return true;
		},
	});
}

describe.each([
	['are free', false],
	['count as well', true],
])('two workers that speak through one robot at once, where refusals %s', (_what, counted) => {
	beforeEach(async () => {
		simulator = await startSimulator({
			now: () => clock.now,
			strict: { robotRefusalsCount: counted },
		});
	});
	afterEach(async () => await simulator.close());

	test('send 30 messages: all arrive, each once, those of each worker in their order', async () => {
		const startedAt = clock.now;
		const { webhookKey } = simulator.demo.robot;
		const worker = async (name: string, chance: number) => {
			const world = workerWorld(() => chance);
			const system = robot({ baseUrl: simulator.url, webhookKey });
			const client = clientFor(system, world);
			const pace = new Pace();
			const plan = { rule: PACES.robot, account: system.fingerprint, receivers: ['@all'] };
			for (let n = 0; n < 15; n += 1) {
				const body = { content: `${name}${n}` };
				await pace.send(
					plan,
					world,
					async () => await sendMessage(client, ROBOT_CHANNEL, { msgtype: 'text', body }),
				);
			}
		};
		await Promise.all([worker('a', 0.1), worker('b', 0.8)]);
		const said = simulator.state.messages.map(
			({ body }) => (body.text as { content: string }).content,
		);
		const numbers = (name: string) =>
			said.filter((text) => text.startsWith(name)).map((text) => Number(text.slice(1)));
		const inOrder = Array.from({ length: 15 }, (_, n) => n);
		expect([numbers('a'), numbers('b')]).toEqual([inOrder, inOrder]);
		expect(said).toHaveLength(30);
		expect(clock.now - startedAt).toBeLessThan(3 * 60_000);
	});
});
