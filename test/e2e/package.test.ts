import { startWorld, type World } from './world';

const PACKAGE = 'n8n-nodes-wecom-media';

let world: World;
beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

describe('the packed package in a real n8n', () => {
	test('is loaded without a word about it in the log', async () => {
		const [start, ...later] = (await world.n8n.log()).split('Editor is now accessible');
		expect(later).not.toEqual([]);
		expect(start).toContain('n8n ready');
		expect(start).not.toMatch(/wecom/i);
	});

	test('shows its node with a light and a dark icon', async () => {
		const listed = await world.rest.types('nodes');
		const node = listed.find(({ name }) => name === `${PACKAGE}.weComMedia`);
		expect(node?.displayName).toBe('WeCom Media');
		await expectIcons(node?.iconUrl);
	});

	test('is offered to AI agents as a tool', async () => {
		const names = (await world.rest.types('nodes')).map(({ name }) => name);
		expect(names).toContain(`${PACKAGE}.weComMediaTool`);
	});

	test.each([
		['weComWebhookApi', 'WeCom Group Robot Webhook (企业微信群机器人) API'],
		['weComCorpApi', 'WeCom Corp Secret (企业微信) API'],
		['weComSuiteApi', 'WeCom Third-Party App (企业微信第三方应用) API'],
		['weComSmartBotApi', 'WeCom Smart Bot (企业微信智能机器人) API'],
		['weChatOfficialAccountApi', 'WeChat Official Account (微信公众号) API'],
	])('shows the credential %s with its icons', async (name, displayName) => {
		const listed = await world.rest.types('credentials');
		const credential = listed.find((type) => type.name === name);
		expect(credential?.displayName).toBe(displayName);
		await expectIcons(credential?.iconUrl);
	});
});

async function expectIcons(icons: string | { light: string; dark: string } | undefined) {
	if (typeof icons !== 'object') throw new Error(`no pair of icons: ${icons}`);
	expect(icons.light).not.toBe(icons.dark);
	for (const path of [icons.light, icons.dark]) {
		expect(await world.rest.text(path)).toContain('<svg');
	}
}
