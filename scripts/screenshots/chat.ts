/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIB, pdfOf } from '../../test/e2e/files';
import { readFiles, weComMedia, workflowOf } from '../../test/e2e/workflowOf';
import type { DeliveredMessage } from '../../test/simulator/model';
import { projectRoot } from '../lib/cache';
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
		await page.setContent(chatOf(messages));
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

const STYLE = `
body { margin: 0; background: #fff; font: 15px/1.5 system-ui, sans-serif; color: #1f2329; }
main { width: 520px; padding: 20px 24px 24px; background: #eef0f3; }
h1 { margin: 0 0 14px; font-size: 15px; font-weight: 600; text-align: center; }
article { display: flex; gap: 10px; margin-top: 14px; } b { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #0082ef; color: #fff; text-align: center; line-height: 36px; }
small { color: #8a919f; } section { background: #fff; border-radius: 6px; padding: 9px 12px; width: fit-content; max-width: 380px; }
.file { display: flex; gap: 16px; align-items: center; width: 300px; } .file div { flex: 1; } .file i { width: 38px; height: 44px; border-radius: 4px; background: #f5533d; color: #fff; font: 600 12px/44px system-ui; text-align: center; }
img { display: block; max-width: 300px; border-radius: 4px; }`;

function chatOf(messages: DeliveredMessage[]): string {
	const bubbles = messages.map(
		(message) =>
			`<article><b>机</b><div><small>文件机器人</small><section>${bubble(message)}</section></div></article>`,
	);
	return `<style>${STYLE}</style><main><h1>销售部（12）</h1>${bubbles.join('')}</main>`;
}

function bubble({ msgtype, body, media, image }: DeliveredMessage): string {
	if (image) return `<img src="data:image/png;base64,${image.toString('base64')}">`;
	if (media) {
		const size = `${(media.bytes.length / MIB).toFixed(1)} MB`;
		const extension = media.fileName.split('.').pop()?.toUpperCase();
		return `<div class="file"><div>${media.fileName}<br><small>${size}</small></div><i>${extension}</i></div>`;
	}
	return String((body[msgtype] as { content?: string }).content ?? '');
}
