import { startSimulator, type Simulator } from './index';
import {
	accountToken,
	amr,
	call,
	corpToken,
	post,
	postFile,
	postPart,
	SAMPLES,
	type FormOptions,
} from './testClient';

const MB = 1024 * 1024;

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator();
	token = await corpToken(simulator);
});
afterEach(async () => await simulator.close());

const uploadUrl = (type: string, accessToken = token) =>
	`${simulator.url}/cgi-bin/media/upload?access_token=${accessToken}&type=${type}`;

const png = (size: number) => Buffer.concat([SAMPLES.png], size);

describe('media/upload of a corp', () => {
	it('stores the file and answers with created_at as a string', async () => {
		const seconds = () => Math.floor(simulator.state.now() / 1000);
		const before = seconds();
		const answer = await postFile(uploadUrl('file'), SAMPLES.text, { fileName: '季度报告.txt' });
		const json = answer.json();
		expect(json).toMatchObject({ errcode: 0, errmsg: '', type: 'file' });
		expect(json.created_at).toMatch(/^\d+$/);
		expect(Number(json.created_at)).toBeGreaterThanOrEqual(before);
		expect(Number(json.created_at)).toBeLessThanOrEqual(seconds());
		const stored = simulator.state.media.get(String(json.media_id));
		expect(stored).toMatchObject({ fileName: '季度报告.txt', type: 'file', system: 'app' });
		expect(stored?.bytes.equals(SAMPLES.text)).toBe(true);
	});

	it.each([
		['image', 'a.png', SAMPLES.png],
		['image', 'a.jpg', SAMPLES.jpeg],
		['voice', 'a.amr', amr(3000)],
		['video', 'a.mp4', SAMPLES.mp4],
		['file', 'six.bin', Buffer.alloc(6)],
		['file', 'largest.bin', Buffer.alloc(20 * MB)],
		['image', 'largest.png', png(10 * MB)],
	])('takes %s %s', async (type, fileName, bytes) => {
		const answer = await postFile(uploadUrl(type), bytes, { fileName });
		expect(answer.json()).toMatchObject({ errcode: 0, type });
	});

	const refusals: Array<[string, string, Buffer, FormOptions, number]> = [
		['an empty file', 'file', Buffer.alloc(0), {}, 44001],
		['a file of 5 bytes', 'file', Buffer.alloc(5), {}, 40006],
		['a file of one byte over 20 MB', 'file', Buffer.alloc(20 * MB + 1), {}, 45001],
		['an image of one byte over 10 MB', 'image', png(10 * MB + 1), {}, 45001],
		['an image that is a text', 'image', SAMPLES.text, { fileName: 'a.png' }, 40123],
		['an image that is a GIF', 'image', SAMPLES.gif, { fileName: 'a.gif' }, 40123],
		['a voice that is not AMR', 'voice', SAMPLES.text, { fileName: 'a.amr' }, 301017],
		['a voice of 60.02 seconds', 'voice', amr(3001), { fileName: 'a.amr' }, 45007],
		['a video that is not MP4', 'video', SAMPLES.text, { fileName: 'a.mp4' }, 40005],
		['an unknown type', 'thumb', SAMPLES.jpeg, { fileName: 'a.jpg' }, 40004],
		['no type', '', SAMPLES.text, {}, 40004],
		['another field name', 'file', SAMPLES.text, { field: 'file' }, 44001],
	];
	it.each(refusals)('refuses %s', async (_what, type, bytes, options, errcode) => {
		const answer = await postFile(uploadUrl(type), bytes, options);
		expect(answer.json()).toMatchObject({ errcode });
		expect(simulator.state.media.all()).toEqual([]);
	});

	it.each([
		['no file name', 'name="media"', 44001],
		['an empty file name', 'name="media"; filename=""', 44001],
		['only an RFC 5987 name', 'name="media"; filename*=utf-8\'\'%E6%B5%8B.txt', 44001],
		['a filelength that is not the length', 'name="media"; filename="a.txt"; filelength=7', 40006],
	])('refuses a part with %s', async (_what, disposition, errcode) => {
		const answer = await postPart(uploadUrl('file'), disposition, '12345678');
		expect(answer.json()).toMatchObject({ errcode });
	});

	it("takes the vendor's sample header with filelength", async () => {
		const answer = await postPart(
			uploadUrl('file'),
			'name="media";filename="wework.txt"; filelength=8',
			'12345678',
		);
		expect(answer.json()).toMatchObject({ errcode: 0 });
	});

	it('shows a percent-encoded name literally', async () => {
		const answer = await postPart(
			uploadUrl('file'),
			'name="media"; filename="%E6%B5%8B.txt"',
			'12345678',
		);
		const stored = simulator.state.media.get(String(answer.json().media_id));
		expect(stored?.fileName).toBe('%E6%B5%8B.txt');
	});

	it.each([
		['JSON', 'application/json', '{"media":"a.txt"}'],
		['multipart without a boundary', 'multipart/form-data', '--x\r\n\r\n--x--'],
		[
			'multipart that breaks off',
			'multipart/form-data; boundary=x',
			'--x\r\nContent-Disposition: form-data; name="media"; filename="a.txt"\r\n\r\n12345678',
		],
		[
			'a path in a text field',
			'multipart/form-data; boundary=x',
			'--x\r\nContent-Disposition: form-data; name="media"\r\n\r\n/tmp/a.txt\r\n--x--\r\n',
		],
	])('refuses %s', async (_what, contentType, body) => {
		const headers = { 'Content-Type': contentType };
		const answer = await call(uploadUrl('file'), { body, headers });
		expect(answer.json()).toMatchObject({ errcode: 44001 });
	});

	it('looks at the token before the file', async () => {
		const answer = await call(uploadUrl('file', 'nonsense'), { body: '' });
		expect(answer.json()).toMatchObject({ errcode: 40014 });
	});

	it('takes chunked bodies by default and refuses them with 412 in strict mode', async () => {
		const options = { chunked: true };
		expect((await postFile(uploadUrl('file'), SAMPLES.text, options)).json()).toMatchObject({
			errcode: 0,
		});
		simulator.state.strict.chunkedIs412 = true;
		const answer = await postFile(uploadUrl('file'), SAMPLES.text, options);
		expect([answer.status, answer.bytes.length]).toEqual([412, 0]);
	});

	it('takes any field name and checks extensions when told so', async () => {
		simulator.state.strict.anyFieldName = true;
		simulator.state.strict.extensionMustMatch = true;
		const send = async (type: string, bytes: Buffer, fileName: string) =>
			(await postFile(uploadUrl(type), bytes, { field: 'file', fileName })).json().errcode;
		expect(await send('image', SAMPLES.png, 'a.png')).toBe(0);
		expect(await send('image', SAMPLES.png, 'a')).toBe(40005);
		expect(await send('image', SAMPLES.png, 'a.txt')).toBe(40113);
		expect(await send('file', SAMPLES.png, 'a')).toBe(0);
	});
});

describe('media/uploadimg', () => {
	const imageUrl = () => `${simulator.url}/cgi-bin/media/uploadimg?access_token=${token}`;

	it('answers with an http link without extension that serves the image', async () => {
		const answer = (await postFile(imageUrl(), SAMPLES.png, { field: 'anything' })).json();
		expect(answer).toMatchObject({ errcode: 0, errmsg: '' });
		expect(answer).not.toHaveProperty('media_id');
		expect(answer.url).toMatch(/^http:\/\/.*\/pic_wework\/[0-9a-f]+\/0$/);
		expect((await call(String(answer.url))).bytes.equals(SAMPLES.png)).toBe(true);
	});

	it.each([
		['2 MB', png(2 * MB), 0],
		['one byte over 2 MB', png(2 * MB + 1), 40009],
		['4 bytes', SAMPLES.png.subarray(0, 4), 40006],
		['5 bytes', SAMPLES.png.subarray(0, 5), 0],
		['text', SAMPLES.text, 40123],
	])('answers an image of %s with its code', async (_what, bytes, errcode) => {
		expect((await postFile(imageUrl(), bytes)).json()).toMatchObject({ errcode });
	});

	it('stops at 1 000 images a natural day', async () => {
		const { imageUploads } = simulator.state.corps[0];
		imageUploads.push(...Array<number>(1000).fill(simulator.state.now()));
		expect((await postFile(imageUrl(), SAMPLES.png)).json()).toMatchObject({
			errcode: 45009,
			url: '',
		});
	});
});

describe('media/upload of an Official Account', () => {
	beforeEach(async () => {
		token = await accountToken(simulator);
	});

	it('answers without errcode and with created_at as a number', async () => {
		const answer = (await postFile(uploadUrl('image'), SAMPLES.gif, { fileName: 'a.gif' })).json();
		expect(Object.keys(answer)).toEqual(['type', 'media_id', 'created_at']);
		expect(typeof answer.created_at).toBe('number');
	});

	it('answers thumb_media_id for a thumb', async () => {
		const answer = (await postFile(uploadUrl('thumb'), SAMPLES.jpeg, { fileName: 'a.jpg' })).json();
		expect(Object.keys(answer)).toEqual(['type', 'thumb_media_id', 'created_at']);
	});

	it('refuses every chunked body with 412', async () => {
		const answer = await postFile(uploadUrl('image'), SAMPLES.png, {
			fileName: 'a.png',
			chunked: true,
		});
		expect([answer.status, answer.bytes.length]).toEqual([412, 0]);
	});

	it.each([
		['the type file', 'file', SAMPLES.text, 'a.txt', 40004],
		['an empty file', 'image', Buffer.alloc(0), 'a.png', 41005],
		['a thumb over 64 KB', 'thumb', Buffer.concat([SAMPLES.jpeg], 65_537), 'a.jpg', 45001],
		['a name without extension', 'image', SAMPLES.png, 'picture', 40005],
		['a foreign extension', 'image', SAMPLES.png, 'a.webp', 40113],
		['a text as voice', 'voice', SAMPLES.text, 'a.mp3', 40005],
	])('refuses %s', async (_what, type, bytes, fileName, errcode) => {
		const answer = (await postFile(uploadUrl(type), bytes, { fileName })).json();
		expect(answer).toMatchObject({ errcode });
		expect(answer.errmsg).toMatch(/ rid: /);
	});

	it('answers 41005 to a name only in RFC 5987 form', async () => {
		const answer = await postPart(
			uploadUrl('image'),
			'name="media"; filename*=utf-8\'\'a.png',
			'x',
		);
		expect(answer.json()).toMatchObject({ errcode: 41005 });
	});

	it('sends a medium to a follower with message/custom/send', async () => {
		const uploaded = await postFile(uploadUrl('image'), SAMPLES.png, { fileName: 'a.png' });
		const send = async (touser: string, mediaId: unknown) => {
			const url = `${simulator.url}/cgi-bin/message/custom/send?access_token=${token}`;
			const body = { touser, msgtype: 'image', image: { media_id: mediaId } };
			return (await post(url, body)).json().errcode;
		};
		const { follower } = simulator.demo.officialAccount;
		expect(await send(follower, uploaded.json().media_id)).toBe(0);
		expect(await send('onobody', uploaded.json().media_id)).toBe(40003);
		expect(await send(follower, 'nonsense')).toBe(40007);
		expect(simulator.state.messages).toHaveLength(1);
	});
});

describe('the record of an upload', () => {
	it('keeps the raw part header, name, size and md5', async () => {
		await postFile(uploadUrl('file'), Buffer.from('abcdefg'), { fileName: '测试.txt' });
		const call = simulator.record.last('media/upload');
		expect(call).toMatchObject({ method: 'POST', chunked: false, query: { type: 'file' } });
		expect(call?.contentLength).toBe(call?.bodyBytes);
		const [part] = call?.parts ?? [];
		expect(part).toMatchObject({
			name: 'media',
			fileName: '测试.txt',
			size: 7,
			md5: '7ac66c0f148de9519b8bd264312c4d64',
		});
		expect(part.rawHeader.toString('utf8')).toContain('; filename="测试.txt"');
	});

	it('keeps a chunked body and several parts apart', async () => {
		const parts = ['one', 'two'].map(
			(name) =>
				`--b\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.txt"\r\n\r\n${name}\r\n`,
		);
		const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
		await call(uploadUrl('file'), { body: `${parts.join('')}--b--\r\n`, headers, chunked: true });
		const recorded = simulator.record.last('media/upload');
		expect(recorded).toMatchObject({ chunked: true, contentLength: undefined });
		expect(recorded?.parts.map(({ name, fileName, size }) => [name, fileName, size])).toEqual([
			['one', 'one.txt', 3],
			['two', 'two.txt', 3],
		]);
		expect(recorded?.parts[1].rawHeader.toString()).toContain('name="two"');
	});
});
