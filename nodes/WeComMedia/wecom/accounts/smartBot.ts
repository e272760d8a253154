import { fixedSecret } from './authorisers';
import { tokenCacheKey } from './tokens';
import type { System } from './types';

/** A smart bot (智能机器人; vendor page 101039): it has no API of its own, its messages carry signed links. */
export function smartBot({ aesKey, secrets }: { aesKey: Buffer; secrets: string[] }): System {
	return {
		id: 'smartBot',
		label: 'smart bot',
		baseUrl: '',
		authoriser: fixedSecret('key', ''),
		fingerprint: tokenCacheKey('smart bot', aesKey.toString('hex')),
		secrets,
		uploadPath: '',
		types: {},
		autoTypes: [],
		fileKey: aesKey,
	};
}
