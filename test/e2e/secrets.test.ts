import { leaks } from '../helpers/leaks';
import { readFiles, weComMedia, workflowOf, type Step } from './workflowOf';
import type { CredentialReference, Execution } from './rest';
import { startOwnWorld, type World } from './world';

let world: World;
beforeAll(async () => {
	// What n8n notes down at its most talkative.
	world = await startOwnWorld({ N8N_LOG_LEVEL: 'debug' });
});
afterAll(async () => await world?.close());

const DEAD_END = 'http://127.0.0.1:9';
const WRONG_SECRET = 'made-up-wrong-secret';
const NO_RETRIES = { maxRetries: 0, requestTimeout: 2 };

async function corpApp(changes: object = {}): Promise<Record<string, CredentialReference>> {
	const { corpId, corpSecret } = world.simulator.demo.corp;
	const data = { corpId, corpSecret, baseUrl: world.simulator.url, ...changes };
	return { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
}

async function robot(changes: object = {}): Promise<Record<string, CredentialReference>> {
	const { webhookKey } = world.simulator.demo.robot;
	const data = { webhookKey, baseUrl: world.simulator.url, ...changes };
	return { weComWebhookApi: await world.rest.createCredential('weComWebhookApi', data) };
}

function upload(resource: string, credentials: Record<string, CredentialReference>): Step {
	return weComMedia('WeCom', credentials, {
		resource,
		operation: 'upload',
		mediaType: 'auto',
		binaryPropertyName: 'data',
		options: NO_RETRIES,
	});
}

function get(credentials: Record<string, CredentialReference>, mediaId: string): Step {
	return weComMedia('WeCom', credentials, {
		resource: 'app',
		operation: 'get',
		mediaId,
		binaryPropertyName: 'data',
		options: NO_RETRIES,
	});
}

const executions: Execution[] = [];

async function run(...steps: Step[]): Promise<Execution> {
	const file = await world.addFile('landmark-report.txt', Buffer.from('A report of twelve words.'));
	const name = expect.getState().currentTestName ?? 'test';
	const workflow = workflowOf(name, readFiles(file), ...steps);
	const execution = await world.rest.run(await world.rest.createWorkflow(workflow));
	executions.push(execution);
	return execution;
}

/** Every secret that was typed in, and every token it has given out so far. */
function secrets(): string[] {
	const { corp, robot: bot } = world.simulator.demo;
	const tokens = world.simulator.state.tokens.all().map(({ value }) => value);
	return [WRONG_SECRET, corp.corpSecret, bot.webhookKey, ...tokens];
}

describe('while things go right and wrong in a real n8n', () => {
	test('a file is uploaded and fetched', async () => {
		const credentials = await corpApp();
		const uploaded = await run(upload('app', credentials));
		expect(uploaded.status).toBe('success');
		const { media_id } = uploaded.runData.WeCom[0].data?.main[0]?.[0].json ?? {};
		expect((await run(get(credentials, String(media_id)))).status).toBe('success');
		expect((await run(upload('robot', await robot()))).status).toBe('success');
	});

	test('WeCom refuses the media_id', async () => {
		const execution = await run(get(await corpApp(), 'no-such-media'));
		expect(execution.error?.message).toContain('40007');
	});

	test('WeCom refuses the secret', async () => {
		const execution = await run(upload('app', await corpApp({ corpSecret: WRONG_SECRET })));
		expect(execution.error?.message).toContain('40001');
	});

	test('nobody answers at the address', async () => {
		const app = await run(upload('app', await corpApp({ baseUrl: DEAD_END })));
		expect(app.status).toBe('error');
		const bot = await run(upload('robot', await robot({ baseUrl: DEAD_END })));
		expect(bot.status).toBe('error');
	});

	test.each([
		['the connection breaks before the answer', { cut: 'beforeAnswer' as const }],
		['the connection breaks in the answer', { cutAfterBytes: 5 }],
		['the server fails with a page of its own', { status: 502, body: '<html>Bad gateway</html>' }],
		['the server never answers', { stall: true }],
		['the server sends to another address', { status: 302, headers: { Location: DEAD_END } }],
	])('%s', async (_, fault) => {
		const { faults } = world.simulator;
		faults.next({ path: 'media/upload', ...fault });
		faults.next({ path: 'media/get', ...fault });
		faults.next({ path: 'webhook/upload_media', ...fault });
		const credentials = await corpApp();
		expect((await run(upload('app', credentials))).status).toBe('error');
		await run(get(credentials, 'no-such-media'));
		expect((await run(upload('robot', await robot()))).status).toBe('error');
		faults.clear();
	});
});

describe('afterwards no secret and no token', () => {
	test('is in what the editor shows of the executions', () => {
		expect(executions.length).toBeGreaterThan(15);
		const stored = executions.map((execution) => execution.stored).join('\n');
		expect(leaks(['landmark-report'], stored)).toEqual(['landmark-report']);
		expect(leaks(secrets(), stored)).toEqual([]);
	});

	test("is in n8n's database, event log or debug log", async () => {
		const records = await world.records();
		expect(secrets().length).toBeGreaterThan(3);
		expect(leaks(['landmark-report'], records)).toEqual(['landmark-report']);
		expect(leaks(secrets(), records)).toEqual([]);
	});
});
