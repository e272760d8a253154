import { startSimulator, type Simulator } from './index';
import {
	accountToken,
	call,
	corpToken,
	post,
	postFile,
	SAMPLES,
	type FormOptions,
} from './testClient';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

const at = (path: string, token: string, query = '') =>
	`${simulator.url}/cgi-bin/${path}?access_token=${token}${query}`;
const video = (title: unknown = '发布会') => ({
	description: JSON.stringify({ title, introduction: '' }),
});

describe('material/add_material', () => {
	const add = async (type: string, bytes: Buffer, options: FormOptions) =>
		await postFile(
			at('material/add_material', await accountToken(simulator), `&type=${type}`),
			bytes,
			options,
		);

	it('answers without errcode, with a url for a picture only', async () => {
		const picture = (await add('image', SAMPLES.png, { fileName: 'a.png' })).json();
		expect(picture).toEqual({
			media_id: expect.any(String),
			url: expect.stringMatching(/^http/),
			item: [],
		});
		expect((await call(String(picture.url))).bytes.equals(SAMPLES.png)).toBe(true);
		const film = (await add('video', SAMPLES.mp4, { fileName: 'a.mp4', texts: video() })).json();
		expect(film).toEqual({ media_id: expect.any(String), item: [] });
	});

	it.each<[string, string, Buffer, FormOptions, number]>([
		['a file', 'file', SAMPLES.text, {}, 40004],
		['articles', 'news', SAMPLES.text, {}, 40004],
		['a picture without extension', 'image', SAMPLES.png, { fileName: 'a' }, 40005],
		['a picture called .php', 'image', SAMPLES.png, { fileName: 'a.php' }, 40113],
		['a video without a description', 'video', SAMPLES.mp4, { fileName: 'a.mp4' }, 47001],
		[
			'a video without a title',
			'video',
			SAMPLES.mp4,
			{ fileName: 'a.mp4', texts: video('') },
			47001,
		],
		[
			'a video whose description is no JSON',
			'video',
			SAMPLES.mp4,
			{ fileName: 'a.mp4', texts: { description: '发布会' } },
			47001,
		],
		[
			'a thumb above 64 KB',
			'thumb',
			Buffer.concat([SAMPLES.jpeg], 65_537),
			{ fileName: 'a.jpg' },
			45001,
		],
	])('refuses %s', async (_what, type, bytes, options, errcode) => {
		expect((await add(type, bytes, options)).json()).toMatchObject({ errcode });
		expect(simulator.state.materials.size).toBe(0);
	});

	it('answers HTTP 412 to a chunked upload', async () => {
		const { status } = await add('image', SAMPLES.png, { fileName: 'a.png', chunked: true });
		expect(status).toBe(412);
	});
});

describe('material/get_material', () => {
	it('gives a file, a video as JSON, articles as JSON, and nothing of another account', async () => {
		const token = await accountToken(simulator);
		const owner = simulator.demo.officialAccount.appId;
		const whole = { owner, fileName: '图.png', bytes: SAMPLES.png };
		simulator.state.materials.set('p', { ...whole, mediaId: 'p', type: 'image' });
		simulator.state.materials.set('v', {
			...whole,
			mediaId: 'v',
			type: 'video',
			title: 'T',
			introduction: 'I',
		});
		simulator.state.materials.set('n', {
			...whole,
			mediaId: 'n',
			type: 'news',
			newsItem: [{ title: 'N' }],
		});
		simulator.state.materials.set('o', { ...whole, mediaId: 'o', type: 'image', owner: 'wxother' });
		const get = async (mediaId: unknown) =>
			await post(at('material/get_material', token), { media_id: mediaId });

		const picture = await get('p');
		expect(picture.bytes.equals(SAMPLES.png)).toBe(true);
		expect(picture.headers['content-disposition']).toContain("filename*=utf-8''%E5%9B%BE.png");
		const film = (await get('v')).json();
		expect(film).toEqual({
			title: 'T',
			description: 'I',
			down_url: expect.stringMatching(/^http/),
		});
		expect((await call(String(film.down_url))).bytes.equals(SAMPLES.png)).toBe(true);
		expect((await get('n')).json()).toEqual({ news_item: [{ title: 'N' }] });
		expect((await get('o')).json()).toMatchObject({ errcode: 40007 });
		expect((await get('')).json()).toMatchObject({ errcode: 41006 });
	});
});

describe('media/upload_attachment', () => {
	const attach = async (query: string, bytes = SAMPLES.png, fileName = 'a.png') =>
		await postFile(at('media/upload_attachment', await corpToken(simulator), query), bytes, {
			fileName,
		});

	it('answers with created_at as a number', async () => {
		const json = (await attach('&media_type=image&attachment_type=2')).json();
		expect(json).toEqual({
			errcode: 0,
			errmsg: '',
			type: 'image',
			media_id: expect.any(String),
			created_at: expect.any(Number),
		});
	});

	it.each([
		['no scene', '&media_type=image', 40058],
		['an unknown scene', '&media_type=image&attachment_type=3', 40058],
		['the parameter of media/upload', '&type=image&attachment_type=1', 40004],
		['a voice', '&media_type=voice&attachment_type=1', 40004],
		['a file, which no scene takes', '&media_type=file&attachment_type=1', 41072],
		['a video for the catalog', '&media_type=video&attachment_type=2', 41072],
	])('refuses %s', async (_what, query, errcode) => {
		expect((await attach(query)).json()).toMatchObject({ errcode });
	});

	it('refuses a picture as video, one above 10 MB, and an app outside 客户联系', async () => {
		expect((await attach('&media_type=video&attachment_type=1')).json()).toMatchObject({
			errcode: 41090,
		});
		const large = Buffer.concat([SAMPLES.png], 10 * 1024 * 1024 + 1);
		expect((await attach('&media_type=image&attachment_type=2', large)).json()).toMatchObject({
			errcode: 41080,
		});
		simulator.state.apps.forEach((app) => (app.customerContact = false));
		expect((await attach('&media_type=image&attachment_type=2')).json()).toMatchObject({
			errcode: 48002,
		});
	});
});
