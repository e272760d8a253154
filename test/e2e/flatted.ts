/**
 * Reads the text in which n8n stores an execution's data: a list in which every string inside an
 * object or array is the position of the real value (that is how it keeps cycles).
 */
export function parseFlatted(text: string): unknown {
	const table = JSON.parse(text) as unknown[];
	const done = new Map<number, unknown>();
	const value = (position: number): unknown => {
		if (done.has(position)) return done.get(position);
		const entry = table[position];
		if (typeof entry !== 'object' || entry === null) return entry;
		const target: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		done.set(position, target);
		for (const [key, inner] of Object.entries(entry)) {
			(target as Record<string, unknown>)[key] =
				typeof inner === 'string' ? value(Number(inner)) : inner;
		}
		return target;
	};
	return value(0);
}
