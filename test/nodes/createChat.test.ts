import type { INodeParameters } from 'n8n-workflow';
import { pauses, setupScene, type Job } from './scene';

const scene = setupScene();
const members = (...ids: INodeParameters[string][]): INodeParameters => ({
	chatMembers: { member: ids.map((userId) => ({ userId })) } as INodeParameters,
});
const create = async (parameters: INodeParameters, job: Job = {}) =>
	await scene.run({ operation: 'createChat', parameters, ...job });
const chats = () => scene.simulator.state.corps[0].chats.slice(1);
const PATH = 'appchat/create';

test('a chat is created, and Send can write to it', async () => {
	const { items, error } = await create({
		...members('ZhangSan', 'LiSi'),
		chatName: '每日销售报告',
		chatOwner: 'LiSi',
	});
	expect(error).toBeUndefined();
	const { chatid } = items[0].json;
	expect(items[0].json).toEqual({ chatid: expect.any(String) });
	expect(chats()).toMatchObject([{ chatId: chatid, name: '每日销售报告', owner: 'LiSi' }]);
	const { agentId } = scene.simulator.demo.corp;
	const sent = await scene.run({
		operation: 'send',
		parameters: { sendTo: 'appChat', chatId: String(chatid), content: 'text', text: 'hello' },
		credential: { agentId: String(agentId) },
	});
	expect(sent.error).toBeUndefined();
	expect(scene.simulator.state.messages).toMatchObject([{ via: 'appChat', to: [chatid] }]);
});

test.each<[string, INodeParameters]>([
	['an entry each', members('ZhangSan', 'LiSi', 'WangWu')],
	['several in one entry', members('ZhangSan, LiSi、WangWu')],
	['an array in an entry', members("={{ ['ZhangSan', 'LiSi', 'WangWu'] }}")],
	[
		'pickers',
		members(
			{ __rl: true, mode: 'list', value: 'ZhangSan', cachedResultName: '张三' },
			{ __rl: true, mode: 'id', value: 'LiSi|WangWu' },
		),
	],
	['one of them twice', members('ZhangSan', 'LiSi', 'WangWu', 'LiSi')],
])('members as %s are the same', async (_how, parameters) => {
	const { error } = await create(parameters);
	expect(error).toBeUndefined();
	expect(chats()).toMatchObject([{ members: ['ZhangSan', 'LiSi', 'WangWu'] }]);
});

test('the owner is a member, although nobody named them twice', async () => {
	const { error } = await create({ ...members('ZhangSan'), chatOwner: 'LiSi' });
	expect(error).toBeUndefined();
	expect(chats()).toMatchObject([{ owner: 'LiSi', members: ['LiSi', 'ZhangSan'] }]);
});

test.each<[string, INodeParameters, INodeParameters, string]>([
	['nobody', {}, {}, "'Members' names nobody; an app chat has 2 to 2,000"],
	['one member', members('LiSi'), {}, "'Members' names 1; an app chat has 2 to 2,000"],
	[
		'2,001 members',
		members(Array.from({ length: 2_001 }, (_, n) => `m${n}`).join()),
		{},
		"'Members' names 2,001; an app chat has 2 to 2,000",
	],
	['a name', members('LiSi', '张三'), {}, "'张三' in 'Members' is a name or no ID"],
	['an owner’s name', { ...members('LiSi', 'WangWu'), chatOwner: '张三' }, {}, "in 'Owner'"],
	[
		'a name of 51 characters',
		{ ...members('LiSi', 'WangWu'), chatName: '群'.repeat(51) },
		{},
		"'Chat Name' has 51 characters; WeCom takes up to 50",
	],
	[
		'a chat ID with other characters',
		members('LiSi', 'WangWu'),
		{ chatId: 'sales-2026' },
		"'sales-2026' cannot be a chat ID",
	],
])('%s is refused before anything is asked', async (_what, parameters, options, sentence) => {
	const { error } = await create(parameters, { options });
	expect(error?.message).toContain(sentence);
	expect(scene.simulator.record.counters()).toEqual({});
});

describe('when the answer is lost', () => {
	const two = members('ZhangSan', 'LiSi');

	test('a chat without an ID of its own is not created again, and the error says so', async () => {
		scene.simulator.faults.next({ path: PATH, cut: 'beforeAnswer' });
		const { error } = await create(two);
		expect(error?.description).toMatch(/^The chat may have been created all the same/);
		expect(scene.simulator.record.count(PATH)).toBe(1);
		expect(chats()).toHaveLength(1);
	});

	test.each([
		['broke off', { cut: 'beforeAnswer' as const }],
		['was a web page', { body: '<html></html>', afterEffect: true }],
		['was a gateway error', { status: 502, afterEffect: true }],
		['proved nothing', { body: '{"errcode":0}', afterEffect: true }],
	])(
		'and %s, one with an ID of its own is asked for again, and is there once',
		async (_how, fault) => {
			scene.simulator.faults.next({ path: PATH, ...fault });
			const { error, items } = await create(two, { options: { chatId: 'dailysales' } });
			expect(error).toBeUndefined();
			expect(items[0].json).toEqual({ chatid: 'dailysales' });
			expect(scene.simulator.record.count(PATH)).toBe(2);
			expect(chats()).toHaveLength(1);
			expect(pauses.lengths.length).toBeGreaterThan(0);
		},
	);

	test('an ID that exists already is an error when nothing was lost', async () => {
		const options = { chatId: 'demochat' };
		const { error } = await create(two, { options });
		expect(error?.message).toContain('86215: A chat with this chat ID exists already');
		expect(scene.simulator.record.count(PATH)).toBe(1);
	});
});

test('an app that may not is told which may', async () => {
	scene.simulator.state.apps[0].rootVisible = false;
	const { error } = await create(members('ZhangSan', 'LiSi'));
	expect(error?.message).toContain('appchat/create failed (48002: The app may not use app chats)');
	expect(error?.description).toContain('自建应用');
});
