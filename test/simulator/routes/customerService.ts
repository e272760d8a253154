import { randomBytes } from 'node:crypto';

import { requireApp } from '../access';
import { countSince } from '../clock';
import { Refusal } from '../errcodes';
import type { KfCursor } from '../inbox/customerService';
import type { Corp, InboxEntry } from '../model';
import { jsonReply, type Reply } from '../reply';
import { jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

const HISTORY_MS = 3 * 24 * 3_600_000;
const TOKEN_MS = 10 * 60_000;
const ACTIVE_MS = 48 * 3_600_000;
const MAX_LIMIT = 1000;
const MAX_ACCOUNTS = 100;

/** @throws Refusal 48002, 95000, 95004 or 48007 */
function requireAccount(request: WeComRequest): {
	corp: Corp;
	body: Record<string, unknown>;
	openKfId: string;
} {
	const { app, corp } = requireApp(request);
	if (!app.customerService) throw new Refusal(48002);
	const body = jsonBody(request);
	const openKfId = requiredText(body, 'open_kfid', 95000);
	if (!corp.openKfIds.includes(openKfId)) throw new Refusal(95004);
	if (corp.unmanagedKfIds.includes(openKfId)) throw new Refusal(48007);
	return { corp, body, openKfId };
}

/** kf/sync_msg (vendor page 94670): what was written since the cursor, three days back at most. */
function syncMessages(request: WeComRequest): Reply {
	const { corp, body, openKfId } = requireAccount(request);
	const { state } = request;
	const { limit = MAX_LIMIT, voice_format: voiceFormat = 0 } = body;
	if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT) {
		throw new Refusal(40058, 'invalid limit');
	}
	if (voiceFormat !== 0 && voiceFormat !== 1) throw new Refusal(40058, 'invalid voice_format');
	checkToken(request, openKfId, body.token);
	const from = startOf(request, openKfId, body.cursor);
	const entries = corp.inbox.filter((entry) => entry.openKfId === openKfId);
	const oldest = entries.findIndex(({ at }) => at > state.now() - HISTORY_MS);
	const position = Math.max(from.position, oldest < 0 ? entries.length : oldest);

	const empty = from.emptyPages > 0 && position < entries.length;
	const count = empty ? 0 : Math.min(Number(limit), state.strict.kfPageEntries);
	const page = entries.slice(position, position + count);
	const next: KfCursor = {
		openKfId,
		position: position + page.length,
		emptyPages: empty ? from.emptyPages - 1 : state.strict.kfEmptyPages,
	};
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		next_cursor: fileCursor(request, next),
		has_more: next.position < entries.length ? 1 : 0,
		msg_list: page.map((entry) => asGiven(entry, voiceFormat === 1)),
	});
}

/** A token lives ten minutes; without one calls are few. */
function checkToken({ state }: WeComRequest, openKfId: string, token: unknown): void {
	const now = state.now();
	if (token === undefined || token === '') {
		const times = state.kfTokenless.get(openKfId) ?? [];
		state.kfTokenless.set(openKfId, times);
		if (countSince(times, now - 60_000) >= state.strict.kfTokenlessPerMinute) {
			throw new Refusal(45009);
		}
		times.push(now);
		return;
	}
	const known = state.kfTokens.get(String(token));
	if (known?.openKfId !== openKfId || now - known.at >= TOKEN_MS) throw new Refusal(95007);
}

function startOf({ state }: WeComRequest, openKfId: string, cursor: unknown): KfCursor {
	if (cursor === undefined || cursor === '') {
		return { openKfId, position: 0, emptyPages: state.strict.kfEmptyPages };
	}
	const known = state.kfCursors.get(String(cursor));
	if (known?.openKfId !== openKfId) throw new Refusal(50100);
	return known;
}

function fileCursor({ state }: WeComRequest, cursor: KfCursor): string {
	const value = randomBytes(24).toString('base64url');
	state.kfCursors.set(value, cursor);
	return value;
}

function asGiven({ entry, silkMediaId }: InboxEntry, silk: boolean): Record<string, unknown> {
	if (!silk || silkMediaId === undefined) return entry;
	return { ...entry, voice: { media_id: silkMediaId } };
}

/** kf/account/list (vendor page 94661). */
function listAccounts(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	if (!app.customerService) throw new Refusal(48002);
	const { offset = 0, limit = MAX_ACCOUNTS } = jsonBody(request);
	if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > MAX_ACCOUNTS) {
		throw new Refusal(40058, 'invalid limit');
	}
	const accounts = corp.openKfIds.slice(Number(offset), Number(offset) + Number(limit));
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		account_list: accounts.map((openKfId) => ({
			open_kfid: openKfId,
			name: corp.kfNames[openKfId] ?? openKfId,
			avatar: 'https://wework.qpic.cn.example/avatar',
			manage_privilege: !corp.unmanagedKfIds.includes(openKfId),
		})),
	});
}

/** kf/customer/batchget (vendor page 95159): customers who wrote within the last 48 hours. */
function customers(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	if (!app.customerService) throw new Refusal(48002);
	const { external_userid_list: list } = jsonBody(request);
	if (!Array.isArray(list) || list.length === 0 || list.length > 100) {
		throw new Refusal(40058, 'invalid external_userid_list');
	}
	const since = request.state.now() - ACTIVE_MS;
	const found = corp.customers.filter(
		({ externalUserId }) =>
			list.includes(externalUserId) &&
			corp.conversations.some(
				(entry) => entry.externalUserId === externalUserId && entry.lastMessageAt > since,
			),
	);
	const withheld = app.suiteId !== undefined;
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		customer_list: found.map(({ externalUserId, nickname, unionId }) => ({
			external_userid: externalUserId,
			nickname,
			...(withheld ? {} : { avatar: 'https://wx.qlogo.cn.example/avatar', gender: 0 }),
			...(unionId === undefined ? {} : { unionid: unionId }),
		})),
		invalid_external_userid: (list as unknown[]).filter(
			(id) => !found.some(({ externalUserId }) => externalUserId === id),
		),
	});
}

export const CUSTOMER_SERVICE_ROUTES: Route[] = [
	{ method: 'POST', path: 'kf/sync_msg', handle: syncMessages },
	{ method: 'POST', path: 'kf/account/list', handle: listAccounts },
	{ method: 'POST', path: 'kf/customer/batchget', handle: customers },
];
