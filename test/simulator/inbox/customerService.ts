import { randomBytes } from 'node:crypto';

import {
	eventXml,
	type CallbackSender,
	type PushOptions,
	type SentCallback,
} from '../callbackSender';
import type { App, Corp, InboxEntry, MediaType } from '../model';
import type { SimulatorState } from '../state';
import { kindOf, type MessageKind, type PersonMessage } from './message';

/** Where a cursor of kf/sync_msg stands. */
export interface KfCursor {
	openKfId: string;
	/** Entries of the account before this one were given. */
	position: number;
	/** Pages without entries still to come before the next one that holds some. */
	emptyPages: number;
}

export interface CustomerMessage extends PersonMessage {
	openKfId?: string;
	/** 3 a customer, 5 a servicer in the WeCom client; default 3. */
	origin?: 3 | 5;
	servicer?: string;
	/** File it without telling the apps, as part of a burst. */
	silent?: boolean;
	/** Milliseconds since 1970; default now. */
	at?: number;
}

/** Larger media of a customer come as a text notice (vendor page 94670). */
const LARGEST: Partial<Record<MessageKind, number>> = {
	image: 2 * 1024 * 1024,
	voice: 2 * 1024 * 1024,
	video: 10 * 1024 * 1024,
	file: 20 * 1024 * 1024,
};

/** What customers write to the Customer Service accounts of a corp, and how its apps are told. */
export class CustomerServiceInbox {
	constructor(
		private readonly state: SimulatorState,
		private readonly callbacks: CallbackSender,
	) {}

	/**
	 * A customer writes, or a servicer answers.
	 * @returns its msgid, and the pushes to every app with a callback URL
	 */
	async write(
		message: CustomerMessage,
		options: PushOptions = {},
	): Promise<{ msgid: string; pushes: SentCallback[] }> {
		const [corp] = this.state.corps;
		const { openKfId = corp.openKfIds[0], from = 'wmdemocustomer', origin = 3 } = message;
		const at = message.at ?? this.state.now();
		const msgid = `kf${randomBytes(16).toString('hex')}`;
		const { content, silkMediaId } = this.contentOf(corp, message);
		const entry = {
			msgid,
			open_kfid: openKfId,
			external_userid: from,
			send_time: Math.floor(at / 1000),
			origin,
			...(origin === 5 ? { servicer_userid: message.servicer ?? 'LiSi' } : {}),
			...content,
			...message.fields,
		};
		corp.inbox.push({ openKfId, at, entry, silkMediaId });
		if (origin === 3) this.noteWriting(corp, openKfId, from, at);
		return { msgid, pushes: message.silent ? [] : await this.announce(openKfId, options) };
	}

	/** Something else happens to an account, e.g. `enter_session` (the entry names no customer itself). */
	async happen(
		eventType: string,
		detail: Record<string, unknown> = {},
		options: PushOptions & { openKfId?: string } = {},
	): Promise<SentCallback[]> {
		const [corp] = this.state.corps;
		const { openKfId = corp.openKfIds[0], ...pushOptions } = options;
		const at = this.state.now();
		const event = { event_type: eventType, open_kfid: openKfId, ...detail };
		corp.inbox.push({
			openKfId,
			at,
			entry: {
				msgid: `kf${randomBytes(16).toString('hex')}`,
				send_time: Math.floor(at / 1000),
				origin: 4,
				msgtype: 'event',
				event,
			},
		});
		return await this.announce(openKfId, pushOptions);
	}

	/** Tells every app that may manage the account: kf_msg_or_event, with a token for ten minutes. */
	async announce(openKfId: string, options: PushOptions = {}): Promise<SentCallback[]> {
		const token = `ENC${randomBytes(24).toString('base64url')}`;
		this.state.kfTokens.set(token, { openKfId, at: this.state.now() });
		const told = this.state.apps.filter((app) => this.isTold(app));
		return await Promise.all(
			told.map(async (app) => {
				const message = eventXml({
					ToUserName: app.corpId,
					CreateTime: Math.floor(this.state.now() / 1000),
					MsgType: 'event',
					Event: 'kf_msg_or_event',
					Token: token,
					OpenKfId: openKfId,
				});
				return await this.callbacks.push(app, message, options);
			}),
		);
	}

	private isTold({ corpId, customerService, callback }: App): boolean {
		return corpId === this.state.corps[0].corpId && customerService && callback?.url !== undefined;
	}

	/** Replies are counted from the customer's latest message. */
	private noteWriting(corp: Corp, openKfId: string, externalUserId: string, at: number): void {
		const known = corp.conversations.find(
			(entry) => entry.externalUserId === externalUserId && entry.openKfId === openKfId,
		);
		if (known) Object.assign(known, { lastMessageAt: at, repliesSince: 0 });
		else {
			const fresh = { lastMessageAt: at, repliesSince: 0, condition: 'open' as const };
			corp.conversations.push({ externalUserId, openKfId, ...fresh });
		}
	}

	private contentOf(
		corp: Corp,
		message: CustomerMessage,
	): { content: InboxEntry['entry']; silkMediaId?: string } {
		const kind = kindOf(message);
		const { text = '', file } = message;
		if (file && file.bytes.length > (LARGEST[kind] ?? Infinity)) {
			return { content: textOf(`The customer sent a ${kind} that is too large to be shown.`) };
		}
		if (kind === 'location') {
			return {
				content: {
					msgtype: kind,
					location: {
						latitude: 23.106021881103501,
						longitude: 113.320503234863,
						name: text,
						address: text,
					},
				},
			};
		}
		if (kind === 'link') {
			const url = 'https://a.example/page';
			return { content: { msgtype: kind, link: { title: text, desc: '', url, pic_url: '' } } };
		}
		if (!file || kind === 'text') return { content: textOf(text) };
		const add = (bytes: Buffer, fileName: string) =>
			this.state.addMedia({
				bytes,
				fileName,
				type: kind as MediaType,
				owner: corp.corpId,
				origin: 'received',
			});
		const silk = Buffer.concat([Buffer.from('\x02#!SILK_V3', 'latin1'), file.bytes.subarray(6)]);
		return {
			content: { msgtype: kind, [kind]: { media_id: add(file.bytes, file.fileName) } },
			silkMediaId: kind === 'voice' ? add(silk, file.fileName) : undefined,
		};
	}
}

function textOf(content: string): InboxEntry['entry'] {
	return { msgtype: 'text', text: { content } };
}
