import type { INodeParameters } from 'n8n-workflow';
import { startLinkHost, type LinkHost } from '../simulator';
import { contentOf, MIB } from '../wecom/files';
import { sample, sampleFile, setupScene, type Job, type Sample } from './scene';

const scene = setupScene();
let links: LinkHost;
beforeAll(async () => {
	links = await startLinkHost();
});
afterAll(async () => await links.close());

const ADD = 'externalcontact/group_welcome_template/add';
const add = async (parameters: INodeParameters, job: Job = {}) =>
	await scene.run({ operation: 'addWelcomeMaterial', parameters, ...job });
const added = () => scene.simulator.state.corps[0].welcomeTemplates;
const item = (name: Sample) => [{ binary: { data: sampleFile(name) } }];

describe('a file of the item', () => {
	test.each([
		['photo.jpg', 'image'],
		['video.mp4', 'video'],
		['report.pdf', 'file'],
		// There is no voice in welcome material.
		['voice.amr', 'file'],
	] as const)('%s is uploaded and added as %s', async (name, type) => {
		const { items, error } = await add({ text: '欢迎 %NICKNAME%' }, { items: item(name) });
		expect(error).toBeUndefined();
		const [{ templateId, body }] = added();
		const { media_id } = items[0].json;
		expect(items[0].json).toEqual({
			template_id: templateId,
			type,
			media_id: expect.any(String),
			file_name: name,
			file_size: sample(name).length,
		});
		expect(body).toEqual({
			text: { content: '欢迎 %NICKNAME%' },
			[type]: { media_id },
			notify: 0,
		});
		expect(scene.simulator.state.media.get(String(media_id))?.bytes).toEqual(sample(name));
	});

	test('goes out without a text where there is none, and under another name', async () => {
		await add({}, { items: item('report.pdf'), options: { fileName: '产品介绍.pdf' } });
		const [{ body }] = added();
		expect(body).not.toHaveProperty('text');
		const { media_id } = body.file as { media_id: string };
		expect(scene.simulator.state.media.get(media_id)?.fileName).toBe('产品介绍.pdf');
	});

	test('above 20 MB is refused unread, and the way round is named', async () => {
		const bytes = Buffer.alloc(20 * MIB + 1, 1);
		const { error } = await add(
			{},
			{ items: [{ binary: { data: { bytes, fileName: 'a.zip' } } }] },
		);
		expect(error?.message).toContain('from a field, welcome material takes up to 20 MB');
		expect(error?.description).toContain("set 'Content' to URL, which takes up to 200 MB");
		expect(scene.simulator.record.counters()).toEqual({});
	});

	test('with a text of more than 3,000 bytes is not uploaded', async () => {
		const { error } = await add({ text: '好'.repeat(1_001) }, { items: item('report.pdf') });
		expect(error?.message).toContain("'Text' has 3,003 bytes; WeCom takes up to 3,000 ");
		expect(scene.simulator.record.counters()).toEqual({});
	});
});

describe('a text alone', () => {
	test('is added; the owners of the groups hear of it where that is wished', async () => {
		const { items } = await add({ content: 'text', text: '欢迎' }, { options: { notify: true } });
		expect(items[0].json).toEqual({ template_id: added()[0].templateId });
		expect(added()[0].body).toEqual({ text: { content: '欢迎' }, notify: 1 });
	});

	test('that is empty is refused', async () => {
		const { error } = await add({ content: 'text' });
		expect(error?.message).toBe("'Text' is empty [item 0]");
		expect(scene.simulator.record.counters()).toEqual({});
	});
});

test.each(['image', 'video', 'file'] as const)(
	'a media_id of an upload is added as %s',
	async (type) => {
		const mediaId = scene.simulator.state.addMedia({ bytes: sample('photo.jpg'), type });
		const { items, error } = await add({ content: 'mediaId', mediaId, mediaType: type });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ type, media_id: mediaId });
	},
);

test('a media_id is a file unless it is said to be something else; that of a large upload is taken', async () => {
	const mediaId = scene.simulator.state.addMedia({
		bytes: sample('report.pdf'),
		type: 'file',
		origin: 'async',
	});
	const { error } = await add({ content: 'mediaId', mediaId });
	expect(error).toBeUndefined();
	expect(added()[0].body).toMatchObject({ file: { media_id: mediaId } });
});

describe('a large file behind a link, in one step', () => {
	test.each([
		['film.mp4', 'mp4', 'video'],
		['slides.pdf', 'pdf', 'file'],
	] as const)(
		'%s is fetched by WeCom, waited for, and added as %s %s',
		async (name, kind, type) => {
			const bytes = contentOf(kind, 30_000);
			const { items, error } = await add({ content: 'url', url: links.put(name, { bytes }) });
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({
				template_id: added()[0].templateId,
				jobid: expect.any(String),
				type,
				file_name: name,
				file_size: 30_000,
			});
			expect(added()[0].body).toMatchObject({ [type]: { media_id: items[0].json.media_id } });
		},
	);

	test('as image is refused before anything is asked: WeCom fetches none', async () => {
		const url = links.put('a.jpg', { bytes: sample('photo.jpg') });
		const { error } = await add({ content: 'url', url, mediaType: "={{ 'image' }}" });
		expect(error?.message).toContain('WeCom fetches videos and files from a link, no pictures');
		expect(scene.simulator.record.counters()).toEqual({});
	});

	test.each([
		['that is too long', `https://files.example.com/${'x'.repeat(1_024)}`],
		['that cannot be fetched', 'http://127.0.0.1:9/film.mp4'],
	])('%s leads to the operation that has what helps', async (_what, url) => {
		const { error } = await add({ content: 'url', url, mediaType: 'file' });
		expect(error?.description).toContain('Upload Large File');
		expect(scene.simulator.record.count('media/upload_by_url')).toBe(0);
	});

	test('whose job fails is an error, and nothing is added', async () => {
		const url = links.put('b.mp4', { bytes: contentOf('mp4', 30_000) });
		scene.simulator.faults.next({
			path: 'media/get_upload_by_url_result',
			body: JSON.stringify({
				errcode: 0,
				status: 3,
				detail: { errcode: 830003, errmsg: 'download failed' },
			}),
		});
		const { error } = await add({ content: 'url', url });
		expect(error?.message).toContain('The upload job failed (830003');
		expect(added()).toEqual([]);
	});
});

describe('when adding fails', () => {
	test.each([
		['broke off', { cut: 'beforeAnswer' as const }],
		['was a web page', { body: '<html></html>', afterEffect: true }],
		['was a gateway error', { status: 502, afterEffect: true }],
		['proved nothing', { body: '{"errcode":0}', afterEffect: true }],
	])(
		'and the answer %s, it is not added again, and the media_id is not lost',
		async (_how, fault) => {
			scene.simulator.faults.next({ path: ADD, ...fault, times: 9 });
			const { error } = await add({}, { items: item('report.pdf') });
			expect(error?.description).toMatch(/^The welcome material may have been added all the same/);
			const media = added()[0].body.file as { media_id: string };
			expect(error?.description).toContain(`The media_id of its file is ${media.media_id}.`);
			expect(scene.simulator.record.count(ADD)).toBe(1);
			expect(added()).toHaveLength(1);
		},
	);

	test('"busy" has done nothing, so it is added once', async () => {
		scene.simulator.faults.next({ path: ADD, errcode: -1 });
		const { error } = await add({}, { items: item('report.pdf') });
		expect(error).toBeUndefined();
		expect(added()).toHaveLength(1);
	});

	test.each([
		[41055, 'at most 100'],
		[48002, '客户联系 → 可调用应用'],
	])('with %i, the advice is for welcome material', async (errcode, advice) => {
		scene.simulator.faults.next({ path: ADD, errcode });
		const { error } = await add({ content: 'text', text: '欢迎' });
		expect(error?.description).toContain(advice);
	});
});

test('of several items each is added in its place, and one that fails is named', async () => {
	const { items } = await scene.run({
		operation: 'addWelcomeMaterial',
		parameters: { content: 'text', text: '={{ $json.text }}' },
		items: [{ json: { text: 'a' } }, { json: { text: '' } }, { json: { text: 'c' } }],
		onError: 'continueRegularOutput',
	});
	expect(items.map(({ json }) => json.error ?? 'added')).toEqual([
		'added',
		"'Text' is empty",
		'added',
	]);
});
