/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { startSimulator, type Simulator } from './index';
import { call } from './testClient';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

async function tokenOf(corpSecret = simulator.demo.corp.corpSecret): Promise<string> {
	const query = `corpid=${simulator.demo.corp.corpId}&corpsecret=${corpSecret}`;
	return String((await call(`${simulator.url}/cgi-bin/gettoken?${query}`)).json().access_token);
}
async function suiteCorpToken(): Promise<string> {
	const [app] = simulator.state.apps.filter(({ suiteId }) => suiteId);
	return simulator.state.tokens.issue({ kind: 'app', app }).value;
}
const get = async (path: string, query = '', token?: string) =>
	(
		await call(
			`${simulator.url}/cgi-bin/${path}?access_token=${token ?? (await tokenOf())}${query}`,
		)
	).json();
const app = () => simulator.state.apps[0];

test('agent/get tells of the own app what it may see, and leaves out what there is not', async () => {
	expect(await get('agent/get', '&agentid=1000002')).toMatchObject({
		errcode: 0,
		agentid: 1000002,
		allow_partys: { partyid: [1] },
	});
	app().range = { userIds: ['LiSi'], departments: [], tags: [1] };
	const answer = await get('agent/get', '&agentid=1000002');
	expect(answer).toMatchObject({
		allow_userinfos: { user: [{ userid: 'LiSi' }] },
		allow_tags: { tagid: [1] },
	});
	expect(answer).not.toHaveProperty('allow_partys');
	expect(await get('agent/get', '&agentid=1000009')).toMatchObject({ errcode: 301002 });
	expect(await get('agent/get', '&agentid=x')).toMatchObject({ errcode: 40056 });
	expect(await get('agent/get')).toMatchObject({ errcode: 41011 });
});

test('agent/list has the app of the token; Customer Service is none', async () => {
	expect(await get('agent/list')).toMatchObject({ agentlist: [{ agentid: 1000002 }] });
	const token = await tokenOf(simulator.demo.corp.customerServiceSecret);
	expect(await get('agent/list', '', token)).toMatchObject({ errcode: 0, agentlist: [] });
});

test('departments come with all below them, members of one department only', async () => {
	const names = ({ department }: Record<string, unknown>) =>
		(department as Array<{ name: string }>).map(({ name }) => name);
	expect(names(await get('department/list'))).toEqual(['演示公司', '销售部']);
	expect(names(await get('department/list', '&id=2'))).toEqual(['销售部']);
	expect(await get('user/simplelist', '&department_id=1')).toMatchObject({
		userlist: [
			{ userid: 'LiSi', name: '李四', department: [1] },
			{ userid: 'WangWu', name: '王五', department: [1, 2] },
		],
	});
	for (const path of ['department/list', 'user/simplelist']) {
		const name = path === 'department/list' ? 'id' : 'department_id';
		expect(await get(path, `&${name}=99`)).toMatchObject({ errcode: 60003 });
		expect(await get(path, `&${name}=x`)).toMatchObject({ errcode: 60123 });
	}
});

test('what is outside the visible range is refused with 60011', async () => {
	app().range = { userIds: ['LiSi'], departments: [2], tags: [] };
	expect(await get('user/simplelist', '&department_id=1')).toMatchObject({ errcode: 60011 });
	expect(await get('department/list', '&id=1')).toMatchObject({ errcode: 60011 });
	expect(await get('user/get', '&userid=lisi')).toMatchObject({ userid: 'LiSi', name: '李四' });
	app().range = { userIds: ['ZhangSan'], departments: [], tags: [] };
	expect(await get('user/get', '&userid=LiSi')).toMatchObject({ errcode: 60011 });
	expect(await get('user/get', '&userid=Nobody')).toMatchObject({ errcode: 60111 });
});

test.each([
	[60011, { errcode: 60011 }],
	['emptyList', { errcode: 0, department: [] }],
] as const)('without a visible department department/list answers %s', async (mode, expected) => {
	simulator.state.strict.noDepartments = mode;
	app().range = { userIds: ['LiSi'], departments: [], tags: [] };
	expect(await get('department/list')).toMatchObject(expected);
});

test('a tag in the visible range brings its members and departments', async () => {
	app().range = { userIds: [], departments: [], tags: [1] };
	expect(await get('tag/get', '&tagid=1')).toMatchObject({
		tagname: '项目组',
		userlist: [{ userid: 'LiSi', name: '李四' }],
		partylist: [2],
	});
	expect(await get('department/list')).toMatchObject({ department: [{ id: 2 }] });
	expect(await get('tag/list')).toMatchObject({ taglist: [{ tagid: 1, tagname: '项目组' }] });
	expect(await get('tag/get')).toMatchObject({ errcode: 41017 });
	expect(await get('tag/get', '&tagid=9')).toMatchObject({ errcode: 40068 });
});

test.each(['third-party app', 'provider without consent'])(
	'names are withheld (%s): ids stand in their place',
	async (kind) => {
		app().namesWithheld = true;
		const token = kind === 'third-party app' ? await suiteCorpToken() : await tokenOf();
		expect(await get('department/list', '&id=2', token)).toMatchObject({
			department: [{ id: 2, name: '2' }],
		});
		expect(await get('user/simplelist', '&department_id=2', token)).toMatchObject({
			userlist: [
				{ userid: 'ZhangSan', name: 'ZhangSan' },
				{ userid: 'WangWu', name: 'WangWu' },
			],
		});
	},
);

test.each([
	[10, 2],
	[99, 0],
])('with %d calls at once allowed, %d of 12 get 45033', async (atOnce, refused) => {
	simulator.state.strict.directoryCallsAtOnce = atOnce;
	let open = () => {};
	const hold = new Promise<void>((resolve) => (open = resolve));
	simulator.faults.next({ path: 'tag/list', hold, times: 12 });
	const token = await tokenOf();
	const answers = Array.from({ length: 12 }, async () => await get('tag/list', '', token));
	while (simulator.record.count('tag/list') < 12) {
		await new Promise((resolve) => setImmediate(resolve));
	}
	open();
	const codes = (await Promise.all(answers)).map(({ errcode }) => errcode);
	expect(codes.filter((errcode) => errcode === 45033)).toHaveLength(refused);
});
