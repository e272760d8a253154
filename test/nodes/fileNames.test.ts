import { sampleFile, setupScene } from './scene';

const scene = setupScene();

/** What an HTTP library makes of raw UTF-8 in a header. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1');

/** What n8n says the file is called, and what WeCom is told. */
const names: Array<[string, string, string]> = [
	['quotes', 'the "final" report.pdf', "the 'final' report.pdf"],
	['a line break', 'one\r\ntwo.pdf', 'one__two.pdf'],
	['a header in disguise', 'a"\r\nX-Made-Up: yes\r\n\r\n.pdf', "a'__X-Made-Up: yes____.pdf"],
	['a path upwards', '../../etc/passwd.pdf', 'passwd.pdf'],
	['a Windows path', 'C:\\Users\\me\\合同.pdf', '合同.pdf'],
	['emoji', '🎉 庆祝 🎂.pdf', '🎉 庆祝 🎂.pdf'],
	[
		'Chinese, full-width brackets and blanks',
		'季度报告 2026（终稿）.pdf',
		'季度报告 2026（终稿）.pdf',
	],
	['no extension', '报告', '报告.pdf'],
	['nothing but an extension', '.pdf', 'file.pdf'],
	['nothing but dots', '...', 'file.pdf'],
	['percent codes of a Chinese link', '%E4%B8%AD%20%E6%96%87.pdf', '中 文.pdf'],
	['percent codes of GBK', '%BC%BE%B6%C8.pdf', '季度.pdf'],
	['percent codes of a blank', 'Q3%20report.pdf', 'Q3 report.pdf'],
	['a percent sign', '50%.pdf', '50%.pdf'],
	['a percent sign that was encoded', '100%25.pdf', '100%25.pdf'],
	['bytes of UTF-8 read as Latin-1', latin1('季度报告（终稿）.pdf'), '季度报告（终稿）.pdf'],
	['bytes of UTF-8 read as Windows-1252', 'æµ‹è¯•.pdf', '测试.pdf'],
	['bytes of GBK read as Latin-1', '\xbc\xbe\xb6\xc8\xb1\xa8\xb8\xe6.pdf', '季度报告.pdf'],
	['an encoded word of mail', '=?UTF-8?B?5a2j5bqm?= 3.pdf', '季度 3.pdf'],
	['accents', 'café résumé.pdf', 'café résumé.pdf'],
	['letters that a Mac took apart', 'cafe\u0301 か\u3099.pdf', 'café が.pdf'],
	['a NUL', 'a\0b.pdf', 'a_b.pdf'],
	['a half of an emoji', 'a\ud83cb.pdf', 'a_b.pdf'],
];

/** As it arrived: the file part's own header, as text. */
const partHeader = () =>
	scene.simulator.record.last('media/upload')?.parts[0].rawHeader.toString('utf8') ?? '';

describe('a file whose name has', () => {
	test.each(names)('%s arrives as its readers expect', async (_what, given, expected) => {
		// "File Name" is used, since n8n itself already cuts the names of binaries to their last segment.
		const { items, error } = await scene.run({
			options: { fileName: '={{ $json.name }}' },
			items: [{ json: { name: given }, binary: { data: sampleFile('report.pdf') } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json.file_name).toBe(expected);
		const [part] = scene.simulator.record.last('media/upload')?.parts ?? [];
		expect(part).toMatchObject({ name: 'media', fileName: expected });
		expect(partHeader()).not.toContain('filename*');
		expect(partHeader().trim().split('\r\n')).toHaveLength(2);
	});
});

test('a name of 300 characters is cut to 128 bytes, and keeps its extension', async () => {
	const { items } = await scene.run({
		items: [{ binary: { data: sampleFile('report.pdf', `${'报'.repeat(300)}.pdf`) } }],
	});
	const name = String(items[0].json.file_name);
	expect(name).toBe(`${'报'.repeat(41)}.pdf`);
	expect(Buffer.byteLength(name)).toBeLessThanOrEqual(128);
});

test('a file without a name gets one from its content', async () => {
	const { items } = await scene.run({
		items: [{ binary: { data: { bytes: sampleFile('photo.jpg').bytes } } }],
	});
	expect(items[0].json.file_name).toBe('file.jpg');
});

test('the content decides the extension of a name without one, not what n8n says of its type', async () => {
	const { items } = await scene.run({
		items: [{ binary: { data: { ...sampleFile('photo.jpg', '照片'), mimeType: 'text/plain' } } }],
	});
	expect(items[0].json.file_name).toBe('照片.jpg');
});
