import { requireAccount, untrustedIp } from '../access';
import { startOfDay } from '../clock';
import { Refusal } from '../errcodes';
import type { OfficialAccount } from '../model';
import { jsonReply, type Reply } from '../reply';
import { isObject, jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

const MINUTE_MS = 60_000;

/** A replaced token of cgi-bin/token keeps working this long. */
const GRACE_MS = 5 * MINUTE_MS;

interface AccountCredentials {
	grantType: unknown;
	appId: unknown;
	secret: unknown;
}

/** @throws Refusal 41002, 41004, 40002, 40013, 40125 or 40164 */
function findAccount(request: WeComRequest, given: AccountCredentials): OfficialAccount {
	request.product = 'officialAccount';
	if (given.grantType !== 'client_credential') throw new Refusal(40002, 'invalid grant_type');
	if (!given.appId) throw new Refusal(41002, 'appid missing');
	if (!given.secret) throw new Refusal(41004, 'appsecret missing');
	const account = request.state.officialAccounts.find(({ appId }) => appId === given.appId);
	if (!account) throw new Refusal(40013, 'invalid appid');
	if (account.appSecret !== given.secret) throw new Refusal(40125);
	if (!account.ipTrusted) throw untrustedIp(request);
	return account;
}

/** cgi-bin/token: 2 000 a day, every call replaces the token before. */
function plainToken(request: WeComRequest): Reply {
	const { query, state } = request;
	const account = findAccount(request, {
		grantType: query.get('grant_type'),
		appId: query.get('appid'),
		secret: query.get('secret'),
	});
	countToday(account.tokenCalls, 2000, state.now());
	const holder = { kind: 'officialAccount', account, line: 'plain' } as const;
	state.tokens.supersede(holder, GRACE_MS);
	const token = state.tokens.issue(holder);
	return jsonReply({
		access_token: token.value,
		expires_in: state.tokens.secondsLeft(token),
	});
}

/** cgi-bin/stable_token: the same token until 5 minutes before its end, unless forced. */
function stableToken(request: WeComRequest): Reply {
	const body = jsonBody(request);
	const account = findAccount(request, {
		grantType: body.grant_type,
		appId: body.appid,
		secret: body.secret,
	});
	const { tokens } = request.state;
	const now = request.state.now();
	const holder = { kind: 'officialAccount', account, line: 'stable' } as const;
	let token = tokens.current(holder);
	if (body.force_refresh === true) {
		const latest = account.forcedRefreshes.at(-1) ?? -Infinity;
		if (now - latest < 30_000) throw new Refusal(45011);
		countToday(account.forcedRefreshes, 20, now);
		tokens.supersede(holder, 0);
		token = undefined;
	} else if (token && token.expiresAt - now <= GRACE_MS) {
		tokens.supersede(holder, GRACE_MS);
		token = undefined;
	}
	token ??= tokens.issue(holder);
	return jsonReply({ access_token: token.value, expires_in: tokens.secondsLeft(token) });
}

function countToday(times: number[], limit: number, now: number): void {
	if (times.filter((at) => at >= startOfDay(now)).length >= limit) throw new Refusal(45009);
	times.push(now);
}

const CUSTOM_MEDIA = ['image', 'voice', 'video'] as const;

/** message/custom/send: a message to a follower. */
function customSend(request: WeComRequest): Reply {
	const account = requireAccount(request);
	const body = jsonBody(request);
	const touser = requiredText(body, 'touser', 40003);
	if (!account.followers.includes(touser)) throw new Refusal(40003, 'invalid openid');
	const msgtype = String(body.msgtype);
	const content = body[msgtype];
	if (!isObject(content)) throw new Refusal(40008);
	if (msgtype === 'text' && !content.content) throw new Refusal(44004);
	const media = CUSTOM_MEDIA.find((type) => type === msgtype)
		? request.state.usableMedia(content.media_id, 'officialAccount', account.appId)
		: undefined;
	if (msgtype !== 'text' && media?.type !== msgtype) {
		throw new Refusal((CUSTOM_MEDIA as readonly string[]).includes(msgtype) ? 40007 : 40008);
	}
	request.state.messages.push({
		at: request.state.now(),
		via: 'officialAccount',
		to: [touser],
		msgtype,
		body,
		media,
	});
	return jsonReply({ errcode: 0, errmsg: 'ok' });
}

export const OFFICIAL_ACCOUNT_ROUTES: Route[] = [
	{ method: 'GET', path: 'token', handle: plainToken },
	{ method: 'POST', path: 'stable_token', handle: stableToken },
	{ method: 'POST', path: 'message/custom/send', handle: customSend },
];
