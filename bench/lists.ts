/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
// How long a list of the panel takes in a real n8n: 10,000 members in 200 departments, 50 ms a call of WeCom.
// npx tsx bench/lists.ts [version of n8n]
process.env.WECOM_E2E_N8N = process.argv[2] ?? '2.8.4';

const MEMBERS = 10_000;
const DEPARTMENTS = 200;
const CALL_MS = 50;
const ROUNDS = 5;
const SEARCHES = ['user9999', '员工', '9', 'nobody'];

async function main(): Promise<void> {
	// After the version is set: it is read once.
	const { saveAccounts } = await import('../test/e2e/accounts');
	const { openList } = await import('../test/e2e/lists');
	const { startWorld } = await import('../test/e2e/world');
	const { companyOf } = await import('../test/simulator/company');
	const world = await startWorld();
	try {
		const accounts = await saveAccounts(world);
		const { state, demo, url, faults } = world.simulator;
		state.corps[0].directory = companyOf(MEMBERS, DEPARTMENTS);
		for (const path of ['gettoken', 'get_api_domain_ip', 'agent/get', 'department/list']) {
			faults.next({ path, delayMs: CALL_MS, times: 999 });
		}
		faults.next({ path: 'user/simplelist', delayMs: CALL_MS, times: 99_999 });
		const firsts: number[] = [];
		const searches: number[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const corpSecret = `made-up-secret-of-round-${round}`;
			const agentId = 2_000_000 + round;
			state.addApp({ corpId: demo.corp.corpId, secret: corpSecret, agentId });
			const fields = { corpId: demo.corp.corpId, corpSecret, agentId: `${agentId}`, baseUrl: url };
			const credential = await world.rest.createCredential('weComCorpApi', fields);
			const own = { ...accounts, credentials: () => ({ weComCorpApi: credential }) };
			const timed = async (filter?: string) => {
				const from = performance.now();
				await openList(world.rest, own, 'searchMembers', { filter });
				return performance.now() - from;
			};
			firsts.push(await timed());
			for (const filter of SEARCHES) searches.push(await timed(filter));
		}
		const shown = (times: number[]) => {
			const sorted = [...times].sort((a, b) => a - b).map(Math.round);
			return `median ${sorted[Math.floor(sorted.length / 2)]} ms, most ${sorted.at(-1)} ms`;
		};
		console.log(`n8n ${process.env.WECOM_E2E_N8N}, first page: ${shown(firsts)} (target 2000 ms)`);
		console.log(`n8n ${process.env.WECOM_E2E_N8N}, search: ${shown(searches)} (target 200 ms)`);
	} finally {
		await world.close();
	}
}

void main();
