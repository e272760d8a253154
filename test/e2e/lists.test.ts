import { companyOf } from '../simulator/company';
import { saveAccounts, type Accounts } from './accounts';
import { openList } from './lists';
import { startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
});
afterAll(async () => await world?.close());

const open = async (method: string, opening: Parameters<typeof openList>[3] = {}) =>
	await openList(world.rest, accounts, method, opening);

test.each([
	['app', 'searchMembers', { name: '张三 (ZhangSan)', value: 'ZhangSan' }],
	['app', 'searchDepartments', { name: '演示公司 / 销售部 (2)', value: '2' }],
	['app', 'searchTags', { name: '项目组 (1)', value: '1' }],
	['customerService', 'searchServiceAccounts', { name: '售后客服 (wkdemo)', value: 'wkdemo' }],
	['thirdPartyApp', 'searchMembers', { name: 'ZhangSan', value: 'ZhangSan' }],
] as const)('%s: %s gives what the editor shows', async (system, method, entry) => {
	expect((await open(method, { system })).results).toContainEqual(entry);
});

test('a list that cannot be had is the advice', async () => {
	const { faults } = world.simulator;
	faults.next({ path: 'user/simplelist', errcode: 48002, times: 9 });
	const secret = 'made-up-secret-of-another-app';
	const { corpId } = world.simulator.demo.corp;
	world.simulator.state.addApp({ corpId, secret, agentId: 1000008 });
	const data = { corpId, corpSecret: secret, agentId: '1000008', baseUrl: world.simulator.url };
	const other = { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
	const refused = openList(world.rest, { ...accounts, credentials: () => other }, 'searchMembers');
	await expect(refused).rejects.toThrow(
		/user\/simplelist failed \(48002: .+\)\. Let an administrator give the app the permission/,
	);
	faults.clear();
});

test('a company of 10,000 in 200 departments: all are found, by pages and by searching', async () => {
	const { state, record } = world.simulator;
	state.corps[0].directory = companyOf(10_000, 200);
	const secret = 'made-up-secret-of-a-big-company';
	const { corpId } = world.simulator.demo.corp;
	state.addApp({ corpId, secret, agentId: 1000009 });
	const data = { corpId, corpSecret: secret, agentId: '1000009', baseUrl: world.simulator.url };
	const other = { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
	const big = { ...accounts, credentials: () => other };
	record.clear();
	const first = await openList(world.rest, big, 'searchMembers');
	expect([first.results.length, first.paginationToken]).toEqual([500, '500']);
	const last = await openList(world.rest, big, 'searchMembers', { page: '9500' });
	expect([last.results.length, last.paginationToken]).toEqual([500, undefined]);
	const found = await openList(world.rest, big, 'searchMembers', { filter: 'user9999' });
	expect(found.results).toEqual([{ name: '员工9999 (user9999)', value: 'user9999' }]);
	expect(record.count('user/simplelist')).toBe(200);
	expect(record.mostAtOnce('user/simplelist')).toBeLessThanOrEqual(10);
});
