/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RealN8n } from '../../test/e2e/realN8n';
import { startLinkHost } from '../../test/simulator';
import type { CallbackTarget, LinkHost, Simulator } from '../../test/simulator';
import { firstItem, sha256, succeeded } from './exampleRun';
import type { RoundTrip } from './exampleRun';

/** What the examples say instead of a real host and a real folder; the demo puts its own there. */
export const EXAMPLE_HOST = 'https://files.example.com';
export const EXAMPLE_FOLDER = '/path/to/files';
export const EXAMPLE_N8N = 'https://n8n.example.com';
export const WECOM = 'https://qyapi.weixin.qq.com';
export const WECHAT = 'https://api.weixin.qq.com';

const WAIT_ID = 'wecomLargeWait01';
const SUBMIT_ID = 'wecomLargeSubmit';
const FINISH_ID = 'wecomLargeFinish';
const WELCOME_ID = 'wecomWelcomeFile';
const WELCOME_IN_ONE_ID = 'wecomWelcomeOne1';
const TRIGGER_PATH = 'wecom-media';

const MIB = 1024 * 1024;

const VIDEO = 'training.mp4';
const DOCUMENT = 'handbook.pdf';
/** The first box of an MP4 file: all that tells a video from anything else. */
const MP4_START = Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'latin1');

export interface ExampleHost {
	host: LinkHost;
	/** SHA-256 of each file. */
	sums: Record<string, string>;
}

/** A host for links with the two files that the examples name, made anew for each start. */
export async function startExampleHost(port: number): Promise<ExampleHost> {
	const files = {
		[VIDEO]: Buffer.concat([MP4_START, randomBytes(34 * MIB)]),
		[DOCUMENT]: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(21 * MIB)]),
	};
	const sums = Object.fromEntries(
		Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]),
	);
	return { host: await startLinkHost({ files, port }), sums };
}

/** Runs "upload a large file, wait, and fetch it". */
export async function runWaitingExample(n8n: RealN8n, { sums }: ExampleHost): Promise<RoundTrip> {
	const execution = await n8n.rest.run(await n8n.rest.workflow(WAIT_ID));
	succeeded(execution);
	const json = firstItem(execution, 'Checksum');
	return tripOf('large, waited for', json, sums[VIDEO], String(json.sha256));
}

/**
 * Activates the workflow with the trigger, saves its URL as the WeCom console does, submits a file with the other
 * workflow, and waits for the execution that WeCom starts.
 */
export async function runTriggerExample(
	n8n: RealN8n,
	simulator: Simulator,
	{ sums }: ExampleHost,
): Promise<RoundTrip> {
	await activateTrigger(n8n, simulator, FINISH_ID);
	const id = await startedBy(n8n, FINISH_ID, async () => {
		succeeded(await n8n.rest.run(await n8n.rest.workflow(SUBMIT_ID)));
	});
	const execution = await n8n.rest.finished(id);
	succeeded(execution);
	const json = firstItem(execution, 'Checksum');
	const saved = await readFile(join(n8n.filesFolder, String(json.file_name)));
	return tripOf('large, by trigger', json, sums[DOCUMENT], sha256(saved));
}

/**
 * Runs "publish a large video from n8n as welcome material": n8n itself hosts the file, the trigger goes on, and Add
 * Welcome Material adds it.
 */
export async function runWelcomeExample(n8n: RealN8n, simulator: Simulator): Promise<RoundTrip> {
	const video = Buffer.concat([MP4_START, randomBytes(48 * MIB)]);
	await writeFile(join(n8n.filesFolder, 'welcome.mp4'), video);
	await activateTrigger(n8n, simulator, WELCOME_ID);
	const workflow = await n8n.rest.workflow(WELCOME_ID);
	let submitted: Record<string, unknown> = {};
	const id = await startedBy(n8n, WELCOME_ID, async () => {
		const execution = await n8n.rest.run(workflow, 'When clicking ‘Execute workflow’');
		succeeded(execution);
		submitted = firstItem(execution, 'Upload Large File');
		return execution.id;
	});
	const execution = await n8n.rest.finished(id);
	succeeded(execution);
	const { media_id } = firstItem(execution, 'WeCom Media Trigger');
	const { template_id } = firstItem(execution, 'Add Welcome Material');
	if (!template_id) throw new Error('WeCom gave no template_id for the welcome material.');
	const held = simulator.state.media.get(String(media_id));
	const json = { ...submitted, media_id };
	return tripOf('welcome material', json, sha256(video), held ? sha256(held.bytes) : '');
}

/** Runs "publish a welcome video in one step": WeCom fetches the link, the material holds the video. */
export async function runWelcomeInOneExample(
	n8n: RealN8n,
	simulator: Simulator,
	{ sums }: ExampleHost,
): Promise<RoundTrip> {
	const execution = await n8n.rest.run(await n8n.rest.workflow(WELCOME_IN_ONE_ID));
	succeeded(execution);
	const json = firstItem(execution, 'Add Welcome Material');
	const material = simulator.state.corps
		.flatMap(({ welcomeTemplates }) => welcomeTemplates)
		.find(({ templateId }) => templateId === json.template_id);
	const { media_id } = (material?.body.video ?? {}) as { media_id?: string };
	const held = simulator.state.media.get(String(media_id));
	return tripOf(
		'welcome video',
		{ file_name: held?.fileName, file_size: held?.bytes.length, media_id },
		sums[VIDEO],
		held ? sha256(held.bytes) : '',
	);
}

/** Activates the workflow with the trigger and saves its URL as the WeCom console does. */
export async function activateTrigger(
	n8n: RealN8n,
	simulator: Simulator,
	id: string,
	target?: CallbackTarget,
): Promise<void> {
	const workflow = await n8n.rest.workflow(id);
	await n8n.rest.activate(workflow);
	const trigger = workflow.nodes.find(({ type }) => type.endsWith('weComMediaTrigger'));
	const { webhookId } = trigger as { webhookId?: string };
	const url = `${n8n.url}/webhook/${webhookId}/${TRIGGER_PATH}`;
	await n8n.rest.until('WeCom to verify the callback URL', async () => {
		const { ok } = await simulator.verifyCallbackUrl(url, target);
		return ok || undefined;
	});
}

/** The execution that WeCom starts because of what `cause` does; `cause` may give the id of its own. */
export async function startedBy(
	n8n: RealN8n,
	workflowId: string,
	cause: () => Promise<string | void>,
): Promise<string> {
	const before = await n8n.rest.executionIds(workflowId);
	const own = await cause();
	return await n8n.rest.until('WeCom to start the workflow', async () => {
		const ids = await n8n.rest.executionIds(workflowId);
		return ids.find((id) => !before.includes(id) && id !== own);
	});
}

function tripOf(
	way: string,
	json: Record<string, unknown>,
	sent: string,
	received: string,
): RoundTrip {
	return {
		way,
		fileName: String(json.file_name),
		size: Number(json.file_size),
		mediaId: String(json.media_id),
		sent,
		received,
	};
}
