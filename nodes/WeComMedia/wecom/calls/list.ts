/** How people write lists: with commas, semicolons, enumeration commas and bars of both keyboards, or line by line. */
const SEPARATORS = /[,，;；、|｜\r\n\u2028\u2029]+/;

/** @returns the entries of a list that was typed, or handed over by an expression as an array; without empty ones */
export function listOf(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(listOf);
	if (typeof value !== 'string' && typeof value !== 'number') return [];
	return String(value)
		.split(SEPARATORS)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}
