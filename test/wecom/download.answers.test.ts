import {
	WeComApiError,
	WeComHttpError,
	WeComInputError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { noise } from './files';
import { downloaded, eventually, failureOf, useScene } from './scene';

const scene = useScene({ speed: 10 });

const REFUSAL = '{"errcode":40007,"errmsg":"invalid media_id"}';

describe('a refusal instead of a file', () => {
	test('is an error that names call, code and what to do', async () => {
		const failure = await failureOf(downloaded(scene.app(), 'made-up-media-id'), WeComApiError);
		expect(failure).toMatchObject({ call: 'media/get', errcode: 40007 });
		expect(failure.message).toMatch(/^media\/get failed \(40007: /);
		expect(failure.hint).toMatch(/3 days|three days/);
		expect(scene.sim.record.count('media/get')).toBe(1);
	});

	test('comes three days after the upload', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100) });
		scene.sim.advance(3 * 24 * 3_600_000);
		expect(await failureOf(downloaded(scene.app(), mediaId), WeComApiError)).toMatchObject({
			errcode: 40007,
		});
	});

	test.each([
		['as text/plain', { body: REFUSAL, headers: { 'Content-Type': 'text/plain' } }],
		['as application/octet-stream', { body: REFUSAL, headers: { 'Content-Type': 'x/y' } }],
		['with blanks around it', { body: `\r\n${REFUSAL}\n` }],
		['by its headers alone', { body: '<html>no</html>', headers: { 'Error-Code': '40007' } }],
		['by its headers, with an empty body', { body: '', headers: { 'Error-Code': '40007' } }],
		[
			'by its headers, with a body longer than any refusal',
			{ body: 'x'.repeat(200_000), headers: { 'Error-Code': '40007' } },
		],
		[
			'by its headers, against its own Content-disposition',
			{
				body: REFUSAL,
				headers: { 'Error-Code': '40007', 'Content-disposition': 'attachment; filename="a.txt"' },
			},
		],
		['in its body against Error-Code: 0', { body: REFUSAL, headers: { 'Error-Code': '0' } }],
	])('%s is an error, never a file', async (_what, fault) => {
		scene.sim.faults.next({ path: 'media/get', ...fault });
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100) });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComApiError);
		expect(failure.errcode).toBe(40007);
	});

	test('takes its text from Error-Msg when the body has none', async () => {
		const headers = { 'Error-Code': '987654', 'Error-Msg': 'made-up reason' };
		scene.sim.faults.next({ path: 'media/get', body: '<html>no</html>', headers });
		const failure = await failureOf(downloaded(scene.app(), 'made-up-media-id'), WeComApiError);
		expect(failure.message).toBe('media/get failed (987654: made-up reason)');
	});
});

describe('a file that looks like a refusal', () => {
	test.each([
		['a .txt', '报告.txt', 'plain text', 'text/plain'],
		['an empty-looking .txt', 'a.txt', '      ', 'text/plain'],
		['a .json', 'refusal.json', REFUSAL, 'application/json'],
		['a .json as text/plain', 'refusal.json', REFUSAL, 'text/plain', 'application/json'],
		[
			'a .json as a general type',
			'refusal.json',
			REFUSAL,
			'application/octet-stream',
			'application/json',
		],
	])(
		'%s of a user arrives as a file',
		async (_what, fileName, text, contentType, mimeType = contentType) => {
			for (const ignoreRange of [false, true]) {
				const bytes = Buffer.from(text);
				const quirks = { ignoreRange };
				const mediaId = scene.sim.state.addMedia({ bytes, fileName, contentType, quirks });
				const download = await downloaded(scene.app(), mediaId);
				expect(download).toMatchObject({ fileName, mimeType });
				expect(download.content.equals(bytes)).toBe(true);
			}
		},
	);

	test('a refusal’s text without Content-Disposition is a file when it is a part (206)', async () => {
		const bytes = Buffer.from(REFUSAL);
		const quirks = { noContentDisposition: true };
		const mediaId = scene.sim.state.addMedia({ bytes, quirks });
		expect((await downloaded(scene.app(), mediaId)).content.equals(bytes)).toBe(true);
	});

	test.each([
		['a text that merely begins with a brace', '{ a poem }'],
		['a text that merely begins with a bracket', '[section]\nkey=1'],
		['a text that names a tag', 'Use <html> at the beginning.'],
	])('%s, without Content-Disposition, is a file', async (_what, text) => {
		const bytes = Buffer.from(text);
		const quirks = { noContentDisposition: true, ignoreRange: true };
		const mediaId = scene.sim.state.addMedia({ bytes, quirks });
		expect((await downloaded(scene.app(), mediaId)).content.equals(bytes)).toBe(true);
	});
});

describe('what nothing declares to be a file, neither Content-Disposition nor HTTP 206,', () => {
	const login = '<!-- v2 --> <!DOCTYPE html><html><title>Please log in</title></html>';

	test.each([
		['a login page', 'a web page', login, 'text/html'],
		['a login page that is called a file', 'a web page', login, 'application/octet-stream'],
		['a login page behind an XML declaration', 'a web page', `<?xml version="1.0"?>${login}`, ''],
		['whatever is called a web page', 'a web page', 'Moved', 'text/html; charset=utf-8'],
		['JSON without errcode', 'JSON', '{"report":[1,2,3]}', ''],
		['JSON with errcode 0', 'JSON', '{"errcode":0,"report":[]}', 'text/plain'],
		['JSON that is broken', 'JSON', REFUSAL.slice(0, -1), ''],
		['JSON behind a byte order mark', 'JSON', '\uFEFF {"code":401}', ''],
		['a list', 'JSON', `[${REFUSAL}]`, ''],
		['whatever is called JSON', 'JSON', 'null', 'application/problem+json'],
	])('%s is an error that quotes it', async (_what, kind, text, contentType) => {
		const bytes = Buffer.from(text);
		const quirks = { noContentDisposition: true, ignoreRange: true, contentType };
		const mediaId = scene.sim.state.addMedia({ bytes, quirks });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComHttpError);
		const said = text.replace('\uFEFF', '').trim();
		expect(failure).toMatchObject({
			message: `media/get was answered with ${kind} instead of a file: ${said}`,
			hint: expect.stringMatching(/login page or a gateway/),
		});
		expect(scene.sim.record.count('media/get')).toBe(1);
		await eventually(() => scene.sim.record.last('media/get')?.open === false);
	});

	test('JSON that is longer than any refusal is an error that quotes its beginning', async () => {
		const bytes = Buffer.from(`${REFUSAL.slice(0, -1)},"x":"${'y'.repeat(70_000)}"}`);
		const quirks = { noContentDisposition: true, ignoreRange: true };
		const mediaId = scene.sim.state.addMedia({ bytes, quirks });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComHttpError);
		expect(failure.message).toMatch(
			/^media\/get was answered with JSON instead of a file: \{"errcode"/,
		);
		expect(failure.message.length).toBeLessThan(300);
	});
});

describe('a media_id', () => {
	test.each(['', '   ', '\n'])(
		'that is blank (%j) is refused before anything is sent',
		async (mediaId) => {
			const failure = await failureOf(downloaded(scene.app(), mediaId), WeComInputError);
			expect(failure).toMatchObject({ message: "'Media ID' is empty", field: 'Media ID' });
			expect(failure.hint).toContain('{{ $json.media_id }}');
			expect(scene.sim.record.all).toEqual([]);
		},
	);

	test.each([
		'undefined',
		'null',
		'[object Object]',
		'two words',
		'a\r\nb',
		'a\0b',
		'x'.repeat(513),
	])('like %j is refused before anything is sent', async (mediaId) => {
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComInputError);
		expect(failure.field).toBe('Media ID');
		expect(failure.message).not.toContain(mediaId);
		expect(scene.sim.record.all).toEqual([]);
	});

	test.each(['3*1*G6nr_-x', 'a+b/c=d&e?f#g%h', '报告'])(
		'like %j arrives as it is',
		async (mediaId) => {
			const bytes = noise(100);
			scene.sim.state.addMedia({ mediaId, bytes });
			const download = await downloaded(scene.app(), ` ${mediaId}\n`);
			expect(download.content.equals(bytes)).toBe(true);
			expect(scene.sim.record.last('media/get')?.query.media_id).toBe(mediaId);
		},
	);

	test('of a robot or of another corp is refused by WeCom', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100), system: 'robot' });
		expect(await failureOf(downloaded(scene.app(), mediaId), WeComApiError)).toMatchObject({
			errcode: 40007,
		});
	});

	test('of one app is good for all apps of the corp', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100) });
		expect((await downloaded(scene.customerService(), mediaId)).size).toBe(100);
	});
});
