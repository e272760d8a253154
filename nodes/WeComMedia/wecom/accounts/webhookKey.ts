type ParsedKey = { ok: true; key: string; origin?: string } | { ok: false; problem: string };

const KEY = /^[A-Za-z0-9-]{1,128}$/;
const WHERE = 'copy the webhook URL again from the robot in the group chat (消息推送 / 群机器人)';

/**
 * Takes the webhook key out of what the user pasted: the bare key, or the whole webhook URL that the console
 * shows (`…/cgi-bin/webhook/send?key=…`, vendor page 99110), also without its `https://`, or its end `key=…`.
 *
 * @returns the key; with a URL also `origin`, its address up to `/cgi-bin` (a proxy's path prefix included), to be
 * checked like any Base URL. The problem is one sentence that never repeats the value, which is a secret.
 */
export function parseWebhookKey(value: string): ParsedKey {
	const text = value.trim();
	if (text === '') return { ok: false, problem: `The webhook key is empty: ${WHERE}` };
	const bare = text.replace(/^\??key=/, '');
	if (KEY.test(bare)) return { ok: true, key: bare };
	const url = parseUrl(text);
	if (!url) {
		return {
			ok: false,
			problem: `The webhook key may hold only letters, digits and dashes: ${WHERE}`,
		};
	}
	const prefix = /^(.*)\/cgi-bin\/webhook\/[a-z_]+\/?$/.exec(url.pathname);
	if (!prefix) {
		return { ok: false, problem: `The address pasted is not that of a WeCom webhook: ${WHERE}` };
	}
	const key = url.searchParams.get('key')?.trim() ?? '';
	if (!KEY.test(key)) {
		return { ok: false, problem: `The webhook URL has no usable key at its end: ${WHERE}` };
	}
	return { ok: true, key, origin: url.origin + prefix[1] };
}

function parseUrl(text: string): URL | undefined {
	if (/\s/.test(text) || !text.includes('/')) return undefined;
	try {
		const url = new URL(text.includes('://') ? text : `https://${text}`);
		return /^https?:$/.test(url.protocol) ? url : undefined;
	} catch {
		return undefined;
	}
}
