import { bubbleOf, chatPage } from '../../scripts/lib/chatPage';
import { untilServed, weComMediaTrigger } from '../e2e/activeWorkflow';
import { MIB, pdfOf } from '../e2e/files';
import type { CredentialReference } from '../e2e/rest';
import { lineOf, readFiles, weComMedia, workflowOf } from '../e2e/workflowOf';
import { startLinkHost, type LinkHost } from '../simulator';
import { eventually } from './editor';
import { Film, SCREEN } from './film';
import { startStage, type Stage } from './stage';

/** What the README shows as films; `npm run film` makes them of these very runs. */

let stage: Stage;
let host: LinkHost;
let robot: { weComWebhookApi: CredentialReference };
let app: { weComCorpApi: CredentialReference };

beforeAll(async () => {
	stage = await startStage();
	host = await startLinkHost();
	const { rest, simulator, editor } = stage;
	const { corp, robot: group } = simulator.demo;
	const baseUrl = simulator.url;
	const key = { webhookKey: group.webhookUrl, baseUrl };
	robot = { weComWebhookApi: await rest.createCredential('weComWebhookApi', key, 'Sales group') };
	const { corpId, corpSecret, callbackToken, encodingAesKey } = corp;
	const secret = { corpId, corpSecret, callbackToken, encodingAesKey, baseUrl };
	app = { weComCorpApi: await rest.createCredential('weComCorpApi', secret, 'Reports app') };
	await editor.page.setViewportSize(SCREEN);
});
afterAll(async () => {
	await host?.close();
	await stage?.close();
});

/** What the robot has brought into the group since `before` messages were there. */
const groupChat = (before: number) =>
	chatPage('销售部（12）', stage.simulator.state.messages.slice(before).map(bubbleOf));

test('a file is in the group after four clicks and "Execute step"', async () => {
	const { editor, rest, simulator } = stage;
	const film = new Film('film-file-into-group', editor);
	const path = await stage.addFile('季度报告 2026-Q3.pdf', pdfOf(1.4 * MIB));
	const { id } = await rest.createWorkflow(
		workflowOf('Report to the sales group', readFiles(path)),
	);
	await editor.openWorkflow(id);
	await film.frame(1_500);
	await editor.addAction('Send a file to the group chat', async (what) => await film.click(what));
	await film.frame(1_800);
	await film.point(editor.part('node-execute-button'));
	await editor.execute();
	await film.frame(1_800);
	expect(simulator.state.messages).toMatchObject([
		{ via: 'robot', msgtype: 'file', media: { fileName: '季度报告 2026-Q3.pdf' } },
	]);
	await film.page(groupChat(0), 3_000);
});

test('a large file is handed to WeCom, and a trigger goes on when WeCom has it', async () => {
	const { editor, rest, simulator, n8n } = stage;
	const film = new Film('film-large-file', editor);
	const before = simulator.state.messages.length;
	const bytes = pdfOf(60 * MIB);
	const url = host.put('handbook.pdf', { bytes, fileName: '员工手册.pdf' });
	const trigger = weComMediaTrigger(app);
	const [submit, goOn] = [
		workflowOf(
			'',
			weComMedia('Upload Large File', app, {
				resource: 'app',
				operation: 'asyncUpload',
				url,
				mediaType: 'file',
			}),
		),
		lineOf(
			'',
			trigger,
			weComMedia('Tell the Group', robot, {
				resource: 'robot',
				operation: 'send',
				content: 'text',
				text: '=员工手册.pdf 已就绪\nmedia_id：{{ $json.media_id }}',
			}),
		),
	];
	const below = goOn.nodes.map(({ position: [x, y], ...node }) => ({
		...node,
		id: `below-${node.id}`,
		position: [x, y + 200] as [number, number],
	}));
	const workflow = await rest.createWorkflow({
		name: 'A large file, and what comes after it',
		nodes: [...submit.nodes, ...below],
		connections: { ...submit.connections, ...goOn.connections },
		settings: submit.settings,
	});
	await rest.activate(workflow);
	const listener = `${n8n.url}/webhook/${trigger.webhookId}/wecom-media`;
	await untilServed(stage, listener);
	await simulator.verifyCallbackUrl(listener);

	await editor.openWorkflow(workflow.id);
	await film.frame(2_000);
	await editor.openNode(workflow.id, '1');
	await film.point(editor.part('node-execute-button'), 1_800);
	await editor.execute();
	const output = editor.part('output-panel');
	await output.getByText('员工手册.pdf').first().waitFor();
	expect(await output.innerText()).toContain('jobid');
	await film.frame(2_200);
	const [execution] = await rest.until('the execution of the trigger', async () => {
		const ids = await rest.executionIds(workflow.id);
		const all = await Promise.all(ids.map(async (id) => await rest.finished(id)));
		const started = all.filter(({ runData }) => 'Tell the Group' in runData);
		return started.length > 0 ? started : undefined;
	});
	expect(execution.status).toBe('success');
	await editor.page.goto(`${n8n.url}/workflow/${workflow.id}/executions/${execution.id}`);
	await editor.part('execution-preview-label').waitFor();
	// Up to 2.8 what it ran is in a frame, later in the page itself.
	await eventually(async () => {
		const nodes = editor.page
			.frames()
			.map(async (frame) => await frame.locator('[data-test-id="canvas-node"]').count());
		expect(await Promise.all(nodes)).toContain(workflow.nodes.length);
	});
	await film.frame(2_000);
	const [message] = simulator.state.messages.slice(before);
	const media = simulator.state.media.all().find(({ fileName }) => fileName === '员工手册.pdf');
	expect(JSON.stringify(message.body)).toContain(media?.mediaId);
	expect(media?.bytes.equals(bytes)).toBe(true);
	await film.page(groupChat(before), 3_000);
});

test('a file that a member sends to the app arrives in a workflow', async () => {
	const { editor, rest, simulator, n8n } = stage;
	const film = new Film('film-file-arrives', editor);
	const trigger = weComMediaTrigger(app, { events: ['file', 'image'] });
	const workflow = await rest.createWorkflow(lineOf('What members send', trigger));
	await rest.activate(workflow);
	const path = `${trigger.webhookId}/wecom-media`;
	await untilServed(stage, `${n8n.url}/webhook/${path}`);
	const verified = await simulator.verifyCallbackUrl(`${n8n.url}/webhook/${path}`);
	expect(verified).toMatchObject({ ok: true });

	await editor.openNode(workflow.id, '0');
	// Its narrow form has another name.
	const listen = editor.page.locator('[data-test-id^="trigger-execute-button"]');
	await film.click(listen.filter({ visible: true }).first(), 1_800);
	await editor.part('trigger-listening').waitFor();
	await film.frame(1_500);
	simulator.targets.app.callback!.url = `${n8n.url}/webhook-test/${path}`;
	const file = { fileName: '合同（终稿）.pdf', bytes: pdfOf(1.2 * MIB) };
	await film.page(chatPage('报告应用', [{ sender: '张三', file }]), 2_200);
	await simulator.people.writeToApp({ file });
	const output = editor.part('output-panel');
	await output.getByText('合同（终稿）.pdf').first().waitFor();
	await film.frame(2_200);
	await editor.showOutput('binary');
	await output.getByText('application/pdf', { exact: true }).waitFor();
	await film.frame(3_000);
	await eventually(async () => expect(await output.innerText()).toContain('合同（终稿）.pdf'));
});
