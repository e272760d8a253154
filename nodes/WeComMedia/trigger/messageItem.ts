/** The item a message or an event becomes. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { TriggerRun } from './execute';

export async function eventItem({ handed }: TriggerRun): Promise<INodeExecutionData> {
	const { event, msgType, createTime, fields, unreadable } = handed.received;
	const json: IDataObject = { event: event ?? msgType ?? '' };
	if (createTime !== undefined) json.create_time = createTime;
	if (!unreadable) return { json: { ...json, message: fields as IDataObject } };
	const { text, problem } = unreadable;
	return { json: { ...json, raw: text, error: `The message could not be read (${problem})` } };
}
