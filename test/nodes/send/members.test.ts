import type { INodeParameters } from 'n8n-workflow';
import { sampleFile } from '../scene';
import { setupSending } from './sending';

const scene = setupSending();
const report = [{ binary: { data: sampleFile('report.pdf', '报告.pdf') } }];
const nothingWasSent = () => {
	expect(scene.arrived()).toEqual([]);
	expect(scene.simulator.record.count('media/upload')).toBe(0);
};

describe('receivers of an app', () => {
	test.each<[INodeParameters, string[], INodeParameters]>([
		[{ toUser: 'ZhangSan, LiSi' }, ['ZhangSan', 'LiSi'], { touser: 'ZhangSan|LiSi' }],
		[{ toUser: 'ZhangSan|LiSi' }, ['ZhangSan', 'LiSi'], { touser: 'ZhangSan|LiSi' }],
		[
			{ toUser: 'ZhangSan，LiSi、WangWu' },
			['ZhangSan', 'LiSi', 'WangWu'],
			{ touser: 'ZhangSan|LiSi|WangWu' },
		],
		[{ toUser: '', toParty: '1, 2' }, ['1', '2'], { toparty: '1|2' }],
		[{ toUser: '', toTag: '1' }, ['1'], { totag: '1' }],
		[
			{ toUser: 'LiSi', toParty: '2', toTag: '1' },
			['LiSi', '2', '1'],
			{ touser: 'LiSi', toparty: '2', totag: '1' },
		],
		[{ toUser: '@all', toParty: '2' }, ['@all'], { touser: '@all' }],
		[{ toUser: "={{ ['ZhangSan', 'LiSi'] }}" }, ['ZhangSan', 'LiSi'], { touser: 'ZhangSan|LiSi' }],
	])('%j reaches %j', async (parameters, reached, named) => {
		const { items, error } = await scene.send({ parameters, items: report });
		expect(error).toBeUndefined();
		expect(scene.arrived().map(({ to }) => to)).toEqual([reached]);
		const { msgtype, media_id, file_name, file_size, reused, msgid, ...rest } = items[0].json;
		expect(rest).toEqual(named);
		expect([msgtype, file_name, reused]).toEqual(['file', '报告.pdf', false]);
		expect([media_id, msgid, file_size].every(Boolean)).toBe(true);
	});

	test.each([
		[{ toUser: '', toTag: '@all' }, "'@all' in 'Tags' means nobody"],
		[{ toUser: '', toParty: '@all' }, "'@all' in 'Departments' means nobody"],
		[{ toUser: '张三' }, "'张三' in 'Members' is a name or no ID"],
		[{ toUser: '', toParty: '销售部' }, "'销售部' in 'Departments' is a name or no ID"],
	])('%j: an error before anything is sent', async (parameters, sentence) => {
		const { error } = await scene.send({ parameters, items: report });
		expect(error?.message).toContain(sentence);
		nothingWasSent();
	});

	test.each<[string, INodeParameters[string]]>([
		['a picker', { __rl: true, mode: 'list', value: 'LiSi', cachedResultName: '李四' }],
		['a picker by ID', { __rl: true, mode: 'id', value: 'ZhangSan, LiSi' }],
		['a picker with an array', { __rl: true, mode: 'id', value: "={{ ['ZhangSan', 'LiSi'] }}" }],
		['one with the same twice', 'LiSi, LiSi'],
	])('of %s are read like typed ones', async (_what, toUser) => {
		const { error } = await scene.send({ parameters: { toUser }, items: report });
		expect(error).toBeUndefined();
		const [{ to }] = scene.arrived();
		expect(to).toEqual(to.length === 1 ? ['LiSi'] : ['ZhangSan', 'LiSi']);
	});

	test('nobody: an error before anything is sent', async () => {
		const { error } = await scene.send({ parameters: { toUser: ' , ' }, items: report });
		expect(error?.message).toBe(
			"Nobody would receive the message: 'Members', 'Departments' and 'Tags' are all empty [item 0]",
		);
		nothingWasSent();
	});

	test('1,001 members: an error with both numbers before anything is sent', async () => {
		const toUser = Array.from({ length: 1_001 }, (_, n) => `m${n}`).join();
		const { error } = await scene.send({ parameters: { toUser }, items: report });
		expect(error?.message).toContain("'Members' names 1001; WeCom takes up to 1000");
		nothingWasSent();
	});

	test('1,000 members go out', async () => {
		const toUser = ['LiSi', ...Array.from({ length: 999 }, (_, n) => `m${n}`)].join();
		const { error } = await scene.send({ parameters: { toUser }, items: report });
		expect(error).toBeUndefined();
		expect(scene.arrived()).toMatchObject([{ to: ['LiSi'] }]);
	});

	test('partly invalid: sent, named in the output, and said under it', async () => {
		const run = await scene.send({
			parameters: { toUser: 'LiSi, Nobody, OutOfRange', toParty: '2, 77', toTag: '1, 88' },
			items: report,
		});
		expect(run.error).toBeUndefined();
		expect(scene.arrived()).toMatchObject([{ to: ['LiSi', '2', '1'] }]);
		expect(run.items[0].json).toMatchObject({
			invaliduser: 'nobody|outofrange',
			invalidparty: '77',
			invalidtag: '88',
		});
		expect(scene.remarks(run)).toEqual(
			['invaliduser', 'invalidparty', 'invalidtag'].map((name) =>
				expect.stringContaining(`WeCom did not reach all receivers: see '${name}'`),
			),
		);
	});

	test.each([{ a: 1 }, [{ a: 1 }], true, null])(
		'%j where an ID should be is left out of the output',
		async (value) => {
			const answer = { errcode: 0, msgid: value, invaliduser: value, unlicenseduser: value };
			scene.simulator.faults.next({ path: 'message/send', body: JSON.stringify(answer) });
			const { items, error } = await scene.send({
				system: 'app',
				parameters: { content: 'text', text: 'hello' },
			});
			expect(error).toBeUndefined();
			expect(items[0].json).toEqual({ msgtype: 'text', touser: 'LiSi' });
		},
	);

	test('a member without a license is named like an invalid one', async () => {
		scene.simulator.state.corps[0].users[0].licensed = false;
		const { items } = await scene.send({
			parameters: { toUser: 'ZhangSan, LiSi' },
			items: report,
		});
		expect(items[0].json.unlicenseduser).toBe('zhangsan');
	});

	test('all invalid: an error that says what to check', async () => {
		const { items } = await scene.send({
			parameters: { toUser: 'Nobody, NobodyElse' },
			items: report,
			onError: 'continueRegularOutput',
		});
		expect(items[0].json).toMatchObject({
			errcode: 81013,
			error: 'message/send failed (81013: None of the receivers can be reached)',
			hint: expect.stringContaining('可见范围') as string,
		});
		expect(scene.arrived()).toEqual([]);
	});
});

describe('the agent id', () => {
	test("a missing one is named as the credential's field, before anything is sent", async () => {
		const { error } = await scene.send({ credential: { agentId: '' }, items: report });
		expect(error?.message).toContain("'Agent ID' of the credential is empty");
		expect(error?.description).toContain('AgentId');
		nothingWasSent();
	});

	test.each([
		['that is no number', 'one', 'is not a number'],
		['of no app', '1000077', '40056'],
		['of another app of the company', '1000003', '301002'],
	])('one %s is refused', async (_, agentId, reason) => {
		const { corpId } = scene.simulator.demo.corp;
		scene.simulator.state.addApp({ corpId, secret: 'made-up-secret-two', agentId: 1000003 });
		const { error } = await scene.send({ credential: { agentId }, items: report });
		expect(error?.message).toContain(reason);
		expect(error?.description).toContain('应用管理 → the app');
		expect(scene.arrived()).toEqual([]);
	});

	test('a third-party app sends without', async () => {
		const { error } = await scene.send({ system: 'thirdPartyApp', items: report });
		expect(error).toBeUndefined();
		expect(scene.arrived()).toMatchObject([{ via: 'app', to: ['LiSi'], msgtype: 'file' }]);
		expect(scene.arrived()[0].body).not.toHaveProperty('agentid');
	});
});

describe('an app chat', () => {
	test.each([
		['that does not exist', 'nosuchchat', 86003, 'The chat does not exist'],
		['of another app', 'foreignchat', 86008, 'The chat was created by another app'],
		['with a malformed id', 'wr*chat', 86001, 'The chat ID is not valid'],
	])('%s is refused and told apart', async (_, chatId, errcode, meaning) => {
		scene.simulator.state.corps[0].chats.push({ chatId: 'foreignchat', agentId: 1000003 });
		const { error } = await scene.send({
			parameters: { sendTo: 'appChat', chatId },
			items: report,
		});
		expect(error?.message).toBe(`appchat/send failed (${errcode}: ${meaning}) [item 0]`);
		expect(error?.description).toMatch(/chat/);
		expect(scene.arrived()).toEqual([]);
	});

	test('without an id is refused before anything is sent', async () => {
		const { error } = await scene.send({
			parameters: { sendTo: 'appChat', chatId: ' ' },
			items: report,
		});
		expect(error?.message).toBe("'Chat ID' is empty [item 0]");
		nothingWasSent();
	});

	test('of an app that not everybody sees is refused with the reason', async () => {
		scene.simulator.state.apps[0].rootVisible = false;
		const { error } = await scene.send({
			parameters: { sendTo: 'appChat', chatId: 'demochat' },
			items: report,
		});
		expect(error?.message).toContain('appchat/send failed (48002');
	});
});
