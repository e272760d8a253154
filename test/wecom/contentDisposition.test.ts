import fc from 'fast-check';

import { decodeFileName } from '../../nodes/WeComMedia/wecom/files/contentDisposition';
import { toSafeBaseName } from '../../nodes/WeComMedia/wecom/files/fileName';
import { startCpuWatch } from '../helpers/cpuTime';

/** What an HTTP library hands over for a header with raw UTF-8 bytes. */
const asLatin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const percent = (text: string) =>
	encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);

describe('decodeFileName', () => {
	test.each([
		['plain', 'attachment; filename="MEDIA_ID.jpg"', 'MEDIA_ID.jpg'],
		['bare', 'attachment; filename=report.pdf', 'report.pdf'],
		['bare with blanks', 'attachment; filename= my report.pdf ; size=3', 'my report.pdf'],
		['raw UTF-8', asLatin1('attachment; filename="测试 📊.xlsx"'), '测试 📊.xlsx'],
		['raw UTF-8 without quotes', asLatin1('attachment; filename=测试.xlsx'), '测试.xlsx'],
		['already decoded', 'attachment; filename="测试.xlsx"', '测试.xlsx'],
		['real Latin-1', 'attachment; filename="r\xe9sum\xe9.pdf"', 'résumé.pdf'],
		['extended', "attachment; filename*=utf-8''%E6%B5%8B.xlsx", '测.xlsx'],
		['extended in quotes', `attachment; filename*="UTF-8''%E6%B5%8B.xlsx"`, '测.xlsx'],
		['extended with a language', "attachment; filename*=UTF-8'zh-CN'%E6%B5%8B.xlsx", '测.xlsx'],
		['extended in Latin-1', "attachment; filename*=ISO-8859-1''%E9t%E9.txt", 'été.txt'],
		['extended without charset', 'attachment; filename*=%E6%B5%8B.xlsx', '测.xlsx'],
		['extended with an apostrophe', "attachment; filename*=utf-8''Wang's.pdf", "Wang's.pdf"],
		['percent sign in a plain name', 'attachment; filename="100%25.txt"', '100%25.txt'],
		['escaped quotes', String.raw`attachment; filename="a \"b\" c.txt"`, 'a _b_ c.txt'],
		['semicolon in quotes', 'attachment; filename="a;b=c.txt"; size=1', 'a;b=c.txt'],
		['no closing quote', 'attachment; filename="open.txt', 'open.txt'],
		['upper case', 'ATTACHMENT; FILENAME="A.TXT"', 'A.TXT'],
		['blanks around =', 'attachment ;filename = "a.txt"', 'a.txt'],
		['no type', 'filename="a;b.txt"', 'a;b.txt'],
		['word without value', 'attachment; foo; filename="a.txt"', 'a.txt'],
		['a look-alike first', 'attachment; xfilename=no.txt; filename=yes.txt', 'yes.txt'],
		['junk after a quoted value', 'x; a="b" filename=no.txt; filename=yes.txt', 'yes.txt'],
		['two of the same', 'attachment; filename=one.txt; filename=two.txt', 'one.txt'],
		['unescaped Windows path', String.raw`attachment; filename="C:\dir\new.txt"`, 'new.txt'],
		['escaped Windows path', String.raw`attachment; filename="C:\\dir\\new.txt"`, 'new.txt'],
		['traversal', 'attachment; filename="../../etc/passwd"', 'passwd'],
		['extended traversal', "attachment; filename*=utf-8''..%2F..%2Fx.txt", 'x.txt'],
		['extended CR LF', "attachment; filename*=utf-8''a%0D%0Ab%00.txt", 'ab.txt'],
	])('%s', (_form, header, expected) => {
		expect(decodeFileName(header)).toBe(expected);
	});

	test('filename* wins in either order over the plain name WeCom sends beside it', () => {
		const extended = `filename*=utf-8''${percent('季度报告.xlsx')}`;
		const plain = asLatin1('filename="other.xlsx"');
		expect(decodeFileName(`attachment; ${extended}; ${plain}`)).toBe('季度报告.xlsx');
		expect(decodeFileName(`attachment; ${plain}; ${extended}`)).toBe('季度报告.xlsx');
	});

	test.each([
		['a broken percent code', "utf-8''%E6%B"],
		['a percent sign alone', "utf-8''50%"],
		['bytes that are not UTF-8', "utf-8''%FF%FE.txt"],
		['an unknown charset', "x-none''a.txt"],
		['nothing', "utf-8''"],
		['a path only', "utf-8''..%2F.."],
	])('filename* with %s falls through to the plain name', (_what, value) => {
		expect(decodeFileName(`attachment; filename*=${value}; filename="plain.txt"`)).toBe(
			'plain.txt',
		);
	});

	test.each([
		[undefined],
		[''],
		['attachment'],
		['attachment; filename=""'],
		['attachment; filename=".amr"'],
		[[]],
		[';;;==="'],
	])('%j has no name', (header) => {
		expect(decodeFileName(header)).toBe('');
	});

	test('of several headers the first one with a name counts', () => {
		expect(decodeFileName(['inline', 'attachment; filename="a.txt"', 'x; filename=b'])).toBe(
			'a.txt',
		);
	});

	test('any name survives the way as filename* and as raw UTF-8', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
				const name = toSafeBaseName(`${text}.txt`);
				expect(decodeFileName(`attachment; filename*=utf-8''${percent(name)}`)).toBe(name);
				expect(decodeFileName(asLatin1(`attachment; filename="${name}"; size=1`))).toBe(name);
			}),
			{ numRuns: 500 },
		);
	});

	test('hostile headers never throw and never give a path', () => {
		const piece = fc.oneof(
			fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 20 }),
			fc.constantFrom(
				...['attachment', ';', '=', '"', '\\', "'", '%', '%2F', '/', '..', "utf-8''", ' ', '\0'],
				...['filename', 'filename*', 'FileName="', "filename*=utf-8''", '\r\n', '%00', '*'],
			),
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
				const header = pieces.join('');
				const name = decodeFileName(header);
				expect(name).not.toMatch(/[\\/\p{Cc}]/u);
			}),
			{ numRuns: 2000 },
		);
	});

	test('a header of a megabyte is read in linear time', () => {
		const cpuSeconds = startCpuWatch();
		for (const piece of [';', 'a=b;', '"', '\\', "'", '=', ';=', '%', ' ']) {
			decodeFileName(`attachment; filename="${piece.repeat(200_000)}`);
			decodeFileName(`attachment; ${piece.repeat(200_000)}`);
		}
		expect(cpuSeconds()).toBeLessThan(10);
	});
});
