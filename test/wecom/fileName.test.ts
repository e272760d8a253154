import fc from 'fast-check';

import {
	MAX_FILE_NAME_BYTES,
	extensionOf,
	toSafeBaseName,
	toUploadFileName,
} from '../../nodes/WeComMedia/wecom/files/fileName';
import { startCpuWatch } from '../helpers/cpuTime';

const upload = (name: string | undefined, extension?: string) =>
	toUploadFileName(name, { extension, fallbackBase: 'file' });
const utf8Length = (text: string) => Buffer.byteLength(text, 'utf8');
/** Any UTF-16 code units, so lone surrogates and control characters too. */
const anyText = fc.oneof(
	fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 300 }),
	fc.string({ unit: 'grapheme', maxLength: 300 }),
	fc.string({
		unit: fc.constantFrom(...'./\\"\' \r\n\0:*?<>|amrCON测😀\u202E\uD83D'),
		maxLength: 40,
	}),
);
const extensions = fc.constantFrom('pdf', 'MP4', 'docx', '7z', 'jpeg');

describe('toUploadFileName', () => {
	test.each([
		['报告 2024年第3季度.pdf', '报告 2024年第3季度.pdf'],
		['👨‍👩‍👧 family.jpg', '👨‍👩‍👧 family.jpg'],
		['Zoë’s résumé (final) [v2] 100%.docx', 'Zoë’s résumé (final) [v2] 100%.docx'],
		["John's plan.pdf", "John's plan.pdf"],
		['A.PDF', 'A.PDF'],
	])('%j is left alone', (name, expected) => {
		expect(upload(name)).toBe(expected);
	});

	test.each([
		['a"b".pdf', "a'b'.pdf"],
		['C:\\Users\\me\\报告.pdf', '报告.pdf'],
		['/var/tmp/report.pdf', 'report.pdf'],
		['../../etc/passwd', 'passwd'],
		['mixed\\up/name.txt', 'name.txt'],
		['folder/', 'folder'],
		['a\r\nX-Evil: 1.txt', 'a__X-Evil: 1.txt'],
		['nul\0byte.txt', 'nul_byte.txt'],
		['c1\u0085control.txt', 'c1_control.txt'],
		['line\u2028separator.txt', 'line_separator.txt'],
		['invoice\u202Egpj.exe', 'invoice_gpj.exe'],
		['isolate\u2066d.txt', 'isolate_d.txt'],
		['half \uD83D emoji.txt', 'half _ emoji.txt'],
		['other half \uDE00.txt', 'other half _.txt'],
		['...hidden.txt', 'hidden.txt'],
		[' \t\u3000padded.txt \u00a0\r\n', 'padded.txt'],
		['no end.', 'no end'],
	])('%j becomes %j', (name, expected) => {
		expect(upload(name)).toBe(expected);
	});

	test.each([undefined, '', '   ', '...', '/', '\\\\', '\r\n', '\0\u202E', ' . '])(
		'%j gives the fallback',
		(name) => {
			expect(upload(name, 'png')).toBe('file.png');
			expect(upload(name)).toBe('file');
		},
	);

	test.each([
		['voice', 'voice.amr'],
		['Report 2024.12', 'Report 2024.12.amr'],
		['Mr. Wang spoke', 'Mr. Wang spoke.amr'],
		['voice.wav', 'voice.wav'],
		['backup.001', 'backup.001'],
		['no end.', 'no end.amr'],
	])('%j with amr content becomes %j', (name, expected) => {
		expect(upload(name, 'amr')).toBe(expected);
	});

	test('a name that is only an extension gets the fallback as its base', () => {
		expect(upload('.amr', 'silk')).toBe('file.amr');
		expect(upload(' .JPG')).toBe('file.JPG');
		expect(upload('out/.xlsx', 'zip')).toBe('file.xlsx');
		expect(upload('.gitignore')).toBe('gitignore');
	});

	test('an extension with a dot is taken, one that could carry a path or a header is not', () => {
		expect(upload('a', '.pdf')).toBe('a.pdf');
		expect(upload('a', 'p/../x')).toBe('a');
		expect(upload('a', 'p"\r\nX: y')).toBe('a');
	});

	test('a hostile fallback is cleaned too, an empty one becomes "file"', () => {
		expect(toUploadFileName('', { fallbackBase: '../a"b\n' })).toBe("a'b");
		expect(toUploadFileName('', { fallbackBase: '..', extension: 'mp4' })).toBe('file.mp4');
	});

	test('a Chinese name of 200 characters is cut at 128 bytes before its extension', () => {
		const name = upload(`${'测'.repeat(200)}.xlsx`);
		expect(name).toBe(`${'测'.repeat(41)}.xlsx`);
		expect(utf8Length(name)).toBe(128);
	});

	test('a cut never divides an emoji', () => {
		expect(upload(`x${'😀'.repeat(50)}.png`)).toBe(`x${'😀'.repeat(30)}.png`);
	});

	test('a cut leaves no blank or dot before the extension', () => {
		expect(upload(`${'a'.repeat(123)} . ${'b'.repeat(50)}.png`)).toBe(`${'a'.repeat(123)}.png`);
	});

	test('room for the extension that comes from the content is kept', () => {
		expect(upload('a'.repeat(500), 'mp4')).toBe(`${'a'.repeat(124)}.mp4`);
	});

	test('whatever the name, the result can stand in filename="…" and fits', () => {
		fc.assert(
			fc.property(
				anyText,
				fc.option(extensions, { nil: undefined }),
				anyText,
				(name, ext, base) => {
					const result = toUploadFileName(name, { extension: ext, fallbackBase: base });
					expect(result).not.toMatch(/["\\/\r\n\0\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
					expect(result).not.toMatch(/^[.\s]|[.\s]$/);
					expect(result).not.toBe('');
					expect(utf8Length(result)).toBeLessThanOrEqual(MAX_FILE_NAME_BYTES);
					expect(Buffer.from(result, 'utf8').toString('utf8')).toBe(result);
					expect(toUploadFileName(result, { extension: ext, fallbackBase: base })).toBe(result);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('whatever the base, the extension of the name is kept', () => {
		fc.assert(
			fc.property(anyText, extensions, (base, ext) => {
				const result = upload(`${base}.${ext}`, 'bin');
				expect(extensionOf(result)).toBe(ext.toLowerCase());
			}),
			{ numRuns: 1000 },
		);
	});

	test('a name of a million dots and blanks is handled in linear time', () => {
		const cpuSeconds = startCpuWatch();
		upload(`a${' .'.repeat(500_000)}b`);
		expect(cpuSeconds()).toBeLessThan(10);
	});
});

describe('toSafeBaseName', () => {
	test.each([
		['报告 📊.xlsx', '报告 📊.xlsx'],
		['..\\..\\Windows\\system.ini', 'system.ini'],
		['../../etc/passwd', 'passwd'],
		['/absolute/路径/文件.pdf', '文件.pdf'],
		['.bashrc', 'bashrc'],
		['a\0b\r\n\u0007c.txt', 'abc.txt'],
		['photo\u202Egpj.exe', 'photogpj.exe'],
		['half\uD83D.txt', 'half.txt'],
		['time 12:30?.txt', 'time 12_30_.txt'],
		['a<b>c|d*"e".txt', 'a_b_c_d__e_.txt'],
		['CON', '_CON'],
		['aux.pdf', '_aux.pdf'],
		['Com1.txt', '_Com1.txt'],
		['lpt¹.txt', '_lpt¹.txt'],
		['nul .txt', '_nul .txt'],
		['console.log', 'console.log'],
		['com10.txt', 'com10.txt'],
		['name. . ', 'name'],
	])('%j is saved as %j', (name, expected) => {
		expect(toSafeBaseName(name)).toBe(expected);
	});

	test.each(['', '.', '..', '/', '../..', '\\', ' . ', '\0\r\n', '.amr', '.SILK', 'dir/.mp4'])(
		'%j leaves nothing',
		(name) => {
			expect(toSafeBaseName(name)).toBe('');
		},
	);

	test('a name of 300 characters is cut to 255 bytes and keeps its extension', () => {
		expect(toSafeBaseName(`${'n'.repeat(300)}.pdf`)).toBe(`${'n'.repeat(251)}.pdf`);
	});

	test('whatever the name, the result is a base name that every file system takes', () => {
		fc.assert(
			fc.property(anyText, (name) => {
				const safe = toSafeBaseName(name);
				expect(safe).not.toMatch(/[<>:"|?*\\/\p{Cc}\p{Cs}]/u);
				expect(safe).not.toMatch(/^[.\s]|[.\s]$/);
				expect(safe).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:[ .]|$)/i);
				expect(utf8Length(safe)).toBeLessThanOrEqual(255);
				expect(toSafeBaseName(safe)).toBe(safe);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe('extensionOf', () => {
	test.each([
		['a.PDF', 'pdf'],
		['报告.docx', 'docx'],
		['archive.tar.gz', 'gz'],
		['backup.7z', '7z'],
		['film.mp4', 'mp4'],
		['archive.001', '001'],
		['dir.d/name', ''],
		['none', ''],
		['', ''],
		['.profile', ''],
		['end.', ''],
		['Report 2024.12', ''],
		['v1.2版本', ''],
		['Mr. Wang', ''],
		[`x.${'a'.repeat(17)}`, ''],
	])('%j has the extension %j', (name, expected) => {
		expect(extensionOf(name)).toBe(expected);
	});
});
