/** Which bytes of a file one request asks for: ours for a download, and one for a file that we serve. */
import { DOWNLOADS } from '../accounts/rules';

/** Media that are stored encrypted can only be cut between blocks of so many bytes. */
const ALIGNMENT = 16;

/** @returns the Range header that asks for the piece in which a byte lies, from that byte on */
export function rangeOf(position: number): string {
	const { pieceBytes } = DOWNLOADS;
	const end = (Math.floor(position / pieceBytes) + 1) * pieceBytes - 1;
	return `bytes=${alignedDown(position)}-${end}`;
}

/** @returns the first byte of the block in which a byte lies */
export function alignedDown(position: number): number {
	return position - (position % ALIGNMENT);
}

/** @returns the first byte of the block that begins there or next */
export function alignedUp(position: number): number {
	return alignedDown(position + ALIGNMENT - 1);
}

/** What a `Range` request header asks for (RFC 9110, section 14): single ranges only. */
type RequestedRange =
	| { kind: 'whole' }
	| { kind: 'part'; start: number; /** Inclusive. */ end: number }
	| { kind: 'unsatisfiable' };

/**
 * A header that is malformed, reversed or names several ranges is ignored, as the standard allows.
 *
 * @param size of the file in bytes
 * @param ifRange the `If-Range` header; a part is given only when it is the file's ETag
 */
export function readRange(
	range: string | undefined,
	size: number,
	ifRange: string | undefined,
	etag: string,
): RequestedRange {
	if (!range || (ifRange !== undefined && ifRange !== etag)) return { kind: 'whole' };
	const match = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(range);
	if (!match || (match[1] === '' && match[2] === '')) return { kind: 'whole' };
	if (match[1] === '') {
		const count = Math.min(Number(match[2]), size);
		return count === 0
			? { kind: 'unsatisfiable' }
			: { kind: 'part', start: size - count, end: size - 1 };
	}
	const start = Number(match[1]);
	const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
	if (match[2] !== '' && Number(match[2]) < start) return { kind: 'whole' };
	return start >= size ? { kind: 'unsatisfiable' } : { kind: 'part', start, end };
}
