/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Opens the nodes in a real n8n and a real browser and takes the pictures under docs/. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startWorld } from '../test/e2e/world';
import type { World } from '../test/e2e/world';
import { buildPackage } from './lib/packageTarball';
import { projectRoot } from './lib/cache';
import { demoCredentials } from './lib/demoWorld';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FOLDER = process.env.SCREENSHOT_FOLDER ?? join(projectRoot, 'docs');
/** The account that the e2e world logs in with. */
const OWNER = { email: 'tester@example.com', password: 'Made-up-1-test' };
const PACKAGE = 'n8n-nodes-wecom-media';

type Theme = 'light' | 'dark';

interface Picture {
	name: string;
	type: 'weComMedia' | 'weComMediaTrigger';
	parameters: Record<string, unknown>;
	credential: string;
	themes: Theme[];
}

const upload = { operation: 'upload' };
const panels: Array<[string, Record<string, unknown>, string]> = [
	['app-upload', { resource: 'app', ...upload }, 'weComCorpApi'],
	[
		'app-get',
		{ resource: 'app', operation: 'get', mediaId: '={{ $json.media_id }}' },
		'weComCorpApi',
	],
	['app-get-hd-voice', { resource: 'app', operation: 'getHdVoice' }, 'weComCorpApi'],
	['app-upload-img', { resource: 'app', operation: 'uploadImg' }, 'weComCorpApi'],
	['app-async-upload', { resource: 'app', operation: 'asyncUpload' }, 'weComCorpApi'],
	[
		'app-async-upload-binary',
		{ resource: 'app', operation: 'asyncUpload', source: 'binary', options: { hostUrl: '' } },
		'weComCorpApi',
	],
	['app-async-result', { resource: 'app', operation: 'asyncResult' }, 'weComCorpApi'],
	['app-send', { resource: 'app', operation: 'send' }, 'weComCorpApi'],
	['robot-upload', { resource: 'robot', ...upload }, 'weComWebhookApi'],
	['robot-send', { resource: 'robot', operation: 'send' }, 'weComWebhookApi'],
	['customer-service-send', { resource: 'customerService', operation: 'send' }, 'weComCorpApi'],
	['customer-service-upload', { resource: 'customerService', ...upload }, 'weComCorpApi'],
	[
		'official-account-upload',
		{ resource: 'officialAccount', ...upload },
		'weChatOfficialAccountApi',
	],
	[
		'official-account-send',
		{ resource: 'officialAccount', operation: 'send' },
		'weChatOfficialAccountApi',
	],
];

const DARK = new Set(['app-upload', 'robot-send']);

const pictures: Picture[] = [
	...panels.map(([name, parameters, credential]): Picture => ({
		name,
		type: 'weComMedia',
		parameters,
		credential,
		themes: DARK.has(name) ? ['light', 'dark'] : ['light'],
	})),
	{
		name: 'trigger',
		type: 'weComMediaTrigger',
		parameters: {},
		credential: 'weComCorpApi',
		themes: ['light', 'dark'],
	},
];

async function main(only: string[]): Promise<void> {
	mkdirSync(FOLDER, { recursive: true });
	await buildPackage();
	const world = await startWorld();
	const browser = await chromium.launch({
		executablePath: CHROMIUM,
		args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
	});
	try {
		const { simulator } = world;
		await world.n8n.rest
			.types('credentials')
			.then((types) => console.log(`${types.length} credential types loaded`));
		const credentials = new Map<string, { id: string; name: string }>();
		for (const { name, type, data } of demoCredentials(simulator.demo, simulator.url)) {
			if (credentials.has(type)) continue;
			credentials.set(type, await world.rest.createCredential(type, data, name));
		}
		const chosen = pictures.filter(({ name }) => only.length === 0 || only.includes(name));
		for (const theme of ['light', 'dark'] as const) {
			const wanted = chosen.filter(({ themes }) => themes.includes(theme));
			if (wanted.length > 0) await takeAll(browser, world, credentials, wanted, theme);
		}
	} finally {
		await browser.close();
		await world.close();
	}
}

async function takeAll(
	browser: Browser,
	world: World,
	credentials: Map<string, { id: string; name: string }>,
	wanted: Picture[],
	theme: Theme,
): Promise<void> {
	const context = await browser.newContext({
		viewport: { width: 1360, height: 900 },
		colorScheme: theme,
		locale: 'en-US',
	});
	const page = await context.newPage();
	await page.addInitScript((name) => localStorage.setItem('N8N_THEME', name), theme);
	await logIn(page, world.n8n.url);
	for (const picture of wanted) {
		await take(page, world, credentials, picture, theme);
		console.log(`${picture.name} (${theme})`);
	}
	await context.close();
}

async function logIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.fill('input[name="emailOrLdapLoginId"]', OWNER.email);
	await page.fill('input[name="password"]', OWNER.password);
	await page.click('[data-test-id="form-submit-button"]');
	await page.waitForURL((target) => !target.pathname.includes('signin'), { timeout: 30_000 });
}

async function take(
	page: Page,
	world: World,
	credentials: Map<string, { id: string; name: string }>,
	{ name, type, parameters, credential }: Picture,
	theme: Theme,
): Promise<void> {
	const isTrigger = type === 'weComMediaTrigger';
	const node = {
		id: '9b3c1a52-0000-4c58-9d0f-0a5a6f1c0001',
		name: isTrigger ? 'WeCom Media Trigger' : 'WeCom Media',
		type: `${PACKAGE}.${type}`,
		typeVersion: 1,
		position: [300, 0],
		parameters,
		...(isTrigger ? { webhookId: '0b7f5a1e-1111-4c58-9d0f-0a5a6f1c0001' } : {}),
		credentials: { [credential]: credentials.get(credential) },
	};
	const workflow = await world.rest.createWorkflow({
		name: `Picture ${name}`,
		nodes: [node],
		connections: {},
		settings: {},
	} as never);
	await page.goto(`${world.n8n.url}/workflow/${workflow.id}/${node.id}`);
	const panel = page.locator('[data-test-id="node-parameters"], [data-test-id="ndv"]').first();
	await panel.waitFor({ timeout: 30_000 });
	await page.waitForTimeout(1_500);
	await page.screenshot({ path: join(FOLDER, `panel-${name}-${theme}.png`) });
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
