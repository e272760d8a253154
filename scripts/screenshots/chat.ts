/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, pdfOf } from '../../test/e2e/files';
import { readFiles, weComMedia, workflowOf } from '../../test/e2e/workflowOf';
import { projectRoot } from '../lib/cache';
import { bubbleOf, chatPage } from '../lib/chatPage';
import { areaOf, type Picture, type Studio } from './studio';

/** What a group got from two runs of Send, in the form of a chat; drawn from what the simulated WeCom holds. */
export const chatPicture: Picture = {
	path: 'docs/chat.png',
	async show(_editor, studio) {
		const { messages: all } = studio.world.simulator.state;
		const before = all.length;
		await sendToGroup(studio);
		const messages = all.slice(before);
		if (messages.length !== 3) throw new Error('The group did not get what was sent');
		const page = await studio.browser.newPage({
			viewport: { width: 640, height: 900 },
			deviceScaleFactor: 2,
		});
		await page.setContent(chatPage('销售部（12）', messages.map(bubbleOf)));
		return { page, clip: await areaOf(page.locator('main')) };
	},
};

async function sendToGroup({ world, credentials }: Studio): Promise<void> {
	const robot = { weComWebhookApi: credentials.get('wecomDemoRobot01')! };
	const picture = await readFile(join(projectRoot, 'examples', 'new-file-to-group.png'));
	const files = [
		[
			await world.addFile('季度报告 2026-Q3.pdf', pdfOf(1.4 * MIB)),
			'本周的季度报告已完成，请查收。',
		],
		[await world.addFile('流程图.png', picture), ''],
	];
	for (const [path, text] of files) {
		const send = weComMedia('Group', robot, { resource: 'robot', operation: 'send', text });
		const workflow = await world.rest.createWorkflow(
			workflowOf('For the picture', readFiles(path), send),
		);
		const { status, error } = await world.rest.run(workflow);
		if (status !== 'success') throw new Error(error?.message ?? status);
	}
}
