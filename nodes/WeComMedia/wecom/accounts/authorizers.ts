/** How an account turns into the secret of a call. Each access token comes from the process-wide cache. */
import type { Call, JsonAnswer } from '../client/client';
import { WeComClient } from '../client/client';
import { WeComApiError } from '../client/errors';
import type { Grant, TokenCache, TokenSource } from './tokens';
import { textIn } from '../client/outcome';
import type { World } from '../client/wire';
import type { Authorizer, Caller } from '../client/call';
import type { SystemId } from '../hints/types';

/** A business call that says one of these wants a new token (vendor page 90313; 40001 by all known clients). */
const STALE_TOKEN_CODES = new Set([40001, 40014, 42001]);
const TOKEN_CALL_TIMEOUT_MS = 30_000;
const TOKEN_CALL_RETRIES = 2;

/** Authorizes with a key or token that is already there; '' for a call that needs none. */
export function fixedSecret(param: Authorizer['param'], secret: string): Authorizer {
	return {
		param,
		authorize: async () => secret,
		isStale: () => false,
		invalidate: () => undefined,
		doubt: () => undefined,
	};
}

/** Authorizes with an access token from the cache. */
export function accessToken(source: TokenSource, tokens: TokenCache): Authorizer {
	return {
		param: 'access_token',
		authorize: async () => await tokens.get(source),
		isStale: (errcode) => STALE_TOKEN_CODES.has(errcode),
		invalidate: (token) => tokens.invalidate(source.cacheKey, token),
		doubt: () => tokens.doubt(source.cacheKey),
	};
}

/** What a token call needs to know of the account. */
export interface TokenCallContext {
	id: SystemId;
	baseUrl: string;
	secrets: readonly string[];
	world: World;
}

/**
 * Makes a token call. Busy answers and lost connections are tried again, a refused secret never is:
 * repeating it gets the IP blocked for an hour (45009 help text).
 */
export async function askForToken(
	context: TokenCallContext,
	call: Omit<Call, 'repeatable'>,
	tokenField: string,
): Promise<Grant> {
	const asking: Call = { ...call, repeatable: true, proof: [tokenField] };
	const answer = await clientWith(context, '').call(asking);
	return { token: textIn(answer, [tokenField]), expiresInS: lifetime(answer) };
}

/**
 * One harmless call that needs no permission but obeys the trusted-IP rule (vendor page 92520).
 *
 * @returns false when the token is dead
 * @throws WeComApiError 60020 with the IP to allow; whatever else is answered is ignored
 */
export async function verifyToken(context: TokenCallContext, token: string): Promise<boolean> {
	const call: Call = { path: 'get_api_domain_ip', method: 'GET', repeatable: true };
	const failure = await clientWith(context, token)
		.call(call)
		.then(
			() => undefined,
			(error: unknown) => error,
		);
	if (!(failure instanceof WeComApiError)) return true;
	if (failure.errcode === 60020) throw failure;
	return !STALE_TOKEN_CODES.has(failure.errcode);
}

function clientWith(context: TokenCallContext, token: string): WeComClient {
	const account: Caller = {
		id: context.id,
		baseUrl: context.baseUrl,
		secrets: token ? [...context.secrets, token] : context.secrets,
		authorizer: fixedSecret('access_token', token),
	};
	return new WeComClient(account, {
		world: context.world,
		maxRetries: TOKEN_CALL_RETRIES,
		requestTimeoutMs: context.world.timeoutMs ?? TOKEN_CALL_TIMEOUT_MS,
	});
}

function lifetime(answer: JsonAnswer): number {
	const seconds = Number(answer.expires_in);
	return Number.isFinite(seconds) && seconds > 0 ? seconds : 7200;
}
