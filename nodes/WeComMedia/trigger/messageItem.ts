/** The item a message or an event becomes. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { resultJson } from '../n8n/job';
import { failureJson } from '../n8n/nodeErrors';
import type { Received } from '../wecom/callback/events';
import { textField } from '../wecom/callback/messageFields';
import { queryJob } from '../wecom/calls/asyncUpload';
import type { JobResult } from '../wecom/calls/asyncUpload';
import type { WeComClient } from '../wecom/client/client';
import { withFiles } from './files';
import type { TriggerRun } from './execute';

/** @returns the item of a message or event, its files included; of one that could not be read, its text and why */
export async function messageItem(run: TriggerRun): Promise<INodeExecutionData> {
	const { received } = run.handed;
	const json = eventJson(received);
	if (received.unreadable) return { json: { ...json, ...unreadableJson(received.unreadable) } };
	const { json: fields, files } = run.readMessage(received);
	return await withFiles(run, { ...json, ...fields, message: messageOf(received) }, files);
}

/** What every item begins with. */
export function eventJson({ event, msgType, createTime }: Received): IDataObject {
	const json: IDataObject = { event: event ?? msgType ?? '' };
	if (msgType !== undefined) json.msgtype = msgType;
	if (createTime !== undefined) json.create_time = createTime;
	return json;
}

/** The whole message but for the token that reads a Customer Service inbox. */
export function messageOf({ fields }: Received): IDataObject {
	return Object.fromEntries(
		Object.entries(fields).filter(([name]) => name !== 'Token'),
	) as IDataObject;
}

function unreadableJson({ text, problem }: NonNullable<Received['unreadable']>): IDataObject {
	return {
		raw: text.replace(/<Token>[^]*?<\/Token>/g, ''),
		error: `The message could not be read (${problem})`,
	};
}

/** The event may be a moment ahead of the result. */
const ASK_AGAIN = 3;

/** The item a finished job becomes. The event is never lost: when the result cannot be had, the item says why. */
export async function jobItem(run: TriggerRun): Promise<INodeExecutionData> {
	const { kind, createTime, fields } = run.handed.received;
	const jobid = textField(fields, 'JobId') ?? '';
	const json: IDataObject = { event: kind, jobid };
	if (createTime !== undefined) json.create_time = createTime;
	if (!run.options.fetchResult) return { json };
	try {
		const { client } = await run.connect();
		const result = await finalResult(client, jobid);
		return { json: { ...json, ...resultJson(result), ...failedJobJson(result) } };
	} catch (error) {
		return { json: { ...json, ...failureJson(error, 'The result could not be asked for') } };
	}
}

async function finalResult(client: WeComClient, jobid: string): Promise<JobResult> {
	for (let asked = 0; ; asked += 1) {
		const result = await queryJob(client, jobid);
		if (result.state !== 'processing' || asked >= ASK_AGAIN) return result;
		await client.pause(asked, 'media/get_upload_by_url_result: the result is not there yet');
	}
}

function failedJobJson(result: JobResult): IDataObject {
	if (result.state !== 'failed') return {};
	const json: IDataObject = {};
	if (result.errcode !== undefined) json.errcode = result.errcode;
	if (result.errmsg) json.errmsg = result.errmsg;
	if (result.hint) json.hint = result.hint;
	return json;
}
