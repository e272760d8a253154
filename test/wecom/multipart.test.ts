import busboy from 'busboy';
import fc from 'fast-check';
import FormData from 'form-data';

import { toUploadFileName } from '../../nodes/WeComMedia/wecom/files/fileName';
import { createMultipartFrame, randomBoundary } from '../../nodes/WeComMedia/wecom/files/multipart';
import type { MultipartInput } from '../../nodes/WeComMedia/wecom/files/multipart';

interface Part {
	field: string;
	fileName: string | undefined;
	mimeType: string;
	bytes: Buffer;
}

/** Reads a body with somebody else's parser. */
async function parse(contentType: string, body: Buffer): Promise<Part[]> {
	return await new Promise((resolve, reject) => {
		const parts: Part[] = [];
		const parser = busboy({
			headers: { 'content-type': contentType },
			defParamCharset: 'utf8',
			preservePath: true,
		});
		parser.on('file', (field, stream, { filename, mimeType }) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				parts.push({ field, fileName: filename, mimeType, bytes: Buffer.concat(chunks) });
			});
		});
		parser.on('field', (name) => reject(new Error(`a field ${name} and not a file`)));
		parser.on('error', reject);
		parser.on('close', () => resolve(parts));
		parser.end(body);
	});
}

function build(fileName: string, file: Buffer, contentType = 'application/octet-stream') {
	return framed(file, {
		fieldName: 'media',
		fileName,
		fileSize: file.length,
		contentType,
		boundary: '----made-up-boundary',
	});
}

function framed(file: Buffer, input: MultipartInput) {
	const { contentType, head, tail } = createMultipartFrame(input);
	return { contentType, body: Buffer.concat([head, file, tail]) };
}

const names = ['report.pdf', '季度报告（终稿）.xlsx', '👨‍👩‍👧 家庭.jpg', "Zoë's 100% plan; v=2.docx"];
const files: Array<[string, Buffer]> = [
	['no bytes', Buffer.alloc(0)],
	['text', Buffer.from('hello')],
	['line breaks and a boundary look-alike', Buffer.from('\r\n------made-up\r\n--\r\n\r\n')],
	['every byte', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
	['300 kB', Buffer.alloc(300_000, 0xa5)],
];

describe('createMultipartFrame', () => {
	describe.each(names)('%s', (fileName) => {
		test.each(files)('%s: equals what form-data encodes, plus filelength', (_what, file) => {
			const made = build(fileName, file);
			const form = new FormData();
			form.setBoundary('----made-up-boundary');
			form.append('media', file, { filename: fileName, contentType: 'application/octet-stream' });

			const start = made.body.indexOf('; filelength=');
			const end = made.body.indexOf('\r\n', start);
			const without = Buffer.concat([made.body.subarray(0, start), made.body.subarray(end)]);
			expect(without.equals(form.getBuffer())).toBe(true);
			expect(made.contentType).toBe(form.getHeaders()['content-type']);
		});

		test.each(files)('%s: an independent parser reads what was put in', async (_what, file) => {
			const made = build(fileName, file, 'video/mp4');
			const parts = await parse(made.contentType, made.body);
			expect(parts).toHaveLength(1);
			const [{ bytes, ...head }] = parts;
			expect(head).toEqual({ field: 'media', fileName, mimeType: 'video/mp4' });
			expect(bytes.equals(file)).toBe(true);
		});
	});

	test('the part header is the one of the vendor sample, with the name as raw UTF-8', () => {
		const made = build('测试.txt', Buffer.from('123456'), 'text/plain');
		expect(made.body.toString('utf8')).toBe(
			'------made-up-boundary\r\n' +
				'Content-Disposition: form-data; name="media"; filename="测试.txt"; filelength=6\r\n' +
				'Content-Type: text/plain\r\n\r\n' +
				'123456\r\n------made-up-boundary--\r\n',
		);
		expect(made.body.toString('latin1')).not.toContain('filename*');
	});

	test('text parts stand behind the file as form-data writes them', () => {
		const description = JSON.stringify({ title: '发布会 “X”', introduction: '一\r\n二' });
		const made = framed(Buffer.from('hello'), {
			fieldName: 'media',
			fileName: 'a.mp4',
			fileSize: 5,
			contentType: 'video/mp4',
			boundary: 'made-up',
			textParts: { description, empty: '' },
		});
		const form = new FormData();
		form.setBoundary('made-up');
		const header = 'Content-Disposition: form-data; name="media"; filename="a.mp4"; filelength=5';
		form.append('media', Buffer.from('hello'), {
			header: `--made-up\r\n${header}\r\nContent-Type: video/mp4\r\n\r\n`,
		});
		form.append('description', description);
		form.append('empty', '');
		expect(made.body.toString('utf8')).toBe(form.getBuffer().toString('utf8'));
	});

	test('a text part whose name would break its header is refused', () => {
		const input = {
			fieldName: 'media',
			fileName: 'a',
			fileSize: 0,
			contentType: '',
			boundary: 'b',
		};
		expect(() => createMultipartFrame({ ...input, textParts: { 'a"b': '' } })).toThrow(TypeError);
	});

	test.each([
		'text/plain\r\nX-Evil: 1',
		'text/plain; a="b\nc"',
		'',
		'nonsense',
		'image/中文',
		'a/b; c="d"e',
	])('the content type %j is replaced by application/octet-stream', async (contentType) => {
		const made = build('a.txt', Buffer.from('hello!'), contentType);
		const [part] = await parse(made.contentType, made.body);
		expect(part.mimeType).toBe('application/octet-stream');
		expect(made.body.toString('latin1')).not.toContain('Evil');
	});

	test.each(['text/plain; charset=utf-8', 'image/svg+xml', 'application/vnd.ms-excel'])(
		'the content type %s is kept',
		(contentType) => {
			const made = build('a.txt', Buffer.from('hello!'), contentType);
			expect(made.body.toString('latin1')).toContain(`\r\nContent-Type: ${contentType}\r\n\r\n`);
		},
	);

	test.each(['a"b.txt', 'a\\b.txt', 'a\r\nb.txt', 'a\0b.txt', 'half \uD83D.txt'])(
		'the file name %j, which would break the header, is refused',
		(fileName) => {
			expect(() => build(fileName, Buffer.from('hello!'))).toThrow(TypeError);
		},
	);

	test.each([-1, 1.5, NaN, Infinity, 2 ** 53])('a file size of %d is refused', (fileSize) => {
		const input = { fieldName: 'media', fileName: 'a', contentType: 'a/b', boundary: 'b' };
		expect(() => createMultipartFrame({ ...input, fileSize })).toThrow(RangeError);
	});

	test.each(['', 'a b', 'a\r\nb', '"', 'x'.repeat(71)])(
		'the boundary %j is refused',
		(boundary) => {
			const input = { fieldName: 'media', fileName: 'a', contentType: 'a/b', fileSize: 1 };
			expect(() => createMultipartFrame({ ...input, boundary })).toThrow(TypeError);
		},
	);

	test('any upload name and any bytes come out of the parser as they went in', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'binary', maxLength: 80 }),
				fc.uint8Array({ maxLength: 200 }),
				async (name, bytes) => {
					const fileName = toUploadFileName(name, { fallbackBase: 'file', extension: 'bin' });
					const made = build(fileName, Buffer.from(bytes));
					const parts = await parse(made.contentType, made.body);
					expect(parts.map((part) => part.fileName)).toEqual([fileName]);
					expect(parts[0].bytes.equals(bytes)).toBe(true);
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe('randomBoundary', () => {
	test('is four dashes and 32 hexadecimal digits, within the 70 characters of RFC 2046', () => {
		expect(randomBoundary()).toMatch(/^----[0-9a-f]{32}$/);
	});

	test('differs from call to call', () => {
		expect(new Set(Array.from({ length: 50 }, () => randomBoundary())).size).toBe(50);
	});
});
