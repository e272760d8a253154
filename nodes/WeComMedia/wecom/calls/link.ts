/** Looks at a link before WeCom does: what can be known to fail is refused with its reason (vendor page 96219). */
import { LINK_TYPES } from '../accounts/rules';
import { LOOK_BYTES } from '../client/body';
import { formatBytes } from '../client/bytes';
import type { FileAnswer, WeComClient } from '../client/client';
import { decodeFileName } from '../files/contentDisposition';
import { decodeUnnamed, percentBytes } from '../files/foreignName';
import { partOf } from './partAnswer';
import { WeComHttpError, WeComInputError, WeComNetworkError } from '../client/errors';
import { sniff } from '../files/sniff';
import type { Sniffed } from '../files/sniff';
import { header } from '../client/wire';

/** Bytes of the link itself. */
export const MAX_URL_BYTES = 1024;
/** What messages call it. */
export const LINK = 'The link';

const REACHABLE_HINT =
	"WeCom fetches the link from the internet: it must be public (Tencent COS: 公有读) and answer without a login. If only WeCom can reach it, turn off 'Check URL' of Upload Large File and give the MD5.";
const REDIRECT_HINT =
	'WeCom may not follow it either. Open the link in a browser and give the address it ends at.';
const RANGE_HINT =
	'WeCom fetches large files in parts. Put the file on a CDN or object storage (for example Tencent COS), which supports Range.';

export interface LinkInfo {
	/** Bytes. */
	size: number;
	sniffed: Sniffed;
	/** The first bytes. */
	start: Uint8Array;
	/** From Content-Disposition or the path; may be ''. */
	fileName: string;
	/** Content-Type of its server; '' when it says none. */
	mimeType: string;
}

/**
 * @returns the link, trimmed; letters a URL cannot hold (RFC 3986), such as Chinese ones, are percent-encoded
 * @throws WeComInputError when it cannot be one WeCom fetches
 */
export function readUrl(value: string): string {
	const given = value.trim();
	if (given === '') {
		throw new WeComInputError("'URL' is empty", 'Give the public link of the file.', 'URL');
	}
	const parsed = URL.canParse(given) ? new URL(given) : undefined;
	if (!parsed || !/^https?:$/.test(parsed.protocol) || /[\s\p{Cc}]/u.test(given)) {
		throw new WeComInputError(
			"'URL' is not a link that starts with http:// or https://",
			'Enter the whole public link, with spaces written as %20.',
			'URL',
		);
	}
	if (parsed.username || parsed.password) {
		throw new WeComInputError(
			"'URL' holds a user name or password, which WeCom does not send",
			'Use a link that answers without a login.',
			'URL',
		);
	}
	// Only where it must be: rewriting more than that could break a signature in the query.
	const url = /[^\x21-\x7e]/.test(given) ? parsed.href : given;
	const bytes = Buffer.byteLength(url);
	if (bytes <= MAX_URL_BYTES) return url;
	throw new WeComInputError(
		`'URL' has ${bytes} bytes; WeCom takes links up to ${MAX_URL_BYTES} bytes`,
		"Use a shorter link, or Upload Large File with 'Source' set to Binary Field: n8n then hosts the file itself under a short one.",
		'URL',
	);
}

/**
 * @returns the MD5 as 32 lower-case hex digits, or '' when none was given
 * @throws WeComInputError when it has another shape
 */
export function readMd5(value: string): string {
	const md5 = value.replace(/[\s:-]+/g, '').toLowerCase();
	if (md5 === '' || /^[0-9a-f]{32}$/.test(md5)) return md5;
	throw new WeComInputError(
		"'MD5' is not an MD5: that has 32 digits 0-9 and letters a-f",
		'Leave it empty to have it computed.',
		'MD5',
	);
}

/** Ends of paths that name the program behind a link, not its file. */
const SCRIPT = /\.(?:php|aspx?|ashx|jspx?|do|action|cgi)$/i;

/** @returns the name at the end of a link's path, decoded, or ''; "export.php" names no PHP file, so it is "export" */
export function nameInUrl(url: string): string {
	const segment = new URL(url).pathname.split('/').pop() ?? '';
	const bytes = percentBytes(segment, true);
	return ((bytes && decodeUnnamed(bytes)) ?? segment).replace(SCRIPT, '');
}

/**
 * One Range request: does the link answer 206, how large is the file, what is it.
 *
 * @throws WeComInputError with the reason when WeCom would fail with it
 */
export async function inspectLink(
	client: WeComClient,
	url: string,
	type: 'video' | 'file',
): Promise<LinkInfo> {
	const answer = await look(client, url);
	try {
		const part = partOf(answer);
		const size = part?.total;
		if (answer.status !== 206) {
			throw new WeComInputError(
				'The link does not support Range: it answered the request for a part with the whole file',
				RANGE_HINT,
				'URL',
			);
		}
		if (part && part.start !== 0) {
			throw new WeComInputError(
				`The link does not support Range rightly: asked for the first bytes, it answers from byte ${part.start}`,
				RANGE_HINT,
				'URL',
			);
		}
		if (size === undefined) {
			throw new WeComInputError(
				'The link does not say how large the file is (Content-Range without a total)',
				RANGE_HINT,
				'URL',
			);
		}
		const { start } = answer;
		const sniffed = sniff(start);
		refuseUnfit(size, sniffed, type);
		const fileName = decodeFileName(answer.headers['content-disposition']) || nameInUrl(url);
		return { size, sniffed, start, fileName, mimeType: header(answer, 'content-type') };
	} finally {
		answer.body.destroy?.();
	}
}

async function look(client: WeComClient, url: string): Promise<FileAnswer> {
	const headers = { range: `bytes=0-${LOOK_BYTES - 1}` };
	try {
		return await client.openLink(LINK, url, { headers, mayBePage: true, lookAt: LOOK_BYTES });
	} catch (error) {
		throw unreachable(error);
	}
}

/** @throws WeComInputError with the numbers when WeCom would refuse the file itself */
export function refuseUnfit(size: number, sniffed: Sniffed, type: 'video' | 'file'): void {
	refuseTooSmall(size);
	refuseTooLarge(size);
	if (type === 'video' && sniffed.content !== 'mp4') {
		const found = sniffed.content === 'unknown' ? 'no MP4 video' : `${sniffed.label}, not MP4`;
		throw new WeComInputError(
			`The file is ${found}; WeCom takes MP4 as video`,
			"Convert it to MP4, or choose 'File' as media type.",
			'URL',
		);
	}
}

/** @throws WeComInputError with the numbers */
export function refuseTooSmall(size: number): void {
	if (size >= LINK_TYPES.file.minBytes) return;
	throw new WeComInputError(
		`The file has ${formatBytes(size)}; WeCom takes at least ${LINK_TYPES.file.minBytes} bytes`,
		'Check where it comes from.',
		'URL',
	);
}

/** @throws WeComInputError with the numbers */
export function refuseTooLarge(size: number): void {
	if (size <= LINK_TYPES.file.maxBytes) return;
	throw new WeComInputError(
		`The file has ${formatBytes(size)}; WeCom takes up to ${formatBytes(LINK_TYPES.file.maxBytes)}`,
		'Make it smaller, or send the link itself as a message.',
		'URL',
	);
}

/** @returns what to throw: the advice of a WeCom call ("Check Base URL") would mislead here */
export function unreachable(error: unknown): unknown {
	if (error instanceof WeComHttpError) return refusalOf(error.status);
	if (error instanceof WeComNetworkError) {
		return cannotBeFetched(error.message.replace(`${LINK}: `, ''), REACHABLE_HINT);
	}
	return error;
}

function refusalOf(status: number): WeComInputError {
	// An empty file has no first byte that could be asked for (RFC 9110, 15.5.17).
	if (status === 416) {
		return new WeComInputError(
			'The link leads to an empty file',
			'Check where it comes from.',
			'URL',
		);
	}
	if (status >= 300 && status < 400) {
		return cannotBeFetched(
			`it redirects to another address (HTTP status ${status})`,
			REDIRECT_HINT,
		);
	}
	return cannotBeFetched(`it answers with HTTP status ${status}`, REACHABLE_HINT);
}

function cannotBeFetched(reason: string, hint: string): WeComInputError {
	return new WeComInputError(`The link cannot be fetched: ${reason}`, hint, 'URL');
}
