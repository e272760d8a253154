/** What an answer's headers and first bytes say: a file, JSON, or something that comes from elsewhere. */
import type { JsonAnswer } from './call';
import { WeComHttpError } from './errors';
import { redact } from './redact';
import type { WireResponse } from './wire';
import { header } from './wire';

/** Letters of an answer that a message quotes. */
const QUOTED_LETTERS = 200;
/** Bytes that are enough to tell a web page. */
const LOOKED_AT = 2_000;
const NOT_A_FILE =
	'A login page or a gateway has answered instead of the server that has the file. Check Base URL and what stands between it and n8n.';

const WEB_PAGE =
	/^(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title)\b/i;
const JSON_START = /^(?:\{\s*["}]|\[\s*(?:["{[\]\d-]|true|false|null))/;

/** @returns whether the HTTP status is 2xx */
export function isSuccess({ status }: WireResponse): boolean {
	return status >= 200 && status < 300;
}

/** @returns whether the headers alone say that the body is a file */
export function isFileByHeaders(response: WireResponse): boolean {
	return header(response, 'content-disposition') !== '' || response.status === 206;
}

/** @returns the JSON object a body holds, or undefined */
export function parseObject(body: Buffer): JsonAnswer | undefined {
	const text = body.toString('utf8').trim();
	if (!text.startsWith('{')) return undefined;
	try {
		return JSON.parse(text) as JsonAnswer;
	} catch {
		return undefined;
	}
}

/** @returns the beginning of an answer on one line, behind ': '; '' when there is nothing to quote */
export function quotation(start: Buffer, secrets: readonly string[]): string {
	const text = redact(start.toString('utf8'), secrets).replace(/[\s\p{Cc}]+/gu, ' ');
	const quoted = text.trim().slice(0, QUOTED_LETTERS);
	return quoted ? `: ${quoted}` : '';
}

/**
 * For a body that nothing declares to be a file: login pages and gateways answer with web pages and JSON.
 *
 * @param quoted what of it the message shows, from {@link quotation}
 * @throws WeComHttpError when it is one of those
 */
export function refusePage(name: string, response: WireResponse, start: Buffer, quoted = ''): void {
	const kind = pageKind(header(response, 'content-type').trim().toLowerCase(), start);
	if (kind === '') return;
	throw new WeComHttpError(
		`${name} was answered with ${kind} instead of a file${quoted}`,
		response.status,
		NOT_A_FILE,
	);
}

function pageKind(contentType: string, start: Buffer): 'a web page' | 'JSON' | '' {
	const text = start
		.toString('utf8', 0, LOOKED_AT)
		.replace(/^\uFEFF/, '')
		.trimStart();
	if (WEB_PAGE.test(text)) return 'a web page';
	if (JSON_START.test(text)) return 'JSON';
	if (/^(?:text\/html|application\/xhtml)/.test(contentType)) return 'a web page';
	return /^(?:application|text)\/(?:[\w.-]+\+)?json/.test(contentType) ? 'JSON' : '';
}
