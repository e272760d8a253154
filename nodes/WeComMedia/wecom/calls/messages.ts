/**
 * Messages with media: to a robot's chat (vendor page 99110), from an app (90236, 90248), from WeChat Customer Service
 * (94677) and from an Official Account (custom message). Never repeated after an unknown outcome.
 */
import { createHash } from 'crypto';

import type { JsonAnswer, WeComClient } from '../client/client';
import { WeComInputError } from '../client/errors';
import { extensionOf } from '../files/fileName';
import type { System } from '../accounts/types';
import type { MediaType } from '../files/mediaRule';
import { bytesOfPacked, packMedia } from '../files/packing';
import type { PackedFile, UploadRequest } from '../files/packing';

export type MessageType = 'text' | 'markdown' | MediaType;

/** What is said: the message type and the object of the same name in the body. */
export interface MessageContent {
	msgtype: MessageType;
	body: Record<string, unknown>;
}

/** Where it is said and how: the endpoint, the receivers and the switches, as the vendor names them. */
export interface Channel {
	path: string;
	fields: Record<string, unknown>;
	/** Message types this channel takes. */
	types: readonly MessageType[];
}

export interface Receivers {
	toUser: string;
	toParty: string;
	toTag: string;
}

/** Most receivers of one message (vendor page 90236). */
const MAX_RECEIVERS = { toUser: 1000, toParty: 100, toTag: 100 } as const;
const LABELS = { toUser: 'Members', toParty: 'Departments', toTag: 'Tags' } as const;
const EVERYBODY = '@all';
const MAYBE_SENT =
	'The message may have arrived all the same, so it was not sent again. Look in WeCom before you do.';
/** Files WeCom shows as confidential (vendor page 90236). */
const SAFE_EXTENSIONS = 'txt pdf doc docx ppt pptx xls xlsx xml jpg jpeg png bmp gif'.split(' ');
/** Seconds in which WeCom drops the same message to the same receivers. */
const DUPLICATE_INTERVAL_S = 1800;

export const ROBOT_CHANNEL: Channel = {
	path: 'webhook/send',
	fields: {},
	types: ['text', 'markdown', 'image', 'voice', 'file'],
};

/** @throws WeComInputError when nobody or too many receive it, or the app's AgentId is missing */
export function membersChannel(
	system: System,
	receivers: Receivers,
	options: { safe: boolean; duplicateCheck: boolean },
): Channel {
	if (system.agentId === '') {
		throw new WeComInputError(
			"'Agent ID' of the credential is empty, but messages are sent in the name of an app",
			'Copy it from 应用管理 → the app → AgentId into the credential.',
			'Agent ID',
		);
	}
	return {
		path: 'message/send',
		fields: {
			...readReceivers(receivers),
			...(system.agentId ? { agentid: Number(system.agentId) } : {}),
			...(options.safe ? { safe: 1 } : {}),
			...(options.duplicateCheck
				? { enable_duplicate_check: 1, duplicate_check_interval: DUPLICATE_INTERVAL_S }
				: {}),
		},
		types: ['text', 'markdown', 'image', 'voice', 'video', 'file'],
	};
}

/** @throws WeComInputError when no chat is named */
export function appChatChannel(chatId: string, options: { safe: boolean }): Channel {
	return {
		path: 'appchat/send',
		fields: {
			chatid: required(chatId, 'Chat ID', 'The chatid that appchat/create gave to this app.'),
			...(options.safe ? { safe: 1 } : {}),
		},
		types: ['text', 'markdown', 'image', 'voice', 'video', 'file'],
	};
}

/** @throws WeComInputError */
export function customerServiceChannel(toUser: string, openKfId: string): Channel {
	return {
		path: 'kf/send_msg',
		fields: {
			touser: required(
				toUser,
				'Customer',
				'The external_userid of the customer, from the message that was received.',
			),
			open_kfid: required(
				openKfId,
				'Service Account ID',
				'The open_kfid of the service account (客服账号).',
			),
		},
		types: ['text', 'image', 'voice', 'video', 'file'],
	};
}

/** @throws WeComInputError */
export function officialAccountChannel(toUser: string): Channel {
	return {
		path: 'message/custom/send',
		fields: { touser: required(toUser, 'Follower', 'The OpenID of the follower.') },
		types: ['text', 'image', 'voice', 'video'],
	};
}

/**
 * To be asked before a file is uploaded and before the text that goes with it is sent.
 *
 * @param fileName '' when it is not known
 * @throws WeComInputError for a type the channel does not take, or a file that cannot be confidential
 */
export function refuseUnsendable(channel: Channel, msgtype: MessageType, fileName: string): void {
	if (!channel.types.includes(msgtype)) {
		throw new WeComInputError(
			`${channel.path} does not take messages of the type ${msgtype}`,
			`It takes: ${channel.types.join(', ')}.`,
			'Media Type',
		);
	}
	safeFlag(channel.fields.safe, msgtype, fileName);
}

/**
 * Sends one message, once.
 *
 * @returns the vendor's answer; partly invalid receivers are in it, with errcode 0
 * @throws as {@link refuseUnsendable}, else as WeComClient.call
 */
export async function sendMessage(
	client: WeComClient,
	channel: Channel,
	content: MessageContent,
	fileName = '',
): Promise<JsonAnswer> {
	const { msgtype, body } = content;
	refuseUnsendable(channel, msgtype, fileName);
	const { safe, ...fields } = channel.fields;
	return await client.call({
		path: channel.path,
		method: 'POST',
		body: { ...fields, ...safeFlag(safe, msgtype, fileName), msgtype, [msgtype]: body },
		repeatable: false,
		ifLost: MAYBE_SENT,
	});
}

/** @throws WeComInputError when the text is empty */
export function textContent(
	text: string,
	options: { markdown: boolean; mentionedUsers: string[]; mentionedMobiles: string[] },
): MessageContent {
	const content = required(text, 'Text', 'Write what the message shall say.');
	if (options.markdown) return { msgtype: 'markdown', body: { content } };
	const { mentionedUsers, mentionedMobiles } = options;
	return {
		msgtype: 'text',
		body: {
			content,
			...(mentionedUsers.length > 0 ? { mentioned_list: mentionedUsers } : {}),
			...(mentionedMobiles.length > 0 ? { mentioned_mobile_list: mentionedMobiles } : {}),
		},
	};
}

/** Like packMedia, for a message: pictures that travel inside it count as a type of their own. */
export async function packForMessage(system: System, request: UploadRequest): Promise<PackedFile> {
	const { inlineImage } = system;
	if (!inlineImage) return await packMedia(system, request);
	return await packMedia(
		{
			...system,
			types: { ...system.types, image: inlineImage },
			autoTypes: [['jpeg', 'image'], ['png', 'image'], ...system.autoTypes],
		},
		request,
	);
}

/** The picture itself, with the MD5 of its raw bytes (vendor page 99110). */
export function inlineImageContent(packed: PackedFile): MessageContent {
	const bytes = bytesOfPacked(packed);
	return {
		msgtype: 'image',
		body: {
			base64: bytes.toString('base64'),
			md5: createHash('md5').update(bytes).digest('hex'),
		},
	};
}

/**
 * media_ids of an asynchronous upload look like `3*1*G6nr…` (vendor page 96219) and cannot be sent.
 *
 * @throws WeComInputError
 */
export function refuseAsyncMediaId(mediaId: string): void {
	if (!/^\d+\*\d+\*/.test(mediaId)) return;
	throw new WeComInputError(
		"'Media ID' comes from a large upload, and WeCom does not send such media",
		'Use a media_id of the operation Upload (up to 20 MB), or send a link as text.',
		'Media ID',
	);
}

/**
 * A robot's pictures travel inside the message (vendor page 99110), so a media_id cannot be one.
 *
 * @throws WeComInputError
 */
export function refuseImageByMediaId(system: System, msgtype: MessageType): void {
	if (!system.inlineImage || msgtype !== 'image') return;
	throw new WeComInputError(
		`The ${system.label} does not send pictures by media_id`,
		"Set 'Content' to File, so that the picture travels inside the message, or 'Media Type' to File.",
		'Media Type',
	);
}

/** @returns the parts of a list separated by commas, vertical bars, semicolons or blanks */
export function listOf(value: string): string[] {
	return value.split(/[,|;\s，；、]+/).filter((part) => part !== '');
}

function readReceivers(receivers: Receivers): Record<string, string> {
	const fields: Record<string, string> = {};
	for (const name of ['toUser', 'toParty', 'toTag'] as const) {
		const list = listOf(receivers[name]);
		if (list.includes(EVERYBODY)) return { touser: EVERYBODY };
		if (list.length > MAX_RECEIVERS[name]) {
			throw new WeComInputError(
				`'${LABELS[name]}' names ${list.length}; WeCom takes up to ${MAX_RECEIVERS[name]} in one message`,
				'Split the list over several items, or send to a department or tag.',
				LABELS[name],
			);
		}
		if (list.length > 0) fields[name.toLowerCase()] = list.join('|');
	}
	if (Object.keys(fields).length > 0) return fields;
	throw new WeComInputError(
		"Nobody would receive the message: 'Members', 'Departments' and 'Tags' are all empty",
		"Fill in at least one of them; '@all' in 'Members' means everybody who sees the app.",
		'Members',
	);
}

function safeFlag(safe: unknown, msgtype: MessageType, fileName: string): Record<string, number> {
	if (safe !== 1 || msgtype === 'voice') return {};
	if (msgtype === 'file' && fileName && !SAFE_EXTENSIONS.includes(extensionOf(fileName))) {
		throw new WeComInputError(
			`'${fileName}' cannot be sent as confidential`,
			`WeCom does that for these files only: ${SAFE_EXTENSIONS.join(', ')}. Turn off 'Confidential'.`,
			'Confidential',
		);
	}
	return { safe: 1 };
}

function required(value: string, field: string, hint: string): string {
	if (value.trim() !== '') return value.trim();
	throw new WeComInputError(`'${field}' is empty`, hint, field);
}
