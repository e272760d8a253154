/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DOWNLOAD, thereAndBack } from '../../test/browser/thereAndBack';
import { projectRoot } from '../lib/cache';
import { exampleWorkflows } from '../lib/demoWorld';
import { areaOf, around, type Area, type Picture, type Studio } from './studio';

/** What floats above the canvas and is not part of the workflow. */
const OVERLAYS = [
	'canvas-controls',
	'execute-workflow-button',
	'logs-panel',
	'node-creator-plus-button',
	'canvas-node-toolbar',
	'canvas-handle-plus-wrapper',
]
	.map(
		(id) => `[data-test-id^="${id}"], [data-test-id^="${id}"] * { visibility: hidden !important; }`,
	)
	.join('\n');

const names = readdirSync(join(projectRoot, 'examples'))
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.slice(0, -'.json'.length))
	.sort();

export const examplePictures: Picture[] = names.map((name, index) => ({
	path: `examples/${name}.png`,
	async show(editor, studio) {
		// In the same order, by the names of their files.
		const workflow = (await exampleWorkflows())[index];
		const { id } = await studio.world.rest.createWorkflow(withCredentials(workflow, studio));
		await editor.openWorkflow(id);
		await editor.part('zoom-to-fit').click();
		await editor.page.addStyleTag({ content: OVERLAYS });
		// A node's name stands outside its box.
		const areas = await editor.page
			.locator('.vue-flow__node, .vue-flow__node *')
			.evaluateAll((parts) =>
				parts
					.filter((part) => part.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
					.filter((part) => {
						const hasText = part.children.length === 0 && part.textContent?.trim();
						return hasText || part.matches('.vue-flow__node, svg');
					})
					.map((part) => part.getBoundingClientRect().toJSON() as Area)
					.filter(({ width, height }) => width > 0 && height > 0),
			);
		return { page: editor.page, clip: around(areas, 24) };
	},
}));

type Example = Awaited<ReturnType<typeof exampleWorkflows>>[number];

/** An example as it looks once its user has chosen credentials. */
function withCredentials({ name, nodes, connections, settings }: Example, { credentials }: Studio) {
	const chosen = nodes.map((node) => ({
		...node,
		credentials:
			node.credentials &&
			Object.fromEntries(
				Object.entries(node.credentials).map(([type, { id }]) => [
					type,
					credentials.get(String(id)) ?? { id, name: type },
				]),
			),
	}));
	return { name, nodes: chosen, connections, settings };
}

const CHART = `<body style="margin:0;background:#fff;font:28px sans-serif;color:#1f2937">
<svg width="720" height="440"><text x="40" y="56" font-size="30" font-weight="600">2026 上半年销售额</text>
${[180, 230, 205, 290, 320, 265]
	.map((height, month) => {
		const x = 50 + month * 108;
		return `<rect x="${x}" y="${390 - height}" width="64" height="${height}" rx="6" fill="${month === 4 ? '#16a36f' : '#2f7de1'}"/>
<text x="${x + 32}" y="424" text-anchor="middle" font-size="20">${month + 1} 月</text>`;
	})
	.join('')}</svg></body>`;

/** A node that has run: its parameters, and the file it fetched with the editor's preview. */
export const executedPicture: Picture = {
	path: 'docs/download-preview.png',
	async show(editor, { browser, credentials, world }) {
		const drawing = await browser.newPage({ viewport: { width: 720, height: 440 } });
		await drawing.setContent(CHART);
		const path = await world.addFile('上半年销售额.png', await drawing.screenshot());
		await drawing.close();
		const workflow = thereAndBack(path, credentials.get('wecomDemoCorpApp')!);
		const { id } = await world.rest.createWorkflow(workflow);
		await editor.page.setViewportSize({ width: 1360, height: 760 });
		await editor.openNode(id, DOWNLOAD);
		await editor.execute();
		await editor.showOutput('binary');
		await editor.part('ndv-view-binary-data').click();
		await editor.part('output-panel').locator('img').waitFor();
		await editor.page.addStyleTag({ content: '.el-notification { display: none !important; }' });
		return { page: editor.page, clip: await areaOf(editor.part('ndv')) };
	},
};
