import { createHash } from 'crypto';

import { textField } from './fields';
import type { Fields } from './xml';

/** The only event that ends an async upload (vendor page 96219). */
export const JOB_FINISH_EVENT = 'upload_media_job_finish';

/** Bytes, vendor page 96219. */
const MAX_JOBID_BYTES = 128;

/** An async upload ended, well or badly: the event carries no result (vendor page 96219). */
export interface JobFinishEvent {
	kind: typeof JOB_FINISH_EVENT;
	jobid: string;
	/** Unix seconds; undefined when WeCom sent something else. */
	createTime: number | undefined;
}

/** Anything else an app receives. */
export interface OtherEvent {
	kind: 'other';
	/** `text`, `image`, `event` …; a third-party command callback has none. */
	msgType: string | undefined;
	/** The event's name; of a third-party command callback its `InfoType` (vendor page 97172). */
	event: string | undefined;
	/** Unix seconds. */
	createTime: number | undefined;
	/** Everything, with WeCom's spelling; every leaf is a string. Objects have no prototype. */
	fields: Fields;
}

export type CallbackEvent = JobFinishEvent | OtherEvent;

/**
 * Makes an event of a decrypted message. A job event needs `MsgType`, `Event` and `JobId` exactly once each, so that a chat
 * text which broke out of its CDATA section cannot pose as one: it would repeat `MsgType`.
 */
export function parseEvent(fields: Fields): CallbackEvent {
	const msgType = textField(fields, 'MsgType');
	const event = textField(fields, 'Event');
	const jobid = textField(fields, 'JobId');
	const createTime = unixSeconds(textField(fields, 'CreateTime') ?? textField(fields, 'TimeStamp'));
	if (msgType === 'event' && event === JOB_FINISH_EVENT && isJobid(jobid)) {
		return { kind: JOB_FINISH_EVENT, jobid, createTime };
	}
	return {
		kind: 'other',
		msgType,
		event: event ?? textField(fields, 'InfoType'),
		createTime,
		fields,
	};
}

/**
 * A text that is the same for WeCom's repeats of one event and differs between events; WeCom asks receivers to drop
 * duplicates by MsgId, or FromUserName and CreateTime for events (vendor page 90238).
 *
 * Two additions: a job is known by its id, because FromUserName is always `sys` and two jobs may end in one second. For
 * the same reason other events get a digest of all fields: a contact sync announces many changes in one second.
 */
export function dedupeKey(event: CallbackEvent): string {
	if (event.kind === JOB_FINISH_EVENT) return JSON.stringify([event.kind, event.jobid]);

	const { fields } = event;
	const msgId = event.msgType === 'event' ? undefined : textField(fields, 'MsgId');
	if (msgId) return JSON.stringify(['message', msgId]);

	const names = ['FromUserName', 'CreateTime', 'Event', 'EventKey'];
	const digest = createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32);
	return JSON.stringify(['event', ...names.map((name) => textField(fields, name) ?? ''), digest]);
}

function isJobid(jobid: string | undefined): jobid is string {
	return Boolean(jobid) && Buffer.byteLength(jobid ?? '', 'utf8') <= MAX_JOBID_BYTES;
}

function unixSeconds(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
