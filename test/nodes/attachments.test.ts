import { contentOf, MIB } from '../wecom/files';
import { sampleFile, setupScene, type Job } from './scene';

const scene = setupScene();
const upload = async (purpose: string, data: object, more: Partial<Job> = {}) =>
	await scene.run({
		...more,
		parameters: { purpose, ...more.parameters },
		items: [{ binary: { data: data as never } }],
	});

/** A PNG of this size, as far as its header says. */
function png(width: number, height: number): Buffer {
	const bytes = contentOf('png', 400);
	bytes.write('\0\0\0\rIHDR', 8, 'latin1');
	bytes.writeUInt32BE(width, 16);
	bytes.writeUInt32BE(height, 20);
	return bytes;
}

/** A JPG whose frame header stands behind a long Exif segment, as that of a phone. */
function jpeg(width: number, height: number, exif = 60_000): Buffer {
	const app1 = Buffer.alloc(exif + 4, 0x20);
	app1.writeUInt16BE(0xffe1, 0);
	app1.writeUInt16BE(exif + 2, 2);
	const frame = Buffer.from('ffc00011080000000003012200021101031101', 'hex');
	frame.writeUInt16BE(height, 5);
	frame.writeUInt16BE(width, 7);
	return Buffer.concat([Buffer.from('ffd8', 'hex'), app1, frame, Buffer.alloc(200)]);
}

/** An MP4 that lasts so many seconds, its movie header behind so many bytes of data. */
function mp4(seconds: number, before = 1000): Buffer {
	const box = (type: string, content: Buffer) => {
		const head = Buffer.alloc(8);
		head.writeUInt32BE(content.length + 8, 0);
		head.write(type, 4, 'latin1');
		return Buffer.concat([head, content]);
	};
	const mvhd = Buffer.alloc(100);
	mvhd.writeUInt32BE(1000, 12);
	mvhd.writeUInt32BE(seconds * 1000, 16);
	return Buffer.concat([
		box('ftyp', Buffer.from('isom\0\0\0\0isom', 'latin1')),
		box('mdat', Buffer.alloc(before)),
		box('moov', Buffer.concat([box('mvhd', mvhd), box('udta', Buffer.alloc(40))])),
	]);
}

test.each([
	['moments', 'image', '1', sampleFile('photo.jpg', '新品.jpg')],
	['moments', 'video', '1', sampleFile('video.mp4', '新品.mp4')],
	['catalog', 'image', '2', sampleFile('picture.png', '新品.png')],
] as const)('for %s a %s goes to upload_attachment', async (purpose, type, attachment, data) => {
	const { items, error } = await upload(purpose, data);
	expect(error).toBeUndefined();
	const call = scene.simulator.record.last('media/upload_attachment');
	expect(call?.query).toMatchObject({ media_type: type, attachment_type: attachment });
	expect(call?.query).not.toHaveProperty('type');
	expect(call?.parts).toMatchObject([{ name: 'media', fileName: data.fileName }]);
	const held = scene.simulator.state.media.get(String(items[0].json.media_id));
	expect(held?.bytes.equals(data.bytes as Buffer)).toBe(true);
	const createdAt = Math.floor((held?.createdAt ?? 0) / 1000);
	expect(items[0].json).toEqual({
		type,
		media_id: held?.mediaId,
		created_at: createdAt,
		expires_at: new Date((createdAt + 3 * 86_400) * 1000).toISOString(),
		file_name: data.fileName,
		file_size: (data.bytes as Buffer).length,
		reused: false,
	});
	expect(scene.simulator.record.count('media/upload')).toBe(0);
});

test('a third-party app uploads for Moments as well', async () => {
	const { items, error } = await upload('moments', sampleFile('photo.jpg'), {
		system: 'thirdPartyApp',
	});
	expect(error).toBeUndefined();
	expect(items[0].json).toMatchObject({ type: 'image' });
});

test('without a purpose, as in a workflow of 0.1.0, it is temporary media', async () => {
	await scene.run({ items: [{ binary: { data: sampleFile('photo.jpg') } }] });
	expect(scene.simulator.record.count('media/upload')).toBe(1);
});

test.each<[string, string, object, string]>([
	[
		'a document for Moments',
		'moments',
		sampleFile('report.pdf'),
		"'report.pdf' is of a kind (PDF document) that the WeCom app for Moments (朋友圈) does not take",
	],
	[
		'a video for the catalog',
		'catalog',
		sampleFile('video.mp4'),
		"'video.mp4' is of a kind (MP4 video) that the WeCom app for the product catalog (商品图册) does not take",
	],
	[
		'a picture above 10 MB',
		'moments',
		{ bytes: contentOf('png', 10 * MIB + 1), fileName: 'a.png' },
		"'a.png' has 10.000001 MB; WeCom app for Moments (朋友圈) takes files up to 10 MB",
	],
	[
		'a PNG with a short side above 1,080 pixels',
		'moments',
		{ bytes: png(1200, 4000), fileName: 'a.png' },
		"'a.png' has 1200 × 4000 pixels; WeCom app for Moments (朋友圈) takes pictures up to 10800 on the long and 1080 on the short side",
	],
	[
		'a JPG of a phone',
		'moments',
		{ bytes: jpeg(4000, 3000), fileName: 'a.jpg' },
		"'a.jpg' has 4000 × 3000 pixels; WeCom app for Moments (朋友圈) takes pictures up to 10800 on the long and 1080 on the short side",
	],
	[
		'a video of 31 s',
		'moments',
		{ bytes: mp4(31), fileName: 'a.mp4' },
		"'a.mp4' lasts 31 s; WeCom app for Moments (朋友圈) takes videos up to 30 s",
	],
	[
		'a long video whose header stands at its end',
		'moments',
		{ bytes: mp4(95, 5 * MIB), fileName: 'a.mp4' },
		"'a.mp4' lasts 95 s; WeCom app for Moments (朋友圈) takes videos up to 30 s",
	],
])('%s is refused before anything is sent', async (_what, purpose, data, message) => {
	const { error } = await upload(purpose, data);
	expect(error?.message).toBe(`${message} [item 0]`);
	expect(scene.simulator.record.all.filter(({ method }) => method === 'POST')).toEqual([]);
});

test.each<[string, string, object]>([
	['a PNG of 1,080 × 10,800 pixels', 'moments', { bytes: png(1080, 10_800), fileName: 'a.png' }],
	['a JPG of 10,800 × 1,080 pixels', 'moments', { bytes: jpeg(10_800, 1080), fileName: 'a.jpg' }],
	['a video of 30.4 s', 'moments', { bytes: mp4(30.4), fileName: 'a.mp4' }],
	['a large picture for the catalog', 'catalog', { bytes: jpeg(4000, 3000), fileName: 'a.jpg' }],
	[
		'a video that does not say how long it lasts',
		'moments',
		{ bytes: contentOf('mp4'), fileName: 'a.mp4' },
	],
	['a JPG without a frame header', 'moments', { bytes: contentOf('jpg'), fileName: 'a.jpg' }],
])('%s passes', async (_what, purpose, data) => {
	// The simulator does not round: 30.4 s would be too long for it.
	const isLong = (data as { fileName: string }).fileName === 'a.mp4';
	if (isLong)
		scene.simulator.faults.next({
			path: 'media/upload_attachment',
			status: 200,
			body: '{"errcode":0,"media_id":"3made-up","created_at":1790000000}',
		});
	const { items, error } = await upload(purpose, data);
	expect(error).toBeUndefined();
	expect(items[0].json.media_id).toEqual(expect.any(String));
});

test('Skip Checks leaves pixels and seconds to WeCom, whose code is explained', async () => {
	const picture = await upload(
		'moments',
		{ bytes: png(4000, 3000), fileName: 'a.png' },
		{ options: { skipChecks: true } },
	);
	expect(picture.error?.message).toContain('41081');
	const video = await upload(
		'moments',
		{ bytes: mp4(31), fileName: 'a.mp4' },
		{ options: { skipChecks: true } },
	);
	expect(video.error?.message).toContain('41082');
	expect(video.error?.description).toContain('Cut it to 30 seconds.');
});

test('a remembered media_id of one purpose serves no other', async () => {
	const options = { reuseMediaId: true };
	const binary = { data: sampleFile('photo.jpg') };
	const { items } = await scene.run({
		parameters: { purpose: '={{ $json.purpose }}' },
		options,
		items: ['temporary', 'moments', 'catalog', 'moments'].map((purpose) => ({
			json: { purpose },
			binary,
		})),
	});
	const ids = items.map(({ json }) => json.media_id);
	expect(new Set(ids).size).toBe(3);
	expect(ids[3]).toBe(ids[1]);
});

test('an app that is not listed under 客户联系 learns what is missing', async () => {
	scene.simulator.state.apps.forEach((app) => (app.customerContact = false));
	const { error } = await upload('moments', sampleFile('photo.jpg'));
	expect(error?.message).toContain('48002');
	expect(error?.description).toContain('客户联系');
});
