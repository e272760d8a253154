/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { LOOK_BYTES } from '../../nodes/WeComMedia/wecom/client/body';
import { officeInCompoundFile, officeInZip } from '../../nodes/WeComMedia/wecom/files/office';
import { sniff } from '../../nodes/WeComMedia/wecom/files/sniff';

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/media', name));

/** A local header with its name, as a ZIP archive has them one after the other. */
function entry(name: string, content = 'made-up'): Buffer {
	const header = Buffer.alloc(30);
	header.write('PK\x03\x04', 'latin1');
	header.writeUInt16LE(Buffer.byteLength(name), 26);
	return Buffer.concat([header, Buffer.from(name + content)]);
}
const zip = (...names: string[]) => Buffer.concat(names.map((name) => entry(name)));

describe('an Office file', () => {
	test.each([
		['table.xlsx', 'xlsx'],
		['letter.docx', 'docx'],
		['slides.pptx', 'pptx'],
		['table.xls', 'xls'],
	])('%s is known by its first bytes', (name, extension) => {
		expect(sniff(fixture(name).subarray(0, LOOK_BYTES))).toMatchObject({
			content: 'office',
			extension,
		});
	});

	test.each<[string, Buffer, string]>([
		['Word, its own order', zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml'), 'docx'],
		[
			'a text of LibreOffice',
			zip('_rels/.rels', 'docProps/app.xml', 'word/_rels/document.xml.rels'),
			'docx',
		],
		['OpenDocument', entry('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'), 'ods'],
		[
			'a drawing of OpenDocument',
			entry('mimetype', 'application/vnd.oasis.opendocument.graphics'),
			'',
		],
		['EPUB', entry('mimetype', 'application/epub+zip'), 'epub'],
		['an invoice in OFD', zip('OFD.xml', 'Doc_0/Document.xml'), 'ofd'],
		[
			'one that begins with its thumbnail',
			zip('[Content_Types].xml', 'docProps/thumbnail.jpeg'),
			'',
		],
	])('%s', (_what, bytes, extension) => {
		expect(sniff(bytes)).toMatchObject({ content: 'office', extension });
	});

	test.each([
		['photos in a folder', zip('xl/1.jpg', 'xl/2.jpg')],
		['a list of words', zip('word/list.txt')],
		['a Java program', zip('META-INF/MANIFEST.MF', 'a/B.class')],
		['an empty archive', Buffer.from('PK\x05\x06')],
	])('is not %s', (_what, bytes) => {
		expect(sniff(bytes)).toMatchObject({ content: 'zip', extension: 'zip' });
	});

	test('any bytes are read without an error', () => {
		const mark = fc.constantFrom(
			'PK\x03\x04',
			'word/a.xml',
			'[Content_Types].xml',
			'mimetype',
			'\0',
		);
		const pieces = fc.array(fc.oneof(mark, fc.string({ maxLength: 40 })), { maxLength: 12 });
		fc.assert(
			fc.property(pieces, (all) => {
				const bytes = Buffer.from(all.join(''), 'latin1');
				officeInZip(bytes);
				officeInCompoundFile(bytes);
				expect(sniff(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), bytes]))).toBeDefined();
			}),
		);
	});
});
