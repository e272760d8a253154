import { createCipheriv, randomBytes } from 'node:crypto';

import type { SmartBot } from '../model';
import type { SimulatorState } from '../state';
import { kindOf, type PersonMessage, type SentFile } from './message';

/** How the host of a smart bot's files deviates; unset members mean "as observed". */
export interface BotFileQuirks {
	/** Sent instead of the ciphertext. */
	ciphertext?: Buffer;
	/** Content-Length instead of the true one; the body is cut, or the connection is, to fit. */
	announcedBytes?: number;
	noContentLength?: boolean;
	noContentDisposition?: boolean;
	/** Name only as `filename="<raw UTF-8>"`. */
	plainNameOnly?: boolean;
	contentType?: string;
}

/** A file behind a smart bot's link: encrypted with the bot's key (vendor page 100719). */
export interface BotFile {
	fileName: string;
	ciphertext: Buffer;
	createdAt: number;
	/** Query as it was handed out; COS refuses a changed one. */
	query: string;
	quirks: BotFileQuirks;
}

/** A response_url: good once, for an hour (vendor page 101138). */
export interface ResponseCode {
	createdAt: number;
	used: boolean;
	/** chatid of the group, or userid. */
	to: string;
}

/** Minutes of a link, an hour of a response_url. */
export const BOT_LINK_MS = 5 * 60_000;
export const RESPONSE_URL_MS = 3_600_000;

export interface BotContext {
	state: SimulatorState;
	bot: SmartBot;
	baseUrl: string;
}

export interface BotMessage extends PersonMessage {
	/** Several texts and pictures in one message. */
	mixed?: Array<string | SentFile>;
	/** In this group; the bot was mentioned. */
	chatId?: string;
	/** The message this one quotes. */
	quote?: Pick<BotMessage, 'kind' | 'text' | 'file' | 'mixed'>;
	quirks?: BotFileQuirks;
	withoutResponseUrl?: boolean;
}

/** What a smart bot is told of a message (vendor page 100719). A file's name is not in it. */
export function botMessage(context: BotContext, message: BotMessage): Record<string, unknown> {
	const { chatId, quote, from = 'ZhangSan' } = message;
	const content = contentOf(context, message, chatId === undefined ? '' : `@${context.bot.name} `);
	return {
		...envelope(context, from, chatId),
		...(context.state.strict.botCreateTime ? { create_time: seconds(context) } : {}),
		...(message.withoutResponseUrl
			? {}
			: { response_url: newResponseUrl(context, chatId ?? from) }),
		...content,
		...(quote ? { quote: contentOf(context, quote) } : {}),
		...message.fields,
	};
}

/** An event of a smart bot (vendor page 101027); unlike messages it has a time. */
export function botEvent(
	context: BotContext,
	eventtype: string,
	detail: Record<string, unknown>,
): Record<string, unknown> {
	return {
		...envelope(context, 'ZhangSan', undefined),
		create_time: seconds(context),
		msgtype: 'event',
		event: { eventtype, [eventtype]: detail },
	};
}

function envelope({ bot }: BotContext, userid: string, chatid: string | undefined) {
	return {
		msgid: `m-${randomBytes(12).toString('hex')}`,
		aibotid: bot.aibotId,
		...(chatid === undefined ? {} : { chatid }),
		chattype: chatid === undefined ? 'single' : 'group',
		from: { userid },
	};
}

function contentOf(
	context: BotContext,
	message: BotMessage,
	mention = '',
): { msgtype: string } & Record<string, unknown> {
	const { mixed, file, text = '', quirks } = message;
	if (mixed) {
		const firstText = mixed.find((part) => typeof part === 'string');
		const items = mixed.map((part) =>
			typeof part === 'string'
				? { msgtype: 'text', text: { content: `${part === firstText ? mention : ''}${part}` } }
				: { msgtype: 'image', image: { url: newLink(context, part, quirks) } },
		);
		return { msgtype: 'mixed', mixed: { msg_item: items } };
	}
	const msgtype = kindOf(message);
	// Of a voice there is only what was said.
	if (!file || msgtype === 'voice') return { msgtype, [msgtype]: { content: `${mention}${text}` } };
	return { msgtype, [msgtype]: { url: newLink(context, file, quirks) } };
}

/** Encrypts a file and gives its link, signed as COS does and good for five minutes. */
function newLink({ state, bot, baseUrl }: BotContext, file: SentFile, quirks: BotFileQuirks = {}) {
	const key = randomBytes(12).toString('hex');
	const signature = encodeURIComponent(
		`q-sign-algorithm=sha1&q-ak=${randomBytes(8).toString('hex')}`,
	);
	const query = `k=${key}&sign=${signature}`;
	state.botFiles.set(key, {
		fileName: file.fileName,
		ciphertext: quirks.ciphertext ?? encryptFile(bot.callback.encodingAesKey, file.bytes),
		createdAt: state.now(),
		query,
		quirks,
	});
	return `${baseUrl}/aibot/file?${query}`;
}

/** AES-256-CBC without envelope: IV = first half of the key, PKCS#7 to 32 bytes. */
export function encryptFile(encodingAesKey: string, plain: Buffer): Buffer {
	const key = Buffer.from(`${encodingAesKey}=`, 'base64');
	const pad = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(pad, pad)),
		cipher.final(),
	]);
}

function newResponseUrl({ state, baseUrl }: BotContext, to: string): string {
	const code = randomBytes(24).toString('base64url');
	state.responseCodes.set(code, { createdAt: state.now(), used: false, to });
	return `${baseUrl}/cgi-bin/aibot/response?response_code=${code}`;
}

function seconds({ state }: BotContext): number {
	return Math.floor(state.now() / 1000);
}
