/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AsyncRequest } from '../../../nodes/WeComMedia/wecom/calls/asyncUpload';
import { contentOf } from '../files';
import { useScene } from '../scene';
import { md5Of, serve, submit, submitted, useLinks } from './support';

const scene = useScene({ speed: 500 });
const links = useLinks();
const film = contentOf('mp4');
const fixture = (name: string) => readFileSync(join(__dirname, '../../fixtures/media', name));
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const md5 = md5Of(film);

beforeEach(() => {
	scene.sim.jobs.behavior = { hold: true };
});

/** Submits a film and gives the name WeCom was told. */
async function nameFor(url: string, changes: Partial<AsyncRequest> = {}): Promise<unknown> {
	const job = await submit(scene, url, { md5, ...changes });
	expect(submitted(scene).filename).toBe(job.file_name);
	return job.file_name;
}

describe('the file name comes from', () => {
	test('the parameter first', async () => {
		const url = links.put('path.mp4', { bytes: film, fileName: 'header.mp4' });
		expect(await nameFor(url, { fileName: '培训视频.mp4' })).toBe('培训视频.mp4');
	});

	test('Content-Disposition next', async () => {
		const url = links.put('path.mp4', { bytes: film, fileName: '培训视频.mp4' });
		expect(await nameFor(url)).toBe('培训视频.mp4');
	});

	test('Content-Disposition with raw UTF-8 as well', async () => {
		const url = await serve((_request, response) => {
			const name = Buffer.from('attachment; filename="培训 视频.mp4"').toString('latin1');
			response.writeHead(206, {
				'content-range': `bytes 0-63/${film.length}`,
				'content-disposition': name,
			});
			response.end(film.subarray(0, 64));
		});
		expect(await nameFor(url)).toBe('培训 视频.mp4');
	});

	test.each([
		['percent-encoded', `${encodeURIComponent('培训')}/${encodeURIComponent('视频 1.mp4')}`],
		['as Chinese letters', '培训/视频%201.mp4'],
	])('the last part of the link last: %s', async (_how, path) => {
		const url = links.put('培训/视频 1.mp4', film).replace(/\/[^/]+\/[^/]+$/, `/${path}`);
		expect(await nameFor(`${url}?sign=made-up`)).toBe('视频 1.mp4');
		expect(submitted(scene).url).toMatch(/^[\x21-\x7e]+\?sign=made-up$/);
	});

	test('the last part as it stands where its percent codes are broken', async () => {
		const url = await serve((_request, response) => {
			response.writeHead(206, { 'content-range': `bytes 0-63/${film.length}` });
			response.end(film.subarray(0, 64));
		}, '/100%25%E5%9.mp4');
		expect(await nameFor(url)).toBe('100%25%E5%9.mp4');
	});

	test.each([
		['video', 'video.mp4'],
		['file', 'file.mp4'],
	] as const)('the media type where nothing else gives one (%s)', async (type, name) => {
		const url = links.put('', film);
		expect(await nameFor(url, { type })).toBe(name);
	});
});

describe('the file name', () => {
	test('gets the extension of the content where it has none', async () => {
		expect(await nameFor(links.put('download', film))).toBe('download.mp4');
		expect(await nameFor(links.link('download'), { fileName: '培训' })).toBe('培训.mp4');
	});

	test.each([
		['its server says', 'download', 'text/csv; charset=utf-8', 'made-up,text', 'download.csv'],
		['its server says, which is no script', 'export.php', XLSX, 'made-up', 'export.xlsx'],
		['its content says', 'download', 'application/octet-stream', 'xlsx', 'download.xlsx'],
		[
			'its content says, which is no archive',
			'download',
			'application/zip',
			'xlsx',
			'download.xlsx',
		],
		['a file in it is written in', 'notes', 'text/plain', 'Dear all', 'notes.txt'],
	])('gets the extension that %s', async (_what, path, contentType, content, expected) => {
		const bytes = content === 'xlsx' ? fixture('table.xlsx') : Buffer.from(content);
		const url = links.put(path, { bytes, contentType });
		expect(await nameFor(url, { md5: md5Of(bytes) })).toBe(expected);
	});

	test('has the extension of its header under another File Name', async () => {
		const bytes = Buffer.from('made-up');
		const url = links.put('download', { bytes, fileName: 'a.tsv' });
		expect(await nameFor(url, { md5: md5Of(bytes), fileName: '报告' })).toBe('报告.tsv');
	});

	test('of a video ends in .mp4 where the link or the parameter says otherwise', async () => {
		expect(await nameFor(links.put('film.mov', film), { type: 'video' })).toBe('film.mp4');
		const url = links.put('film', film);
		expect(await nameFor(url, { type: 'video', fileName: '培训.php' })).toBe('培训.mp4');
	});

	test.each([
		['in UTF-8', 'utf-8', Buffer.from('季度报告.csv')],
		['in GBK', 'gbk', Buffer.from('bcbeb6c8b1a8b8e62e637376', 'hex')],
	])('in a header with raw bytes %s is read', async (_what, _charset, name) => {
		const bytes = Buffer.from('made-up');
		const url = await serve((_request, response) => {
			const quoted = name.toString('latin1');
			response.writeHead(206, {
				'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
				'content-disposition': `attachment; filename="${quoted}"`,
			});
			response.end(bytes);
		});
		expect(await nameFor(url)).toBe('季度报告.csv');
	});

	test('in a link in percent codes of GBK is read', async () => {
		const url = await serve((_request, response) => {
			response.writeHead(206, { 'content-range': `bytes 0-63/${film.length}` });
			response.end(film.subarray(0, 64));
		}, '/%BC%BE%B6%C8.mp4');
		expect(await nameFor(url)).toBe('季度.mp4');
	});

	test('of a video that nobody looked at ends in .mp4, that of a file stays', async () => {
		const url = links.link('download');
		expect(await nameFor(url, { checkUrl: false, type: 'video' })).toBe('download.mp4');
		expect(await nameFor(url, { checkUrl: false })).toBe('download');
	});

	test.each([
		['the parameter', (name: string) => ({ url: 'film.mp4', fileName: name })],
		['Content-Disposition', (name: string) => ({ url: 'film.mp4', header: name })],
		['the link', (name: string) => ({ url: name })],
	])('from %s has at most 128 bytes, its extension kept', async (_source, give) => {
		const {
			url,
			fileName = '',
			header,
		} = {
			fileName: undefined,
			header: undefined,
			...give(`${'培训视频'.repeat(12)}.mp4`),
		};
		const name = await nameFor(links.put(url, { bytes: film, fileName: header }), { fileName });
		expect(name).toBe(`${'培训视频'.repeat(12).slice(0, 41)}.mp4`);
		expect(Buffer.byteLength(String(name))).toBeLessThanOrEqual(128);
	});

	test('never holds a path or what would end a quoted header', async () => {
		const fileName = '../../etc/"made"\r\nup.mp4';
		expect(await nameFor(links.put('film.mp4', film), { fileName })).toBe("'made'__up.mp4");
	});
});

test('what is submitted has the fields of vendor page 96219 and nothing else', async () => {
	const url = links.put('film.mp4', film);
	await submit(scene, `  ${url}\n`, { type: 'video' });
	expect(submitted(scene)).toEqual({ scene: 1, type: 'video', filename: 'film.mp4', url, md5 });
});
