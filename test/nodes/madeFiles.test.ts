/** Files as n8n's own nodes make them, mostly Convert to File: with a name of theirs, without an extension, of a vague type. */
import type { TestFile } from '../helpers/runNode';
import { sample, sampleFile, setupScene } from './scene';

const scene = setupScene();
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const bom = '\uFEFF';
const csv = `${bom}name,sum\n张三,1\n李四,2`;
const html = '<html><head><meta charset="utf-8"/></head><body>made up</body></html>';
const ics = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';

/** What it is, the file as n8n stores it, and the name WeCom gets. */
const FILES: Array<[string, TestFile, string]> = [
	[
		'XLSX, its name left as it is',
		{ bytes: sample('table.xlsx'), fileName: 'File.xlsx' },
		'File.xlsx',
	],
	[
		'XLSX named without extension',
		{ bytes: sample('table.xlsx'), fileName: '季度报告' },
		'季度报告.xlsx',
	],
	[
		'XLSX called a ZIP',
		{ bytes: sample('table.xlsx'), fileName: '报告', mimeType: 'application/zip' },
		'报告.xlsx',
	],
	['XLSX without name and type', { bytes: sample('table.xlsx') }, 'file.xlsx'],
	['XLS named without extension', { bytes: sample('table.xls'), fileName: '报告' }, '报告.xls'],
	['DOCX named without extension', { bytes: sample('letter.docx'), fileName: '报告' }, '报告.docx'],
	['DOCX by its type alone', { bytes: 'made-up', fileName: '报告', mimeType: DOCX }, '报告.docx'],
	['PPTX named without extension', { bytes: sample('slides.pptx'), fileName: '报告' }, '报告.pptx'],
	['CSV, its name left as it is', { bytes: csv, fileName: 'File.csv' }, 'File.csv'],
	['CSV named without extension', { bytes: csv, fileName: '报告' }, '报告.csv'],
	[
		'CSV by its type alone',
		{ bytes: 'one cell', fileName: '报告', mimeType: 'text/csv' },
		'报告.csv',
	],
	['HTML named without extension', { bytes: html, fileName: '报告' }, '报告.html'],
	[
		'text named without extension',
		{ bytes: 'Dear all,\nsee you.', fileName: '报告', mimeType: 'text/plain' },
		'报告.txt',
	],
	[
		'ICS, its name left as it is',
		{ bytes: ics, fileName: 'event.ics', mimeType: 'text/calendar' },
		'event.ics',
	],
	[
		'ICS named without extension',
		{ bytes: ics, fileName: '会议', mimeType: 'text/calendar' },
		'会议.ics',
	],
	[
		'JSON named without extension',
		{ bytes: '[{"a":1}]', fileName: '报告', mimeType: 'application/json' },
		'报告.json',
	],
	[
		'XML named without extension',
		{ bytes: '<?xml version="1.0"?><a/>', fileName: '报告', mimeType: 'text/xml' },
		'报告.xml',
	],
	[
		'XML of which n8n knows nothing',
		{ bytes: '<?xml version="1.0"?><a/>', fileName: '报告' },
		'报告.xml',
	],
	[
		'ZIP named without extension',
		{ bytes: Buffer.from('PK\x03\x04made-up'), fileName: '报告' },
		'报告.zip',
	],
	['bytes nobody knows', { bytes: Buffer.from('\x01\x02\x03made-up'), fileName: '报告' }, '报告'],
	['a version at the end', { bytes: sample('report.pdf'), fileName: '纪要.v2' }, '纪要.v2.pdf'],
	[
		'a type that the content disproves',
		{ ...sampleFile('report.pdf', '报告'), mimeType: DOCX },
		'报告.pdf',
	],
	[
		'a letter that a Mac took apart',
		{ bytes: sample('table.xlsx'), fileName: 'cafe\u0301' },
		'café.xlsx',
	],
];

describe.each(['upload', 'send'] as const)('%s of', (operation) => {
	test.each(FILES)('%s', async (_what, file, expected) => {
		const { error, items } = await scene.run({
			operation,
			parameters: operation === 'send' ? { toUser: 'ZhangSan' } : {},
			items: [{ binary: { data: file } }],
			credential: { agentId: scene.simulator.demo.corp.agentId },
		});
		expect(error).toBeUndefined();
		expect(items[0].json.file_name).toBe(expected);
		expect(scene.simulator.record.last('media/upload')?.parts).toMatchObject([
			{ fileName: expected },
		]);
	});
});

describe('under a new File Name', () => {
	test.each<[string, TestFile, string, string]>([
		[
			'the extension of its own name stays',
			{ bytes: 'a\tb\nc\td', fileName: 'export.tsv' },
			'报告',
			'报告.tsv',
		],
		[
			'the given extension comes first',
			{ bytes: sample('table.xlsx'), fileName: 'a.xlsx' },
			'报告.xlsm',
			'报告.xlsm',
		],
		[
			'an own name that says nothing is left out',
			{ bytes: sample('table.xlsx'), fileName: 'a.tmp' },
			'报告',
			'报告.xlsx',
		],
		[
			'an own name that the content disproves is left out',
			sampleFile('report.pdf', 'a.jpg'),
			'报告',
			'报告.pdf',
		],
		[
			'a type that the content disproves is left out',
			{ bytes: sample('slides.pptx'), fileName: 'a', mimeType: XLSX },
			'报告',
			'报告.pptx',
		],
	])('%s', async (_what, data, fileName, expected) => {
		const { items } = await scene.run({
			parameters: { mediaType: 'file' },
			options: { fileName },
			items: [{ binary: { data } }],
		});
		expect(items[0].json.file_name).toBe(expected);
	});
});

describe('what must fit its type gets the extension of its content:', () => {
	test.each<[string, TestFile, string, string]>([
		['an image called .php', sampleFile('photo.jpg', 'photo.php'), 'image', 'photo.jpg'],
		['an image called .jfif', sampleFile('photo.jpg', 'photo.jfif'), 'image', 'photo.jpg'],
		['an image called .bin', sampleFile('picture.png', '图.bin'), 'image', '图.png'],
		['an image called .jpeg stays', sampleFile('photo.jpg', 'photo.JPEG'), 'image', 'photo.JPEG'],
		['a voice called .tmp', sampleFile('voice.amr', '留言.tmp'), 'voice', '留言.amr'],
		['a video called .mov', sampleFile('video.mp4', 'clip.mov'), 'video', 'clip.mp4'],
		['a file keeps what it is called', sampleFile('photo.jpg', 'photo.php'), 'file', 'photo.php'],
	])('%s', async (_what, data, mediaType, expected) => {
		// As strict about extensions as a server that answers 40113.
		scene.simulator.state.strict.extensionMustMatch = true;
		const { items, error } = await scene.run({
			parameters: { mediaType },
			items: [{ binary: { data } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ type: mediaType, file_name: expected });
	});

	test('a thumbnail of an Official Account', async () => {
		const { items } = await scene.run({
			system: 'officialAccount',
			parameters: { mediaType: 'thumb' },
			items: [{ binary: { data: sampleFile('photo.jpg', '封面.tmp') } }],
		});
		expect(items[0].json).toMatchObject({ type: 'thumb', file_name: '封面.jpg' });
	});

	test('a permanent image', async () => {
		const { items } = await scene.run({
			operation: 'uploadImg',
			items: [{ binary: { data: sampleFile('photo.jpg', 'photo.php') } }],
		});
		expect(items[0].json.file_name).toBe('photo.jpg');
	});
});

test('an Office file whose kind stands too deep gets no extension rather than .zip', async () => {
	const part = (name: string) => {
		const header = Buffer.alloc(30);
		header.write('PK\x03\x04', 'latin1');
		header.writeUInt16LE(name.length, 26);
		return Buffer.concat([header, Buffer.from(name)]);
	};
	const bytes = Buffer.concat([
		part('[Content_Types].xml'),
		Buffer.alloc(2_500_000),
		part('word/document.xml'),
	]);
	const { items } = await scene.run({
		items: [{ binary: { data: { bytes, fileName: '报告', mimeType: 'application/zip' } } }],
	});
	expect(items[0].json.file_name).toBe('报告');
});
