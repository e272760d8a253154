import { refuse } from './refusals';
import type { Refusal } from './refusals';

/** The query as it stood in the URL (with or without `?`), or as a web framework parsed it. */
export type QueryInput = string | Readonly<Record<string, unknown>>;

/** Characters. WeCom's own query is below 500; a longer one is refused before anything of it is looked at. */
export const MAX_QUERY_LENGTH = 2048;

type Values<Name extends string> = Partial<Record<Name, unknown>>;

/**
 * Takes the named parameters out of a query; each must be there exactly once and not be empty. Others are ignored.
 * In `echostr` a space becomes `+` again: it is Base64, and frameworks decode an unescaped `+` as a space.
 */
export function readQuery<Name extends string>(
	input: QueryInput,
	names: readonly Name[],
): { ok: true; values: Record<Name, string> } | Refusal {
	if (typeof input === 'string' && input.length > MAX_QUERY_LENGTH) return refuse('query-too-long');
	const given = typeof input === 'string' ? parseRaw(input, names) : pick(input, names);
	if (given === undefined) return refuse('query-unreadable');

	const values: Partial<Record<Name, string>> = {};
	for (const name of names) {
		const value: unknown = given[name];
		if (value === undefined || value === null || value === '') {
			return refuse('parameter-missing', name);
		}
		if (typeof value !== 'string') return refuse('parameter-repeated', name);
		if (value.length > MAX_QUERY_LENGTH) return refuse('parameter-too-long', name);
		values[name] = name === 'echostr' ? value.replace(/ /g, '+') : value;
	}
	return { ok: true, values: values as Record<Name, string> };
}

/** A framework makes a list of `a=1&a=2` and an object of `a[b]=1`: anything but a text counts as repeated. */
function pick<Name extends string>(
	query: Readonly<Record<string, unknown>>,
	names: readonly Name[],
): Values<Name> | undefined {
	if (typeof query !== 'object' || query === null) return undefined;
	const picked: Values<Name> = {};
	for (const name of names) {
		if (Object.hasOwn(query, name)) picked[name] = query[name];
	}
	return picked;
}

/** Keeps what was asked for and nothing else, so that the work does not grow with what a stranger adds. */
function parseRaw<Name extends string>(
	raw: string,
	names: readonly Name[],
): Values<Name> | undefined {
	const picked: Values<Name> = {};
	for (const pair of raw.replace(/^\?/, '').split('&')) {
		const equals = pair.indexOf('=');
		const written = decode(equals < 0 ? pair : pair.slice(0, equals));
		const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
		if (written === undefined || value === undefined) return undefined;
		const name = names.find((wanted) => wanted === written);
		if (name === undefined) continue;
		picked[name] = Object.hasOwn(picked, name) ? REPEATED : value;
	}
	return picked;
}

const REPEATED = Symbol('repeated');

/** `+` stays: unlike a form, WeCom's query never means a space by it. */
function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
