/** A simulator, a proxy in front of it and a host of links, for one scenario alone. */
import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { WeComMediaTrigger } from '../../nodes/WeComMedia/WeComMediaTrigger.node';
import { runNode, type NodeRun } from '../helpers/runNode';
import { serveWebhook, type ServedWebhook } from '../helpers/webhook';
import { allSystems, credentialOf, credentialTypes, type AccountKind } from '../nodes/scene';
import {
	startLinkHost,
	startSimulator,
	type BotMessage,
	type LinkHost,
	type Simulator,
} from '../simulator';
import type { FaultClock } from './clock';
import { FaultProxy, type Target } from './proxy';
import type { HowToRun, NodeWork, Work } from './work';

/** Of one call, in seconds of the nodes' clock. */
export const REQUEST_TIMEOUT_S = 20;
export const MAX_RETRIES = 2;

const node = new WeComMedia();
const trigger = new WeComMediaTrigger();
/** Where n8n's webhooks are. */
const WEBHOOKS = '/webhook/';
let stages = 0;

export class Stage {
	private webhook?: ServedWebhook;

	private constructor(
		/** Tells its workflow from those of others. */
		readonly name: string,
		readonly simulator: Simulator,
		readonly proxy: FaultProxy,
		private readonly links: LinkHost,
		private readonly work: Work,
	) {}

	static async set(work: Work, clock: FaultClock, target?: Target): Promise<Stage> {
		const name = `stage-${(stages += 1)}`;
		const pathPrefix = `/${name}`;
		const simulator = await startSimulator({ pathPrefix, now: () => clock.now() });
		// The pace of a robot is kept by its key, so no two scenarios may share one.
		const webhookKey = `11111111-2222-4333-8444-${String(stages).padStart(12, '0')}`;
		simulator.state.robots[0].webhookKey = webhookKey;
		simulator.demo.robot.webhookKey = webhookKey;
		const links = await startLinkHost();
		const origin = new URL(simulator.url).origin;
		const proxy: FaultProxy = new FaultProxy({
			clock,
			target,
			prefix: pathPrefix,
			originOf: (path) => {
				if (path.startsWith(WEBHOOKS)) return new URL(stage.webhook!.url).origin;
				return path.startsWith(pathPrefix) ? origin : links.url;
			},
			capRange: work.capRange,
			etag: work.etag,
		});
		await proxy.start();
		const stage: Stage = new Stage(name, simulator, proxy, links, work);
		return stage;
	}

	/** Puts a file on another host. @returns its link, which leads through the proxy */
	link(bytes: Buffer, fileName: string): string {
		return this.links
			.put('file.txt', { bytes, fileName })
			.replace(this.links.url, this.proxy.origin);
	}

	/** What the bot was told of a message; its links lead through the proxy. */
	toldToBot(message: BotMessage): Record<string, unknown> {
		const told = JSON.stringify(this.simulator.people.composeForBot(message));
		// Many scenarios share a clock that runs fast: five minutes are soon over.
		for (const file of this.simulator.state.botFiles.values()) file.createdAt = Infinity;
		const { origin } = new URL(this.simulator.url);
		return JSON.parse(told.replaceAll(origin, this.proxy.origin)) as Record<string, unknown>;
	}

	/** The credential's fields for the demo account, whose calls go through the proxy. */
	credential(account: AccountKind, changes: IDataObject = {}): ICredentialDataDecryptedObject {
		const baseUrl = `${this.proxy.origin}${new URL(this.simulator.url).pathname}`;
		return credentialOf(this.simulator, account, { baseUrl, ...changes });
	}

	/** Serves a trigger that hosts files. @returns its URL, which leads through the proxy */
	async hostUrl(): Promise<string> {
		const { callbackToken, encodingAesKey } = this.simulator.demo.corp;
		const type = credentialTypes.corp;
		this.webhook = await serveWebhook({
			node: {
				type: trigger,
				credentials: { [type.name]: this.credential('corp', { callbackToken, encodingAesKey }) },
			},
			credentialTypes: [type],
		});
		return this.webhook.url.replace(new URL(this.webhook.url).origin, this.proxy.origin);
	}

	md5(bytes: Buffer): string {
		return createHash('md5').update(bytes).digest('hex');
	}

	/** Messages, permanent images and material, and jobs there are. */
	effects(): number {
		const { messages, permanentImages, materials, jobs, corps } = this.simulator.state;
		const { chatId } = this.simulator.demo.corp;
		const others = corps.flatMap(({ welcomeTemplates, chats }) => [
			...welcomeTemplates,
			...chats.filter((chat) => chat.chatId !== chatId),
		]);
		return messages.length + permanentImages.size + materials.size + jobs.size + others.length;
	}

	async run(how: HowToRun): Promise<NodeRun> {
		const { work } = this;
		return 'perform' in work ? await work.perform(this, how) : await this.runNode(work, how);
	}

	private async runNode(work: NodeWork, how: HowToRun): Promise<NodeRun> {
		const { parameters, account } = allSystems[work.system];
		const type = credentialTypes[account];
		const { options, ...prepared } = (await work.prepare?.(this)) ?? {};
		return await runNode({
			node: {
				type: node,
				parameters: {
					...parameters,
					operation: work.operation,
					...work.parameters,
					...prepared,
					options: {
						maxRetries: MAX_RETRIES,
						requestTimeout: REQUEST_TIMEOUT_S,
						// One call after the other, so that the n-th is always the same.
						concurrency: 1,
						...work.options,
						...(options as IDataObject | undefined),
					} as INodeParameters,
				},
				credentials: { [type.name]: this.credential(account, work.credential?.(this)) },
				onError: how.onError,
			},
			credentialTypes: [type],
			items: work.items,
			onRunning: how.onRunning,
		});
	}

	async close(): Promise<void> {
		const { proxy, simulator, links, webhook } = this;
		await Promise.all([proxy, simulator, links, webhook].map(async (each) => await each?.close()));
	}
}
