import { mediaScope, requireCaller } from '../access';
import { Refusal } from '../errcodes';
import type { DownloadQuirks, StoredMedia } from '../model';
import type { RecordedCall } from '../record';
import { jsonReply, type Reply } from '../reply';
import type { Route, WeComRequest } from '../wecomRequest';

/** A download, and a Range chunk, may be at most this large (vendor page 90254). */
const MAX_PIECE_BYTES = 20 * 1024 * 1024;

interface Range {
	start: number;
	/** Last byte, inclusive. */
	end: number;
}

/** media/get (vendor page 90254). */
function getMedia(request: WeComRequest): Reply {
	const caller = requireCaller(request);
	const { system, owner } = mediaScope(caller);
	const media = wantedMedia(request, system, owner);
	refuseParallel(request, media);
	if (system === 'officialAccount' && media.type === 'video') return videoLink(request, media);
	return download(request, media);
}

/** media/get/jssdk (vendor page 90255): only for voices recorded with the JS-SDK; no Range. */
function getHdVoice(request: WeComRequest): Reply {
	const { system, owner } = mediaScope(requireCaller(request));
	const media = wantedMedia(request, system, owner);
	if (!media.hdVoice) throw new Refusal(40007);
	const fileName = system === 'app' ? media.mediaId : `${media.mediaId}.speex`;
	return {
		status: 200,
		headers: fileHeaders('voice/speex', fileName, {}),
		body: media.hdVoice,
	};
}

function wantedMedia(
	request: WeComRequest,
	system: StoredMedia['system'],
	owner: string,
): StoredMedia {
	const mediaId = request.query.get('media_id');
	if (!mediaId) throw new Refusal(41006);
	const media = request.state.usableMedia(mediaId, system, owner);
	if (!media) throw new Refusal(40007);
	return media;
}

/** Of two simultaneous gets of one media_id the later one is refused (help text of 45033). */
function refuseParallel(request: WeComRequest, media: StoredMedia): void {
	if (!request.state.strict.parallelGetIs45033) return;
	const earlier = request.record
		.calls(request.call.path)
		.some(
			(call) => call.open && call.id < request.call.id && call.query.media_id === media.mediaId,
		);
	if (earlier) throw new Refusal(45033);
}

/** An Official Account's video comes as a link instead of bytes. */
function videoLink(request: WeComRequest, media: StoredMedia): Reply {
	media.videoPath ??= `/video/${media.md5}`;
	return jsonReply({ video_url: `${request.baseUrl}${media.videoPath}` });
}

function download(request: WeComRequest, media: StoredMedia): Reply {
	const { strict } = request.state;
	const quirks = { ...strict.downloads, ...media.quirks };
	const bytes = (media.answers ?? 0) > 0 ? (quirks.replacedBy ?? media.bytes) : media.bytes;
	const total = bytes.length;
	const version = versionHeaders(media, quirks);
	media.answers = (media.answers ?? 0) + 1;
	const whole = quirks.ignoreRange || isOutdated(request.call.headers, version);
	const wanted = whole ? undefined : capped(parseRange(request.call.headers.range, total), quirks);
	if (wanted === 'unsatisfiable') return unsatisfiable(strict.unsatisfiableRange, total);
	const length = wanted ? wanted.end - wanted.start + 1 : total;
	if (length > MAX_PIECE_BYTES && !whole) throw new Refusal(830002);

	const headers = fileHeaders(quirks.contentType ?? media.contentType, media.fileName, quirks);
	Object.assign(headers, version);
	const withoutLength = quirks.noContentLength;
	if (!wanted)
		return { status: 200, headers: spelled(headers, quirks), body: bytes, withoutLength };

	const aligned = strict.alignedChunks || (quirks.encrypted ?? false);
	if (aligned) refuseUnaligned(wanted, total, aligned === 'startAndLength');
	const start = Math.min(wanted.start + (quirks.startShift ?? 0), wanted.end);
	headers['Accept-Ranges'] = 'bytes';
	headers['Content-Range'] = `bytes ${start}-${wanted.end}/${statedTotal(quirks, wanted, total)}`;
	return {
		status: 206,
		headers: spelled(headers, quirks),
		body: bytes.subarray(start, wanted.end + 1),
		withoutLength,
	};
}

/** A proxy gives no more than so much at a time, and says so in Content-Range. */
function capped<Wanted extends Range | 'unsatisfiable' | undefined>(
	wanted: Wanted,
	{ maxPieceBytes = Infinity }: DownloadQuirks,
): Wanted {
	if (typeof wanted !== 'object') return wanted;
	return { ...wanted, end: Math.min(wanted.end, wanted.start + maxPieceBytes - 1) };
}

/** The validators of RFC 9110, 8.8, of the version that is about to be given. */
function versionHeaders(
	{ md5, createdAt, answers = 0 }: StoredMedia,
	{ version, versionHeader }: DownloadQuirks,
): Record<string, string> {
	if (version === undefined) return {};
	const age = { fixed: 0, changesOnce: Math.min(answers, 1), changes: answers }[version];
	const all: Record<string, string> = {
		ETag: `"${md5}-${age}"`,
		'Last-Modified': new Date(createdAt + age * 1000).toUTCString(),
	};
	return versionHeader === undefined ? all : { [versionHeader]: all[versionHeader] };
}

/** If-Range (RFC 9110, 13.1.5): what is no longer that version is given whole. */
function isOutdated(
	{ 'if-range': ifRange }: RecordedCall['headers'],
	version: Record<string, string>,
): boolean {
	return ifRange !== undefined && !Object.values(version).includes(String(ifRange));
}

/**
 * `bytes=a-b`, `bytes=a-` and `bytes=-n`; anything else, several ranges too, is ignored as HTTP
 * allows. What the vendor does with a range beyond the end is not documented.
 */
export function parseRange(
	header: string | undefined,
	total: number,
): Range | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
	if (!match || (match[1] === '' && match[2] === '')) return undefined;
	const last = total - 1;
	if (match[1] === '') {
		const length = Number(match[2]);
		return length === 0 ? 'unsatisfiable' : { start: Math.max(0, total - length), end: last };
	}
	const start = Number(match[1]);
	const end = match[2] === '' ? last : Math.min(Number(match[2]), last);
	if (match[2] !== '' && Number(match[2]) < start) return undefined;
	return start > last ? 'unsatisfiable' : { start, end };
}

function unsatisfiable(answer: number, total: number): Reply {
	if (answer !== 416) throw new Refusal(answer);
	return {
		status: 416,
		headers: { 'Content-Range': `bytes */${total}` },
		body: Buffer.alloc(0),
	};
}

/** Media stored encrypted cannot be decrypted in pieces that cut a 16-byte block, unless the last. */
function refuseUnaligned(range: Range, total: number, startToo: boolean): void {
	const length = range.end - range.start + 1;
	const cutsBlock = length % 16 !== 0 && range.end < total - 1;
	if (cutsBlock || (startToo && range.start % 16 !== 0)) throw new Refusal(830002);
}

function statedTotal(quirks: DownloadQuirks, range: Range, total: number): string {
	if (quirks.total === '*') return '*';
	return String(quirks.total === 'changes' && range.start > 0 ? total + 1 : total);
}

function fileHeaders(
	contentType: string,
	fileName: string,
	quirks: DownloadQuirks,
): Record<string, string> {
	const headers: Record<string, string> = {
		'Content-Type': contentType,
		'Content-disposition': `attachment; ${nameParameters(fileName, quirks)}`,
		Connection: 'close',
		'Cache-Control': 'no-cache, must-revalidate',
	};
	if (quirks.noContentDisposition) delete headers['Content-disposition'];
	return headers;
}

/** ASCII plain; other names percent-encoded first, then plain as raw UTF-8 bytes (seen 2023-24). */
export function nameParameters(
	fileName: string,
	quirks: Pick<DownloadQuirks, 'plainNameOnly'>,
): string {
	const quotable = fileName.replace(/["\\\r\n]/g, '_');
	// Node writes header values as Latin-1, so the raw UTF-8 bytes have to be dressed as such.
	const plain = `filename="${Buffer.from(quotable, 'utf8').toString('latin1')}"`;
	// eslint-disable-next-line no-control-regex -- the test is for anything outside ASCII
	if (/^[\x00-\x7f]*$/.test(quotable) || quirks.plainNameOnly) return plain;
	return `filename*=utf-8''${encodeURIComponent(fileName)}; ${plain}`;
}

function spelled(headers: Record<string, string>, quirks: DownloadQuirks): Record<string, string> {
	if (!quirks.lowerCaseHeaders) return headers;
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

export const DOWNLOAD_ROUTES: Route[] = [
	{ method: 'GET', path: 'media/get', handle: getMedia },
	{ method: 'GET', path: 'media/get/jssdk', handle: getHdVoice },
];
