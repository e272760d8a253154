import { Refusal } from './errcodes';
import type { App, Corp, OfficialAccount, Suite } from './model';
import type { TokenCondition } from './tokens';
import type { WeComRequest } from './wecomRequest';

/**
 * Who is calling. Corps and Official Accounts live behind different hosts in reality; here the token
 * presented tells them apart, and this file is the only place that does so.
 */
export type Caller =
	{ kind: 'app'; app: App; corp: Corp } | { kind: 'officialAccount'; account: OfficialAccount };

/** An Official Account reports a token that is not the latest as 40001, a corp as 40014. */
const TOKEN_CODES: Record<'corp' | 'officialAccount', Record<TokenCondition, number>> = {
	corp: { valid: 0, unknown: 40014, expired: 42001, revoked: 40014, superseded: 40014 },
	officialAccount: { valid: 0, unknown: 40014, expired: 42001, revoked: 40001, superseded: 40001 },
};

/** Sets the manner of answering by the token presented, valid or not. */
export function recognizeProduct(request: WeComRequest): void {
	const token = request.state.tokens.find(request.query.get('access_token') ?? '');
	request.product = token?.holder.kind === 'officialAccount' ? 'officialAccount' : 'corp';
}

/**
 * Checks the access_token of the query, which is the only place where it counts, then the IP.
 * @throws Refusal 41001, 40014, 42001, 40001, 60020, 40164, 50003 or 50007
 */
export function requireCaller(request: WeComRequest): Caller {
	const { state, query } = request;
	const value = query.get('access_token');
	if (!value) throw new Refusal(41001);
	const token = state.tokens.find(value);
	recognizeProduct(request);
	const code = TOKEN_CODES[request.product][state.tokens.condition(token)];
	if (code !== 0) throw new Refusal(code);

	const holder = token?.holder;
	if (holder?.kind === 'officialAccount') {
		if (!holder.account.ipTrusted) throw untrustedIp(request);
		if (holder.account.frozen) throw new Refusal(50007);
		return { kind: 'officialAccount', account: holder.account };
	}
	// A suite_access_token is not an access_token: media calls want the corp's (vendor page 90605).
	if (holder?.kind !== 'app') throw new Refusal(40014);
	const corp = state.corp(holder.app.corpId);
	if (!corp) throw new Refusal(40013);
	if (!holder.app.ipTrusted) throw new Refusal(60020);
	if (!holder.app.enabled) throw new Refusal(50003);
	return { kind: 'app', app: holder.app, corp };
}

/** As requireCaller, for endpoints that only corps have. */
export function requireApp(request: WeComRequest): { app: App; corp: Corp } {
	const caller = requireCaller(request);
	if (caller.kind !== 'app') throw new Refusal(40014);
	return caller;
}

/** As requireCaller, for endpoints that only Official Accounts have. */
export function requireAccount(request: WeComRequest): OfficialAccount {
	const caller = requireCaller(request);
	if (caller.kind !== 'officialAccount') throw new Refusal(40014);
	return caller.account;
}

/** @throws Refusal 41022, 40082 or 42009 */
export function requireSuite(request: WeComRequest): Suite {
	const value = request.query.get('suite_access_token');
	if (!value) throw new Refusal(41022);
	const token = request.state.tokens.find(value);
	if (token?.holder.kind !== 'suite') throw new Refusal(40082);
	const condition = request.state.tokens.condition(token);
	if (condition === 'expired') throw new Refusal(42009);
	if (condition !== 'valid') throw new Refusal(40082);
	return token.holder.suite;
}

/** An Official Account's 40164 names the address inside its text. */
export function untrustedIp(request: WeComRequest): Refusal {
	const ip = callerIp(request);
	return new Refusal(40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`);
}

/** The address the vendor would see the call come from. */
export function callerIp(request: WeComRequest): string {
	return request.state.clientIp ?? '127.0.0.1';
}

/** Owner of the media a caller can see. */
export function mediaScope(caller: Caller): { system: 'app' | 'officialAccount'; owner: string } {
	return caller.kind === 'app'
		? { system: 'app', owner: caller.corp.corpId }
		: { system: 'officialAccount', owner: caller.account.appId };
}
