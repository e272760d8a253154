import { sharedTokens, tokenCacheKey } from './tokens';
import type { TokenSource } from './tokens';
import type { World } from '../client/wire';
import { accessToken, askForToken } from './authorizers';
import type { TokenCallContext } from './authorizers';
import { OFFICIAL_ACCOUNT_IMAGE_LINKS, PERMANENT_MATERIAL } from './materials';
import { OFFICIAL_ACCOUNT_AUTO_TYPES, OFFICIAL_ACCOUNT_TYPES } from './rules';
import type { OfficialAccountSettings } from './accountSettings';
import type { System } from './system';

/**
 * stable_token in normal mode: the same token until five minutes before its end, so other programs of the account are
 * not disturbed; cgi-bin/token would invalidate theirs. It is also where an IP outside the whitelist is refused (40164).
 */
export function stableTokenSource(settings: OfficialAccountSettings, world: World): TokenSource {
	const { baseUrl, appId, appSecret } = settings;
	const context: TokenCallContext = {
		id: 'officialAccount',
		baseUrl,
		secrets: [appSecret],
		world,
	};
	return {
		cacheKey: tokenCacheKey(baseUrl, appId, appSecret),
		fetch: async () =>
			await askForToken(
				context,
				{
					path: 'stable_token',
					method: 'POST',
					body: { grant_type: 'client_credential', appid: appId, secret: appSecret },
				},
				'access_token',
			),
	};
}

/** A WeChat Official Account (公众号). */
export function officialAccount(
	settings: OfficialAccountSettings,
	world: World,
	tokens = sharedTokens,
): System {
	const source = stableTokenSource(settings, world);
	return {
		id: 'officialAccount',
		label: 'Official Account',
		baseUrl: settings.baseUrl,
		authorizer: accessToken(source, tokens),
		fingerprint: source.cacheKey,
		secrets: [settings.appSecret],
		uploadPath: 'media/upload',
		downloadPath: 'media/get',
		types: OFFICIAL_ACCOUNT_TYPES,
		autoTypes: OFFICIAL_ACCOUNT_AUTO_TYPES,
		uploadImg: OFFICIAL_ACCOUNT_IMAGE_LINKS,
		permanent: PERMANENT_MATERIAL,
	};
}
