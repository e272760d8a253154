import { WeComApiError } from '../client/errors';
import { orRefusal } from '../client/outcome';
import { sharedTokens, tokenCacheKey } from './tokens';
import type { TokenCache, TokenSource } from './tokens';
import type { World } from '../client/wire';
import { accessToken, askForToken, verifyToken } from './authorizers';
import type { TokenCallContext } from './authorizers';
import { corpApp } from './corpApp';
import type { SuiteSettings } from './accountSettings';
import type { System } from './system';

/** The suite token has died (vendor page 90313). */
const STALE_SUITE_CODES = new Set([40082, 42009]);

function secretsOf(settings: SuiteSettings): string[] {
	return [settings.suiteSecret, settings.suiteTicket, settings.permanentCode];
}

/** suite_ticket → suite_access_token (vendor page 90600). */
function suiteTokenSource(settings: SuiteSettings, context: TokenCallContext): TokenSource {
	const { baseUrl, suiteId, suiteSecret, suiteTicket } = settings;
	return {
		cacheKey: tokenCacheKey(baseUrl, suiteId, suiteSecret),
		attemptKey: tokenCacheKey(baseUrl, suiteId, suiteSecret, suiteTicket),
		fetch: async () =>
			await askForToken(
				context,
				{
					path: 'service/get_suite_token',
					method: 'POST',
					body: { suite_id: suiteId, suite_secret: suiteSecret, suite_ticket: suiteTicket },
				},
				'suite_access_token',
			),
	};
}

/** suite_access_token + permanent_code → the corp's access_token (vendor page 90605), which media calls take. */
export function suiteCorpTokenSource(
	settings: SuiteSettings,
	world: World,
	tokens: TokenCache = sharedTokens,
): TokenSource {
	const { baseUrl, suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode } = settings;
	const context: TokenCallContext = {
		id: 'thirdPartyApp',
		baseUrl,
		secrets: secretsOf(settings),
		world,
	};
	const suite = suiteTokenSource(settings, context);
	const ask = async (suiteToken: string) =>
		await askForToken(
			{ ...context, secrets: [...context.secrets, suiteToken] },
			{
				path: 'service/get_corp_token',
				method: 'POST',
				query: { suite_access_token: suiteToken },
				body: { auth_corpid: authCorpId, permanent_code: permanentCode },
			},
			'access_token',
		);
	const account = [baseUrl, suiteId, suiteSecret, authCorpId, permanentCode];
	return {
		// A new suite_ticket every 10 minutes (vendor page 90628) ends no token: it only fetches the next suite token.
		cacheKey: tokenCacheKey(...account),
		attemptKey: tokenCacheKey(...account, suiteTicket),
		fetch: async () => {
			const suiteToken = await tokens.get(suite);
			const first = await orRefusal(ask(suiteToken), ({ errcode }) =>
				STALE_SUITE_CODES.has(errcode),
			);
			if (!(first instanceof WeComApiError)) return first;
			tokens.invalidate(suite.cacheKey, suiteToken);
			return await ask(await tokens.get(suite));
		},
		verify: async (token) => await verifyToken(context, token),
	};
}

/** A third-party app (第三方应用) acting for a corp that authorized it. */
export function thirdPartyApp(
	settings: SuiteSettings,
	world: World,
	tokens: TokenCache = sharedTokens,
): System {
	const source = suiteCorpTokenSource(settings, world, tokens);
	const corp = corpApp(
		{ baseUrl: settings.baseUrl, corpId: settings.authCorpId, corpSecret: '', agentId: '' },
		world,
		tokens,
	);
	return {
		...corp,
		id: 'thirdPartyApp',
		label: 'WeCom third-party app',
		authorizer: accessToken(source, tokens),
		fingerprint: tokenCacheKey(
			settings.baseUrl,
			settings.suiteId,
			settings.authCorpId,
			settings.permanentCode,
		),
		secrets: secretsOf(settings),
		// Not the suite_ticket, which is renewed every 10 minutes.
		lastingSecrets: [settings.suiteSecret, settings.permanentCode],
		agentId: undefined,
	};
}
