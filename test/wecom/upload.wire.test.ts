import { createHash } from 'node:crypto';

import { WeComHttpError } from '../../nodes/WeComMedia/wecom/client/errors';
import type { RequestedType } from '../../nodes/WeComMedia/wecom/files/checks';
import type { WireRequest } from '../../nodes/WeComMedia/wecom/client/wire';
import { amr, contentOf, fileOf, noise, streamedFile, type Kind, fileFromBuffer } from './files';
import { failureOf, upload, useScene, type Connected } from './scene';
import { socketTransport } from './testWorld';

const scene = useScene();

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

describe('the body of an upload', () => {
	test('arrives with its length, a raw UTF-8 name, filelength and the very bytes of the file', async () => {
		const bytes = noise(100_000);
		await upload(scene.app(), streamedFile('季度报告 📊.xlsx', bytes));
		const call = scene.sim.record.last('media/upload');
		expect(call).toMatchObject({
			method: 'POST',
			chunked: false,
			contentLength: call?.bodyBytes,
			parts: [
				{ name: 'media', fileName: '季度报告 📊.xlsx', fileLength: 100_000, md5: md5(bytes) },
			],
		});
		const header = call?.parts[0].rawHeader ?? Buffer.alloc(0);
		expect(header.includes(Buffer.from('filename="季度报告 📊.xlsx"; filelength=100000'))).toBe(
			true,
		);
		expect(header.toString('utf8')).not.toContain('filename*');
	});

	test.each([
		[(): Connected => scene.app(), 'media/upload', 'access_token'],
		[(): Connected => scene.customerService(), 'media/upload', 'access_token'],
		[(): Connected => scene.thirdPartyApp(), 'media/upload', 'access_token'],
		[(): Connected => scene.officialAccount(), 'media/upload', 'access_token'],
		[(): Connected => scene.robot(), 'webhook/upload_media', 'key'],
	])(
		'is the same for every system, its secret in the query alone (%#)',
		async (connect, path, name) => {
			const connected = connect();
			const voice = fileFromBuffer('问候.amr', amr(1000));
			await upload(connected, voice);
			const call = scene.sim.record.last(path);
			expect(Object.keys(call?.query ?? {}).sort()).toEqual([name, 'type'].sort());
			expect(call).toMatchObject({
				chunked: false,
				parts: [{ name: 'media', fileName: '问候.amr' }],
			});
			expect(call?.contentLength).toBe(call?.bodyBytes);
			expect(JSON.stringify(call?.headers)).not.toContain(call?.query[name]);
		},
	);

	test.each([
		['busy', { errcode: -1 }],
		['a connection cut before the answer', { cut: 'beforeAnswer' as const }],
		['an expired token', { token: 'expire' as const }],
	])('is sent again byte by byte after %s, from one reading of the file', async (_what, fault) => {
		const sent: WireRequest[] = [];
		scene.world.transport = async (request) => {
			if (request.url.endsWith('/media/upload')) {
				sent.push({ ...request, body: Buffer.from(request.body as Buffer) });
			}
			return await socketTransport(request);
		};
		const file = streamedFile('a.pdf', contentOf('pdf', 70_000));
		scene.sim.faults.next({ ...fault, path: 'media/upload' });
		await upload(scene.app(), file);
		const [first, second] = sent;
		expect(second.headers).toEqual(first.headers);
		expect((first.body as Buffer).equals(second.body as Buffer)).toBe(true);
		const [one, two] = scene.sim.record.calls('media/upload').map(({ parts }) => parts[0].md5);
		expect(one).toBe(two);
		expect(file.streams).toHaveLength(1);
	});

	test.each([
		['jpg', 'image/jpeg'],
		['png', 'image/png'],
		['mp4', 'video/mp4'],
		['pdf', 'application/pdf'],
		['txt', 'application/octet-stream'],
	] as Array<[Kind, string]>)(
		'a %s carries the type of its content, not of its item',
		async (kind, type) => {
			const file = { ...fileOf(kind), mimeType: 'text/x-made-up; "\r\n' };
			await upload(scene.app(), file);
			expect(scene.sim.record.last('media/upload')?.parts[0].contentType).toBe(type);
		},
	);

	test('two uploads never share a boundary', async () => {
		await upload(scene.app(), fileOf('pdf'));
		await upload(scene.app(), fileOf('pdf'));
		const types = scene.sim.record
			.calls('media/upload')
			.map(({ headers }) => headers['content-type']);
		expect(new Set(types).size).toBe(2);
	});

	test('a big body gets more time: a second for each 100 KiB', async () => {
		const times: number[] = [];
		scene.world.transport = async (request) => {
			if (request.url.endsWith('/media/upload')) times.push(request.timeoutMs);
			return await socketTransport(request);
		};
		await upload(scene.app(), fileOf('pdf', 10 * 100 * 1024));
		expect(times[0]).toBeGreaterThan(5_000 + 10_000);
		expect(times[0]).toBeLessThan(5_000 + 10_100);
	});
});

describe('the wire value of type', () => {
	test.each<[() => Connected, RequestedType, Kind | 'amr']>([
		[() => scene.app(), 'image', 'png'],
		[() => scene.app(), 'voice', 'amr'],
		[() => scene.app(), 'video', 'mp4'],
		[() => scene.app(), 'file', 'png'],
		[() => scene.robot(), 'file', 'mp4'],
		[() => scene.robot(), 'voice', 'amr'],
		[() => scene.officialAccount(), 'image', 'gif'],
		[() => scene.officialAccount(), 'voice', 'mp3'],
		[() => scene.officialAccount(), 'video', 'mp4'],
		[() => scene.officialAccount(), 'thumb', 'jpg'],
	])('(%#) is what was asked for: %s', async (connect, requested, kind) => {
		const bytes = kind === 'amr' ? amr(1000) : contentOf(kind);
		const media = await upload(connect(), fileFromBuffer(`a.${kind}`, bytes), { requested });
		expect(media).toMatchObject({ type: requested, reason: '' });
		expect(media).not.toHaveProperty('requested_type');
		expect(scene.sim.record.all.at(-1)?.query.type).toBe(requested);
	});
});

describe('the answer to an upload', () => {
	test.each([
		['a string (WeCom)', '"1380000000"'],
		['a number (Official Account)', '1380000000'],
	])(
		'created_at as %s is Unix seconds, and the media_id lives three days',
		async (_what, value) => {
			const body = `{"errcode":0,"type":"file","media_id":"3made-up","created_at":${value}}`;
			scene.sim.faults.next({ path: 'media/upload', body });
			expect(await upload(scene.app(), fileOf('pdf', 321))).toEqual({
				type: 'file',
				reason: '',
				media_id: '3made-up',
				created_at: 1_380_000_000,
				expires_at: '2013-09-27T05:20:00.000Z',
				file_name: 'report.pdf',
				file_size: 321,
			});
		},
	);

	test.each(['null', '""', '"soon"', '0', '-5', '1380000000000'])(
		'created_at %s becomes the time of now',
		async (value) => {
			const body = `{"media_id":"3made-up","created_at":${value}}`;
			scene.sim.faults.next({ path: 'media/upload', body });
			const seconds = () => Math.floor(scene.world.now() / 1000);
			const before = seconds();
			const { created_at: createdAt } = await upload(scene.app(), fileOf('pdf'));
			expect(createdAt).toBeGreaterThanOrEqual(before);
			expect(createdAt).toBeLessThanOrEqual(seconds());
		},
	);

	test('of a thumb names its id thumb_media_id', async () => {
		const media = await upload(scene.officialAccount(), fileOf('jpg'), { requested: 'thumb' });
		expect(scene.sim.state.media.get(media.media_id)).toMatchObject({ type: 'thumb' });
	});

	test('without any id is an error, not a success', async () => {
		scene.sim.faults.next({ path: 'media/upload', body: '{"errcode":0,"errmsg":""}' });
		const failure = await failureOf(upload(scene.app(), fileOf('pdf')), WeComHttpError);
		expect(failure.message).toBe('media/upload was answered without media_id');
	});
});
