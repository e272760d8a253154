/** Both kinds of robots: the one of a group chat, and the smart bot. */
import type { WeComApiError } from '../client/errors';
import { orRefusal } from '../client/outcome';
import { WeComClient } from '../client/client';
import { tokenCacheKey } from './tokens';
import type { TokenSource } from './tokens';
import type { World } from '../client/wire';
import { fixedSecret } from './authorizers';
import { ROBOT_AUTO_TYPES, ROBOT_INLINE_IMAGE, ROBOT_TYPES } from './rules';
import type { WebhookSettings } from './accountSettings';
import type { System } from './system';

/** An empty text is refused for its emptiness when the key is good, so nothing is posted; 45009 = key exists, but is busy. */
const KEY_ACCEPTED_CODES = new Set([0, 44004, 40008, 45009]);
const CHECKED_FOR_S = 600;

/** A group robot (群机器人, 消息推送; vendor page 99110). */
export function robot(settings: WebhookSettings): System {
	return {
		id: 'robot',
		label: 'group robot',
		baseUrl: settings.baseUrl,
		authorizer: fixedSecret('key', settings.webhookKey),
		fingerprint: tokenCacheKey(settings.baseUrl, settings.webhookKey),
		secrets: [settings.webhookKey],
		uploadPath: 'webhook/upload_media',
		types: ROBOT_TYPES,
		autoTypes: ROBOT_AUTO_TYPES,
		inlineImage: ROBOT_INLINE_IMAGE,
	};
}

/**
 * The check of a webhook key, shaped like a token fetch so that the credential shares its answer for ten minutes.
 * Posts an empty text, which WeCom refuses with 44004 for a good key and 93000 for a bad one; no chat shows anything.
 */
export function webhookKeyCheck(settings: WebhookSettings, world: World): TokenSource {
	const account = robot(settings);
	return {
		cacheKey: tokenCacheKey('webhook key check', account.fingerprint),
		fetch: async () => {
			const client = new WeComClient(account, { world, maxRetries: 2, requestTimeoutMs: 30_000 });
			const emptyText = client.call({
				path: 'webhook/send',
				method: 'POST',
				body: { msgtype: 'text', text: { content: '' } },
				repeatable: true,
			});
			await orRefusal(emptyText, isKeyAccepted);
			return { token: 'accepted', expiresInS: CHECKED_FOR_S };
		},
	};
}

function isKeyAccepted({ errcode, errmsg }: WeComApiError): boolean {
	return KEY_ACCEPTED_CODES.has(errcode) || (errcode === 40058 && /content/i.test(errmsg));
}

/** A smart bot (智能机器人; vendor page 101039): it has no API of its own, its messages carry signed links. */
export function smartBot({ aesKey, secrets }: { aesKey: Buffer; secrets: string[] }): System {
	return {
		id: 'smartBot',
		label: 'smart bot',
		baseUrl: '',
		authorizer: fixedSecret('key', ''),
		fingerprint: tokenCacheKey('smart bot', aesKey.toString('hex')),
		secrets,
		uploadPath: '',
		types: {},
		autoTypes: [],
		fileKey: aesKey,
	};
}
