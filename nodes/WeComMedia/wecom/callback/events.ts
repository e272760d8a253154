import { createHash } from 'crypto';

import { fieldOf, readFields, textField } from './messageFields';
import type { Fields, ReadProblem } from './xml';

/** The only event that ends an async upload (vendor page 96219). */
export const JOB_FINISH_EVENT = 'upload_media_job_finish';

/** Something has come into the inbox of a Customer Service account (vendor page 94670). */
export const CUSTOMER_EVENT = 'kf_msg_or_event';

/** Bytes, vendor page 96219. */
const MAX_JOBID_BYTES = 128;

/** Whatever WeCom sealed for us: a message, an event, or something that could not be read. Plain data, fit for JSON. */
export interface Received {
	/** {@link KINDS}, or 'other'. */
	kind: string;
	/** `text`, `image`, `event` …; a third-party command callback has none. */
	msgType?: string;
	/** The event's name; of a third-party command callback its `InfoType` (vendor page 97172). */
	event?: string;
	/** Unix seconds. */
	createTime?: number;
	/** Everything, with WeCom's spelling. Objects have no prototype. Empty when it could not be read. */
	fields: Fields;
	/** What could not be read, as it came, and why. */
	unreadable?: { text: string; problem: ReadProblem | 'not-utf8' };
}

/** How a kind is recognized: `messages` by their MsgType, `events` by name and by what they must carry exactly once. */
interface KindRule {
	msgType: string;
	event?: string;
	has?: (fields: Fields) => boolean;
}

/** What a workflow can be started by, by name; everything else is 'other'. */
const KINDS: Record<string, KindRule> = {
	[JOB_FINISH_EVENT]: {
		msgType: 'event',
		event: JOB_FINISH_EVENT,
		has: (fields) => isJobid(textField(fields, 'JobId')),
	},
	[CUSTOMER_EVENT]: {
		msgType: 'event',
		event: CUSTOMER_EVENT,
		has: (fields) => Boolean(textField(fields, 'OpenKfId')),
	},
	...messages('image', 'voice', 'video', 'file', 'text', 'location', 'link', 'mixed'),
};

/** Messages of members are known by their MsgType alone (vendor pages 90239, 100719). */
function messages(...names: string[]): Record<string, KindRule> {
	return Object.fromEntries(names.map((msgType) => [msgType, { msgType }]));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads what was sealed. It is authentic by then, so nothing is refused: what cannot be read is handed on as it came. Every
 * decisive field must be there exactly once, so that a chat text which broke out of its CDATA section cannot pose as an
 * event: it would repeat `MsgType`.
 */
export function readReceived(sealed: Buffer): Received {
	const text = decodeUtf8(sealed);
	if (text === undefined) return unreadable(sealed.toString('utf8'), 'not-utf8');
	const read = readFields(text);
	if (!read.ok) return unreadable(text, read.problem);
	const fields = read.value;
	const msgType = textField(fields, 'MsgType');
	const event = eventOf(fields);
	const time = ['CreateTime', 'TimeStamp', 'create_time'].map((name) => textField(fields, name));
	const createTime = unixSeconds(time.find((value) => value !== undefined));
	return received({ msgType, event, createTime, fields });
}

/** A smart bot's event is an object of its own (vendor page 101027). */
function eventOf(fields: Fields): string | undefined {
	const event = fieldOf(fields, 'Event');
	if (typeof event === 'object' && !Array.isArray(event)) return textField(event, 'eventtype');
	return textField(fields, 'Event') ?? textField(fields, 'InfoType');
}

/** The first of each of these fields: WeCom writes them before anything a person typed. */
function unreadable(text: string, problem: ReadProblem | 'not-utf8'): Received {
	const first = (name: string) =>
		new RegExp(`<${name}>\\s{0,20}(?:<!\\[CDATA\\[)?(\\w{1,64})`).exec(text)?.[1];
	const [msgType, event] = [first('MsgType'), first('Event')];
	const createTime = unixSeconds(first('CreateTime'));
	const known = { msgType, createTime, ...(msgType === 'event' ? { event } : {}) };
	return received({ ...known, fields: {}, unreadable: { text, problem } });
}

function received(known: Omit<Received, 'kind'>): Received {
	const { msgType, event, fields, unreadable } = known;
	const kind = Object.keys(KINDS).find((name) => {
		const rule = KINDS[name];
		if (rule.msgType !== msgType || rule.event !== event) return false;
		return unreadable !== undefined || (rule.has?.(fields) ?? true);
	});
	return { kind: kind ?? 'other', ...defined(known) };
}

/** @returns without the fields that are undefined, so that it is the same before and after JSON */
function defined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

/**
 * A text that is the same for WeCom's repeats of one event and differs between events; WeCom asks receivers to drop
 * duplicates by MsgId, or FromUserName and CreateTime for events (vendor page 90238).
 *
 * Two additions: a job is known by its id, because FromUserName is always `sys` and two jobs may end in one second. For
 * the same reason other events get a digest of all fields: a contact sync announces many changes in one second.
 */
export function dedupeKey(received: Received): string {
	const { kind, msgType, fields } = received;
	if (kind === JOB_FINISH_EVENT) return JSON.stringify([kind, textField(fields, 'JobId')]);

	// Events of an app have none; those of a smart bot do.
	const hasId = msgType !== 'event' || Object.hasOwn(fields, 'aibotid');
	const msgId = hasId ? textField(fields, 'MsgId') : undefined;
	if (msgId) return JSON.stringify(['message', msgId]);

	const all = received.unreadable?.text ?? JSON.stringify(fields);
	const digest = createHash('sha256').update(all).digest('hex').slice(0, 32);
	const names = ['FromUserName', 'CreateTime', 'Event', 'EventKey'];
	return JSON.stringify(['event', ...names.map((name) => textField(fields, name) ?? ''), digest]);
}

function decodeUtf8(bytes: Buffer): string | undefined {
	try {
		return utf8.decode(bytes);
	} catch {
		return undefined;
	}
}

function isJobid(jobid: string | undefined): boolean {
	return Boolean(jobid) && Buffer.byteLength(jobid ?? '', 'utf8') <= MAX_JOBID_BYTES;
}

function unixSeconds(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
