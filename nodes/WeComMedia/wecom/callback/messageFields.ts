import { READ_LIMITS, emptyFields, readXml } from './xml';
import type { FieldValue, Fields, ReadResult } from './xml';

/** Fields that hold what a person typed (vendor page 90239). */
const TYPED = ['Content', 'Title', 'Description', 'Label', 'Url'];
const OPENING = new RegExp(`<(${TYPED.join('|')})><!\\[CDATA\\[`, 'g');
/** An end within the text, as XML writes it. */
const SPLIT = ']]]]><![CDATA[>';
const END = /\]\]\]\]><!\[CDATA\[>|\]\]>/g;

const JSON_STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Reads a decrypted message, XML or JSON. XML has one root named `xml` (vendor page 90930); JSON is one object (smart bots,
 * page 101033; apps, page 90968, where how an app is switched to JSON is not documented, so the first character decides).
 *
 * @returns the fields inside the root, numbers and booleans of JSON as such; a number that JavaScript would round is a
 *   string. Never throws.
 */
export function readFields(text: string): ReadResult {
	if (text.length > READ_LIMITS.maxLength) return { ok: false, problem: 'too-large' };
	if (/^\uFEFF?[ \t\r\n]*\{/.test(text)) return readJson(text.replace(/^\uFEFF/, ''));

	const document = readXml(withTypedTextClosed(text));
	if (!document.ok) return document;
	const root = document.value.xml;
	if (root === '') return { ok: true, value: emptyFields() };
	if (typeof root !== 'object' || Array.isArray(root)) return { ok: false, problem: 'no-root' };
	return { ok: true, value: root };
}

/**
 * The text of a field that occurs exactly once. The exact spelling goes first, then any other case: JSON writes `msgtype`
 * where XML writes `MsgType`.
 *
 * @returns undefined for a field that is absent, repeated or has fields of its own
 */
export function textField(fields: Fields, name: string): string | undefined {
	const value = fieldOf(fields, name);
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return typeof value === 'string' ? value : undefined;
}

/** @returns a field by its name, in any case; undefined where two names differ by case only */
export function fieldOf(fields: Fields, name: string): FieldValue | undefined {
	const exact = fields[name];
	if (exact !== undefined) return exact;
	const wanted = name.toLowerCase();
	const alike = Object.keys(fields).filter((key) => key.toLowerCase() === wanted);
	return alike.length === 1 ? fields[alike[0]] : undefined;
}

function readJson(text: string): ReadResult {
	const parsed = parseJson(text);
	if (parsed === undefined) return { ok: false, problem: 'bad-json' };

	let values = 0;
	const problems: Array<'too-deep' | 'too-many-elements'> = [];
	const convert = (value: unknown, depth: number): FieldValue => {
		values += 1;
		if (values > READ_LIMITS.maxElements) problems.push('too-many-elements');
		if (depth > READ_LIMITS.maxDepth) problems.push('too-deep');
		if (problems.length > 0 || value === null) return '';
		if (typeof value !== 'object') return value as string | number | boolean;
		if (Array.isArray(value)) {
			const list: FieldValue[] = [];
			for (const entry of value) {
				if (problems.length > 0) break;
				list.push(convert(entry, depth + 1));
			}
			return list;
		}
		const fields = emptyFields();
		for (const [key, entry] of Object.entries(value)) {
			if (problems.length > 0) break;
			fields[key] = convert(entry, depth + 1);
		}
		return fields;
	};

	const value = convert(parsed, 1);
	if (problems.length > 0) return { ok: false, problem: problems[0] };
	return { ok: true, value: value as Fields };
}

/** What JavaScript cannot hold becomes a string before parsing: a 64-bit MsgId does not survive as a number. */
function parseJson(text: string): object | undefined {
	try {
		// First as it is: on text known to be JSON the expression below is linear and cannot make bad JSON good.
		JSON.parse(text);
		const quoted = text.replace(JSON_STRING_OR_NUMBER, (token) =>
			token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`,
		);
		return JSON.parse(quoted) as object;
	} catch {
		return undefined;
	}
}

/**
 * WeCom puts what a person typed into one CDATA section as it is, so a `]]>` in it ends the section early
 * (silenceper/wechat#750). Such a field goes on to its last end in the document; the ends in between are split, where they
 * are not yet. Whoever types the end of the field and other fields behind it has typed all of that as text.
 */
function withTypedTextClosed(xml: string): string {
	let closed = '';
	let position = 0;
	for (const { 0: opening, 1: name, index } of xml.matchAll(OPENING)) {
		if (index < position) continue;
		const from = index + opening.length;
		const to = xml.lastIndexOf(`]]></${name}>`);
		if (to < from) continue;
		closed += xml.slice(position, from) + splitEnds(xml.slice(from, to));
		position = to;
	}
	return closed + xml.slice(position);
}

function splitEnds(text: string): string {
	return text.replace(END, (end) => (end === ']]>' ? SPLIT : end));
}
