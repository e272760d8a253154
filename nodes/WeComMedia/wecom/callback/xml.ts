/**
 * A strict little XML reader for what WeCom sealed (vendor pages 90930, 90968): elements, text, CDATA, the five
 * predefined entities and numeric character references. Everything that makes XML dangerous does not exist here: no DTD,
 * no own entities, no attributes, no comments, no processing instructions besides one leading declaration.
 */

/** One value of a message: text (JSON: also number, boolean), a nested element, or a list where a name occurs more than once. */
export type FieldValue = string | number | boolean | Fields | FieldValue[];

/** Elements by their original spelling. Has no prototype, so an element named `__proto__` is an ordinary key. */
export interface Fields {
	[name: string]: FieldValue;
}

/**
 * The largest documented events are a few KiB and four levels deep; this leaves room and stays cheap. `maxLength` in
 * characters, `maxDepth` in levels, `maxElements` in elements (JSON: values).
 */
export const READ_LIMITS = { maxLength: 1024 * 1024, maxDepth: 32, maxElements: 5000 } as const;

export type ReadProblem =
	| 'too-large'
	| 'too-deep'
	| 'too-many-elements'
	| 'not-closed'
	| 'bad-tag'
	| 'bad-entity'
	| 'bad-text'
	| 'bad-json'
	| 'declaration'
	| 'mixed-content'
	| 'outside-root'
	| 'no-root';

export type ReadResult = { ok: true; value: Fields } | { ok: false; problem: ReadProblem };

interface Piece {
	text: string;
	cdata: boolean;
}

interface OpenElement {
	name: string;
	children: Fields | undefined;
	pieces: Piece[];
}

const TAG = /^(\/?)([A-Za-z_][\w.-]{0,127})[ \t\n]*(\/?)$/;
const XML_DECLARATION = /^<\?xml[ \t\n][^<>?]*\?>/;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/g;
const BAD_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)/;
const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** @returns an empty record without a prototype */
export function emptyFields(): Fields {
	return Object.create(null) as Fields;
}

/**
 * Reads one XML document.
 *
 * Blanks around plain text and around CDATA sections go, blanks inside CDATA stay; all values stay strings, because
 * `CreateTime` and `AgentID` come both bare and in CDATA and `MsgId` does not fit a number.
 * Raw control characters are let through although XML 1.0 forbids them: they come from what a chat user typed, and
 * refusing them would lose a genuine message.
 *
 * @param text the document, already decoded from UTF-8
 * @returns the root element under its own name, as in `{ xml: { ToUserName: '…' } }`, or the first problem found. Never throws.
 */
export function readXml(text: string): ReadResult {
	if (text.length > READ_LIMITS.maxLength) return problem('too-large');
	const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
	const document = emptyFields();
	const stack: OpenElement[] = [];
	let elements = 0;
	let position = XML_DECLARATION.exec(source)?.[0].length ?? 0;

	while (position < source.length) {
		const current = stack.at(-1);
		const tagStart = indexOrEnd(source, '<', position);
		if (tagStart > position) {
			const run = source.slice(position, tagStart);
			if (current) current.pieces.push({ text: run, cdata: false });
			else if (trimBlanks(run, true, true) !== '') return problem('outside-root');
			position = tagStart;
			continue;
		}
		if (source.startsWith(CDATA_START, position)) {
			if (!current) return problem('outside-root');
			const end = source.indexOf(CDATA_END, position);
			if (end < 0) return problem('not-closed');
			current.pieces.push({ text: source.slice(position + CDATA_START.length, end), cdata: true });
			position = end + CDATA_END.length;
			continue;
		}
		if (source[position + 1] === '!' || source[position + 1] === '?') return problem('declaration');

		const tagEnd = source.indexOf('>', position);
		if (tagEnd < 0) return problem('not-closed');
		const tag = TAG.exec(source.slice(position + 1, tagEnd));
		if (!tag || (tag[1] && tag[3])) return problem('bad-tag');
		position = tagEnd + 1;
		const name = tag[2];
		const opens = !tag[1];
		const closes = Boolean(tag[1] || tag[3]);

		if (opens) {
			elements += 1;
			if (elements > READ_LIMITS.maxElements) return problem('too-many-elements');
			if (stack.length >= READ_LIMITS.maxDepth) return problem('too-deep');
			if (!current && elements > 1) return problem('outside-root');
			stack.push({ name, children: undefined, pieces: [] });
		}
		if (closes) {
			const closed = stack.pop();
			if (closed?.name !== name) return problem('bad-tag');
			const content = contentOf(closed);
			if (!content.ok) return content;
			const parent = stack.at(-1);
			if (parent) append((parent.children ??= emptyFields()), name, content.value);
			else document[name] = content.value;
		}
	}
	if (stack.length > 0) return problem('not-closed');
	return elements === 0 ? problem('no-root') : { ok: true, value: document };
}

function problem(name: ReadProblem): { ok: false; problem: ReadProblem } {
	return { ok: false, problem: name };
}

function indexOrEnd(source: string, wanted: string, from: number): number {
	const index = source.indexOf(wanted, from);
	return index < 0 ? source.length : index;
}

function contentOf(
	element: OpenElement,
): { ok: true; value: string | Fields } | { ok: false; problem: ReadProblem } {
	if (element.children) {
		const onlyBlanks = element.pieces.every(
			(piece) => !piece.cdata && trimBlanks(piece.text, true, true) === '',
		);
		return onlyBlanks ? { ok: true, value: element.children } : problem('mixed-content');
	}
	const last = element.pieces.length - 1;
	let value = '';
	for (const [index, piece] of element.pieces.entries()) {
		if (piece.cdata) {
			value += piece.text;
			continue;
		}
		// Also what a CDATA section nested in another leaves behind: its outer end stands in plain text.
		if (piece.text.includes(CDATA_END)) return problem('bad-text');
		const decoded = decodeEntities(trimBlanks(piece.text, index === 0, index === last));
		if (decoded === undefined) return problem('bad-entity');
		value += decoded;
	}
	return { ok: true, value };
}

function append(parent: Fields, name: string, value: string | Fields): void {
	const existing = parent[name];
	if (existing === undefined) parent[name] = value;
	else if (Array.isArray(existing)) existing.push(value);
	else parent[name] = [existing, value];
}

function decodeEntities(text: string): string | undefined {
	if (BAD_ENTITY.test(text)) return undefined;
	let valid = true;
	const decoded = text.replace(ENTITY, (_match, named?: string, decimal?: string, hex = '') => {
		if (named) return PREDEFINED[named];
		const code = decimal ? parseInt(decimal, 10) : parseInt(hex as string, 16);
		if (isCharacter(code)) return String.fromCodePoint(code);
		valid = false;
		return '';
	});
	return valid ? decoded : undefined;
}

/** The `Char` production of XML 1.0: a numeric reference cannot smuggle in NUL, a lone surrogate or a non-character. */
function isCharacter(code: number): boolean {
	if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
	if (code < 0xd800) return true;
	return (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** XML's four blanks only: an ideographic space belongs to the text. A loop, because `/\s+$/` is quadratic on hostile text. */
function trimBlanks(text: string, start: boolean, end: boolean): string {
	let from = 0;
	let to = text.length;
	while (start && from < to && isBlank(text.charCodeAt(from))) from += 1;
	while (end && to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
	return text.slice(from, to);
}

function isBlank(code: number): boolean {
	return code === 0x20 || code === 0x9 || code === 0xa || code === 0xd;
}
