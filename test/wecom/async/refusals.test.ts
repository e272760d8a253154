import { WeComApiError } from '../../../nodes/WeComMedia/wecom/client/errors';
import type { HostedFile } from '../../simulator';
import { contentOf, MIB } from '../files';
import { failureOf, useScene } from '../scene';
import { md5Of, nobodysLink, refusalOf, serve, submit, useLinks } from './support';

const scene = useScene({ speed: 500, maxRetries: 1 });
const links = useLinks();

type Case = [what: string, sentence: RegExp | string, file: HostedFile, type?: 'video'];

const film = contentOf('mp4');
const CASES: Case[] = [
	[
		'without Range',
		'The link does not support Range: it answered the request for a part with the whole file',
		{ bytes: film, range: false },
	],
	[
		'to 5 bytes',
		'The file has 5 bytes; WeCom takes at least 6 bytes',
		{ bytes: film.subarray(0, 5) },
	],
	['to an empty file', 'The link leads to an empty file', { bytes: Buffer.alloc(0) }],
	[
		'to nothing (404)',
		'The link cannot be fetched: it answers with HTTP status 404',
		{ bytes: film, status: 404 },
	],
	[
		'that needs a login (403)',
		'The link cannot be fetched: it answers with HTTP status 403',
		{ bytes: film, status: 403 },
	],
	[
		'to a server in trouble (503)',
		'The link cannot be fetched: it answers with HTTP status 503',
		{ bytes: film, status: 503 },
	],
	[
		'whose server hangs up at once',
		/^The link cannot be fetched: .*\(ECONNRESET\)$/,
		{ bytes: film, cutAfterBytes: 0 },
	],
	[
		'to a QuickTime film as video',
		'The file is MOV video, not MP4; WeCom takes MP4 as video',
		{ bytes: contentOf('mov') },
		'video',
	],
	[
		'to a PDF as video',
		'The file is PDF document, not MP4; WeCom takes MP4 as video',
		{ bytes: contentOf('pdf') },
		'video',
	],
	[
		'to a text as video',
		'The file is no MP4 video; WeCom takes MP4 as video',
		{ bytes: contentOf('txt') },
		'video',
	],
];

describe('a link is refused before anything is submitted:', () => {
	test.each(CASES)('%s', async (_what, sentence, file, type = undefined) => {
		const { message } = await refusalOf(scene, links.put('film.mp4', file), {
			type: type ?? 'file',
		});
		if (typeof sentence === 'string') expect(message).toBe(sentence);
		else expect(message).toMatch(sentence);
	});

	test('one whose server gives another part than asked for, though its MD5 is known', async () => {
		const url = await serve((_request, response) => {
			response.writeHead(206, { 'content-range': `bytes 16-79/${film.length}` });
			response.end(film.subarray(16, 80));
		});
		const md5 = md5Of(film);
		expect((await refusalOf(scene, url, { md5 })).message).toBe(
			'The link does not support Range rightly: asked for the first bytes, it answers from byte 16',
		);
	});

	test('one whose server announces more than 200 MB, without reading them', async () => {
		let sent = 0;
		const url = await serve((_request, response) => {
			sent += 1;
			response.writeHead(206, { 'content-range': `bytes 0-63/${200 * MIB + 1}` });
			response.end(contentOf('mp4', 64));
		});
		expect((await refusalOf(scene, url, { type: 'video' })).message).toBe(
			'The file has 200.000001 MB; WeCom takes up to 200 MB',
		);
		expect(sent).toBe(1);
	});

	test('one whose server does not say how large the file is', async () => {
		const url = await serve((_request, response) => {
			response.writeHead(206, { 'content-range': 'bytes 0-63/*' });
			response.end(contentOf('mp4', 64));
		});
		expect((await refusalOf(scene, url)).message).toBe(
			'The link does not say how large the file is (Content-Range without a total)',
		);
	});

	test('one where nobody listens', async () => {
		const { message, hint } = await refusalOf(scene, await nobodysLink());
		expect(message).toBe('The link cannot be fetched: no answer (ECONNREFUSED)');
		expect(hint).toContain("turn off 'Check URL'");
	});

	test.each([301, 302, 303, 307, 308])(
		'one that redirects (%i), and the redirect is not followed',
		async (status) => {
			const target = links.put('film.mp4', film);
			const url = await serve((_request, response) => {
				response.writeHead(status, { location: target }).end();
			});
			const { message, hint } = await refusalOf(scene, url);
			expect(message).toBe(
				`The link cannot be fetched: it redirects to another address (HTTP status ${status})`,
			);
			expect(hint).toContain('the address it ends at');
			expect(links.requests).toEqual([]);
		},
	);
});

const GARBAGE = "'URL' is not a link that starts with http:// or https://";
const LOGIN = "'URL' holds a user name or password, which WeCom does not send";
const long = (bytes: number) => 'http://127.0.0.1/'.padEnd(bytes, 'x');

describe('a URL is refused before anybody is asked:', () => {
	test.each([
		['empty', '', "'URL' is empty"],
		['blank', ' \n', "'URL' is empty"],
		['a word', 'film', GARBAGE],
		['without a protocol', 'files.example.com/film.mp4', GARBAGE],
		['of another protocol', 'ftp://files.example.com/film.mp4', GARBAGE],
		['of a local file', 'file:///etc/hosts', GARBAGE],
		['a script', 'javascript:alert(1)', GARBAGE],
		['with a blank inside', 'https://files.example.com/a film.mp4', GARBAGE],
		['with a line break inside', 'https://files.example.com/a\r\nHost: b', GARBAGE],
		['with NUL', 'https://files.example.com/a\0b', GARBAGE],
		['without a host', 'https://', GARBAGE],
		['with a login', 'https://ZhangSan:made-up@files.example.com/film.mp4', LOGIN],
		['with a user name', 'https://ZhangSan@files.example.com/film.mp4', LOGIN],
		['of 1,025 bytes', long(1025), "'URL' has 1025 bytes; WeCom takes links up to 1024 bytes"],
		[
			'of 1,025 bytes once its Chinese letters are percent-encoded',
			`${long(1025 - 9)}报`,
			"'URL' has 1025 bytes; WeCom takes links up to 1024 bytes",
		],
	])('%s', async (_what, url, sentence) => {
		expect((await refusalOf(scene, url)).message).toBe(sentence);
		expect(scene.sim.record.all).toEqual([]);
	});

	test('but not with 1,024 bytes', async () => {
		const url = links.put('film.mp4', film);
		const longest = `${url}?`.padEnd(1024, 'x');
		await expect(submit(scene, longest)).resolves.toMatchObject({ file_name: 'film.mp4' });
	});
});

test('what WeCom refuses is an error with its code, and is not repeated', async () => {
	scene.sim.state.apps[0].customerContact = false;
	const error = await failureOf(submit(scene, links.put('film.mp4', film)), WeComApiError);
	expect(error).toMatchObject({ call: 'media/upload_by_url', errcode: 48002 });
	expect(error.hint).toContain('客户联系');
	expect(scene.sim.record.count('media/upload_by_url')).toBe(1);
});

test('a submission whose outcome is unknown is not repeated', async () => {
	scene.sim.faults.next({ path: 'media/upload_by_url', cut: 'beforeAnswer' });
	await expect(submit(scene, links.put('film.mp4', film))).rejects.toThrow('ECONNRESET');
	expect(scene.sim.state.jobs.size).toBe(1);
});

test('a submission that is answered without jobid is an error', async () => {
	scene.sim.faults.next({ path: 'media/upload_by_url', body: '{"errcode":0,"errmsg":"ok"}' });
	await expect(submit(scene, links.put('film.mp4', film))).rejects.toThrow(
		'media/upload_by_url was answered without jobid',
	);
});
