/** A simulator, a proxy in front of it and a host of links, for one scenario alone. */
import { createHash } from 'node:crypto';

import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { runNode, type NodeRun, type NodeRunOptions } from '../helpers/runNode';
import { allSystems, credentialOf, credentialTypes } from '../nodes/scene';
import {
	startLinkHost,
	startSimulator,
	type BotMessage,
	type LinkHost,
	type Simulator,
} from '../simulator';
import type { FaultClock } from './clock';
import { FaultProxy, type Target } from './proxy';
import type { Work } from './work';

/** Of one call, in seconds of the nodes' clock. */
export const REQUEST_TIMEOUT_S = 20;
export const MAX_RETRIES = 2;

const node = new WeComMedia();
let stages = 0;

export class Stage {
	private constructor(
		readonly simulator: Simulator,
		readonly proxy: FaultProxy,
		private readonly links: LinkHost,
		private readonly work: Work,
	) {}

	static async set(work: Work, clock: FaultClock, target?: Target): Promise<Stage> {
		const pathPrefix = `/stage-${(stages += 1)}`;
		const simulator = await startSimulator({ pathPrefix, now: () => clock.now() });
		// The pace of a robot is kept by its key, so no two scenarios may share one.
		const webhookKey = `11111111-2222-4333-8444-${String(stages).padStart(12, '0')}`;
		simulator.state.robots[0].webhookKey = webhookKey;
		simulator.demo.robot.webhookKey = webhookKey;
		const links = await startLinkHost();
		const origin = new URL(simulator.url).origin;
		const proxy = new FaultProxy({
			clock,
			target,
			prefix: pathPrefix,
			originOf: (path) => (path.startsWith(pathPrefix) ? origin : links.url),
			capRange: work.capRange,
			etag: work.etag,
		});
		await proxy.start();
		return new Stage(simulator, proxy, links, work);
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

	md5(bytes: Buffer): string {
		return createHash('md5').update(bytes).digest('hex');
	}

	/** What the accounts are entered with, and every token handed out. */
	secrets(): string[] {
		const { corp, suite, robot, bot, officialAccount } = this.simulator.demo;
		return [
			corp.corpSecret,
			corp.customerServiceSecret,
			suite.suiteSecret,
			suite.suiteTicket,
			suite.permanentCode,
			robot.webhookKey,
			bot.callbackToken,
			bot.encodingAesKey,
			officialAccount.appSecret,
			...this.simulator.state.tokens.all().map(({ value }) => value),
		];
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

	async run(
		more: Pick<NodeRunOptions, 'onRunning'> & Pick<NodeRunOptions['node'], 'onError'>,
	): Promise<NodeRun> {
		const { work, simulator, proxy } = this;
		const { parameters, account } = allSystems[work.system];
		const type = credentialTypes[account];
		const { pathname } = new URL(simulator.url);
		const prepared = await work.prepare?.(this);
		const fields = credentialOf(simulator, account, {
			baseUrl: `${proxy.origin}${pathname}`,
			...work.credential?.(this),
		});
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
					},
				},
				credentials: { [type.name]: fields },
				onError: more.onError,
			},
			credentialTypes: [type],
			items: work.items,
			onRunning: more.onRunning,
		});
	}

	async close(): Promise<void> {
		await Promise.all([this.proxy.close(), this.simulator.close(), this.links.close()]);
	}
}
