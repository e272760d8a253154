import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { mediaFileOf } from '../../n8n/binary';
import { mediaMemoryOf } from '../../n8n/mediaMemory';
import { forgetMedia, uploadOrReuse } from '../../n8n/reuse';
import type { RequestedType } from '../../wecom/files/checks';
import type { JsonAnswer } from '../../wecom/client/client';
import { readMediaId } from '../../wecom/calls/download';
import { isWeComError, WeComApiError, withMoreAdvice } from '../../wecom/client/errors';
import {
	inlineImageContent,
	packForMessage,
	refuseAsyncMediaId,
	refuseImageByMediaId,
	refuseUnsendable,
	sendMessage,
	textContent,
} from '../../wecom/calls/messages';
import type { Channel, MessageContent } from '../../wecom/calls/messages';
import { Pace } from '../../wecom/calls/pace';
import type { PackedFile } from '../../wecom/files/packing';
import type { MediaType } from '../../wecom/files/mediaRule';
import { uploadPacked } from '../../wecom/calls/upload';
import { outputItem, readOptions, text } from '../parameters';
import type { Operation, Run } from '../types';
import type { Connection } from '../../n8n/connect';
import { readChannel } from './channels';
import { readSendOptions } from './options';
import type { SendOptions } from './options';
import { sendDescription } from './send.description';

/** One pace for all executions of this process: the limit is the robot's. */
const pace = new Pace();

const INVALID_RECEIVERS = ['invaliduser', 'invalidparty', 'invalidtag', 'unlicenseduser'] as const;
/** media_id expired, of another account, or of the wrong type. */
const UNKNOWN_MEDIA = 40007;
/** More than 20 messages in a minute, for example because another program speaks through the same robot. */
const TOO_MANY = 45009;

const TEXT_IS_OUT =
	"The text beside it has been sent already: empty 'Text' before you send the file again.";

/** A message on its way: everything the steps need. */
interface Sending {
	run: Run;
	connection: Connection;
	channel: Channel;
	options: SendOptions;
	reuse: boolean;
}

async function execute(run: Run): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const options = readSendOptions(context, itemIndex);
	const { reuseMediaId } = readOptions(context, itemIndex);
	const connection = await run.connect();
	const channel = readChannel(run, connection, options);
	const sending: Sending = { run, connection, channel, options, reuse: reuseMediaId };
	const json = await steps[readContent(run)](sending).catch(async (error: unknown) => {
		// Whether the text went out before this file is known when its turn has come.
		await run.turn();
		const isOut = run.done.has('text');
		return await Promise.reject(isOut ? withMoreAdvice(error, TEXT_IS_OUT) : error);
	});
	return [outputItem(run, { ...json, ...receiversOf(channel) }, false)];
}

type Content = 'binary' | 'mediaId' | 'text';

const steps: Record<Content, (sending: Sending) => Promise<IDataObject>> = {
	text: async (sending) => {
		const content = readText(sending);
		return { msgtype: content.msgtype, ...answerJson(sending, await post(sending, content)) };
	},
	mediaId: async (sending) => {
		const { context, itemIndex } = sending.run;
		const { system } = sending.connection;
		const mediaId = readMediaId(text(context, 'mediaId', itemIndex));
		if (system.id !== 'officialAccount') refuseAsyncMediaId(mediaId);
		const requested = text(context, 'mediaType', itemIndex) as RequestedType;
		const content = mediaContent(sending, requested === 'auto' ? 'file' : requested, mediaId);
		refuseImageByMediaId(system, content.msgtype);
		refuseUnsendable(sending.channel, content.msgtype, '');
		await postTextFirst(sending);
		const answer = await post(sending, content);
		return { msgtype: content.msgtype, media_id: mediaId, ...answerJson(sending, answer) };
	},
	binary: async (sending) => {
		const { context, itemIndex, field } = sending.run;
		const packed = await packForMessage(sending.connection.system, {
			file: await mediaFileOf(context, itemIndex, field),
			requested: text(context, 'mediaType', itemIndex) as RequestedType,
			fileName: readOptions(context, itemIndex).fileName,
			fallbackToFile: false,
			skipChecks: false,
		});
		refuseUnsendable(sending.channel, packed.type, packed.fileName);
		if (packed.reason) sending.run.remark(`Sent as ${packed.type}: ${packed.reason}.`);
		const file = { file_name: packed.fileName, file_size: packed.fileSize };
		if (packed.type === 'image' && sending.connection.system.inlineImage) {
			await postTextFirst(sending);
			const answer = await post(sending, inlineImageContent(packed), packed.fileName);
			return { msgtype: 'image', ...file, ...answerJson(sending, answer) };
		}
		return { msgtype: packed.type, ...file, ...(await postPacked(sending, packed)) };
	},
};

/** Uploads and sends; a remembered media_id that WeCom has forgotten is uploaded again, once. */
async function postPacked(sending: Sending, packed: PackedFile): Promise<IDataObject> {
	const { run, connection, reuse } = sending;
	const { client, system } = connection;
	const memory = reuse ? mediaMemoryOf(run.context) : undefined;
	const obtained = memory
		? await uploadOrReuse(client, system, packed, memory)
		: { media: await uploadPacked(client, system, packed), reused: false };
	await postTextFirst(sending);
	const send = async (mediaId: string) => {
		const content = mediaContent(sending, packed.type, mediaId);
		return await post(sending, content, packed.fileName);
	};
	const { mediaId } = obtained.media;
	if (!memory || !obtained.reused) {
		return { media_id: mediaId, reused: false, ...answerJson(sending, await send(mediaId)) };
	}
	const first = await send(mediaId).catch(async (error: unknown) => {
		if (error instanceof WeComApiError && error.errcode === UNKNOWN_MEDIA) return undefined;
		return await Promise.reject(error);
	});
	if (first) return { media_id: mediaId, reused: true, ...answerJson(sending, first) };
	forgetMedia(memory, system, packed, mediaId);
	const { media, reused } = await uploadOrReuse(client, system, packed, memory);
	const answer = await send(media.mediaId);
	return { media_id: media.mediaId, reused, ...answerJson(sending, answer) };
}

function readContent(run: Run): Content {
	const value = text(run.context, 'content', run.itemIndex);
	return value === 'mediaId' || value === 'text' ? value : 'binary';
}

function readText({ run, options }: Sending): MessageContent {
	return textContent(text(run.context, 'text', run.itemIndex), options);
}

/** The text that goes with files is a message of its own, before the first of them that comes so far. */
async function postTextFirst(sending: Sending): Promise<void> {
	await sending.run.turn();
	const { context, itemIndex, done } = sending.run;
	if (done.size > 0 || text(context, 'text', itemIndex) === '') return;
	await post(sending, readText(sending)).catch(async (error: unknown) => {
		if (isWeComError(error) && error.outcomeUnknown) done.add('maybeText');
		return await Promise.reject(error);
	});
	done.add('text');
}

function mediaContent(sending: Sending, type: MediaType, mediaId: string): MessageContent {
	const { title, description, thumbMediaId } = sending.options;
	if (type !== 'video') return { msgtype: type, body: { media_id: mediaId } };
	const extras = {
		...(title ? { title } : {}),
		...(description ? { description } : {}),
		...(thumbMediaId ? { thumb_media_id: thumbMediaId } : {}),
	};
	return { msgtype: type, body: { media_id: mediaId, ...extras } };
}

async function post(
	{ run, connection, channel }: Sending,
	content: MessageContent,
	fileName = '',
): Promise<JsonAnswer> {
	const { client, system } = connection;
	if (system.id !== 'robot') return await sendMessage(client, channel, content, fileName);
	const { fingerprint } = system;
	const turn = await pace.next(fingerprint, client.world);
	if (turn.waited > 0) {
		run.remark('WeCom takes 20 messages a minute from a robot, so the node paused in between.');
	}
	return await sendMessage(client, channel, content, fileName)
		.catch(async (error: unknown) => {
			if (error instanceof WeComApiError && error.errcode === TOO_MANY) {
				pace.exhaust(fingerprint, client.world);
			}
			return await Promise.reject(error);
		})
		.finally(turn.end);
}

/** What the answer says beyond "ok"; receivers WeCom could not reach are a warning, not a failure. */
function answerJson({ run }: Sending, answer: JsonAnswer): IDataObject {
	const json: IDataObject = {};
	if (answer.msgid) json.msgid = String(answer.msgid);
	for (const name of INVALID_RECEIVERS) {
		if (!answer[name]) continue;
		json[name] = String(answer[name]);
		run.remark(
			`WeCom did not reach all receivers: see '${name}' in the output. They may not exist or not see the app.`,
		);
	}
	return json;
}

function receiversOf({ fields }: Channel): IDataObject {
	const names = ['touser', 'toparty', 'totag', 'chatid', 'open_kfid'];
	return Object.fromEntries(
		names.filter((name) => fields[name]).map((name) => [name, String(fields[name])]),
	);
}

export const send: Operation = {
	description: sendDescription,
	readsFiles: (run) => readContent(run) === 'binary',
	sequential: (resource) => resource === 'robot',
	execute,
};
