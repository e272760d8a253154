import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';

import { readXml } from '../../../nodes/WeComMedia/wecom/callback/xml';
import type { FieldValue } from '../../../nodes/WeComMedia/wecom/callback/xml';
import { startCpuWatch } from '../../helpers/cpuTime';

/** fast-xml-parser without any guessing: no numbers, no attributes, trimmed text. */
const oracle = new XMLParser({ parseTagValue: false, ignoreAttributes: true, trimValues: true });

function valueOf(text: string): unknown {
	const result = readXml(text);
	return result.ok ? result.value : result.problem;
}

type Node = string | Array<[string, Node]>;

const names = fc.constantFrom('ToUserName', 'Event', 'JobId', 'a', 'b-1', '_x', 'Item.y');
const texts = fc.string({
	unit: fc.constantFrom('企', '😀', 'x', '1', '&', '<', '>', '"', "'", ']', ' ', '\n', '#'),
	minLength: 1,
	maxLength: 12,
});
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
	tree: fc.oneof(
		{ depthSize: 'small' },
		texts,
		fc.array(fc.tuple(names, tie('tree')), { maxLength: 4 }),
	),
}));

/** `wrap` picks how each text is written; blanks between elements vary with it. */
function write(node: Node, wrap: (text: string) => string, gap: string): string {
	if (typeof node === 'string') return wrap(node);
	const inner = node.map(([name, child]) => {
		const content = write(child, wrap, gap);
		return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
	});
	return inner.length === 0 ? '' : gap + inner.join(gap) + gap;
}

const escape = (text: string) =>
	text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&apos;');
const cdata = (text: string) => `<![CDATA[${text.replace(/]]>/g, ']]]]><![CDATA[>')}]]>`;

/** What a reader must find for a written tree: the model, independent of any parser. */
function model(node: Node, text: (raw: string) => string): FieldValue {
	if (typeof node === 'string') return text(node);
	if (node.length === 0) return '';
	const fields: Record<string, FieldValue> = {};
	for (const [name, child] of node) {
		const value = model(child, text);
		if (!(name in fields)) fields[name] = value;
		else if (Array.isArray(fields[name])) fields[name].push(value);
		else fields[name] = [fields[name], value];
	}
	return fields;
}

const trimmed = (text: string) => text.replace(/^[ \n]+|[ \n]+$/g, '');

describe('XML reader on generated documents', () => {
	it.each(['', ' ', '\n\t', '\r\n'])('finds what was written as CDATA, gap %j', (gap) => {
		fc.assert(
			fc.property(tree, (node) => {
				const text = `<xml>${write(node, cdata, gap)}</xml>`;
				expect(valueOf(text)).toEqual({ xml: model(node, (raw) => raw) });
			}),
		);
	});

	it('finds what was written as escaped text, blanks around it gone', () => {
		fc.assert(
			fc.property(tree, (node) => {
				const text = `<?xml version="1.0" encoding="UTF-8"?>\n<xml>${write(node, escape, '\n')}</xml>\n`;
				expect(valueOf(text)).toEqual({ xml: model(node, trimmed) });
			}),
		);
	});

	it('agrees with fast-xml-parser on escaped text', () => {
		fc.assert(
			fc.property(tree, (node) => {
				const text = `<xml>${write(node, escape, '\n ')}</xml>`;
				expect(valueOf(text)).toEqual(oracle.parse(text));
			}),
		);
	});

	it('agrees with fast-xml-parser on CDATA', () => {
		fc.assert(
			fc.property(tree, (node) => {
				const text = `<xml>${write(node, cdata, '\n ')}</xml>`;
				expect(valueOf(text)).toEqual(oracle.parse(text));
			}),
		);
	});
});

describe('XML reader', () => {
	it.each<[string, string, unknown]>([
		['an empty root', '<xml></xml>', ''],
		['a self-closing root', '<xml/>', ''],
		['blanks before and behind the root', ' \r\n<xml/>\n', ''],
		['a byte order mark', '\uFEFF<xml>a</xml>', 'a'],
		['a declaration', '<?xml version="1.0"?><xml>a</xml>', 'a'],
		['blanks in tags', '<xml ><a\n>x</a\t></xml >', { a: 'x' }],
		['blanks around CDATA', '<xml> \n<![CDATA[a]]>\t</xml>', 'a'],
		['blanks inside CDATA', '<xml><![CDATA[ a ]]></xml>', ' a '],
		['ideographic spaces', '<xml>　企　</xml>', '　企　'],
		['text beside CDATA', '<xml> a<![CDATA[ & ]]>b </xml>', 'a & b'],
		['brackets in CDATA', '<xml><![CDATA[]]]]></xml>', ']]'],
		['an opening mark in CDATA', '<xml><![CDATA[<![CDATA[]]></xml>', '<![CDATA['],
		['a blank from a reference', '<xml> &#32;a&#x20; </xml>', ' a '],
		['numeric references', '<xml>&#20225;&#x4E1A;&#x1F600;</xml>', '企业😀'],
		['references that make markup', '<xml>&lt;a&gt;&amp;amp;</xml>', '<a>&amp;'],
		['line ends', '<xml><![CDATA[a\r\nb\rc]]></xml>', 'a\nb\nc'],
		['numbers', '<xml><CreateTime>0012</CreateTime></xml>', { CreateTime: '0012' }],
		['repeated elements', '<xml><a>1</a><b/><a>2</a><a/></xml>', { a: ['1', '2', ''], b: '' }],
		['spelling', '<xml><a>1</a><A>2</A></xml>', { a: '1', A: '2' }],
		['a control character a user typed', '<xml><![CDATA[a\u0008b]]></xml>', 'a\u0008b'],
	])('reads %s', (_name, text, expected) => {
		expect(valueOf(text)).toEqual({ xml: expected });
	});

	it.each<[string, string, string]>([
		['nothing', '', 'no-root'],
		['only blanks', ' \n', 'no-root'],
		['only text', 'hello', 'outside-root'],
		['an unclosed element', '<xml><a>x</xml>', 'bad-tag'],
		['an unclosed root', '<xml><a>x</a>', 'not-closed'],
		['an unclosed tag', '<xml', 'not-closed'],
		['an unclosed CDATA section', '<xml><![CDATA[x</xml>', 'not-closed'],
		['a closing tag too many', '<xml></xml></xml>', 'bad-tag'],
		['crossed elements', '<xml><a><b></a></b></xml>', 'bad-tag'],
		['a closing tag of another case', '<xml></XML>', 'bad-tag'],
		['a tag that closes twice', '<xml></a/></xml>', 'bad-tag'],
		['an empty tag', '<xml><></></xml>', 'bad-tag'],
		['a tag with a leading blank', '< xml></xml>', 'bad-tag'],
		['a tag with a leading digit', '<1xml></1xml>', 'bad-tag'],
		['an attribute', '<xml a="1"></xml>', 'bad-tag'],
		['a very long name', `<${'a'.repeat(129)}/>`, 'bad-tag'],
		['two roots', '<xml/><xml/>', 'outside-root'],
		['text behind the root', '<xml/>a', 'outside-root'],
		['CDATA before the root', '<![CDATA[a]]><xml/>', 'outside-root'],
		['CDATA behind the root', '<xml/><![CDATA[a]]>', 'outside-root'],
		['text beside elements', '<xml>a<b/></xml>', 'mixed-content'],
		['CDATA beside elements', '<xml><![CDATA[ ]]><b/></xml>', 'mixed-content'],
		['nested CDATA', '<xml><![CDATA[a<![CDATA[b]]>c]]></xml>', 'bad-text'],
		['a CDATA end in text', '<xml>a]]>b</xml>', 'bad-text'],
		['an unknown entity', '<xml>&nbsp;</xml>', 'bad-entity'],
		['an entity of an object property', '<xml>&constructor;</xml>', 'bad-entity'],
		['a bare ampersand', '<xml>a & b</xml>', 'bad-entity'],
		['an unfinished entity', '<xml>&amp</xml>', 'bad-entity'],
		['NUL by reference', '<xml>&#0;</xml>', 'bad-entity'],
		['a lone surrogate by reference', '<xml>&#xD800;</xml>', 'bad-entity'],
		['a non-character by reference', '<xml>&#xFFFF;</xml>', 'bad-entity'],
		['a reference beyond Unicode', '<xml>&#x110000;</xml>', 'bad-entity'],
		['an endless reference', `<xml>&#${'9'.repeat(1000)};</xml>`, 'bad-entity'],
		['a comment', '<xml><!-- a --></xml>', 'declaration'],
		['a processing instruction', '<xml><?php echo 1 ?></xml>', 'declaration'],
		['a stylesheet instruction', '<?xml-stylesheet href="a"?><xml/>', 'declaration'],
		['a second declaration', '<?xml version="1.0"?><?xml version="1.0"?><xml/>', 'declaration'],
		['a DTD', '<!DOCTYPE xml><xml/>', 'declaration'],
		[
			'an external entity',
			'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml>&e;</xml>',
			'declaration',
		],
		[
			'an entity bomb',
			'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml>&b;</xml>',
			'declaration',
		],
		['an entity bomb without its DTD', '<xml>&b;</xml>', 'bad-entity'],
	])('refuses %s', (_name, text, expected) => {
		expect(valueOf(text)).toBe(expected);
	});

	it('keeps __proto__, constructor and toString as ordinary fields', () => {
		const result = readXml(
			'<xml><__proto__><admin>1</admin></__proto__><toString>x</toString></xml>',
		);
		if (!result.ok) throw new Error(result.problem);
		const root = result.value.xml as Record<string, unknown>;
		expect(Object.getPrototypeOf(root)).toBeNull();
		expect(Object.keys(root)).toEqual(['__proto__', 'toString']);
		expect(({} as Record<string, unknown>).admin).toBeUndefined();
	});

	it('keeps to its limits, each met exactly and passed by one', () => {
		const outcome = (text: string) => {
			const result = readXml(text);
			return result.ok || result.problem;
		};
		const deep = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
		expect(outcome(deep(32))).toBe(true);
		expect(outcome(deep(33))).toBe('too-deep');
		const many = (elements: number) => `<a>${'<b/>'.repeat(elements - 1)}</a>`;
		expect(outcome(many(5000))).toBe(true);
		expect(outcome(many(5001))).toBe('too-many-elements');
		const long = (length: number) => `<a>${'x'.repeat(length - 7)}</a>`;
		expect(outcome(long(1024 * 1024))).toBe(true);
		expect(outcome(long(1024 * 1024 + 1))).toBe('too-large');
	});

	const size = 1024 * 1024 - 64;
	it.each([
		['blanks', `<xml>${' '.repeat(size)}x</xml>`],
		['ampersands', `<xml>${'&'.repeat(size)}</xml>`],
		['references', `<xml>${'&#65;'.repeat(size / 5)}</xml>`],
		['opening brackets', '<'.repeat(size)],
		['opening CDATA marks', `<xml>${'<![CDATA['.repeat(size / 9)}`],
		['CDATA sections', `<xml>${'<![CDATA[]]>'.repeat(size / 12)}</xml>`],
		['closing brackets', `<xml>${']]'.repeat(size / 2)}</xml>`],
		['open elements', '<a>'.repeat(size / 3)],
		['empty elements', `<xml>${'<a/>'.repeat(size / 4 - 8)}</xml>`],
		['a name', `<${'a'.repeat(size)}>`],
		['blanks in a tag', `<a${' '.repeat(size)}!>`],
	])(
		'is done with a megabyte of %s in seconds, where quadratic work would take minutes',
		(_name, text) => {
			const cpuSeconds = startCpuWatch();
			readXml(text);
			expect(cpuSeconds()).toBeLessThan(5);
		},
	);

	it('throws at no input', () => {
		const fragments = fc.constantFrom(
			'<xml>',
			'</xml>',
			'<a>',
			'</a>',
			'<![CDATA[',
			']]>',
			'&',
			'&#',
			';',
			'<!',
			'<?xml ',
			'?>',
			' ',
			'x',
			'<',
			'>',
			'\uD800',
		);
		fc.assert(
			fc.property(fc.array(fragments, { maxLength: 30 }), (parts) => {
				expect(typeof readXml(parts.join('')).ok).toBe('boolean');
			}),
			{ numRuns: 2000 },
		);
	});
});
