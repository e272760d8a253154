/**
 * Messages: their text, their file, and sending them, which is never repeated after an unknown outcome. Where they go:
 * channels.ts.
 */
import { createHash } from 'crypto';

import { VIDEO_TEXTS } from '../accounts/rules';
import type { TextKind } from '../accounts/rules';
import type { System } from '../accounts/system';
import { formatBytes } from '../client/bytes';
import type { JsonAnswer, WeComClient } from '../client/client';
import { WeComInputError } from '../client/errors';
import type { RequestedType } from '../files/checks';
import { extensionOf } from '../files/fileName';
import type { MediaType } from '../files/mediaRule';
import { bytesOfPacked, packMedia } from '../files/packing';
import type { PackedFile, UploadRequest } from '../files/packing';
import type { Channel, MessageType } from './channels';
import { EVERYBODY, refuseNames } from './receivers';
import { messagesOf, refuseTooLong } from './textLength';

/** What is said: the message type and the object of the same name in the body. */
export interface MessageContent {
	msgtype: MessageType;
	body: Record<string, unknown>;
}

const MAYBE_SENT =
	'The message may have arrived all the same, so it was not sent again. Look in WeCom before you do.';
/** Files WeCom shows as confidential (vendor page 90236). */
const SAFE_EXTENSIONS = 'txt pdf doc docx ppt pptx xls xlsx xml jpg jpeg png bmp gif'.split(' ');
/** What helps with a file that is too large for any type. */
const TOO_LARGE_HINT =
	"No message takes such a file. Store it where the receivers can open it, and send its link as text ('Content' set to Text Only).";

/**
 * To be asked before a file is uploaded and before the text that goes with it is sent.
 *
 * @param fileName '' when it is not known
 * @throws WeComInputError for a type the channel does not take, or a file that cannot be confidential
 */
export function refuseUnsendable(channel: Channel, msgtype: MessageType, fileName: string): void {
	if (!channel.types.includes(msgtype)) throw notTaken(channel, msgtype);
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

export interface TextOptions {
	/** As what the text is sent. */
	kind: TextKind;
	mentionedUsers: readonly string[];
	mentionedMobiles: readonly string[];
	/** Whether one that is too long is sent in several messages. */
	split: boolean;
}

/**
 * The messages a text is sent in, one unless it is split. Members are called by the first.
 *
 * @throws WeComInputError when the text is empty or longer than the channel takes
 */
export function textContents(
	channel: Channel,
	text: string,
	{ kind, split, ...mentions }: TextOptions,
): MessageContent[] {
	const content = required(text, 'Text', 'Enter what the message should say.');
	refuseNames(
		mentions.mentionedUsers.filter((id) => id !== EVERYBODY),
		'Mentioned Users',
	);
	const rule = channel.texts[kind];
	if (!rule) throw notTaken(channel, kind);
	const lists = {
		mentioned_list: mentions.mentionedUsers,
		mentioned_mobile_list: mentions.mentionedMobiles,
	};
	const called = channel.mentions
		.filter((list) => kind === 'text' && lists[list].length > 0)
		.map((list) => [list, lists[list]]);
	return messagesOf(content, rule, split).map((part, index) => ({
		msgtype: kind,
		body: { content: part, ...(index === 0 ? Object.fromEntries(called) : {}) },
	}));
}

/** What goes with a video, as the panel's options say it; '' = nothing. */
export interface VideoTexts {
	title: string;
	description: string;
	thumbMediaId: string;
}

/** @throws WeComInputError for texts WeCom would cut silently */
export function refuseLongVideoTexts({ title, description }: VideoTexts): void {
	refuseTooLong(title, VIDEO_TEXTS.title, 'Title');
	refuseTooLong(description, VIDEO_TEXTS.description, 'Description');
}

/** A file by its media_id. */
export function mediaContent(
	type: MessageType,
	mediaId: string,
	{ title, description, thumbMediaId }: VideoTexts,
): MessageContent {
	if (type !== 'video') return { msgtype: type, body: { media_id: mediaId } };
	const extras = {
		...(title ? { title } : {}),
		...(description ? { description } : {}),
		...(thumbMediaId ? { thumb_media_id: thumbMediaId } : {}),
	};
	return { msgtype: type, body: { media_id: mediaId, ...extras } };
}

/**
 * Like packMedia, for a message: pictures that travel inside it count as a type of their own.
 *
 * @throws WeComInputError before anything is read for a file no message can hold
 */
export async function packForMessage(system: System, request: UploadRequest): Promise<PackedFile> {
	refuseUnsendableSize(system, request.file);
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
 * What a media_id is sent as. It does not tell what it is, so `auto` means file where the system sends files.
 *
 * @throws WeComInputError where nothing but the user can know, and for a robot's pictures, which travel inside the
 * message and so have no media_id (vendor page 99110)
 */
export function typeOfMediaId(system: System, requested: RequestedType): MediaType {
	const types = Object.keys(system.types).filter((type) => type !== 'thumb');
	if (requested === 'auto' && !system.types.file) {
		throw new WeComInputError(
			`A media_id does not tell what it is, and the ${system.label} sends no plain files`,
			`Choose in 'Media Type' what was uploaded: ${types.join(', ')}.`,
			'Media Type',
		);
	}
	if (!system.inlineImage || requested !== 'image')
		return requested === 'auto' ? 'file' : requested;
	throw new WeComInputError(
		`The ${system.label} does not send pictures by media_id`,
		"Set 'Content' to File, so that the picture travels inside the message, or 'Media Type' to File.",
		'Media Type',
	);
}

function refuseUnsendableSize(system: System, file: { fileName: string; size: number }): void {
	const sizes = Object.values(system.types).map(({ maxBytes }) => maxBytes);
	const largest = Math.max(...sizes);
	if (file.size <= largest) return;
	throw new WeComInputError(
		`'${file.fileName || 'file'}' has ${formatBytes(file.size)}; the ${system.label} sends up to ${formatBytes(largest)}`,
		TOO_LARGE_HINT,
		file.fileName,
	);
}

function notTaken({ path, types }: Channel, msgtype: MessageType): WeComInputError {
	return new WeComInputError(
		`${path} does not take messages of the type ${msgtype}`,
		`It takes: ${types.join(', ')}.`,
		'Media Type',
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
