import { amr, contentOf } from './files';
import { downloaded, useScene } from './scene';

const scene = useScene({ speed: 10 });

const MEDIA_ID = '3*1*made-up_id';
/** The media_id as part of a file name. */
const BASE = '3_1_made-up_id';

describe('the name of a download', () => {
	test.each([
		['ASCII', 'report.pdf', 'report.pdf'],
		['Chinese', '季度报告.pdf', '季度报告.pdf'],
		['emoji', '📊 2024.pdf', '📊 2024.pdf'],
		['percent signs', '100%25.pdf', '100%25.pdf'],
		['traversal', '../../etc/passwd', 'passwd.pdf'],
		['Chinese traversal', '../../报告.pdf', '报告.pdf'],
		['a leading dot', '.profile-made-up', 'profile-made-up.pdf'],
		['what Windows forbids', 'a<b>:c|d?.pdf', 'a_b__c_d_.pdf'],
		['a device of Windows', 'CON.pdf', '_CON.pdf'],
		['300 characters', `${'报'.repeat(300)}.pdf`, `${'报'.repeat(83)}.pdf`],
	])('with %s is a safe base name', async (_what, fileName, expected) => {
		for (const plainNameOnly of [false, true]) {
			const quirks = { plainNameOnly };
			const mediaId = scene.sim.state.addMedia({ bytes: contentOf('pdf'), fileName, quirks });
			const { fileName: got } = await downloaded(scene.app(), mediaId);
			expect(got).toBe(expected);
		}
	});

	test.each([
		['filename* alone', "attachment; filename*=utf-8''%E6%8A%A5.pdf", '报.pdf'],
		['both forms', `attachment; filename*=utf-8''%E6%8A%A5.pdf; filename="x.pdf"`, '报.pdf'],
		[
			'both forms turned round',
			`attachment; filename="x.pdf"; filename*=utf-8''%E6%8A%A5.pdf`,
			'报.pdf',
		],
		['raw UTF-8', `attachment; filename="${Buffer.from('报.pdf').toString('latin1')}"`, '报.pdf'],
		['real Latin-1', 'attachment; filename="r\xe9sum\xe9.pdf"', 'résumé.pdf'],
		['a name without quotes', 'attachment; filename=report.pdf', 'report.pdf'],
		['hidden traversal', "attachment; filename*=utf-8''..%2F..%2Fx.pdf", 'x.pdf'],
		['a hidden line break', "attachment; filename*=utf-8''a%0D%0Ab.pdf", 'ab.pdf'],
		['a hidden Windows path', "attachment; filename*=utf-8''C:%5Cx%5Ca.pdf", 'a.pdf'],
		['an empty name', 'attachment; filename=""', `${BASE}.pdf`],
		['dots only', 'attachment; filename="..."', `${BASE}.pdf`],
		['no name at all', 'attachment', `${BASE}.pdf`],
	])('in the form of %s is understood', async (_what, disposition, expected) => {
		scene.sim.state.addMedia({ mediaId: MEDIA_ID, bytes: contentOf('pdf') });
		const headers = { 'Content-disposition': disposition };
		scene.sim.faults.next({ path: 'media/get', headers });
		expect((await downloaded(scene.app(), MEDIA_ID)).fileName).toBe(expected);
	});

	test.each([
		['a PDF', contentOf('pdf'), `${BASE}.pdf`],
		['an AMR voice', amr(1000), `${BASE}.amr`],
		['a video', contentOf('mp4'), `${BASE}.mp4`],
		['something unknown', contentOf('txt'), BASE],
	])(
		'is the media_id with the extension of the content for %s without Content-Disposition',
		async (_what, bytes, expected) => {
			const quirks = { noContentDisposition: true };
			scene.sim.state.addMedia({ mediaId: MEDIA_ID, bytes, quirks });
			expect((await downloaded(scene.app(), MEDIA_ID)).fileName).toBe(expected);
		},
	);

	test('is the media_id when an iPhone sent nothing but ".amr"', async () => {
		scene.sim.state.addMedia({ mediaId: MEDIA_ID, bytes: amr(1000), fileName: '.amr' });
		expect((await downloaded(scene.app(), MEDIA_ID)).fileName).toBe(`${BASE}.amr`);
	});

	test('is never longer than a file system takes, whatever the media_id', async () => {
		const mediaId = `3${'x'.repeat(500)}`;
		const quirks = { noContentDisposition: true };
		scene.sim.state.addMedia({ mediaId, bytes: contentOf('pdf'), quirks });
		const { fileName } = await downloaded(scene.app(), mediaId);
		expect(fileName).toMatch(/^3x{10,}\.pdf$/);
		expect(fileName.length).toBeLessThan(100);
	});
});
