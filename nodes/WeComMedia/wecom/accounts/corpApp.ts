import { sharedTokens, tokenCacheKey } from './tokens';
import type { TokenCache, TokenSource } from './tokens';
import type { World } from '../client/wire';
import { accessToken, askForToken, verifyToken } from './authorizers';
import type { TokenCallContext } from './authorizers';
import { WECOM_IMAGE_LINKS } from './materials';
import { WECOM_AUTO_TYPES, WECOM_TYPES } from './rules';
import type { CorpSettings } from './accountSettings';
import type { SystemId } from '../hints/types';
import type { System } from './system';

/** Token of a self-built app, of an app run by a provider, or of WeChat Customer Service (vendor page 91039). */
export function corpTokenSource(
	settings: CorpSettings,
	world: World,
	id: SystemId = 'corpApp',
): TokenSource {
	const { baseUrl, corpId, corpSecret } = settings;
	const context: TokenCallContext = { id, baseUrl, secrets: [corpSecret], world };
	return {
		cacheKey: tokenCacheKey(baseUrl, corpId, corpSecret),
		fetch: async () =>
			await askForToken(
				context,
				{ path: 'gettoken', method: 'GET', query: { corpid: corpId, corpsecret: corpSecret } },
				'access_token',
			),
		verify: async (token) => await verifyToken(context, token),
	};
}

/** A self-built WeCom app (自建应用). */
export function corpApp(settings: CorpSettings, world: World, tokens = sharedTokens): System {
	return appOf('corpApp', settings, world, tokens);
}

function appOf(
	id: 'corpApp' | 'customerService',
	settings: CorpSettings,
	world: World,
	tokens: TokenCache,
): System {
	const source = corpTokenSource(settings, world, id);
	return {
		id,
		label: 'WeCom app',
		baseUrl: settings.baseUrl,
		authorizer: accessToken(source, tokens),
		fingerprint: source.cacheKey,
		secrets: [settings.corpSecret],
		uploadPath: 'media/upload',
		downloadPath: 'media/get',
		types: WECOM_TYPES,
		autoTypes: WECOM_AUTO_TYPES,
		uploadImg: WECOM_IMAGE_LINKS,
		agentId: settings.agentId,
	};
}

/** WeChat Customer Service (微信客服): the app's endpoints with the Customer Service secret (vendor page 94677). */
export function customerService(
	settings: CorpSettings,
	world: World,
	tokens = sharedTokens,
): System {
	return {
		...appOf('customerService', settings, world, tokens),
		label: 'WeChat Customer Service',
		uploadImg: undefined,
		agentId: undefined,
	};
}
