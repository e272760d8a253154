import { randomBytes } from 'node:crypto';

import { requireApp } from '../access';
import { Refusal } from '../errcodes';
import type { App, Corp } from '../model';
import { checkSafe, messageContent } from '../messageContent';
import { refuseForeign } from './appChat';
import { addressees } from '../receivers';
import { jsonReply, type Reply } from '../reply';
import { asShown, withinPace } from '../silence';
import { isObject, jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

const DEFAULT_DUPLICATE_SECONDS = 1800;
const MAX_DUPLICATE_SECONDS = 4 * 3600;

/** message/send (vendor page 90236). */
function sendMessage(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	if (app.agentId === undefined) throw new Refusal(48002);
	const body = jsonBody(request);
	checkAgentId(request, app, corp, body.agentid);
	const receivers = addressees(corp, body);
	const { msgtype, media } = messageContent(request, corp.corpId, body);
	checkSafe(body, msgtype, media);

	const { state } = request;
	const msgid = `msg${randomBytes(24).toString('base64url')}`;
	const first = rememberMessage(request, app, body, msgid);
	if (first === msgid) {
		const to = withinPace(state, app, corp, receivers.reached);
		const shown = asShown(state.strict, 'app', body);
		const list = to.length === 0 ? state.dropped : state.messages;
		list.push({ at: state.now(), via: 'app', to, msgtype, body: shown, media, msgid });
	}
	const card = msgtype === 'template_card' ? { response_code: `code${msgid}` } : {};
	return jsonReply({ errcode: 0, errmsg: 'ok', ...receivers.missed, msgid: first, ...card });
}

/** agentid is an integer and belongs to the token's app; some third-party forms do without. */
function checkAgentId(request: WeComRequest, app: App, corp: Corp, agentId: unknown): void {
	const optional = app.suiteId !== undefined && !request.state.strict.suiteNeedsAgentId;
	if (agentId === undefined && optional) return;
	if (agentId === undefined || agentId === '') throw new Refusal(41011);
	if (!Number.isInteger(agentId)) throw new Refusal(40056);
	if (agentId === app.agentId) return;
	const apps = request.state.apps.filter(({ corpId }) => corpId === corp.corpId);
	throw new Refusal(apps.some((other) => other.agentId === agentId) ? 301002 : 40056);
}

/**
 * With the duplicate check on, the same message within the interval is accepted and not delivered.
 * @returns the msgid of the message that counts
 */
function rememberMessage(
	request: WeComRequest,
	app: App,
	body: Record<string, unknown>,
	msgid: string,
): string {
	const { state } = request;
	const { touser, toparty, totag, msgtype } = body;
	const content = body[String(msgtype)];
	const fingerprint = JSON.stringify([app.agentId, touser, toparty, totag, msgtype, content]);
	const wanted = Number(body.duplicate_check_interval ?? DEFAULT_DUPLICATE_SECONDS);
	const interval = Math.min(wanted, MAX_DUPLICATE_SECONDS) * 1000;
	const earlier = state.recentMessages.get(fingerprint);
	if (body.enable_duplicate_check === 1 && earlier && state.now() - earlier.at < interval) {
		return earlier.msgid;
	}
	state.recentMessages.set(fingerprint, { at: state.now(), msgid });
	return msgid;
}

/** Message types of an app chat: no cards to choose from, no markdown_v2. */
const CHAT_KINDS = [
	...['text', 'image', 'voice', 'video', 'file', 'textcard', 'news', 'mpnews', 'markdown'],
];

/** A chat's text calls members by a list of user ids, never by mobile numbers. */
function checkMentions(text: unknown): void {
	if (!isObject(text)) return;
	const { mentioned_list: users = [], mentioned_mobile_list: mobiles } = text;
	if (mobiles !== undefined) throw new Refusal(40058, 'invalid text.mentioned_mobile_list');
	const isList = Array.isArray(users) && users.every((user) => typeof user === 'string');
	if (!isList) throw new Refusal(40058, 'invalid text.mentioned_list');
}

/** appchat/send (vendor page 90248): no agentid; own apps that everybody can see only. */
function sendToChat(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	refuseForeign(app);
	const body = jsonBody(request);
	const chatId = requiredText(body, 'chatid', 86001);
	if (!/^[0-9A-Za-z_-]{1,64}$/.test(chatId)) throw new Refusal(86001);
	const chat = corp.chats.find((candidate) => candidate.chatId === chatId);
	if (!chat) throw new Refusal(86003);
	if (chat.agentId !== app.agentId) throw new Refusal(86008);
	if (!CHAT_KINDS.includes(String(body.msgtype))) throw new Refusal(40008);
	checkMentions(body.text);
	const { msgtype, media } = messageContent(request, corp.corpId, body);
	checkSafe(body, msgtype, media);
	const { state } = request;
	const shown = asShown(state.strict, 'appChat', body);
	state.messages.push({
		at: state.now(),
		via: 'appChat',
		to: [chatId],
		msgtype,
		body: shown,
		media,
	});
	return jsonReply({ errcode: 0, errmsg: 'ok' });
}

const REPLY_WINDOW_MS = 48 * 3_600_000;
const REPLIES_PER_MESSAGE = 5;

/** kf/send_msg (vendor page 94677): at most 5 replies within 48 hours of the customer's message. */
function sendToCustomer(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	if (!app.customerService) throw new Refusal(48002);
	const body = jsonBody(request);
	const touser = requiredText(body, 'touser', 40063);
	const openKfId = requiredText(body, 'open_kfid', 95000);
	if (!corp.openKfIds.includes(openKfId)) throw new Refusal(95000);
	const { msgid } = body;
	if (msgid !== undefined && !(typeof msgid === 'string' && /^[0-9a-zA-Z_-]{1,32}$/.test(msgid))) {
		throw new Refusal(40058, 'invalid msgid');
	}
	const conversation = corp.conversations.find(
		(candidate) => candidate.externalUserId === touser && candidate.openKfId === openKfId,
	);
	const now = request.state.now();
	if (!conversation || now - conversation.lastMessageAt >= REPLY_WINDOW_MS)
		throw new Refusal(95002);
	if (conversation.condition === 'ended') throw new Refusal(95013);
	if (conversation.condition === 'notAllowed') throw new Refusal(95018);
	if (conversation.repliesSince >= REPLIES_PER_MESSAGE) throw new Refusal(95001);
	const { msgtype, media } = messageContent(request, corp.corpId, body);
	conversation.repliesSince += 1;
	const given = msgid ?? randomBytes(16).toString('hex');
	request.state.messages.push({
		at: now,
		via: 'customerService',
		to: [touser],
		msgtype,
		body: asShown(request.state.strict, 'customerService', body),
		media,
		msgid: given,
	});
	return jsonReply({ errcode: 0, errmsg: 'ok', msgid: given });
}

export const MESSAGE_ROUTES: Route[] = [
	{ method: 'POST', path: 'message/send', handle: sendMessage },
	{ method: 'POST', path: 'appchat/send', handle: sendToChat },
	{ method: 'POST', path: 'kf/send_msg', handle: sendToCustomer },
];
