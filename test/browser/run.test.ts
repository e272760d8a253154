/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { demoCredentials } from '../../scripts/lib/demoWorld';
import { weComMedia, workflowOf } from '../e2e/workflowOf';
import { everyOperation } from '../helpers/panel';
import { eventually } from './editor';
import { startStage, type Stage } from './stage';
import { DOWNLOAD, thereAndBack, UPLOAD } from './thereAndBack';

const NAME = '季度报告 封面.png';

let stage: Stage;
let workflowId: string;

beforeAll(async () => {
	stage = await startStage();
	const { rest, simulator } = stage;
	const picture = await readFile(join(__dirname, '..', 'fixtures', 'media', 'picture.png'));
	const path = await stage.addFile(NAME, picture);
	const [corp] = demoCredentials(simulator.demo, simulator.url);
	const credential = await rest.createCredential(corp.type, corp.data, corp.name);
	({ id: workflowId } = await rest.createWorkflow(thereAndBack(path, credential)));
});
afterAll(async () => await stage?.close());

test('an upload from a file shows its media_id and the Chinese name', async () => {
	const { editor, simulator } = stage;
	await editor.openNode(workflowId, UPLOAD);
	await editor.execute();
	await editor.showOutput('table');
	const [media] = simulator.state.media.all();
	const output = await editor.part('output-panel').innerText();
	for (const text of ['media_id', media.mediaId, NAME, 'image']) expect(output).toContain(text);
});

test('a download shows the file with its name, its size and a preview of the picture', async () => {
	const { editor, simulator } = stage;
	await editor.openNode(workflowId, DOWNLOAD);
	await editor.execute();
	await editor.showOutput('binary');
	const output = editor.part('output-panel');
	for (const text of [NAME, 'image/png']) await output.getByText(text, { exact: true }).waitFor();

	await editor.part('ndv-view-binary-data').click();
	const preview = output.locator('img');
	await preview.waitFor();
	const width = await preview.evaluate(async (image) => {
		await (image as HTMLImageElement).decode();
		return (image as HTMLImageElement).naturalWidth;
	});
	expect(width).toBeGreaterThan(0);
	const [call] = simulator.record.calls('media/get');
	expect(call.reply?.errcode ?? 0).toBe(0);
});

test('the canvas names operation and resource under every node, and cuts nothing off', async () => {
	const { editor, rest } = stage;
	const operations = everyOperation(new WeComMedia().description);
	const nodes = operations.map(({ resource, operation }, index) =>
		weComMedia(
			`Node ${index}`,
			{},
			{
				resource: String(resource.value),
				operation: String(operation.value),
			},
		),
	);
	const { id } = await rest.createWorkflow(workflowOf('All', ...nodes));
	await editor.openWorkflow(id);
	const subtitles = await eventually(async () => {
		const seen = await editor.subtitles();
		expect(seen).toHaveLength(nodes.length);
		return seen;
	});
	expect(subtitles.filter(({ cutOff }) => cutOff)).toEqual([]);
	for (const [index, { resource }] of operations.entries()) {
		expect(subtitles[index].text).toMatch(new RegExp(`^[A-Z][a-zA-Z ]+: ${resource.name}$`));
	}
	expect(subtitles.map(({ text }) => text)).toContain('Upload: Group Robot');
});
