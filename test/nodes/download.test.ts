import { createHash } from 'node:crypto';
import { binaryBytes } from '../helpers/engine';
import type { NodeRun } from '../helpers/runNode';
import { sample, sampleFile, setupScene, type SystemName } from './scene';

const MIB = 1024 * 1024;
const scene = setupScene();

/** Stores a file in the simulated world of a system and gives its media_id. */
function stored(
	bytes: Buffer,
	fileName: string,
	more: Partial<Parameters<typeof scene.simulator.state.addMedia>[0]> = {},
): string {
	return scene.simulator.state.addMedia({ bytes, fileName, ...more });
}

async function get(mediaId: string, job: Partial<Parameters<typeof scene.run>[0]> = {}) {
	return await scene.run({
		operation: 'get',
		...job,
		parameters: { mediaId, ...job.parameters },
	});
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

async function expectFile(run: NodeRun, bytes: Buffer, field = 'data') {
	const arrived = await binaryBytes(run.items[0].binary?.[field]);
	expect(md5(arrived)).toBe(md5(bytes));
}

describe('what a download gives', () => {
	const corp = (system: SystemName) =>
		({
			app: scene.simulator.demo.corp.corpId,
			customerService: scene.simulator.demo.corp.corpId,
			thirdPartyApp: scene.simulator.demo.suite.authCorpId,
		})[system as 'app'];

	test.each(['app', 'customerService', 'thirdPartyApp'] as const)(
		'%s: exactly the fields of the table, and the file',
		async (system) => {
			const mediaId = stored(sample('report.pdf'), '季度报告 2026（终稿）.pdf', {
				owner: corp(system),
			});
			const result = await get(mediaId, { system });
			expect(result.error).toBeUndefined();
			expect(result.items).toEqual([
				{
					json: {
						media_id: mediaId,
						file_name: '季度报告 2026（终稿）.pdf',
						mime_type: 'application/pdf',
						file_size: 590,
					},
					binary: {
						data: expect.objectContaining({
							fileName: '季度报告 2026（终稿）.pdf',
							mimeType: 'application/pdf',
							fileExtension: 'pdf',
							bytes: 590,
						}) as object,
					},
					pairedItem: { item: 0 },
				},
			]);
			await expectFile(result, sample('report.pdf'));
		},
	);

	test('Official Account: an image', async () => {
		const mediaId = stored(sample('photo.jpg'), '照片.jpg', {
			system: 'officialAccount',
			type: 'image',
		});
		const result = await get(mediaId, { system: 'officialAccount' });
		expect(result.items[0].json).toEqual({
			media_id: mediaId,
			file_name: '照片.jpg',
			mime_type: 'image/jpeg',
			file_size: 833,
		});
		await expectFile(result, sample('photo.jpg'));
	});

	test('Official Account: a video comes through its video_url', async () => {
		const mediaId = stored(sample('video.mp4'), '视频.mp4', {
			system: 'officialAccount',
			type: 'video',
		});
		const result = await get(mediaId, { system: 'officialAccount' });
		expect(result.error).toBeUndefined();
		expect(result.items[0].json).toEqual({
			media_id: mediaId,
			video_url: expect.stringContaining(`${scene.simulator.url}/video/`) as string,
			file_name: expect.stringMatching(/\.mp4$/) as string,
			mime_type: 'video/mp4',
			file_size: 1930,
		});
		await expectFile(result, sample('video.mp4'));
	});

	test('an HD voice: Speex, with an extension of its own', async () => {
		const hdVoice = Buffer.from('made-up Speex frames of an HD voice');
		const mediaId = stored(sample('voice.amr'), 'voice.amr', { type: 'voice', hdVoice });
		const result = await get(mediaId, { operation: 'getHdVoice' });
		expect(result.error).toBeUndefined();
		expect(result.items).toEqual([
			{
				json: {
					media_id: mediaId,
					file_name: `${mediaId}.speex`,
					mime_type: 'audio/x-speex',
					file_size: hdVoice.length,
				},
				binary: { data: expect.objectContaining({ mimeType: 'audio/x-speex' }) as object },
				pairedItem: { item: 0 },
			},
		]);
		await expectFile(result, hdVoice);
	});
});

describe('names and types', () => {
	test.each([
		['as raw UTF-8 only', { plainNameOnly: true }, '会议纪要.pdf'],
		['in lower-case headers', { lowerCaseHeaders: true }, '会议纪要.pdf'],
		['with a type that says nothing', { contentType: 'application/octet-stream' }, '会议纪要.pdf'],
	])('a Chinese name arrives, %s', async (_how, quirks, fileName) => {
		const { items } = await get(stored(sample('report.pdf'), '会议纪要.pdf', { quirks }));
		expect(items[0].json).toMatchObject({ file_name: fileName, mime_type: 'application/pdf' });
		expect(items[0].binary?.data).toMatchObject({ fileName, mimeType: 'application/pdf' });
	});

	test('a file without a name gets its media_id and an extension from the content', async () => {
		const quirks = { noContentDisposition: true };
		const mediaId = stored(sample('photo.jpg'), 'lost.jpg', { quirks });
		const { items } = await get(mediaId);
		expect(items[0].json).toMatchObject({ file_name: `${mediaId}.jpg`, mime_type: 'image/jpeg' });
	});

	test('a hostile name is made safe', async () => {
		const { items } = await get(stored(sample('report.pdf'), '../../etc/..\\报告:1.pdf'));
		expect(items[0].json.file_name).toBe('报告_1.pdf');
		expect(items[0].binary?.data).toMatchObject({ fileName: '报告_1.pdf' });
		expect(items[0].binary?.data.directory).toBeUndefined();
	});

	test('"File Name" without an extension keeps that of the file', async () => {
		const mediaId = stored(sample('table.xlsx'), 'a.xlsx');
		const { items } = await get(mediaId, { options: { fileName: '季度报告' } });
		expect(items[0].json.file_name).toBe('季度报告.xlsx');
		expect(items[0].binary?.data).toMatchObject({
			fileName: '季度报告.xlsx',
			fileExtension: 'xlsx',
		});
	});

	test('"File Name" and "Put Output File in Field" are obeyed, expressions per item too', async () => {
		const ids = ['a', 'b'].map((name) => stored(Buffer.from(`file ${name} of two`), `${name}.txt`));
		const { items } = await scene.run({
			operation: 'get',
			parameters: { mediaId: '={{ $json.id }}', binaryPropertyName: '={{ $json.field }}' },
			options: { fileName: '={{ $json.name }}.txt' },
			items: [
				{ json: { id: ids[0], field: 'first', name: '甲' } },
				{ json: { id: ` ${ids[1]}\n`, field: 'second', name: '乙' } },
			],
		});
		expect(items.map(({ json }) => json.file_name)).toEqual(['甲.txt', '乙.txt']);
		expect(items.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([['first'], ['second']]);
		expect((await binaryBytes(items[1].binary?.second)).toString()).toBe('file b of two');
	});

	test('"Include Input Fields" keeps the fields and files of the item', async () => {
		const { items } = await get(stored(sample('report.pdf'), 'report.pdf'), {
			options: { includeInputFields: true },
			parameters: { binaryPropertyName: 'report' },
			items: [{ json: { customer: '张三' }, binary: { photo: sampleFile('photo.jpg') } }],
		});
		expect(items[0].json).toMatchObject({ customer: '张三', file_name: 'report.pdf' });
		expect(Object.keys(items[0].binary ?? {}).sort()).toEqual(['photo', 'report']);
	});
});

describe('a file or a refusal?', () => {
	test.each([
		['refusal.json', '{"errcode":40007,"errmsg":"invalid media_id"}', 'application/json'],
		['notes.txt', 'errcode: 40007', 'text/plain'],
	])("a user's own %s arrives as a file", async (name, content, mimeType) => {
		const { items, error } = await get(stored(Buffer.from(content), name));
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ file_name: name, mime_type: mimeType });
		expect((await binaryBytes(items[0].binary?.data)).toString()).toBe(content);
	});

	test('a refusal never arrives as a file', async () => {
		const { items, error } = await get('made-up-media-id');
		expect(items).toEqual([]);
		expect(error?.message).toBe('media/get failed (40007: The media_id is not valid) [item 0]');
		expect(error?.description).toContain('Upload the file again with this credential');
	});
});

describe('large files', () => {
	test('40 MB come in pieces as large as WeCom gives at once, one after the other', async () => {
		const bytes = Buffer.alloc(40 * MIB + 5, 'made-up film ');
		sample('video.mp4').copy(bytes);
		const result = await get(stored(bytes, '培训.mp4', { type: 'video', origin: 'async' }));
		expect(result.items[0].json).toMatchObject({ file_size: bytes.length, mime_type: 'video/mp4' });
		await expectFile(result, bytes);
		const { record } = scene.simulator;
		expect(record.calls('media/get').map(({ headers }) => headers.range)).toEqual([
			'bytes=0-19999983',
			'bytes=19999984-39999967',
			'bytes=39999968-59999951',
		]);
		expect(record.mostAtOnce('media/get')).toBe(1);
	});

	test('a broken connection is taken up at the byte where it broke, and the panel says so', async () => {
		const bytes = Buffer.alloc(3 * MIB, 'made-up report ');
		scene.simulator.faults.next({ path: 'media/get', cutAfterBytes: MIB });
		const result = await get(stored(bytes, 'report.txt'));
		await expectFile(result, bytes);
		const ranges = scene.simulator.record.calls('media/get').map(({ headers }) => headers.range);
		expect(ranges).toHaveLength(2);
		expect(ranges[1]).toMatch(/^bytes=\d{5,}-19999983$/);
		const [{ hints }] = result.run.data.resultData.runData['Node under test'];
		expect(hints).toMatchObject([{ message: 'A broken download was continued 1 times.' }]);
	});

	test('a download that cannot be completed is a failure, not a short file', async () => {
		const bytes = Buffer.alloc(3 * MIB, 'made-up report ');
		scene.simulator.faults.next({ path: 'media/get', cutAfterBytes: MIB });
		scene.simulator.faults.next({ path: 'media/get', cut: 'onArrival', times: 9 });
		const { items, error } = await get(stored(bytes, 'report.txt'), { options: { maxRetries: 2 } });
		expect(items).toEqual([]);
		expect(error?.message).toMatch(/^media\/get: 127\.0\.0\.1:\d+ broke the connection/);
	});
});
