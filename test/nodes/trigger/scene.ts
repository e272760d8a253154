/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** The trigger behind a real web server, and a simulator that calls it back. */
import { createHash } from 'node:crypto';
import type { IDataObject, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import { WeComMediaTrigger } from '../../../nodes/WeComMedia/WeComMediaTrigger.node';
import { serveWebhook, type ServedWebhook, type WebhookOptions } from '../../helpers/webhook';
import {
	startLinkHost,
	type AsyncJob,
	type CallbackTarget,
	type JobBehavior,
	type LinkHost,
	type Simulator,
} from '../../simulator';
import { credentialTypes, setupScene, until } from '../scene';

export const JOB_FINISH = 'upload_media_job_finish';
export const QUERY = 'media/get_upload_by_url_result';

export interface TriggerOptions {
	parameters?: INodeParameters;
	options?: INodeParameters;
	/** Fields that differ from the demo account's. */
	credential?: IDataObject;
	/** Speaks for the demo suite instead of the demo app. */
	thirdPartyApp?: boolean;
	/** Speaks for the demo's Customer Service. */
	customerService?: boolean;
	/** Speaks for the demo's smart bot. */
	smartBot?: boolean;
	staticData?: IDataObject;
	type?: INodeType;
	/** See {@link WebhookOptions}. */
	worker?: INodeType;
	workersForget?: boolean;
	storing?: WebhookOptions['storing'];
	/** Leave the console's "save" out. */
	unsaved?: boolean;
}

export interface TriggerScene {
	readonly simulator: Simulator;
	/** Serves a trigger and saves its URL in the console. */
	serve(options?: TriggerOptions): Promise<ServedWebhook>;
	/** Runs an async upload to its end, pushes included. */
	finishJob(behavior?: JobBehavior, target?: 'app' | 'thirdPartyApp'): Promise<AsyncJob>;
	/** Fields of the credential that opens callbacks. */
	credential(
		options?: Pick<TriggerOptions, 'credential' | 'thirdPartyApp' | 'customerService' | 'smartBot'>,
	): IDataObject;
}

/** To be called once in a test file, outside any test. */
export function setupTrigger(): TriggerScene {
	const scene = setupScene();
	const served: ServedWebhook[] = [];
	let links: LinkHost;
	beforeEach(async () => {
		const bytes = Buffer.from('made-up report');
		links = await startLinkHost({ files: { 'report.txt': bytes } });
		// Failed pushes are repeated after this pause.
		scene.simulator.callbacks.pauseMs = 5;
	});
	afterEach(async () => {
		for (const webhook of served.splice(0)) await webhook.close();
		await links.close();
	});
	const credential: TriggerScene['credential'] = (options = {}) => {
		if (options.smartBot) return scene.credential('smartBot', options.credential);
		const { corp, suite, customerService } = scene.simulator.demo;
		const own = options.customerService ? customerService : corp;
		const { callbackToken, encodingAesKey } = options.thirdPartyApp ? suite : own;
		return scene.credential(options.thirdPartyApp ? 'suite' : 'corp', {
			...(options.customerService ? { corpSecret: own.corpSecret } : {}),
			callbackToken,
			encodingAesKey,
			...options.credential,
		});
	};
	return {
		get simulator() {
			return scene.simulator;
		},
		credential,
		async serve(options = {}) {
			const kind = kindOf(options);
			const type = credentialTypes[kind.credential];
			const webhook = await serveWebhook({
				node: {
					type: options.type ?? new WeComMediaTrigger(),
					parameters: {
						authentication: kind.authentication,
						...options.parameters,
						options: { ...options.options },
					},
					credentials: { [type.name]: credential(options) as never },
				},
				credentialTypes: [type],
				staticData: options.staticData,
				worker: options.worker,
				workersForget: options.workersForget,
				storing: options.storing,
			});
			served.push(webhook);
			if (!options.unsaved) {
				const { app, suite, customerService, bot } = scene.simulator.targets;
				const own: CallbackTarget = options.customerService ? customerService : app;
				const special = options.smartBot ? bot : suite;
				const target: CallbackTarget = kind.credential === 'corp' ? own : special;
				const saved = await scene.simulator.verifyCallbackUrl(webhook.url, target);
				expect(saved).toMatchObject({ ok: true, status: 200 });
			}
			return webhook;
		},
		async finishJob(behavior = {}, target = 'app') {
			const { jobs, state } = scene.simulator;
			jobs.next(behavior);
			const job = jobs.submit({
				app: state.apps.find(({ suiteId }) => (suiteId !== undefined) === (target !== 'app'))!,
				type: 'file',
				fileName: 'report.txt',
				url: links.link('report.txt'),
				md5: createHash('md5').update('made-up report').digest('hex'),
			});
			await jobs.settled();
			return job;
		},
	};
}

/** What the panel's Authentication is for a scene, and the credential that belongs to it. */
function kindOf({ thirdPartyApp, smartBot }: TriggerOptions) {
	if (smartBot) return { authentication: 'smartBot', credential: 'smartBot' } as const;
	return thirdPartyApp
		? ({ authentication: 'thirdPartyApp', credential: 'suite' } as const)
		: ({ authentication: 'corpSecret', credential: 'corp' } as const);
}

/** @returns the items of all executions, after so many have been started and no more follow */
export async function itemsOf(webhook: ServedWebhook, count = 1): Promise<IDataObject[]> {
	await until(() => webhook.executions.length >= count);
	await quiet();
	await webhook.idle();
	expect(webhook.executions).toHaveLength(count);
	expect(webhook.executions.map(({ error }) => error)).toEqual(Array(count).fill(undefined));
	return webhook.executions.flatMap(({ items }) =>
		items.map(({ json }: INodeExecutionData) => json),
	);
}

/** Long enough for a request that was answered to start its execution. */
export async function quiet(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The field values of a job that was told as done. */
export function doneFields(job: AsyncJob): IDataObject {
	const createdAt = Math.floor((job.finishedAt ?? 0) / 1000);
	return {
		status: 2,
		state: 'done',
		media_id: job.mediaId,
		created_at: createdAt,
		expires_at: new Date((createdAt + 3 * 24 * 3600) * 1000).toISOString(),
	};
}
