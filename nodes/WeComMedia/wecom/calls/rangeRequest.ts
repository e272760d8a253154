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
