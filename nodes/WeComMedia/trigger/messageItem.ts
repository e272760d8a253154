/** The item a message or an event becomes. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Received } from '../wecom/callback/events';
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
