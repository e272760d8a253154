/** What one answer of a download says of itself: which part, of how many bytes, of which version of the file. */
import type { FileAnswer } from '../client/client';
import { header } from '../client/wire';

/** What `Content-Range: bytes 0-1023/2048` says (vendor page 90254); `total` is absent for `*`. */
interface ContentRange {
	start: number;
	/** Inclusive. */
	end: number;
	total?: number;
}

/** @returns the bytes of the whole file, where the answer says so */
export function sizeOf(answer: FileAnswer): number | undefined {
	return isPart(answer) ? partOf(answer)?.total : lengthOf(answer);
}

/** @returns whether the answer says that it is a part: some proxies turn the status 206 into 200 */
export function isPart(answer: FileAnswer): boolean {
	return answer.status === 206 || header(answer, 'content-range') !== '';
}

/** @returns the part, undefined where the answer does not say which */
export function partOf(answer: FileAnswer): ContentRange | undefined {
	return parseContentRange(header(answer, 'content-range'));
}

/** @returns the range, or undefined when the header is absent or makes no sense */
export function parseContentRange(value: string): ContentRange | undefined {
	const match = /^\s*bytes\s+(\d+)-(\d+)\/(\d+|\*)\s*$/i.exec(value);
	if (!match) return undefined;
	const [start, end] = [Number(match[1]), Number(match[2])];
	const total = match[3] === '*' ? undefined : Number(match[3]);
	if (end < start || (total !== undefined && end >= total)) return undefined;
	return total === undefined ? { start, end } : { start, end, total };
}

/** @returns the size of the file that HTTP 416 may name in `Content-Range: bytes *\/N` */
export function sizeBeyond(contentRange: string): number | undefined {
	const size = /^\s*bytes\s+\*\/(\d+)\s*$/i.exec(contentRange)?.[1];
	return size === undefined ? undefined : Number(size);
}

/** @returns the bytes of the body; undefined where nobody says, or where it counts the packed ones */
export function lengthOf(answer: FileAnswer): number | undefined {
	const length = header(answer, 'content-length');
	return /^\d+$/.test(length) && !isUnpacked(answer) ? Number(length) : undefined;
}

/** @returns whether the connection counts just so many bytes, so that the body's end comes with the last of them */
export function isCounted(answer: FileAnswer, bytes: number): boolean {
	return lengthOf(answer) === bytes && !isSelfDelimiting(answer);
}

/** @returns whether the body's end shows without its length: the last of its chunks says so */
export function isSelfDelimiting(answer: FileAnswer): boolean {
	return /\bchunked\b/i.test(header(answer, 'transfer-encoding'));
}

/** @returns whether n8n's HTTP client unpacks the body: what it then hands over is Node's unpacker, which counts its input */
export function isUnpacked({ handed }: FileAnswer): boolean {
	return typeof (handed as { bytesWritten?: unknown }).bytesWritten === 'number';
}

/** @returns whether the body is packed in a way that n8n's HTTP client does not unpack; where it does, it takes the header away */
export function isPacked(answer: FileAnswer): boolean {
	return /\b(?:gzip|deflate|compress|br|zstd)\b/i.test(header(answer, 'content-encoding'));
}

/** What tells one version of a file from another; '' where the server does not say. */
export interface Version {
	etag: string;
	lastModified: string;
}

/** @returns what the answer says of the file's version */
export function versionOf(answer: FileAnswer): Version {
	return {
		etag: header(answer, 'etag'),
		lastModified: isOld(answer) ? header(answer, 'last-modified') : '',
	};
}

/** @returns whether both answers are, as far as they say, of the same version */
export function isSameVersion(a: Version, b: Version): boolean {
	if (a.etag && b.etag) return a.etag === b.etag;
	return !a.lastModified || !b.lastModified || a.lastModified === b.lastModified;
}

/** @returns the value of `If-Range`: only a strong validator may stand there (RFC 9110, 13.1.5) */
export function ifRangeOf({ etag, lastModified }: Version): string {
	return etag && !etag.startsWith('W/') ? etag : lastModified;
}

/** A server that makes its answers on the way gives the present as their time, which says nothing (RFC 9110, 8.8.2.2). */
function isOld(answer: FileAnswer): boolean {
	const changedAt = Date.parse(header(answer, 'last-modified'));
	const sentAt = Date.parse(header(answer, 'date'));
	return changedAt < sentAt;
}
