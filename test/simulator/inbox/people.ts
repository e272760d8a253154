import type { CallbackSender, PushOptions, SentCallback } from '../callbackSender';
import type { App, SmartBot } from '../model';
import type { SimulatorState } from '../state';
import { appMessage } from './appMessage';
import { CustomerServiceInbox } from './customerService';
import type { PersonMessage } from './message';
import { botMessage, botEvent, type BotContext, type BotMessage } from './smartBot';

/** People in front of their clients. Whatever they send goes the way of every callback. */
export class People {
	readonly customerService: CustomerServiceInbox;

	constructor(
		private readonly state: SimulatorState,
		private readonly callbacks: CallbackSender,
		private readonly baseUrl: () => string,
	) {
		this.customerService = new CustomerServiceInbox(state, callbacks);
	}

	/**
	 * A member writes to an app (vendor page 90239).
	 * @returns undefined where `appFileMessage` keeps a file from being pushed at all
	 */
	async writeToApp(
		message: PersonMessage,
		{ app = this.state.apps[0], ...options }: PushOptions & { app?: App } = {},
	): Promise<SentCallback | undefined> {
		const xml = appMessage(this.state, app, message);
		return xml === undefined ? undefined : await this.callbacks.push(app, xml, options);
	}

	/** What a bot would be told of a message, links included, without telling it. */
	composeForBot(message: BotMessage, bot = this.state.smartBots[0]): Record<string, unknown> {
		return botMessage(this.context(bot), message);
	}

	/** A member writes to a smart bot, alone or in a group where it is mentioned (page 100719). */
	async writeToBot(
		message: BotMessage,
		{ bot = this.state.smartBots[0], ...options }: PushOptions & { bot?: SmartBot } = {},
	): Promise<SentCallback> {
		const json = JSON.stringify(this.composeForBot(message, bot));
		return await this.callbacks.push(bot, json, options);
	}

	/** Something else happens to a smart bot, e.g. `enter_chat` (page 101027). */
	async happenToBot(
		eventtype: string,
		detail: Record<string, unknown> = {},
		{ bot = this.state.smartBots[0], ...options }: PushOptions & { bot?: SmartBot } = {},
	): Promise<SentCallback> {
		const json = JSON.stringify(botEvent(this.context(bot), eventtype, detail));
		return await this.callbacks.push(bot, json, options);
	}

	private context(bot: SmartBot): BotContext {
		return { state: this.state, bot, baseUrl: this.baseUrl() };
	}
}
