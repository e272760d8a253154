import { refuse } from './refusals';
import type { Refusal } from './refusals';

/** The query as it stood in the URL (with or without `?`), or as a web framework parsed it. */
export type QueryInput = string | Readonly<Record<string, unknown>>;

/** WeCom's longest value is `echostr`, below 200 characters. */
const MAX_VALUE_LENGTH = 4096;
const MAX_RAW_LENGTH = 16 * 1024;

/**
 * Takes the named parameters out of a query; each must be there exactly once and not be empty. Others are ignored.
 * In `echostr` a space becomes `+` again: it is Base64, and frameworks decode an unescaped `+` as a space.
 */
export function readQuery<Name extends string>(
	input: QueryInput,
	names: readonly Name[],
): { ok: true; values: Record<Name, string> } | Refusal {
	const query = typeof input === 'string' ? parseRaw(input) : input;
	if (typeof query !== 'object' || query === null) return refuse('query-unreadable');

	const values: Partial<Record<Name, string>> = {};
	for (const name of names) {
		const value: unknown = Object.hasOwn(query, name) ? query[name] : undefined;
		if (value === undefined || value === null || value === '') {
			return refuse('parameter-missing', name);
		}
		// A framework makes a list of `a=1&a=2` and an object of `a[b]=1`.
		if (typeof value !== 'string') return refuse('parameter-repeated', name);
		if (value.length > MAX_VALUE_LENGTH) return refuse('parameter-too-long', name);
		values[name] = name === 'echostr' ? value.replace(/ /g, '+') : value;
	}
	return { ok: true, values: values as Record<Name, string> };
}

function parseRaw(raw: string): Record<string, unknown> | undefined {
	if (raw.length > MAX_RAW_LENGTH) return undefined;
	const query = Object.create(null) as Record<string, string | string[]>;
	for (const pair of raw.replace(/^\?/, '').split('&')) {
		const equals = pair.indexOf('=');
		const name = decode(equals < 0 ? pair : pair.slice(0, equals));
		const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
		if (name === undefined || value === undefined) return undefined;
		const existing = query[name];
		query[name] = existing === undefined ? value : [existing, value].flat();
	}
	return query;
}

/** `+` stays: unlike a form, WeCom's query never means a space by it. */
function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
