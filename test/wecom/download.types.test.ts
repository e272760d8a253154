/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { amr, contentOf } from './files';
import { downloaded, useScene } from './scene';

const scene = useScene({ speed: 10 });
const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/media', name));
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const text = contentOf('txt');

/** What the server declares, the content, the name it gives, and name and type that n8n gets. */
const FILES: Array<[string, Buffer, string, string, string]> = [
	['image/png', contentOf('png'), 'a.png', 'a.png', 'image/png'],
	['image/jpg', contentOf('jpg'), 'a.jpg', 'a.jpg', 'image/jpeg'],
	['image/jpeg', contentOf('png'), 'a.jpg', 'a.jpg', 'image/png'],
	['voice/amr', amr(1000), 'a.amr', 'a.amr', 'audio/amr'],
	['audio/amr', contentOf('silk'), 'a.amr', 'a.amr', 'audio/silk'],
	['', contentOf('mp4'), 'a.mp4', 'a.mp4', 'video/mp4'],
	['Application/PDF; charset=x', contentOf('pdf'), 'a.pdf', 'a.pdf', 'application/pdf'],
	['application/octet-stream', text, 'a.csv', 'a.csv', 'text/csv'],
	['application/octet-stream', text, 'A.TXT', 'A.TXT', 'text/plain'],
	['application/octet-stream', text, 'a.doc', 'a.doc', 'application/msword'],
	['application/octet-stream', text, 'a.unheard', 'a.unheard', 'application/octet-stream'],
	['text/plain', text, 'a.csv', 'a.csv', 'text/csv'],
	['text/plain; charset=utf-8', text, 'notes', 'notes', 'text/plain'],
	['text/csv; charset=gbk', text, 'a.csv', 'a.csv', 'text/csv'],
	['application/x-made-up', text, 'a.csv', 'a.csv', 'application/x-made-up'],
	['application/zip', fixture('table.xlsx'), 'a.xlsx', 'a.xlsx', XLSX],
	['application/octet-stream', fixture('table.xlsx'), '报告', '报告.xlsx', XLSX],
	['application/zip', fixture('letter.docx'), '报告', '报告.docx', DOCX],
	[
		'application/octet-stream',
		fixture('table.xls'),
		'报告',
		'报告.xls',
		'application/vnd.ms-excel',
	],
	['application/octet-stream', contentOf('pdf'), '报告', '报告.pdf', 'application/pdf'],
	['text/csv', text, '报告', '报告.csv', 'text/csv'],
	['text/plain', contentOf('jpg'), '照片', '照片.jpg', 'image/jpeg'],
];

test.each(FILES)(
	'declared as %j (%#) it is what it is',
	async (contentType, bytes, given, ...expected) => {
		const mediaId = scene.sim.state.addMedia({ bytes, fileName: given, quirks: { contentType } });
		const { fileName, mimeType } = await downloaded(scene.app(), mediaId);
		expect([fileName, mimeType]).toEqual(expected);
	},
);

test('an archive of which nothing more is known is what its name says', async () => {
	const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(200, 'x')]);
	const add = (fileName: string) => scene.sim.state.addMedia({ bytes, fileName });
	expect((await downloaded(scene.app(), add('季度.xlsx'))).mimeType).toBe(XLSX);
	expect((await downloaded(scene.app(), add('all.zip'))).mimeType).toBe('application/zip');
});
