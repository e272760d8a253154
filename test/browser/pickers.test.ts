import type { Locator } from 'playwright-core';
import { saveAccounts, type Accounts } from '../e2e/accounts';
import { readFiles, workflowOf } from '../e2e/workflowOf';
import type { VisibleRange } from '../simulator';
import { eventually } from './editor';
import { startStage, type Stage } from './stage';

let stage: Stage;
let accounts: Accounts;
beforeAll(async () => {
	stage = await startStage();
	accounts = await saveAccounts(stage);
});
afterAll(async () => await stage?.close());

type System = Parameters<Accounts['node']>[1];

/** Opens the panel of a node. */
async function openPanel(system: System, operation = 'send'): Promise<void> {
	const { rest, editor } = stage;
	const node = accounts.node('Node', system, operation);
	const { id } = await rest.createWorkflow(workflowOf(`${operation} ${system}`, node));
	await editor.openNode(id, '1');
}

describe('each picker', () => {
	test.each([
		['app', 'toUser', ['李四 (LiSi)', '王五 (WangWu)', '张三 (ZhangSan)'], '张三'],
		['app', 'toParty', ['演示公司 (1)', '演示公司 / 销售部 (2)'], '销售部'],
		['app', 'toTag', ['项目组 (1)'], '项目组'],
		['customerService', 'openKfId', ['售后客服 (wkdemo)'], 'wkdemo'],
		['thirdPartyApp', 'toUser', ['LiSi', 'WangWu', 'ZhangSan'], 'Zhang'],
	] as const)(
		'%s, %s: shows names and IDs, finds by both, keeps what was chosen',
		async (...row) => {
			const [system, field, shown, search] = row;
			const { editor } = stage;
			await openPanel(system);
			const entries = await editor.openPicker(field);
			expect(await entries.allInnerTexts()).toEqual(shown);
			await editor.picture(`picker-${system}-${field}`);

			await editor.part('rlc-search').filter({ visible: true }).fill(search);
			const found = shown.filter((text) => text.includes(search));
			await eventually(async () => expect(await entries.allInnerTexts()).toEqual(found));
			await entries.first().click();
			await eventually(async () => expect(await editor.picked(field)).toBe(found[0]));
			await editor.picture(`picked-${system}-${field}`);
		},
	);

	test('of an app chat: its owner, and member after member', async () => {
		const { editor } = stage;
		await openPanel('app', 'createChat');
		const choose = async (field: string, at: number, name: string) => {
			await editor
				.part(`parameter-input-${field}`)
				.nth(at)
				.locator('[data-test-id="rlc-input"]')
				.click();
			await editor.part('rlc-item').filter({ hasText: name, visible: true }).click();
		};
		for (const [at, name] of ['张三', '王五'].entries()) {
			await editor.page.getByRole('button', { name: 'Add Member' }).click();
			await choose('userId', at, name);
		}
		await choose('chatOwner', 0, '李四');
		await eventually(async () => expect(await editor.picked('chatOwner')).toBe('李四 (LiSi)'));
		await editor.picture('picked-createChat');
		const { page } = editor;
		await page.keyboard.press('Escape');
		await page.keyboard.press('Control+s');
		const id = /workflow\/(\w+)/.exec(page.url())?.[1] ?? '';
		await eventually(async () => {
			const { nodes } = await stage.rest.workflow(id);
			expect(nodes.at(-1)?.parameters).toMatchObject({
				chatMembers: {
					member: [{ userId: { value: 'ZhangSan' } }, { userId: { value: 'WangWu' } }],
				},
				chatOwner: { value: 'LiSi', cachedResultName: '李四 (LiSi)' },
			});
		});
	});

	test.each<[string, () => object, string[]]>([
		[
			'its IP is not trusted',
			() => {
				stage.simulator.state.clientIp = '203.0.113.7';
				return newApp({ ipTrusted: false });
			},
			['Add 203.0.113.7 to the trusted IP addresses'],
		],
		[
			'its Secret is wrong',
			() => ({ corpSecret: 'made-up-wrong-secret' }),
			['40001: The Secret is not valid', 'Copy the Secret of this very app again'],
		],
		['there is no network', () => ({ baseUrl: 'http://127.0.0.1:9' }), ['127.0.0.1:9']],
		[
			'nobody is visible',
			() => newApp({ range: { userIds: [], departments: [], tags: [] } }),
			['The app sees no members', '可见范围'],
		],
	])('that cannot load says what to do: %s', async (why, fields, sentences) => {
		const { editor, rest, simulator } = stage;
		const { corpId, corpSecret } = simulator.demo.corp;
		const data = { corpId, corpSecret, baseUrl: simulator.url, ...fields() };
		const credentials = { weComCorpApi: await rest.createCredential('weComCorpApi', data, why) };
		const node = accounts.node('Send', 'app', 'send', {}, { credentials });
		const { id } = await rest.createWorkflow(workflowOf(why, node));
		await editor.openNode(id, '1');
		await editor.part('parameter-input-toUser').locator('[data-test-id="rlc-input"]').click();
		const error = editor.part('rlc-error-container').filter({ visible: true });
		await error.waitFor();
		await editor.picture(`picker-error ${why}`);
		const text = await error.innerText();
		for (const sentence of ['Could not load list', ...sentences]) expect(text).toContain(sentence);
		// The box has a height of its own and cuts off what is longer.
		const box = await editor.openList().boundingBox();
		const message = await error.locator('[data-test-id="rlc-error-message"]').boundingBox();
		expect(bottomOf(message)).toBeLessThanOrEqual(bottomOf(box));
	});
});

const bottomOf = (area: { y: number; height: number } | null) =>
	area ? area.y + area.height : Number.NaN;

let newcomers = 0;

/** An app that n8n has not met: its Secret and Agent ID, as the credential takes them. */
function newApp(app: { ipTrusted?: boolean; range?: VisibleRange }) {
	const corpSecret = `made-up-secret-of-newcomer-${(newcomers += 1)}`;
	const agentId = 1_000_100 + newcomers;
	const { state, demo } = stage.simulator;
	state.addApp({ corpId: demo.corp.corpId, secret: corpSecret, agentId, ...app });
	return { corpSecret, agentId: `${agentId}` };
}

describe('from "I have a file", nothing typed', () => {
	let clicks: number;

	// Of several credentials that fit n8n preselects one; most people have one of a kind.
	beforeAll(async () => {
		const { weComCorpApi: corp } = accounts.credentials('app');
		const { weComWebhookApi: robot } = accounts.credentials('robot');
		for (const saved of await stage.rest.credentials()) {
			if (![corp.id, robot.id].includes(saved.id)) await stage.rest.deleteCredential(saved);
		}
	});

	const click = async (what: Locator): Promise<void> => {
		await what.click();
		clicks += 1;
	};

	/** Chooses an action of WeCom Media behind the node that has the file. */
	async function add(action: string): Promise<string> {
		const { editor, rest } = stage;
		const path = await stage.addFile('季度报告.pdf', Buffer.from('%PDF-1.7 made-up'));
		const { id } = await rest.createWorkflow(workflowOf('A file', readFiles(path)));
		await editor.openWorkflow(id);
		clicks = 0;
		let step = 0;
		await editor.addAction(action, async (what) => {
			await click(what);
			await editor.picture(`add-${(step += 1)}`);
		});
		return id;
	}

	/** Presses "Execute workflow" as the file's own trigger would start it; what is on the canvas is saved first. */
	async function runAsBuilt(): Promise<void> {
		const { editor } = stage;
		await editor.page.keyboard.press('Escape');
		await editor.part('execute-workflow-button').last().click();
	}

	test('it is in the group after four clicks', async () => {
		const { editor, simulator } = stage;
		await add('Send a file to the group chat');
		expect(clicks).toBe(4);
		await editor.picture('group');
		await runAsBuilt();
		await eventually(async () =>
			expect(simulator.state.messages.at(-1)).toMatchObject({ via: 'robot', msgtype: 'file' }),
		);
		expect(simulator.state.messages.at(-1)?.media?.fileName).toBe('季度报告.pdf');
	});

	test('it is with Zhang San after six clicks', async () => {
		const { editor, simulator } = stage;
		await add('Send a file to members or an app chat');
		await click(editor.part('parameter-input-toUser').locator('[data-test-id="rlc-input"]'));
		const zhangSan = editor.part('rlc-item').filter({ hasText: '张三', visible: true });
		await zhangSan.waitFor();
		await editor.picture('zhangsan-1');
		await click(zhangSan);
		expect(clicks).toBe(6);
		await editor.picture('zhangsan-2');
		await runAsBuilt();
		await eventually(async () =>
			expect(simulator.state.messages.at(-1)).toMatchObject({
				via: 'app',
				to: ['ZhangSan'],
				msgtype: 'file',
			}),
		);
	});
});
