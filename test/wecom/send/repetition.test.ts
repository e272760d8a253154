import {
	WeComApiError,
	WeComHttpError,
	WeComNetworkError,
} from '../../../nodes/WeComMedia/wecom/client/errors';
import {
	appChatChannel,
	customerServiceChannel,
	membersChannel,
	officialAccountChannel,
	ROBOT_CHANNEL,
	type Channel,
} from '../../../nodes/WeComMedia/wecom/calls/channels';
import { sendMessage, textContents } from '../../../nodes/WeComMedia/wecom/calls/messages';
import { failureOf, retryPauses, useScene, type Connected } from '../scene';
import { clientFor, testWorld, unreachableFirst } from '../testWorld';

const scene = useScene();
const plain = { kind: 'text', mentionedUsers: [], mentionedMobiles: [], split: false } as const;
const [hello] = textContents(ROBOT_CHANNEL, 'hello', plain);

/** What is no answer of WeCom's, or one that proves nothing. */
const NO_JSON = 'with something that is not JSON';
const UNREADABLE: Array<[string, string, string]> = [
	['an empty body', '', NO_JSON],
	['cut JSON', '{"errcode":0,"err', NO_JSON],
	['a web page', '<html>Please log in</html>', NO_JSON],
	['an array', '[{"errcode":0}]', NO_JSON],
	['an object without errcode', '{}', 'without errcode'],
	['somebody else’s object', '{"code":0,"msg":"ok"}', 'without errcode'],
	['an errcode that is no number', '{"errcode":"ok"}', 'without errcode'],
	['an errcode of null', '{"errcode":null}', 'without errcode'],
];

type Way = () => Connected & { channel: Channel };

const ways: Array<[string, Way]> = [
	['webhook/send', () => ({ ...scene.robot(), channel: ROBOT_CHANNEL })],
	[
		'message/send',
		() => {
			const { agentId } = scene.sim.demo.corp;
			const { system, client } = scene.app();
			const named = { ...system, agentId: String(agentId) };
			const receivers = { toUser: ['LiSi'], toParty: [], toTag: [] };
			const switches = { safe: false, duplicateCheck: false };
			return { system, client, channel: membersChannel(named, receivers, switches) };
		},
	],
	[
		'appchat/send',
		() => ({
			...scene.app(),
			channel: appChatChannel(scene.sim.demo.corp.chatId, { safe: false }),
		}),
	],
	[
		'kf/send_msg',
		() => ({
			...scene.customerService(),
			channel: customerServiceChannel('wmdemocustomer', scene.sim.demo.corp.openKfId),
		}),
	],
	[
		'message/custom/send',
		() => ({
			...scene.officialAccount(),
			channel: officialAccountChannel(scene.sim.demo.officialAccount.follower),
		}),
	],
];

const say = async ({ client, channel }: ReturnType<Way>) =>
	await sendMessage(client, channel, hello);
const seen = (path: string) => ({
	calls: scene.sim.record.count(path),
	arrived: scene.sim.state.messages.length,
});

describe.each(ways)('%s', (path, way) => {
	test('an answer that is lost after the message has arrived: not sent again', async () => {
		scene.sim.faults.next({ path, cut: 'beforeAnswer' });
		const { reached } = await failureOf(say(way()), WeComNetworkError);
		expect(reached).toBe('maybe');
		expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
		expect(retryPauses(scene)).toEqual([]);
	});

	test('a connection cut before anything is known: not sent again either', async () => {
		scene.sim.faults.next({ path, cut: 'onArrival' });
		await failureOf(say(way()), WeComNetworkError);
		expect(seen(path)).toEqual({ calls: 1, arrived: 0 });
	});

	test('a gateway error after the message has arrived: not sent again', async () => {
		scene.sim.faults.next({ path, status: 502, body: '<html>', afterEffect: true });
		await failureOf(say(way()), WeComHttpError);
		expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
	});

	test('an answer that breaks off after the message has arrived: not sent again', async () => {
		scene.sim.faults.next({ path, cutAfterBytes: 5 });
		await failureOf(say(way()), WeComNetworkError);
		expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
	});

	test.each(UNREADABLE)(
		'%s with HTTP 200 after the message has arrived: not sent again, and said so',
		async (_what, body, missing) => {
			scene.sim.faults.next({ path, body, afterEffect: true, times: 9 });
			const { message, hint, outcomeUnknown } = await failureOf(say(way()), WeComHttpError);
			expect(message).toBe(`${path} was answered ${missing}`);
			expect(hint).toMatch(/^The message may have arrived .* If nothing happened: Check Base URL/);
			expect(outcomeUnknown).toBe(true);
			expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
		},
	);

	test('204 after the message has arrived: not sent again, and said so', async () => {
		scene.sim.faults.next({ path, status: 204, afterEffect: true });
		const { hint } = await failureOf(say(way()), WeComHttpError);
		expect(hint).toMatch(/^The message may have arrived/);
		expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
	});

	test('a refused connection: nobody has seen the message, so it is tried again', async () => {
		const { system, channel } = way();
		const world = testWorld(unreachableFirst(path, 2));
		await sendMessage(clientFor(system, world), channel, hello);
		expect(seen(path)).toEqual({ calls: 1, arrived: 1 });
		expect(world.pauses).toEqual([750, 1_500]);
	});

	test('"busy": WeCom has done nothing, so it is tried again', async () => {
		scene.sim.faults.next({ path, errcode: -1, times: 2 });
		await say(way());
		expect(seen(path)).toEqual({ calls: 3, arrived: 1 });
	});

	test('"too many": not tried again', async () => {
		scene.sim.faults.next({ path, errcode: 45009 });
		const { hint } = await failureOf(say(way()), WeComApiError);
		expect(hint).toMatch(/\.$/);
		expect(seen(path)).toEqual({ calls: 1, arrived: 0 });
	});
});

test.each(ways.filter(([path]) => path !== 'webhook/send'))(
	'%s: a token that has died is renewed, and the message sent once',
	async (path, way) => {
		const connected = way();
		scene.sim.faults.next({ path, token: 'revoke' });
		await say(connected);
		expect(seen(path)).toEqual({ calls: 2, arrived: 1 });
	},
);
