/** What an HTTP status means that does not come from WeCom's own errcodes. */

/** @returns what to do about a call of the API */
export function hintForStatus(status: number): string {
	if (status >= 300 && status < 400) {
		return 'Base URL leads to a redirect, which is not followed because the query holds a secret. Use the final https address.';
	}
	if (status === 404) return 'Check Base URL: the address has no such path. Leave out /cgi-bin.';
	if (status === 412) return 'A proxy between n8n and WeCom changes the upload. Check Base URL.';
	if (status === 413)
		return 'A proxy between n8n and WeCom limits the size of uploads. Raise its limit.';
	if (status === 416) return 'The file is empty, or the server has no such part of it.';
	if (status >= 500) return 'WeCom or a proxy before it is disturbed. Try again later.';
	return 'Check Base URL and what stands between n8n and WeCom.';
}

/** @returns what to do about a link outside the API */
export function hintForLink(status: number): string {
	return status >= 500
		? 'The server of the link is disturbed. Try again later.'
		: 'The link does not lead to the file, or no longer. Run it again to get a fresh link.';
}
