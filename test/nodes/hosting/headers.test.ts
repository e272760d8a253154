import { createHash } from 'node:crypto';
import { contentOf, type Kind } from '../../wecom/files';
import { get, setupHosting } from './hosting';

const scene = setupHosting();

test('size, type, ETag and lifetime of what comes', async () => {
	const bytes = contentOf('mp4', 70_000);
	const link = await scene.linkTo({ bytes, fileName: '培训.mp4', mimeType: 'video/mp4' });
	const { headers } = await get(link);
	expect(headers).toMatchObject({
		'content-length': '70000',
		'content-type': 'video/mp4',
		'accept-ranges': 'bytes',
		etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
		'cache-control': 'private, no-transform',
		'x-content-type-options': 'nosniff',
		'content-disposition': "attachment; filename*=UTF-8''%E5%9F%B9%E8%AE%AD.mp4",
	});
	expect(headers).not.toHaveProperty('content-encoding');
	expect(headers).not.toHaveProperty('transfer-encoding');
});

test('the answer is not compressed, whatever the asker takes', async () => {
	const bytes = Buffer.alloc(50_000, 'a');
	const link = await scene.linkTo({ bytes, fileName: 'a.txt' });
	const { headers, body } = await get(link, { 'accept-encoding': 'gzip, deflate, br' });
	expect(headers).not.toHaveProperty('content-encoding');
	expect(body.equals(bytes)).toBe(true);
});

test.each<[string, Kind, string | undefined, RegExp]>([
	['the content says PDF, the item says text', 'pdf', 'text/plain', /^application\/pdf$/],
	['nobody knows', 'txt', 'application/octet-stream', /^application\/octet-stream$/],
	['only the item knows', 'txt', 'text/markdown', /^text\/markdown/],
	['the item says nonsense', 'txt', '图片\r\nx-evil: 1', /^application\/octet-stream$/],
])('Content-Type where %s', async (_, kind, mimeType, expected) => {
	const link = await scene.linkTo({ bytes: contentOf(kind), fileName: 'file.bin', mimeType });
	const { status, headers } = await get(link);
	expect(status).toBe(200);
	expect(headers['content-type']).toMatch(expected);
	expect(headers).not.toHaveProperty('x-evil');
});

describe('Content-Disposition', () => {
	test.each([
		['季度报告 2026.pdf', '季度报告 2026.pdf'],
		['"quoted".pdf', "'quoted'.pdf"],
		["it's (100%) *done*.pdf", "it's (100%) *done*.pdf"],
		['a;b=c,d.pdf', 'a;b=c,d.pdf'],
		['line\r\nSet-Cookie: x.pdf', 'line__Set-Cookie: x.pdf'],
		['../../etc/passwd.pdf', 'passwd.pdf'],
		['😀.pdf', '😀.pdf'],
		['\u202Egpj.pdf', '_gpj.pdf'],
	])('%j arrives as %j', async (fileName, expected) => {
		const link = await scene.linkTo({ bytes: contentOf('pdf'), fileName });
		const { headers } = await get(link);
		const value = String(headers['content-disposition']);
		expect(value).toMatch(/^attachment; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/);
		expect(decodeURIComponent(value.split("''")[1])).toBe(expected);
		expect(headers).not.toHaveProperty('set-cookie');
	});
});
