import { amr, contentOf, fileFromBuffer } from './files';
import { upload, useScene } from './scene';

const scene = useScene();

describe('the name WeCom shows', () => {
	const long = `${'报'.repeat(296)}.pdf`;
	test.each([
		['Chinese', '季度报告.pdf', '季度报告.pdf'],
		['emoji', '📊 2024.pdf', '📊 2024.pdf'],
		['blanks', 'my report.pdf', 'my report.pdf'],
		['a percent sign', '100%25.pdf', '100%25.pdf'],
		['quotes', 'the "final" one.pdf', "the 'final' one.pdf"],
		['semicolons', 'a; filename="b.exe".pdf', "a; filename='b.exe'.pdf"],
		['CR LF', 'a\r\nContent-Type: text/html\r\n\r\nb.pdf', null],
		['a NUL', 'a\0b.pdf', 'a_b.pdf'],
		['a path', '/var/data/report.pdf', 'report.pdf'],
		['a Windows path', 'C:\\data\\report.pdf', 'report.pdf'],
		['traversal', '../../etc/passwd', 'passwd.pdf'],
		['300 characters', long, `${'报'.repeat(41)}.pdf`],
		['no extension', 'report', 'report.pdf'],
		['nothing at all', '', 'file.pdf'],
		['dots and blanks only', ' .. ', 'file.pdf'],
		['an extension alone', '.pdf', 'file.pdf'],
	])('with %s arrives safely', async (_what, given, expected) => {
		const media = await upload(scene.app(), fileFromBuffer(given, contentOf('pdf')));
		const [part, ...others] = scene.sim.record.last('media/upload')?.parts ?? [];
		expect(others).toEqual([]);
		expect(part).toMatchObject({ fileName: media.file_name, extendedFileName: undefined });
		// The header block of one part has exactly its two lines, whatever the name holds.
		expect(part.rawHeader.toString('utf8').split('\r\n')).toHaveLength(2);
		expect(Buffer.byteLength(media.file_name)).toBeLessThanOrEqual(128);
		expect(media.file_name).toMatch(/\.pdf$/);
		if (expected !== null) expect(media.file_name).toBe(expected);
	});

	test('is the one of the options where there is one, with the extension of the content', async () => {
		const file = fileFromBuffer('upload-7f3a.tmp', amr(1000));
		const media = await upload(scene.app(), file, { fileName: '问候' });
		expect(media.file_name).toBe('问候.amr');
		expect(scene.sim.record.last('media/upload')?.parts[0].fileName).toBe('问候.amr');
	});

	test('is the sent one in refusals too', async () => {
		const file = fileFromBuffer('', contentOf('txt'));
		await expect(upload(scene.app(), file, { requested: 'image' })).rejects.toThrow(
			/^'file' is not JPG or PNG/,
		);
	});

	test('of a file that changed while it was read is no empty pair of quotes', async () => {
		const file = { ...fileFromBuffer('', contentOf('txt', 100)), size: 200 };
		await expect(upload(scene.app(), file)).rejects.toThrow(/^'file' changed while it was read/);
	});
});
