/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CredentialFile, RealN8n } from '../../test/e2e/realN8n';
import type { WorkflowDefinition } from '../../test/e2e/rest';
import type { DemoCredentials } from '../../test/simulator';
import { projectRoot, shortHash } from './cache';

type Example = WorkflowDefinition & { id: string };

/** The account that owns the demo's n8n, which listens on 127.0.0.1 only. */
export const DEMO_OWNER = { email: 'demo@example.com', password: 'Forward-1-file' };

/** The ids are the ones that the workflows under examples/ refer to. */
export function demoCredentials(demo: DemoCredentials, baseUrl: string): CredentialFile[] {
	const { corp, suite, robot, officialAccount, bot, customerService } = demo;
	const callback = (from: { callbackToken: string; encodingAesKey: string }) => ({
		callbackToken: from.callbackToken,
		encodingAesKey: from.encodingAesKey,
	});
	return [
		{
			id: 'wecomDemoService',
			name: 'WeCom demo: Customer Service',
			type: 'weComCorpApi',
			data: {
				corpId: customerService.corpId,
				corpSecret: customerService.corpSecret,
				...callback(customerService),
				baseUrl,
			},
		},
		{
			id: 'wecomDemoSuite01',
			name: 'WeCom demo: third-party app',
			type: 'weComSuiteApi',
			data: {
				suiteId: suite.suiteId,
				suiteSecret: suite.suiteSecret,
				suiteTicket: suite.suiteTicket,
				authCorpId: suite.authCorpId,
				permanentCode: suite.permanentCode,
				...callback(suite),
				baseUrl,
			},
		},
		{
			id: 'wecomDemoRobot01',
			name: 'WeCom demo: group robot',
			type: 'weComWebhookApi',
			data: { webhookKey: robot.webhookKey, baseUrl },
		},
		{
			id: 'wecomDemoSmartBt',
			name: 'WeCom demo: smart bot',
			type: 'weComSmartBotApi',
			data: callback(bot),
		},
		{
			id: 'wecomDemoAccount',
			name: 'WeCom demo: Official Account',
			type: 'weChatOfficialAccountApi',
			data: { appId: officialAccount.appId, appSecret: officialAccount.appSecret, baseUrl },
		},
		// Last: of several credentials that fit, n8n preselects the newest, and a Customer Service one sends to nobody.
		{
			id: 'wecomDemoCorpApp',
			name: 'WeCom demo: corp app',
			type: 'weComCorpApi',
			data: {
				corpId: corp.corpId,
				corpSecret: corp.corpSecret,
				agentId: String(corp.agentId),
				...callback(corp),
				baseUrl,
			},
		},
	];
}

/**
 * Reads a workflow to import from its file.
 *
 * @param places what stands there for a place of the user's own → what should stand there
 */
export async function readWorkflow(
	file: string,
	places: Record<string, string> = {},
): Promise<Example> {
	const text = await readFile(file, 'utf8');
	const local = Object.entries(places).reduce(
		(changed, [from, to]) => changed.replaceAll(from, to),
		text,
	);
	return JSON.parse(local) as Example;
}

/** The importable workflows of examples/, see {@link readWorkflow}. */
export async function exampleWorkflows(places: Record<string, string> = {}): Promise<Example[]> {
	const folder = join(projectRoot, 'examples');
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	return await Promise.all(
		files.map(async (name) => await readWorkflow(join(folder, name), places)),
	);
}

/**
 * Imports what is new or has changed since the last start into this user folder: each import
 * starts a whole n8n (seconds), and an example that a person has edited in the demo stays theirs
 * until its file changes.
 */
export async function importDemo(
	n8n: RealN8n,
	userFolder: string,
	credentials: CredentialFile[],
	places: Record<string, string>,
): Promise<string> {
	const memory = join(userFolder, 'imported.json');
	const known = existsSync(memory)
		? (JSON.parse(await readFile(memory, 'utf8')) as Record<string, string>)
		: {};
	const isNew = (entry: { id: string }) => known[entry.id] !== shortHash(JSON.stringify(entry));
	const newCredentials = credentials.filter(isNew);
	const newWorkflows = (await exampleWorkflows(places)).filter(isNew);
	if (newCredentials.length > 0) await n8n.importCredentials(newCredentials);
	if (newWorkflows.length > 0) await n8n.importWorkflows(newWorkflows);
	for (const entry of [...newCredentials, ...newWorkflows]) {
		known[entry.id] = shortHash(JSON.stringify(entry));
	}
	await mkdir(userFolder, { recursive: true });
	await writeFile(memory, JSON.stringify(known));
	return `${newCredentials.length} credentials, ${newWorkflows.length} workflows imported`;
}
