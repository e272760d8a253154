import { toSafeBaseName } from './fileName';
import { decodeBytes, decodeUnnamed, percentBytes, rereadBytes } from './foreignName';

type HeaderValue = string | string[] | undefined;

/** Parameters of a header by name, in lower case; the first of equal names counts. */
type Disposition = Map<string, string>;

/**
 * The file name in a Content-Disposition header, as media/get sends it (vendor page 90254).
 *
 * `filename*` comes first (percent-coded UTF-8; WeCom sends it for non-ASCII names), then plain `filename`, whose raw bytes
 * HTTP libraries hand over as Latin-1. Never throws, whatever the header holds.
 *
 * @returns a safe base name (see toSafeBaseName), '' if there is none
 */
export function decodeFileName(header: HeaderValue): string {
	for (const params of parseAll(header)) {
		const names = [extendedValue(params.get('filename*')), params.get('filename') ?? ''];
		for (const name of names) {
			const safe = toSafeBaseName(name);
			if (safe) return safe;
		}
	}
	return '';
}

function parseAll(header: HeaderValue): Disposition[] {
	const values: unknown[] = Array.isArray(header) ? header : [header];
	return (
		values
			.filter((value): value is string => typeof value === 'string')
			// Before it is taken apart: the second byte of a GBK character may be a backslash.
			.map((value) => parse(rereadBytes(value)))
	);
}

function parse(header: string): Disposition {
	const params = new Map<string, string>();
	const firstEnd = indexOrEnd(header, ';', 0);
	// The disposition's type comes first, but some headers start with a parameter.
	let at = header.slice(0, firstEnd).includes('=') ? 0 : firstEnd + 1;
	while (at < header.length) {
		const equals = header.indexOf('=', at);
		if (equals === -1) break;
		// A word without "=" may stand before the parameter: only what follows the last ";" is its name.
		const nameStart = header.lastIndexOf(';', equals) + 1;
		const name = header.slice(Math.max(at, nameStart), equals).trim().toLowerCase();
		const { value, end } = readValue(header, equals + 1);
		if (!params.has(name)) params.set(name, value);
		at = end + 1;
	}
	return params;
}

/** Reads one value; `end` is where its ";" stands, or the header's length. */
function readValue(header: string, from: number): { value: string; end: number } {
	let at = from;
	while (header[at] === ' ' || header[at] === '\t') at += 1;
	if (header[at] !== '"') {
		const end = indexOrEnd(header, ';', at);
		return { value: header.slice(at, end).trim(), end };
	}
	let value = '';
	for (at += 1; at < header.length && header[at] !== '"'; at += 1) {
		// Only \" and \\ are quoted pairs here: senders that forget to escape write C:\dir\name.txt.
		const next = header[at + 1];
		if (header[at] === '\\' && (next === '"' || next === '\\')) at += 1;
		value += header[at];
	}
	return { value, end: indexOrEnd(header, ';', at) };
}

function indexOrEnd(text: string, search: string, from: number): number {
	const index = text.indexOf(search, from);
	return index === -1 ? text.length : index;
}

/** Decodes `charset'language'percent-coded` (RFC 8187); '' when anything in it is broken. */
function extendedValue(value: string | undefined): string {
	if (!value) return '';
	const [, charset, text] = /^([\w.:+-]*)'[^']*'(.*)$/s.exec(value) ?? ['', '', value];
	const bytes = percentBytes(text, true);
	if (!bytes) return '';
	// Some senders say UTF-8 and send GBK.
	const isUtf8 = /^(?:utf-?8)?$/i.test(charset);
	return (isUtf8 ? decodeUnnamed(bytes) : decodeBytes(bytes, charset)) ?? '';
}
