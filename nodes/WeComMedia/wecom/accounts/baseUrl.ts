/**
 * Reads the credential's Base URL: WeCom itself, a reverse proxy with a fixed IP, a private edition, or a test server.
 *
 * Strips blanks, trailing slashes and `/cgi-bin` (the calls add it), keeps a proxy's path prefix. Secrets travel
 * in the query of every call, so plain http is taken for this machine only, unless the user opted in.
 *
 * @param value what the user typed; empty → options.defaultUrl
 * @returns the URL without a trailing slash, or the problem as one sentence that never repeats the value
 */
export function normalizeBaseUrl(
	value: string,
	options: { defaultUrl: string; allowInsecureHttp: boolean },
): { ok: true; url: string } | { ok: false; problem: string } {
	const text = value.trim() || options.defaultUrl;
	if (/\s/.test(text)) return refuse('must not contain spaces or line breaks');
	const url = parse(text);
	if (!url || !/^https?:\/\//i.test(text)) {
		return refuse(`must be a full address such as ${options.defaultUrl}`);
	}
	if (url.username || url.password) return refuse('must not contain a user name or password');
	if (text.includes('?') || text.includes('#')) {
		return refuse('must not contain "?" or "#": give the address without a query');
	}
	if (url.protocol === 'http:' && !options.allowInsecureHttp && !isLoopback(url.hostname)) {
		return refuse(
			'must start with https:// because secrets travel in the address of every call; ' +
				'plain http is taken only for this machine or with "Allow Insecure HTTP" switched on',
		);
	}
	return { ok: true, url: url.origin + pathPrefix(url.pathname) };
}

function refuse(problem: string): { ok: false; problem: string } {
	return { ok: false, problem: `The Base URL ${problem}` };
}

function parse(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

/** `/wecom/cgi-bin/` → `/wecom`. */
function pathPrefix(path: string): string {
	const parts = path.split('/');
	while (parts.length > 0 && ['', 'cgi-bin'].includes(parts[parts.length - 1].toLowerCase())) {
		parts.pop();
	}
	return parts.join('/');
}

/** URL has already turned forms such as `127.1` and `0x7f000001` into four decimal numbers. */
function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
