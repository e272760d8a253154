/** The inbox of WeChat Customer Service (vendor pages 94670, 95159). */
import type { WeComClient } from '../client/client';
import { WeComApiError } from '../client/errors';

/** One entry of the inbox, as WeCom gives it; `msgid` is checked. */
export type InboxMessage = Record<string, unknown> & { msgid: string };

interface InboxRequest {
	openKfId: string;
	/** From the event, good for ten minutes. Without one WeCom allows few calls. */
	token?: string;
	/** Where the last reading ended; absent = the oldest message of three days. */
	cursor?: string;
	/** Voices in Silk instead of AMR. */
	silk: boolean;
	/** Unix seconds; older entries are passed over. */
	since: number;
	/** Entries. */
	atMost: number;
}

interface InboxReading {
	messages: InboxMessage[];
	/** Where the next reading begins. */
	cursor?: string;
	/** Why the reading ended early. */
	failure?: unknown;
}

/** Most entries of a page, by the vendor. */
const PAGE = 1000;
/** Pages may be empty and still be followed by others, so something else must end an endless inbox. */
const MAX_CALLS = 100;
const BAD_TOKEN = 95007;
const BAD_CURSOR = 50100;
const MAX_CUSTOMERS = 100;

/**
 * Reads an inbox page by page (kf/sync_msg). A token that has expired is left out, a cursor that is refused begins anew:
 * what was read before then comes twice, so whoever reads tells entries apart by their msgid.
 *
 * @returns what could be read; never throws for a refusal
 */
export async function readInbox(client: WeComClient, request: InboxRequest): Promise<InboxReading> {
	const { openKfId, silk, since, atMost } = request;
	let { token, cursor } = request;
	const read = new Map<string, InboxMessage>();
	const reading = (failure?: unknown): InboxReading => ({
		messages: [...read.values()],
		cursor,
		failure,
	});
	for (let calls = 0; calls < MAX_CALLS; calls += 1) {
		let answer: Record<string, unknown>;
		try {
			answer = await client.call({
				path: 'kf/sync_msg',
				method: 'POST',
				body: {
					open_kfid: openKfId,
					...(cursor ? { cursor } : {}),
					...(token ? { token } : {}),
					limit: Math.min(PAGE, atMost - read.size),
					voice_format: silk ? 1 : 0,
				},
				repeatable: true,
				// An object that says nothing is no empty inbox.
				proof: ['errcode'],
			});
		} catch (error) {
			const errcode = error instanceof WeComApiError ? error.errcode : 0;
			if (errcode === BAD_TOKEN && token) token = undefined;
			else if (errcode === BAD_CURSOR && cursor) cursor = undefined;
			else return reading(error);
			continue;
		}
		const page = messagesOf(answer);
		for (const message of page) {
			if (Number(message.send_time ?? since) >= since) read.set(message.msgid, message);
		}
		const next = typeof answer.next_cursor === 'string' ? answer.next_cursor : '';
		// The next call would ask for the same page.
		const isStuck = next === '' || next === cursor;
		cursor = next || cursor;
		if (Number(answer.has_more) !== 1 || isStuck || read.size >= atMost) break;
	}
	return reading();
}

/**
 * @returns external_userid → nickname, as far as WeCom tells (kf/customer/batchget: customers of the last 48 hours)
 * @throws as WeComClient.call
 */
export async function customerNames(
	client: WeComClient,
	externalUserIds: string[],
): Promise<Map<string, string>> {
	const names = new Map<string, string>();
	for (let at = 0; at < externalUserIds.length; at += MAX_CUSTOMERS) {
		const { customer_list: list } = await client.call({
			path: 'kf/customer/batchget',
			method: 'POST',
			body: { external_userid_list: externalUserIds.slice(at, at + MAX_CUSTOMERS) },
			repeatable: true,
		});
		for (const { external_userid: id, nickname } of objectsOf(list)) {
			if (typeof id === 'string' && typeof nickname === 'string') names.set(id, nickname);
		}
	}
	return names;
}

function messagesOf({ msg_list: list }: Record<string, unknown>): InboxMessage[] {
	return objectsOf(list).filter((entry): entry is InboxMessage => typeof entry.msgid === 'string');
}

function objectsOf(list: unknown): Array<Record<string, unknown>> {
	if (!Array.isArray(list)) return [];
	return list.filter((entry) => typeof entry === 'object' && entry !== null) as Array<
		Record<string, unknown>
	>;
}
