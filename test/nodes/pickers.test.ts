import type { IDataObject, INodeListSearchResult } from 'n8n-workflow';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { openList } from '../helpers/lists';
import { leaks } from '../helpers/leaks';
import { companyOf } from '../simulator/company';
import { credentialTypes, gate, setupScene, systems, until, type SystemName } from './scene';

const scene = setupScene();
const node = new WeComMedia();

interface Opening {
	system?: SystemName;
	filter?: string;
	page?: string;
	/** Fields of the credential that differ from the demo's. */
	credential?: IDataObject;
}

async function open(method: string, opening: Opening = {}): Promise<INodeListSearchResult> {
	const { system = 'app', filter, page, credential } = opening;
	const { parameters, account } = systems[system];
	const { agentId } = scene.simulator.demo.corp;
	const own = account === 'corp' ? { agentId: String(agentId) } : {};
	return await openList({
		type: node,
		parameters: { ...parameters, operation: 'send' },
		credentialType: credentialTypes[account],
		credential: scene.credential(account, { ...own, ...credential }),
		method,
		filter,
		paginationToken: page,
	});
}
const names = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);
const failure = async (method: string, opening?: Opening) =>
	await open(method, opening).then(
		() => 'a list',
		(error: Error) => error.message,
	);
const app = () => scene.simulator.state.apps[0];
const customerService = () => ({
	system: 'customerService' as const,
	credential: { corpSecret: scene.simulator.demo.corp.customerServiceSecret },
});

describe('what the lists show', () => {
	test('members by name with their ID, each once, by pinyin', async () => {
		expect(await open('searchMembers')).toEqual({
			results: [
				{ name: '李四 (LiSi)', value: 'LiSi' },
				{ name: '王五 (WangWu)', value: 'WangWu' },
				{ name: '张三 (ZhangSan)', value: 'ZhangSan' },
			],
		});
	});

	test('departments as paths, tags, service accounts', async () => {
		expect(await open('searchDepartments')).toEqual({
			results: [
				{ name: '演示公司 (1)', value: '1' },
				{ name: '演示公司 / 销售部 (2)', value: '2' },
			],
		});
		expect(names(await open('searchTags'))).toEqual(['项目组 (1)']);
		expect(await open('searchServiceAccounts', customerService())).toEqual({
			results: [{ name: '售后客服 (wkdemo)', value: 'wkdemo' }],
		});
	});

	test('members who are visible by themselves or through a tag, too', async () => {
		app().range = { userIds: ['WangWu'], departments: [], tags: [] };
		expect(names(await open('searchMembers'))).toEqual(['王五 (WangWu)']);
	});

	test.each([60011, 48002])(
		'members who are visible by themselves, whatever department/list refuses with %d',
		async (errcode) => {
			scene.simulator.faults.next({ path: 'department/list', errcode });
			app().range = { userIds: ['WangWu'], departments: [], tags: [] };
			expect(names(await open('searchMembers'))).toEqual(['王五 (WangWu)']);
		},
	);

	test('nothing twice as late: range and departments are asked for at once', async () => {
		const { record, faults } = scene.simulator;
		const { hold, open: letGo } = gate();
		faults.next({ path: 'agent/get', hold });
		const opening = open('searchMembers');
		await until(() => record.count('department/list') === 1);
		letGo();
		expect((await opening).results).toHaveLength(3);
	});

	test('and those of a tag with its departments', async () => {
		app().range = { userIds: [], departments: [], tags: [1] };
		expect(names(await open('searchMembers'))).toEqual([
			'李四 (LiSi)',
			'王五 (WangWu)',
			'张三 (ZhangSan)',
		]);
	});

	test.each([60011, 'emptyList'] as const)(
		'members of a tag without departments, where department/list answers %s',
		async (mode) => {
			scene.simulator.state.strict.noDepartments = mode;
			scene.simulator.state.corps[0].directory.tags[0].departments = [];
			app().range = { userIds: [], departments: [], tags: [1] };
			expect(names(await open('searchMembers'))).toEqual(['李四 (LiSi)']);
		},
	);

	test('a member who has just left the company goes by the ID', async () => {
		app().range = { userIds: ['LiSi', 'Gone'], departments: [], tags: [] };
		expect(names(await open('searchMembers'))).toEqual(['李四 (LiSi)', 'Gone']);
	});

	test('a department that is out of sight takes nothing from the others', async () => {
		scene.simulator.faults.next({ path: 'user/simplelist', errcode: 60011 });
		expect((await open('searchMembers')).results.length).toBeGreaterThanOrEqual(2);
	});

	test('without Agent ID the one app of the Secret is taken', async () => {
		app().range = { userIds: ['LiSi'], departments: [], tags: [] };
		expect(names(await open('searchMembers', { credential: { agentId: '' } }))).toEqual([
			'李四 (LiSi)',
		]);
	});

	test('IDs to a third-party app, which WeCom tells no names', async () => {
		const system = 'thirdPartyApp';
		expect(names(await open('searchMembers', { system }))).toEqual(['LiSi', 'WangWu', 'ZhangSan']);
		expect(names(await open('searchDepartments', { system }))).toEqual(['2']);
	});

	test('accounts beyond the 100 that come with one call', async () => {
		const [corp] = scene.simulator.state.corps;
		corp.openKfIds = Array.from({ length: 205 }, (_, n) => `wk${n}`);
		expect((await open('searchServiceAccounts', customerService())).results).toHaveLength(205);
		expect(scene.simulator.record.count('kf/account/list')).toBe(3);
	});
});

const bigCompany = (members: number, departments: number) => {
	const [corp] = scene.simulator.state.corps;
	corp.directory = companyOf(members, departments);
};

describe('the search', () => {
	test.each([
		['李', ['李四 (LiSi)']],
		['lisi', ['李四 (LiSi)']],
		['  WANG ', ['王五 (WangWu)']],
		['nobody', []],
	])('for %j by name and ID finds %j', async (filter, found) => {
		expect(names(await open('searchMembers', { filter }))).toEqual(found);
	});

	test('goes over the whole directory, in pages of 500', async () => {
		bigCompany(1_234, 12);
		const sizes: number[] = [];
		const ids = new Set<unknown>();
		let page: string | undefined;
		do {
			const { results, paginationToken } = await open('searchMembers', { page });
			sizes.push(results.length);
			for (const { value } of results) ids.add(value);
			page = paginationToken as string | undefined;
		} while (page);
		expect(sizes).toEqual([500, 500, 234]);
		expect(ids.size).toBe(1_234);
		expect(names(await open('searchMembers', { filter: '员工1233' }))).toEqual([
			'员工1233 (user1233)',
		]);
		const found = await open('searchMembers', { filter: '员工' });
		expect(found.results).toHaveLength(500);
		expect(found.paginationToken).toBe('500');
	});

	test('asks WeCom once a minute, at most ten calls at a time', async () => {
		bigCompany(1_000, 60);
		const { record, faults } = scene.simulator;
		const { hold, open: letGo } = gate();
		faults.next({ path: 'user/simplelist', hold, times: 60 });
		const opening = Promise.all([
			open('searchMembers'),
			open('searchMembers', { filter: '7' }),
			open('searchDepartments'),
		]);
		await until(() => record.count('user/simplelist') >= 10);
		letGo();
		expect((await opening).every(({ results }) => results.length > 0)).toBe(true);
		await open('searchMembers', { filter: '8' });
		expect(record.count('user/simplelist')).toBe(60);
		expect(record.mostAtOnce('user/simplelist')).toBe(10);
		expect(record.all.filter(({ reply }) => reply?.errcode === 45033)).toEqual([]);

		const later = Date.now() + 60_001;
		jest.spyOn(Date, 'now').mockImplementation(() => later);
		await open('searchMembers');
		jest.restoreAllMocks();
		expect(record.count('user/simplelist')).toBe(120);
	});

	test('goes on where WeCom refuses some calls for their number', async () => {
		bigCompany(1_000, 60);
		scene.simulator.state.strict.directoryCallsAtOnce = 6;
		expect((await open('searchMembers', { filter: '员工999' })).results).toHaveLength(1);
	});

	test('of one account does not show another one', async () => {
		await open('searchMembers');
		const secret = 'made-up-secret-of-another-app';
		const range = { userIds: ['LiSi'], departments: [], tags: [] };
		const { corpId } = scene.simulator.demo.corp;
		scene.simulator.state.addApp({ corpId, secret, agentId: 1000007, range });
		const credential = { corpSecret: secret, agentId: '1000007' };
		expect(names(await open('searchMembers', { credential }))).toEqual(['李四 (LiSi)']);
	});
});

describe('a list that cannot be had says what to do', () => {
	test('the Secret is wrong', async () => {
		const credential = { corpSecret: 'made-up-wrong' };
		// The editor's box has room for some eight lines, so WeCom's own words are left to the credential's test.
		expect(await failure('searchMembers', { credential })).toBe(
			'gettoken failed (40001: The Secret is not valid). Copy the Secret of this very app again, without spaces (应用管理 → the app → Secret, for Customer Service 微信客服 → API) and check that Corp ID belongs to the same company.',
		);
	});

	test('the IP is not trusted: it is named', async () => {
		scene.simulator.state.trustIp(false);
		scene.simulator.state.clientIp = '203.0.113.7';
		expect(await failure('searchTags')).toContain(
			'Add 203.0.113.7 to the trusted IP addresses of the app',
		);
	});

	test('there is no network', async () => {
		const credential = { baseUrl: 'http://127.0.0.1:9' };
		const message = await failure('searchMembers', { credential });
		expect(message).toMatch(/^gettoken: /);
		expect(message).toContain('127.0.0.1:9');
	});

	test('the right is missing', async () => {
		scene.simulator.faults.next({ path: 'tag/list', errcode: 48002 });
		expect(await failure('searchTags')).toMatch(
			/^tag\/list failed \(48002: .+\)\. Let an administrator/,
		);
	});

	test('the Agent ID is that of another app', async () => {
		expect(await failure('searchMembers', { credential: { agentId: '1000003' } })).toMatch(
			/^agent\/get failed \(301002: Agent ID and Secret belong to different apps\)\. Copy both/,
		);
	});

	test('every department is out of sight', async () => {
		scene.simulator.faults.next({ path: 'user/simplelist', errcode: 60011, times: 9 });
		expect(await failure('searchMembers')).toMatch(/^user\/simplelist failed \(60011: /);
	});

	test.each([
		['searchMembers', 'The app sees no members. Add members or departments to its visible range'],
		['searchDepartments', 'The app sees no departments. Add departments to its visible range'],
	])('nobody is visible: %s', async (method, sentence) => {
		app().range = { userIds: [], departments: [], tags: [] };
		expect(await failure(method)).toContain(sentence);
	});

	test('there are no tags, no service accounts', async () => {
		const [corp] = scene.simulator.state.corps;
		corp.directory.tags = [];
		corp.openKfIds = [];
		expect(await failure('searchTags')).toContain('There are no tags that the app sees. Create a');
		expect(await failure('searchServiceAccounts', customerService())).toContain(
			'This Secret manages no service accounts. Create one',
		);
	});

	test.each([
		['searchMembers', 'agent/get'],
		['searchMembers', 'department/list'],
		['searchMembers', 'user/simplelist'],
		['searchTags', 'tag/list'],
		['searchServiceAccounts', 'kf/account/list'],
	])('%s: %s answers with an object that says nothing', async (method, path) => {
		scene.simulator.faults.next({ path, body: '{}', times: 9 });
		const opening = method === 'searchServiceAccounts' ? customerService() : {};
		expect(await failure(method, opening)).toContain(`${path} was answered without errcode`);
	});

	test('a call is refused: nothing more is asked', async () => {
		bigCompany(1_000, 60);
		scene.simulator.faults.next({ path: 'user/simplelist', errcode: 48002 });
		expect(await failure('searchMembers')).toMatch(/^user\/simplelist failed \(48002: /);
		// Ten are asked at a time.
		expect(scene.simulator.record.count('user/simplelist')).toBeLessThan(20);
	});

	test('once the advice is followed the list comes at once', async () => {
		app().range = { userIds: [], departments: [], tags: [] };
		await failure('searchMembers');
		app().range = undefined;
		expect((await open('searchMembers')).results).toHaveLength(3);
	});

	test('no secret stands in what is shown', async () => {
		const { corpSecret } = scene.simulator.demo.corp;
		scene.simulator.faults.next({ path: 'agent/get', status: 502, body: corpSecret, times: 9 });
		const message = await failure('searchMembers');
		const tokens = scene.simulator.state.tokens.all().map(({ value }) => value);
		expect(message).toContain('agent/get');
		expect(leaks([corpSecret, ...tokens], message)).toEqual([]);
	});
});
