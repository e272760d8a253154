/**
 * What customers have written since the last time: a `kf_msg_or_event` only says that there is something. The cursor is kept
 * in the workflow's static data, which n8n may lose or write over; then messages come again, and the claim of each drops them.
 */
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { mapParallel } from '../n8n/parallel';
import { failureJson } from '../n8n/nodeErrors';
import type { Received } from '../wecom/callback/events';
import { textField } from '../wecom/callback/messageFields';
import type { ReceivedFile } from '../wecom/callback/appMessage';
import { customerNames, readInbox } from '../wecom/calls/customerService';
import type { InboxMessage } from '../wecom/calls/customerService';
import { withFiles } from './files';
import { eventJson, messageOf } from './messageItem';
import type { Keyed, TriggerRun } from './execute';

/** Events of one account within this time are one burst (ms); the execution of the first waits longer before it reads. */
export const BURST_MS = 1000;
const WAIT_MS = 1500;
/** More are left for the next event. */
const MAX_MESSAGES = 1000;
/** Without a cursor nothing older is given, unless History is asked for. Seconds. */
const BEFORE_FIRST_EVENT = 600;
/** A retry gives nothing that was sent so much later than its event: other executions have given that. Seconds. */
const AFTER_RETRIED_EVENT = 60;
const FILES_AT_ONCE = 3;
const STATIC_FIELD = 'inboxes';

/** Where the reading of one account stands. */
interface Place extends IDataObject {
	cursor?: string;
	/** Unix seconds: older messages were before this workflow's time. */
	since?: number;
}

/** @returns where the last executions stopped, by account; all of them, since a worker of n8n 2.41 knows none and stores what it keeps */
export function placesOf(context: IWebhookFunctions): IDataObject {
	const stored = context.getWorkflowStaticData('node')[STATIC_FIELD] as IDataObject | undefined;
	// n8n's static data watches itself, and what watches cannot be handed over.
	return Object.fromEntries(
		Object.entries(stored ?? {}).map(([openKfId, place]) => {
			const { cursor, since } = place as Place;
			return [openKfId, { cursor, since }];
		}),
	);
}

/** @returns the Customer Service account that an event is about, '' where it names none */
export function openKfIdOf({ fields }: Received): string {
	return textField(fields, 'OpenKfId') ?? '';
}

/**
 * What a `kf_msg_or_event` becomes: an item for each message that has come since the last time.
 *
 * @returns never throws: where the messages cannot be asked for, the last item says why
 */
export async function inboxItems(run: TriggerRun): Promise<Keyed[]> {
	const { context, handed, options } = run;
	const { received } = handed;
	const openKfId = openKfIdOf(received);
	const event = { ...eventJson(received), open_kfid: openKfId };
	const refused = (failure: unknown): Keyed => ({
		key: `inbox ${handed.id}`,
		item: {
			json: {
				...event,
				...failureJson(failure, 'The messages could not be asked for'),
				message: messageOf(received),
			},
		},
	});
	try {
		const { client } = await run.connect();
		await client.world.sleep(WAIT_MS);
		const place = (handed.inboxes?.[openKfId] ?? {}) as Place;
		const since = place.since ?? firstTime(run);
		const reading = await readInbox(client, {
			openKfId,
			token: textField(received.fields, 'Token'),
			cursor: place.cursor,
			silk: options.voiceFormat === 'silk',
			since,
			atMost: MAX_MESSAGES,
		});
		const isRetry = context.getMode() === 'retry';
		const until = handed.receivedAt / 1000 + AFTER_RETRIED_EVENT;
		const messages = reading.messages.filter(
			({ send_time: sent }) => !isRetry || Number(sent ?? 0) <= until,
		);
		const names = options.customerName ? await namesOf(run, messages) : new Map<string, string>();
		const keyed = await mapParallel(messages, FILES_AT_ONCE, async (message) => ({
			key: `customer message ${message.msgid}`,
			item: await withFiles(run, { ...event, ...jsonOf(message, names) }, filesOf(message)),
		}));
		if (!isRetry) keep(run, openKfId, { cursor: reading.cursor, since });
		return reading.failure === undefined ? keyed : [...keyed, refused(reading.failure)];
	} catch (error) {
		return [refused(error)];
	}
}

function firstTime({ handed, options }: TriggerRun): number {
	if (options.includeHistory) return 0;
	return (handed.received.createTime ?? handed.receivedAt / 1000) - BEFORE_FIRST_EVENT;
}

function keep({ context, handed }: TriggerRun, openKfId: string, place: Place): void {
	const data = context.getWorkflowStaticData('node');
	const known = data[STATIC_FIELD] as IDataObject | undefined;
	data[STATIC_FIELD] = { ...handed.inboxes, ...known, [openKfId]: place };
}

async function namesOf(run: TriggerRun, messages: InboxMessage[]): Promise<Map<string, string>> {
	const ids = new Set(messages.map(externalUserIdOf).filter((id) => id !== undefined));
	try {
		const { client } = await run.connect();
		return await customerNames(client, [...ids]);
	} catch (error) {
		const { error: why } = failureJson(error, 'an unexpected error');
		run.context.logger.warn(`WeCom Media Trigger: customers' names cannot be had: ${String(why)}`);
		return new Map();
	}
}

/** An event of the account names its customer inside (vendor page 94670). */
function externalUserIdOf({ external_userid: id, event }: InboxMessage): string | undefined {
	const found = id ?? (event as IDataObject | undefined)?.external_userid;
	return typeof found === 'string' ? found : undefined;
}

function jsonOf(message: InboxMessage, names: Map<string, string>): IDataObject {
	const { msgid, msgtype, send_time, origin, servicer_userid } = message;
	const externalUserId = externalUserIdOf(message);
	const json = {
		msgtype,
		msgid,
		text: (message.text as IDataObject | undefined)?.content,
		media_id: filesOf(message)[0]?.media_id,
		external_userid: externalUserId,
		customer_name: names.get(externalUserId ?? ''),
		servicer_userid,
		origin,
		send_time,
		message,
	};
	return Object.fromEntries(
		Object.entries(json).filter(([, value]) => value !== undefined),
	) as IDataObject;
}

/** `image`, `voice`, `video` and `file` hold a media_id under their own name. */
function filesOf(message: InboxMessage): ReceivedFile[] {
	if (!['image', 'voice', 'video', 'file'].includes(String(message.msgtype))) return [];
	const { media_id: mediaId } = (message[String(message.msgtype)] ?? {}) as IDataObject;
	return typeof mediaId === 'string' && mediaId !== '' ? [{ media_id: mediaId }] : [];
}
