/** Reads what people type, or hand over by an expression: lists and IDs. */
import { WeComInputError } from '../client/errors';

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

/**
 * Ids of WeCom are opaque (a media_id like `3*1*G6nr…` exists), so only what can never be one is refused.
 *
 * @param field as the panel labels it
 * @param maxBytes UTF-8 bytes
 * @param source where such an id comes from, for the advice
 * @returns the id, trimmed
 * @throws WeComInputError
 */
export function readOpaqueId(
	value: string,
	field: string,
	maxBytes: number,
	source: string,
): string {
	const id = value.trim();
	const hint = `Take it from ${source}.`;
	if (id === '') throw new WeComInputError(`'${field}' is empty`, hint, field);
	const malformed = /[\s\p{Cc}]/u.test(id) || /^(?:undefined|null)$|^\[object/.test(id);
	if (malformed || Buffer.byteLength(id) > maxBytes) {
		throw new WeComInputError(`'${field}' does not look like an ID of WeCom`, hint, field);
	}
	return id;
}
