import { contentOf, MIB } from '../wecom/files';
import { binaryBytes } from '../helpers/engine';
import type { PermanentMaterial } from '../simulator/model';
import { sample, sampleFile, setupScene, type Job, type Sample } from './scene';

const scene = setupScene();
const ADD = 'material/add_material';
const upload = async (data: object, more: Partial<Job> = {}) =>
	await scene.run({
		system: 'officialAccount',
		operation: 'uploadPermanent',
		...more,
		items: [{ binary: { data: data as never } }],
	});
const wma = Buffer.concat([Buffer.from('3026b2758e66cf11', 'hex'), Buffer.alloc(400)]);

describe('Upload Permanent Material', () => {
	test.each<[string, object, string]>([
		['image', sampleFile('photo.jpg', '封面.jpg'), '封面.jpg'],
		['image', sampleFile('picture.gif', '动图.tmp'), '动图.gif'],
		['voice', sampleFile('voice.mp3', '问候.mp3'), '问候.mp3'],
		['thumb', sampleFile('photo.jpg', '缩略图.jpg'), '缩略图.jpg'],
	])('of a %s gives its media_id without an end', async (type, data, fileName) => {
		const mediaType = type === 'thumb' ? 'thumb' : 'auto';
		const { items, error } = await upload(data, { parameters: { mediaType } });
		expect(error).toBeUndefined();
		const [material] = scene.simulator.state.materials.values();
		expect(material).toMatchObject({ type, fileName });
		expect(items[0].json).toEqual({
			media_id: material.mediaId,
			...(type === 'image' ? { url: material.url } : {}),
			file_name: fileName,
			file_size: (data as { bytes: Buffer }).bytes.length,
		});
		const call = scene.simulator.record.last(ADD);
		expect(call?.query.type).toBe(type);
		expect(call?.parts).toHaveLength(1);
		expect(call?.contentLength).toBe(call?.bodyBytes);
	});

	test('takes a WMA as voice and a BMP as image', async () => {
		const voice = await upload(
			{ bytes: wma, fileName: '问候.wma' },
			{ parameters: { mediaType: 'voice' } },
		);
		expect(voice.error).toBeUndefined();
		const bmp = Buffer.alloc(200);
		bmp.write('BM', 'latin1');
		bmp[14] = 40;
		const image = await upload({ bytes: bmp, fileName: '图.bmp' });
		expect(image.items[0].json).toMatchObject({ file_name: '图.bmp' });
	});

	test.each<[string, Job['options'], object]>([
		['the name of the file', {}, { title: '发布会', introduction: '' }],
		[
			'what is given',
			{ title: '新品 “X”', description: '第一行\n第二行' },
			{ title: '新品 “X”', introduction: '第一行\n第二行' },
		],
	])('of a video says its title: %s', async (_what, options, said) => {
		const data = sampleFile('video.mp4', '发布会.mp4');
		const { items, error } = await upload(data, { options });
		expect(error).toBeUndefined();
		const [material] = scene.simulator.state.materials.values();
		expect(material).toMatchObject({ type: 'video', ...said });
		expect(material.bytes.equals(data.bytes as Buffer)).toBe(true);
		expect(items[0].json).toEqual({
			media_id: material.mediaId,
			file_name: '发布会.mp4',
			file_size: 1930,
		});
		const [file, description] = scene.simulator.record.last(ADD)?.parts ?? [];
		expect(file).toMatchObject({ name: 'media', fileName: '发布会.mp4' });
		expect(description).toMatchObject({ name: 'description', fileName: undefined });
	});

	test('of a video above 2 MB sends its title behind the file, with an exact length', async () => {
		const bytes = contentOf('mp4', 6 * MIB + 3);
		const { error } = await upload(
			{ bytes, fileName: '发布会.mp4' },
			{ options: { title: '发布会' } },
		);
		expect(error).toBeUndefined();
		const [material] = scene.simulator.state.materials.values();
		expect(material.bytes.equals(bytes)).toBe(true);
		expect(material.title).toBe('发布会');
		const call = scene.simulator.record.last(ADD);
		expect(call?.contentLength).toBe(call?.bodyBytes);
		expect(call?.chunked).toBe(false);
	});

	test.each<[string, object, string]>([
		[
			'a document',
			sampleFile('report.pdf'),
			"'report.pdf' is of a kind (PDF document) that the Official Account does not take",
		],
		[
			'a picture above 10 MB',
			{ bytes: contentOf('png', 10 * MIB + 1), fileName: 'a.png' },
			"'a.png' has 10.000001 MB; Official Account takes files up to 10 MB",
		],
	])('refuses %s before anything is sent', async (_what, data, message) => {
		const { error } = await upload(data);
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(scene.simulator.record.count(ADD)).toBe(0);
	});

	test.each([
		['is lost', { cut: 'beforeAnswer' as const }],
		['cannot be read', { status: 200, body: '<html>', afterEffect: true }],
		['is a gateway’s', { status: 502, afterEffect: true }],
	])('whose answer %s is never repeated and says where to look', async (_what, fault) => {
		scene.simulator.faults.next({ path: ADD, ...fault });
		const { error } = await upload(sampleFile('photo.jpg'), { options: { maxRetries: 5 } });
		expect(scene.simulator.record.count(ADD)).toBe(1);
		expect(error?.description).toContain('WeChat may have stored the material all the same');
		expect(error?.description).toContain('素材库');
	});

	test('that WeChat refuses is explained', async () => {
		scene.simulator.faults.next({ path: ADD, errcode: 48001 });
		const { error } = await upload(sampleFile('photo.jpg'));
		expect(error?.message).toContain('48001');
		expect(error?.description).toContain('接口权限');
	});
});

describe('Download Permanent Material', () => {
	const get = async (mediaId: string, more: Partial<Job> = {}) =>
		await scene.run({
			system: 'officialAccount',
			operation: 'getPermanent',
			...more,
			parameters: { mediaId, ...more.parameters },
		});
	const add = (material: Partial<PermanentMaterial> & { bytes: Buffer }) => {
		const owner = scene.simulator.demo.officialAccount.appId;
		const whole = {
			mediaId: 'made_up-1',
			owner,
			type: 'image' as const,
			fileName: 'a.png',
			...material,
		};
		scene.simulator.state.materials.set(whole.mediaId, whole);
		return whole.mediaId;
	};

	test.each<[string, PermanentMaterial['type'], Sample, string]>([
		['a picture', 'image', 'photo.jpg', 'image/jpeg'],
		['a voice', 'voice', 'voice.mp3', 'audio/mpeg'],
		['a thumbnail', 'thumb', 'photo.jpg', 'image/jpeg'],
	])('gives %s as a file', async (_what, type, original, mimeType) => {
		const bytes = sample(original);
		const fileName = `素材${original.slice(original.lastIndexOf('.'))}`;
		const { items, error } = await get(add({ type, bytes, fileName }));
		expect(error).toBeUndefined();
		expect(items[0].json).toEqual({
			media_id: 'made_up-1',
			file_name: fileName,
			mime_type: mimeType,
			file_size: bytes.length,
		});
		expect((await binaryBytes(items[0].binary?.data)).equals(bytes)).toBe(true);
		expect(scene.simulator.record.last('material/get_material')?.json).toEqual({
			media_id: 'made_up-1',
		});
	});

	test('gives a video with its title and description, through its link', async () => {
		const bytes = sample('video.mp4');
		const mediaId = add({ type: 'video', bytes, title: '发布会', introduction: '两分钟看完' });
		const { items, error } = await get(mediaId, {
			parameters: { binaryPropertyName: 'film' },
			options: { fileName: '发布会' },
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toEqual({
			media_id: mediaId,
			file_name: '发布会.mp4',
			mime_type: 'video/mp4',
			file_size: bytes.length,
			title: '发布会',
			description: '两分钟看完',
		});
		expect((await binaryBytes(items[0].binary?.film)).equals(bytes)).toBe(true);
	});

	test('gives articles as they are, without a file', async () => {
		const newsItem = [
			{ title: '第七周', content: `<p>${'长'.repeat(300_000)}</p>`, url: 'https://example.com/7' },
		];
		const { items, error } = await get(add({ type: 'news', bytes: Buffer.alloc(0), newsItem }));
		expect(error).toBeUndefined();
		expect(items[0].json).toEqual({ media_id: 'made_up-1', news_item: newsItem });
		expect(items[0].binary).toBeUndefined();
	});

	test('starts again when the connection breaks', async () => {
		const bytes = contentOf('png', 300_000);
		scene.simulator.faults.next({ path: 'material/get_material', cutAfterBytes: 100_000 });
		const { items, error } = await get(add({ bytes }));
		expect(error).toBeUndefined();
		expect((await binaryBytes(items[0].binary?.data)).equals(bytes)).toBe(true);
		expect(scene.simulator.record.count('material/get_material')).toBe(2);
	});

	test.each([
		['a media_id that is not in the library', 'unheard-of', '40007'],
		['a media_id of temporary media', 'temporary', '40007'],
	])('says of %s what it is', async (_what, mediaId, code) => {
		scene.simulator.state.addMedia({
			mediaId: 'temporary',
			bytes: sample('photo.jpg'),
			system: 'officialAccount',
		});
		const { error } = await get(mediaId);
		expect(error?.message).toContain(code);
		expect(error?.description).toContain('永久素材');
	});

	test('takes no login page for a file', async () => {
		scene.simulator.faults.next({
			path: 'material/get_material',
			status: 200,
			body: '<html>Log in</html>',
		});
		const { error } = await get('made_up-1');
		expect(error?.message).toContain('was answered with a web page instead of a file');
	});
});

describe('Upload Article Image of an Official Account', () => {
	const image = async (data: object) => await upload(data, { operation: 'uploadImg' });

	test('gives a link that shows the picture', async () => {
		const data = sampleFile('photo.jpg', '插图.php');
		const { items, error } = await image(data);
		expect(error).toBeUndefined();
		const { url, ...rest } = items[0].json;
		expect(rest).toEqual({ file_name: '插图.jpg', file_size: 833 });
		const path = new URL(String(url)).pathname.replace(/^\/test-\d+/, '');
		expect(scene.simulator.state.permanentImages.get(path)?.length).toBe(833);
	});

	test('takes less than 1 MB', async () => {
		const most = await image({ bytes: contentOf('png', MIB - 1), fileName: 'a.png' });
		expect(most.error).toBeUndefined();
		const { error } = await image({ bytes: contentOf('png', MIB), fileName: 'a.png' });
		expect(error?.message).toContain(
			"'a.png' has 1 MB; Official Account takes permanent images up to",
		);
		expect(error?.description).toBe('Save it as JPG or PNG of less than 1 MB.');
		expect(scene.simulator.record.count('media/uploadimg')).toBe(1);
	});

	test('refuses a GIF', async () => {
		const { error } = await image(sampleFile('picture.gif'));
		expect(error?.message).toMatch(/^'picture\.gif' is not JPG or PNG but GIF image/);
	});

	test('whose answer is lost is never repeated', async () => {
		scene.simulator.faults.next({ path: 'media/uploadimg', cut: 'beforeAnswer' });
		const { error } = await image(sampleFile('photo.jpg'));
		expect(scene.simulator.record.count('media/uploadimg')).toBe(1);
		expect(error?.description).toContain('WeChat may have stored the image all the same');
		expect(error?.description).not.toContain('company');
	});
});
