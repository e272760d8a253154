/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { projectRoot } from '../../scripts/lib/cache';
import { saveAccounts, type Accounts, type SystemName } from './accounts';
import { outputOf } from './rest';
import { workflowOf } from './workflowOf';
import { N8N_VERSION, startOwnWorld, type World } from './world';

let world: World;
let accounts: Accounts;
let folder: string;
/** Milliseconds by which n8n's clock is ahead. */
let ahead = 0;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'wecom-media-clock-'));
	await moveClock(0);
	world = await startOwnWorld({
		NODE_OPTIONS: `--require ${join(projectRoot, 'test', 'e2e', 'movableClock.cjs')}`,
		MOVABLE_CLOCK: clockFile(),
	});
	accounts = await saveAccounts(world);
});
beforeEach(() => world.simulator.record.clear());
afterAll(async () => {
	await world?.close();
	await rm(folder, { recursive: true, force: true });
});

const clockFile = () => join(folder, 'ahead');

async function moveClock(byMs: number): Promise<void> {
	ahead += byMs;
	await writeFile(clockFile(), String(ahead));
}

/** Runs n8n's own HTTP Request node with the system's credential; gives WeCom's answer. */
async function call(system: SystemName, path: string, more: INodeParameters = {}) {
	const credentials = accounts.credentials(system);
	const workflow = workflowOf(`${system} ${path}`, {
		name: 'Call',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			method: 'GET',
			url: `${world.simulator.url}/cgi-bin/${path}`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: Object.keys(credentials)[0],
			options: {},
			...more,
		},
		credentials,
	});
	const execution = await world.rest.run(await world.rest.createWorkflow(workflow));
	expect(execution.error).toBeUndefined();
	return outputOf(execution, 'Call')[0].json;
}

const ENDPOINT = 'getcallbackip';
const WITH_TOKEN: SystemName[] = ['app', 'thirdPartyApp', 'officialAccount'];
const isRefusal = ({ errcode }: IDataObject) => Number(errcode ?? 0) !== 0;

describe(`the HTTP Request node of a real n8n ${N8N_VERSION} with the credential of`, () => {
	test.each(WITH_TOKEN)('%s calls another endpoint with its token', async (system) => {
		const answer = await call(system, ENDPOINT);

		expect(answer).toMatchObject({ ip_list: [expect.any(String), expect.any(String)] });
		const { state, record, demo } = world.simulator;
		const sent = record.last(ENDPOINT)?.query.access_token ?? '';
		const holders = {
			app: { kind: 'app', app: { secret: demo.corp.corpSecret } },
			thirdPartyApp: { kind: 'app', app: { secret: demo.suite.permanentCode } },
			officialAccount: { kind: 'officialAccount', account: { appId: demo.officialAccount.appId } },
		};
		expect(state.tokens.find(sent)?.holder).toMatchObject(holders[system as keyof typeof holders]);
	});

	test('robot calls its webhook with its key', async () => {
		const message = { msgtype: 'text', text: { content: '你好' } };
		const body = { sendBody: true, specifyBody: 'json', jsonBody: JSON.stringify(message) };
		const answer = await call('robot', 'webhook/send', { method: 'POST', ...body });

		expect(answer).toMatchObject({ errcode: 0 });
		expect(world.simulator.state.messages).toMatchObject([{ via: 'robot', body: message }]);
	});
});

describe('a token that WeCom has withdrawn', () => {
	test.each(WITH_TOKEN)(
		'is refused there, and replaced once its last check is a minute old: %s',
		async (system) => {
			expect(isRefusal(await call(system, ENDPOINT))).toBe(false);
			world.simulator.state.revokeTokens();
			expect(isRefusal(await call(system, ENDPOINT))).toBe(true);

			await moveClock(61_000);
			const answer = await world.rest.until('a new token', async () => {
				const given = await call(system, ENDPOINT);
				return isRefusal(given) ? undefined : given;
			});
			expect(answer).toHaveProperty('ip_list');
		},
	);

	test('is replaced there, too, as soon as WeCom Media has met it', async () => {
		await call('app', ENDPOINT);
		world.simulator.state.revokeTokens();
		const bytes = Buffer.from('A report of twelve words.');
		const mediaId = world.simulator.state.addMedia({ bytes, fileName: 'a.txt' });
		const get = accounts.node('Get', 'app', 'get', { mediaId });
		const workflow = await world.rest.createWorkflow(workflowOf('Get', get));
		expect((await world.rest.run(workflow)).status).toBe('success');

		expect(isRefusal(await call('app', ENDPOINT))).toBe(false);
	});
});
