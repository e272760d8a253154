import { refuse } from './refusals';
import type { Refusal } from './refusals';

/** Characters. WeCom's own query is below 500; a longer one is refused before anything of it is looked at. */
export const MAX_QUERY_LENGTH = 2048;

/**
 * Takes the named parameters out of a query; each must be there exactly once and not be empty. Others are ignored and not
 * kept, so that the work does not grow with what a stranger adds. In `echostr` a space becomes `+` again: it is Base64, and
 * a proxy that writes queries anew may take an unescaped `+` for a space.
 *
 * @param query as it stood in the URL, with or without `?`
 */
export function readQuery<Name extends string>(
	query: string,
	names: readonly Name[],
): { ok: true; values: Record<Name, string> } | Refusal {
	if (query.length > MAX_QUERY_LENGTH) return refuse('query-too-long');
	const values: Partial<Record<Name, string>> = {};
	for (const pair of query.replace(/^\?/, '').split('&')) {
		const equals = pair.indexOf('=');
		const written = decode(equals < 0 ? pair : pair.slice(0, equals));
		const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
		if (written === undefined || value === undefined) return refuse('query-unreadable');
		const name = names.find((wanted) => wanted === written);
		if (name === undefined) continue;
		if (values[name] !== undefined) return refuse('parameter-repeated', name);
		values[name] = name === 'echostr' ? value.replace(/ /g, '+') : value;
	}
	const missing = names.find((name) => !values[name]);
	if (missing !== undefined) return refuse('parameter-missing', missing);
	return { ok: true, values: values as Record<Name, string> };
}

/** `+` stays: unlike a form, WeCom's query never means a space by it. */
function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
