/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RealN8n } from '../../test/e2e/realN8n';
import { startLinkHost } from '../../test/simulator';
import type { LinkHost, Simulator } from '../../test/simulator';
import { firstItem, succeeded } from './exampleRun';
import type { RoundTrip } from './exampleRun';

/** What the examples say instead of a real host and a real folder; the demo puts its own there. */
export const EXAMPLE_HOST = 'https://files.example.com';
export const EXAMPLE_FOLDER = '/path/to/files';

const WAIT_ID = 'wecomLargeWait01';
const SUBMIT_ID = 'wecomLargeSubmit';
const FINISH_ID = 'wecomLargeFinish';
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
	return tripOf('large file, waited for', json, sums[VIDEO], String(json.sha256));
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
	const finish = await n8n.rest.workflow(FINISH_ID);
	await n8n.rest.activate(finish);
	const { webhookId } = finish.nodes.find(({ type }) => type.endsWith('Trigger')) as {
		webhookId?: string;
	};
	const url = `${n8n.url}/webhook/${webhookId}/${TRIGGER_PATH}`;
	await n8n.rest.until('WeCom to verify the callback URL', async () => {
		const { ok } = await simulator.verifyCallbackUrl(url);
		return ok || undefined;
	});
	const before = await n8n.rest.executionIds(FINISH_ID);
	succeeded(await n8n.rest.run(await n8n.rest.workflow(SUBMIT_ID)));
	const id = await n8n.rest.until('WeCom to start the workflow', async () => {
		const ids = await n8n.rest.executionIds(FINISH_ID);
		return ids.find((known) => !before.includes(known));
	});
	const execution = await n8n.rest.finished(id);
	succeeded(execution);
	const json = firstItem(execution, 'Checksum');
	const saved = await readFile(join(n8n.filesFolder, String(json.file_name)));
	return tripOf('large file, by trigger', json, sums[DOCUMENT], sha256(saved));
}

function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
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
