import fc from 'fast-check';

import { readForeignName } from '../../nodes/WeComMedia/wecom/files/foreignName';
import { startCpuWatch } from '../helpers/cpuTime';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex').toString('latin1');

describe('readForeignName mends', () => {
	test.each([
		['UTF-8 read as Latin-1, C1 bytes included', latin1('季度报告 2026（终稿）.xlsx')],
		['the same twice', latin1(latin1('季度报告 2026（终稿）.xlsx'))],
		['percent codes', encodeURIComponent('季度报告 2026（终稿）.xlsx')],
		['percent codes and blanks side by side', '%E5%AD%A3度报告%202026（终稿）.xlsx'],
		['percent codes read as Latin-1 before', latin1('%E5%AD%A3度报告 2026（终稿）.xlsx')],
		['GBK', hex('bcbeb6c8b1a8b8e6203230323 6a3a8d6d5b8e5a3a9').concat('.xlsx')],
		['GBK in percent codes', '%BC%BE%B6%C8%B1%A8%B8%E6 2026%A3%A8%D6%D5%B8%E5%A3%A9.xlsx'],
		['an encoded word', '=?utf-8?B?5a2j5bqm5oql5ZGKIDIwMjbvvIjnu4jnqL/vvIkueGxzeA==?='],
		[
			'two encoded words',
			'=?UTF-8?Q?=E5=AD=A3?= =?GBK?Q?=B6=C8=B1=A8=B8=E6_2026=A3=A8?=终稿）.xlsx',
		],
	])('%s', (_what, name) => {
		expect(readForeignName(name)).toBe('季度报告 2026（终稿）.xlsx');
	});

	test.each([
		['one character', hex('b1ed').concat('.xls'), '表.xls'],
		['one character in a word', hex('41d7e9').concat('.xls'), 'A组.xls'],
		[
			'a character whose second byte is a backslash',
			hex('d5c5 815c b6ab').concat('.doc'),
			'张乗东.doc',
		],
		['a rare character among common ones', hex('d6ecc946bbf9'), '朱蒄基'],
		['punctuation', hex('a1b0b1a8b8e6a1b1a3ac').concat('1.txt'), '“报告”，1.txt'],
	])('GBK: %s', (_what, name, expected) => {
		expect(readForeignName(name)).toBe(expected);
	});

	test('letters and accents that a Mac took apart', () => {
		expect(readForeignName('re\u0301sume\u0301 か\u3099.pdf')).toBe('résumé が.pdf');
	});
});

describe('readForeignName leaves alone', () => {
	test.each([
		...['50%.pdf', '100%25.pdf', '100%25%E5%9.mp4', 'a%2Fb.pdf', '50% off%20.pdf', '%FF%FE.txt'],
		...['café.pdf', 'résumé.pdf', 'AÇÃO.pdf', 'INFORMAÇÕES.pdf', 'Größe.pdf', 'año.txt'],
		...['Müller Straße.docx', 'ÅÄÖ.txt', 'Übergröße.pdf', 'CRÉÉ.pdf', 'Zoë’s “naïve” plan.docx'],
		...['季度报告.xlsx', '📊 2024.pdf', '=?what?=.pdf', '=?x-none?B?AAAA?=', 'Łódź.pdf', ''],
	])('%j', (name) => {
		expect(readForeignName(name)).toBe(name);
	});
});

test('any Chinese name survives each way in', () => {
	const chinese = fc
		.array(fc.constantFrom(...'季度报告终稿的一二三人工智能合同发票会议纪要表'), {
			minLength: 2,
			maxLength: 20,
		})
		.map((letters) => `${letters.join('')} 2024.docx`);
	fc.assert(
		fc.property(chinese, (name) => {
			expect(readForeignName(name)).toBe(name);
			expect(readForeignName(latin1(name))).toBe(name);
			expect(readForeignName(encodeURIComponent(name))).toBe(name);
		}),
	);
});

test('a name of a million signs is read in linear time', () => {
	const cpuSeconds = startCpuWatch();
	for (const piece of ['%', '%E5', '=?', '=?a?b?', '\xe5', '\xbc\xbe', 'e\u0301', '?= =?']) {
		readForeignName(piece.repeat(300_000));
	}
	expect(cpuSeconds()).toBeLessThan(10);
});
