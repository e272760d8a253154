import { randomBytes } from 'node:crypto';

import { requireApp } from '../access';
import { Refusal } from '../errcodes';
import type { App, Corp } from '../model';
import { jsonReply, type Reply } from '../reply';
import { jsonBody, type Route, type WeComRequest } from '../wecomRequest';

const NAME_CHARACTERS = 50;
const CHATS_A_DAY = 1000;
const DAY_MS = 24 * 3_600_000;

/** appchat/create (vendor page 90245): own apps that everybody can see only. */
function createChat(request: WeComRequest): Reply {
	const { app, corp } = requireApp(request);
	refuseForeign(app);
	const body = jsonBody(request);
	const now = request.state.now();
	const today = corp.chats.filter(({ createdAt = 0 }) => now - createdAt < DAY_MS);
	if (today.length >= CHATS_A_DAY) throw new Refusal(45009);
	const members = readMembers(corp, body.userlist);
	const { name = '', owner } = body;
	if (typeof name !== 'string') throw new Refusal(86004);
	if (owner !== undefined && !members.includes(String(owner))) throw new Refusal(86005);
	const chatId = readChatId(corp, body.chatid);
	corp.chats.push({
		chatId,
		agentId: app.agentId!,
		// Longer names are cut.
		name: [...name].slice(0, NAME_CHARACTERS).join(''),
		owner: String(owner ?? members[0]),
		members,
		createdAt: now,
	});
	return jsonReply({ errcode: 0, errmsg: 'ok', chatid: chatId });
}

/** @throws Refusal 48002 for third-party apps and apps that not everybody sees */
export function refuseForeign(app: App): void {
	if (app.suiteId !== undefined || app.agentId === undefined || !app.rootVisible) {
		throw new Refusal(48002);
	}
}

function readMembers(corp: Corp, userlist: unknown): string[] {
	if (userlist === undefined) throw new Refusal(86204);
	if (!Array.isArray(userlist)) throw new Refusal(86007);
	const members = [...new Set(userlist as unknown[])];
	if (members.length < 2 || members.length > 2000) throw new Refusal(86006);
	const known = (userId: unknown) =>
		typeof userId === 'string' &&
		corp.users.some((user) => user.visible && user.userId.toLowerCase() === userId.toLowerCase());
	if (!members.every(known)) throw new Refusal(86007);
	return members as string[];
}

function readChatId(corp: Corp, chatid: unknown): string {
	if (chatid === undefined || chatid === '') return `wr${randomBytes(15).toString('hex')}`;
	if (typeof chatid !== 'string' || !/^[0-9a-zA-Z]+$/.test(chatid)) throw new Refusal(86001);
	if (chatid.length > 32) throw new Refusal(86205);
	if (corp.chats.some(({ chatId }) => chatId === chatid)) throw new Refusal(86215);
	return chatid;
}

export const APP_CHAT_ROUTES: Route[] = [
	{ method: 'POST', path: 'appchat/create', handle: createChat },
];
