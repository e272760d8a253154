/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** A trigger that hosts files, the node that makes links to them, and somebody who follows the links. */
import { request, type IncomingHttpHeaders } from 'node:http';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { WeComMediaTrigger } from '../../../nodes/WeComMedia/WeComMediaTrigger.node';
import type { TestFile } from '../../helpers/runNode';
import { replaceSleep } from '../../helpers/sleep';
import { serveWebhook, type ServedWebhook } from '../../helpers/webhook';
import type { SimulatorOptions } from '../../simulator';
import { credentialTypes, setupScene, type Job, type Scene } from '../scene';
import type { BinaryMode } from '../../helpers/engine';

export interface HostingScene extends Scene {
	/** The trigger of the running test. */
	readonly trigger: ServedWebhook;
	/** Serves another trigger until the end of the test; fields of its credential may differ. */
	serve(changes?: IDataObject): Promise<ServedWebhook>;
	/** "Upload Large File" of a binary field, hosted by the trigger. */
	upload(file: TestFile, job?: UploadJob): ReturnType<Scene['run']>;
	/** A hosted link to a file, for a job that WeCom has not begun to work on. */
	linkTo(file: TestFile, job?: UploadJob): Promise<URL>;
}

export interface UploadJob extends Pick<Job, 'options' | 'onError' | 'credential'> {
	parameters?: INodeParameters;
}

/** To be called once in a test file, outside any test. */
export function setupHosting(
	options: Omit<SimulatorOptions, 'pathPrefix'> & { binaryMode?: BinaryMode } = {},
): HostingScene {
	const scene = setupScene(options);
	let served: ServedWebhook[] = [];

	const serve: HostingScene['serve'] = async (changes = {}) => {
		const { callbackToken, encodingAesKey } = scene.simulator.demo.corp;
		const webhook = await serveWebhook({
			node: {
				type: new WeComMediaTrigger(),
				credentials: {
					weComCorpApi: scene.credential('corp', { callbackToken, encodingAesKey, ...changes }),
				},
			},
			credentialTypes: [credentialTypes.corp],
		});
		served.push(webhook);
		return webhook;
	};
	beforeEach(async () => {
		await serve();
	});
	afterEach(async () => {
		await Promise.all(served.map(async (webhook) => await webhook.close()));
		served = [];
	});

	const upload: HostingScene['upload'] = async (file, job = {}) =>
		await scene.run({
			...job,
			operation: 'asyncUpload',
			parameters: { source: 'binary', ...job.parameters },
			options: { hostUrl: served[0].url, ...job.options },
			items: [{ binary: { data: file } }],
		});

	return {
		get simulator() {
			return scene.simulator;
		},
		get trigger() {
			return served[0];
		},
		credential: scene.credential,
		run: scene.run,
		serve,
		upload,
		linkTo: async (file, job) => {
			scene.simulator.jobs.next({ hold: true });
			const { error } = await upload(file, job);
			if (error) throw error;
			const { json } = scene.simulator.record.last('media/upload_by_url')!;
			return new URL((json as { url: string }).url);
		},
	};
}

export interface Got {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
	/** The connection broke before the announced end. */
	broken: boolean;
}

/** Follows a link without anything a client would add or decode. */
export async function get(
	link: URL | string,
	headers: Record<string, string> = {},
	method = 'GET',
): Promise<Got> {
	return await new Promise((resolve, reject) => {
		const outgoing = request(link, { method, headers, agent: false }, (incoming) => {
			const pieces: Buffer[] = [];
			incoming.on('data', (piece: Buffer) => pieces.push(piece));
			incoming.on('error', () => undefined);
			incoming.on('close', () =>
				resolve({
					status: incoming.statusCode ?? 0,
					headers: incoming.headers,
					body: Buffer.concat(pieces),
					broken: !incoming.complete,
				}),
			);
		});
		outgoing.on('error', reject);
		outgoing.end();
	});
}

/** What a link says openly: its fields in their order, decoded. */
export function fieldsOf(link: URL): [string[], string, string, number, string, number] {
	const token = link.searchParams.get('file') ?? '';
	return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as ReturnType<
		typeof fieldsOf
	>;
}

/** The same link with one of its parts changed. */
export function changed(link: URL, changes: Record<string, string | undefined>): URL {
	const other = new URL(link);
	for (const [name, value] of Object.entries(changes)) {
		if (value === undefined) other.searchParams.delete(name);
		else other.searchParams.set(name, value);
	}
	return other;
}

/** Time that stands still for pauses of one length until a test lets it pass. */
export interface HeldPauses {
	/** Ends the pauses that have begun, and waits until what follows each of them has happened. */
	pass(times?: number): Promise<void>;
	/** Pauses that have begun and not ended. */
	count(): number;
	restore(): void;
}

export function holdPauses(length: number): HeldPauses {
	let held: Array<() => void> = [];
	const bringBack = replaceSleep((sleep) => async (ms) => {
		if (ms !== length) return await sleep(ms);
		await new Promise<void>((resolve) => held.push(resolve));
	});
	const pass: HeldPauses['pass'] = async (times = 1) => {
		for (let n = 0; n < times; n += 1) {
			for (const end of held.splice(0)) end();
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	};
	return {
		pass,
		count: () => held.length,
		restore: () => {
			bringBack();
			for (const end of held.splice(0)) end();
			held = [];
		},
	};
}
