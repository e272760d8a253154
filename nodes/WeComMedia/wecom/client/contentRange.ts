/** What `Content-Range: bytes 0-1023/2048` says (vendor page 90254); `total` is absent for `*`. */
export interface ContentRange {
	start: number;
	/** Inclusive. */
	end: number;
	total?: number;
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
