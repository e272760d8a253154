import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { mediaFileOf } from '../../n8n/binary';
import { mediaMemoryOf } from '../../n8n/mediaMemory';
import { forgetMedia, uploadOrReuse } from '../../n8n/reuse';
import type { RequestedType } from '../../wecom/files/checks';
import type { PackedFile } from '../../wecom/files/packing';
import type { JsonAnswer } from '../../wecom/client/client';
import { WeComApiError, withMoreAdvice } from '../../wecom/client/errors';
import type { Channel } from '../../wecom/calls/channels';
import { readMediaId } from '../../wecom/calls/download';
import {
	inlineImageContent,
	mediaContent,
	packForMessage,
	refuseAsyncMediaId,
	refuseLongVideoTexts,
	refuseUnsendable,
	textContents,
	typeOfMediaId,
} from '../../wecom/calls/messages';
import { uploadPacked } from '../../wecom/calls/upload';
import { outputItem, text } from '../parameters';
import type { Operation, Run } from '../operation';
import { readChannel } from './readChannel';
import { readSendOptions } from './sendOptions';
import { inPace, partsJson, post, postTextFirst, postTexts } from './post';
import type { Delivery } from './post';
import { sendDescription } from './send.description';
import { readOptions } from '../options';

const INVALID_RECEIVERS = ['invaliduser', 'invalidparty', 'invalidtag', 'unlicenseduser'] as const;
/** media_id expired, of another account, or of the wrong type. */
const UNKNOWN_MEDIA = 40007;

const TEXT_IS_OUT =
	"The text beside it has been sent already: empty 'Text' before you send the file again.";

async function execute(run: Run): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const options = readSendOptions(context, itemIndex);
	const { reuseMediaId } = readOptions(context, itemIndex);
	const connection = await run.connect();
	const channel = readChannel(run, connection, options);
	const content = readContent(run);
	const said = text(context, 'text', itemIndex);
	const texts = content === 'text' || said ? textContents(channel, said, options) : [];
	refuseLongVideoTexts(options);
	const delivery: Delivery = { run, connection, channel, options, texts, reuse: reuseMediaId };
	try {
		const json = await steps[content](delivery);
		return [outputItem(run, { ...json, ...receiversOf(channel) }, false)];
	} catch (error) {
		// Whether the text went out before this file is known when its turn has come.
		await run.turn();
		throw withTextAdvice(error, run);
	}
}

function withTextAdvice(error: unknown, { done }: Run): unknown {
	return done.has('text') ? withMoreAdvice(error, TEXT_IS_OUT) : error;
}

type Content = 'binary' | 'mediaId' | 'text';

const steps: Record<Content, (delivery: Delivery) => Promise<IDataObject>> = {
	text: async (delivery) => {
		const [{ msgtype }] = delivery.texts;
		const answer = await postTexts(delivery);
		return { msgtype, ...partsJson(delivery), ...answerJson(delivery, answer) };
	},
	mediaId: async (delivery) => {
		const { context, itemIndex } = delivery.run;
		const { system } = delivery.connection;
		const mediaId = readMediaId(text(context, 'mediaId', itemIndex));
		if (system.id !== 'officialAccount') refuseAsyncMediaId(mediaId);
		const type = typeOfMediaId(system, text(context, 'mediaType', itemIndex) as RequestedType);
		refuseUnsendable(delivery.channel, type, '');
		const parts = await postTextFirst(delivery);
		const answer = await post(delivery, mediaContent(type, mediaId, delivery.options));
		return { msgtype: type, media_id: mediaId, ...parts, ...answerJson(delivery, answer) };
	},
	binary: async (delivery) => {
		const { context, itemIndex, field } = delivery.run;
		const packed = await packForMessage(delivery.connection.system, {
			file: await mediaFileOf(context, itemIndex, field),
			requested: text(context, 'mediaType', itemIndex) as RequestedType,
			fileName: readOptions(context, itemIndex).fileName,
			fallbackToFile: false,
			skipChecks: false,
		});
		try {
			refuseUnsendable(delivery.channel, packed.type, packed.fileName);
			if (packed.reason) delivery.run.remark(`Sent as ${packed.type}: ${packed.reason}.`);
			const file = { file_name: packed.fileName, file_size: packed.fileSize };
			if (packed.type === 'image' && delivery.connection.system.inlineImage) {
				const parts = await postTextFirst(delivery);
				const answer = await post(delivery, inlineImageContent(packed), packed.fileName);
				return { msgtype: 'image', ...file, ...parts, ...answerJson(delivery, answer) };
			}
			return { msgtype: packed.type, ...file, ...(await postPacked(delivery, packed)) };
		} finally {
			packed.close();
		}
	},
};

/** Uploads and sends; a remembered media_id that WeCom has forgotten is uploaded again, once. */
async function postPacked(delivery: Delivery, packed: PackedFile): Promise<IDataObject> {
	const { run, connection, options, reuse } = delivery;
	const { client, system } = connection;
	const memory = reuse ? mediaMemoryOf(run.context) : undefined;
	const upload = async () =>
		await inPace(delivery, async () =>
			memory
				? await uploadOrReuse(client, system, packed, memory)
				: { media: await uploadPacked(client, system, packed), reused: false },
		);
	const send = async (mediaId: string) =>
		await post(delivery, mediaContent(packed.type, mediaId, options), packed.fileName);
	const first = await upload();
	const parts = await postTextFirst(delivery);
	const { media_id: mediaId } = first.media;
	try {
		const answer = await send(mediaId);
		return {
			media_id: mediaId,
			reused: first.reused,
			...parts,
			...answerJson(delivery, answer),
		};
	} catch (error) {
		const failure = unlessForgotten(error, first.reused);
		if (failure) throw failure;
	}
	if (memory) forgetMedia(memory, system, packed, mediaId);
	const second = await upload();
	const answer = await send(second.media.media_id);
	return {
		media_id: second.media.media_id,
		reused: second.reused,
		...parts,
		...answerJson(delivery, answer),
	};
}

/** @returns undefined for the refusal of a reused media_id that WeCom does not know any more */
function unlessForgotten(error: unknown, reused: boolean): unknown {
	const isForgotten = error instanceof WeComApiError && error.errcode === UNKNOWN_MEDIA;
	return reused && isForgotten ? undefined : error;
}

function readContent(run: Run): Content {
	const value = text(run.context, 'content', run.itemIndex);
	return value === 'mediaId' || value === 'text' ? value : 'binary';
}

/** What the answer says beyond "ok"; receivers WeCom could not reach are a warning, not a failure. */
function answerJson({ run }: Delivery, answer: JsonAnswer): IDataObject {
	const json: IDataObject = {};
	const msgid = idText(answer.msgid);
	if (msgid) json.msgid = msgid;
	for (const name of INVALID_RECEIVERS) {
		const ids = idText(answer[name]);
		if (!ids) continue;
		json[name] = ids;
		run.remark(
			`WeCom did not reach all receivers: see '${name}' in the output. They may not exist or not see the app.`,
		);
	}
	return json;
}

/** @returns an ID, or several with bars between, as WeCom writes them; '' for anything else */
function idText(value: unknown): string {
	if (Array.isArray(value)) return value.map(idText).filter(Boolean).join('|');
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function receiversOf({ fields }: Channel): IDataObject {
	const names = ['touser', 'toparty', 'totag', 'chatid', 'open_kfid'];
	return Object.fromEntries(
		names.filter((name) => fields[name]).map((name) => [name, String(fields[name])]),
	);
}

export const send: Operation = {
	repeats: 'messages that had arrived arrive again',
	description: sendDescription,
	readsFiles: (run) => readContent(run) === 'binary',
	sequential: (resource) => resource === 'robot',
	execute,
};
