import { createHash } from 'node:crypto';
import { contentOf, MIB } from '../../wecom/files';
import { sample, sampleFile, voiceOf } from '../scene';
import { setupSending, type SendJob } from './sending';

const scene = setupSending();
const send = async (job: SendJob) => await scene.send({ system: 'robot', ...job });
const jpg = (size: number, fileName = '照片.jpg') => ({ bytes: contentOf('jpg', size), fileName });
/** Calls to the robot, uploads among them, in their order. */
const calls = () => scene.simulator.record.all.map(({ path }) => path.split('/').pop());

describe('a picture', () => {
	test.each(['photo.jpg', 'picture.png'] as const)(
		'%s travels inside the message',
		async (name) => {
			const { items } = await send({ items: [{ binary: { data: sampleFile(name) } }] });
			expect(items[0].json).toEqual({
				msgtype: 'image',
				file_name: name,
				file_size: sample(name).length,
			});
			const [{ body, image }] = scene.arrived();
			expect(body).toEqual({
				msgtype: 'image',
				image: {
					base64: sample(name).toString('base64'),
					md5: createHash('md5').update(sample(name)).digest('hex'),
				},
			});
			expect(image?.equals(sample(name))).toBe(true);
			expect(calls()).toEqual(['send']);
		},
	);

	test('of exactly 2 MB still does', async () => {
		const { items } = await send({ items: [{ binary: { data: jpg(2 * MIB) } }] });
		expect(items[0].json).toMatchObject({ msgtype: 'image', file_size: 2 * MIB });
	});

	test('of 3 MB goes as file, and the node says why', async () => {
		const run = await send({ items: [{ binary: { data: jpg(3 * MIB) } }] });
		expect(run.items[0].json).toMatchObject({ msgtype: 'file', file_name: '照片.jpg' });
		const [{ msgtype, media }] = scene.arrived();
		expect(msgtype).toBe('file');
		expect(media?.bytes.equals(contentOf('jpg', 3 * MIB))).toBe(true);
		expect(scene.remarks(run)).toEqual([
			"Sent as file: '照片.jpg' has 3 MB; group robot takes images up to 2 MB.",
		]);
	});

	test('of 3 MB asked for as image is an error before anything is sent, the text included', async () => {
		const { error } = await send({
			parameters: { mediaType: 'image', text: 'look at this' },
			items: [{ binary: { data: jpg(3 * MIB) } }],
		});
		expect(error?.message).toContain("'照片.jpg' has 3 MB; group robot takes images up to 2 MB");
		expect(calls()).toEqual([]);
	});

	test('asked for as file is one', async () => {
		await send({
			parameters: { mediaType: 'file' },
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		expect(scene.arrived()).toMatchObject([{ msgtype: 'file', media: { fileName: 'photo.jpg' } }]);
	});
});

describe('a voice', () => {
	test('AMR arrives as voice', async () => {
		await send({ items: [{ binary: { data: sampleFile('voice.amr') } }] });
		expect(scene.arrived()).toMatchObject([{ msgtype: 'voice', media: { type: 'voice' } }]);
	});

	test('of 73 s goes as file, and the node says why', async () => {
		const run = await send({
			items: [{ binary: { data: { bytes: voiceOf(73), fileName: 'long.amr' } } }],
		});
		expect(scene.arrived()).toMatchObject([{ msgtype: 'file', media: { fileName: 'long.amr' } }]);
		expect(scene.remarks(run)).toEqual([
			"Sent as file: 'long.amr' lasts 73 s; group robot takes voices up to 60 s.",
		]);
	});
});

describe('a text beside the file', () => {
	const data = sampleFile('report.pdf', '报告.pdf');

	test('arrives first, with the members it calls', async () => {
		await send({
			parameters: { text: '请查收' },
			options: { mentionedUsers: 'zhangsan，lisi', mentionedMobiles: '13800001111|@all' },
			items: [{ binary: { data } }],
		});
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', 'file']);
		expect(scene.arrived()[0].body.text).toEqual({
			content: '请查收',
			mentioned_list: ['zhangsan', 'lisi'],
			mentioned_mobile_list: ['13800001111', '@all'],
		});
	});

	test('may be Markdown', async () => {
		await send({
			parameters: { text: '**请查收** <@zhangsan>' },
			options: { markdown: true, mentionedUsers: 'lisi' },
			items: [{ binary: { data } }],
		});
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['markdown', 'file']);
		expect(scene.arrived()[0].body.markdown).toEqual({ content: '**请查收** <@zhangsan>' });
	});

	test('comes once for an item of several files', async () => {
		const { items } = await send({
			parameters: { text: 'three files', binaryPropertyName: 'a, b, c' },
			items: [
				{
					binary: { a: data, b: sampleFile('photo.jpg'), c: sampleFile('voice.amr') },
				},
			],
		});
		const types = ['file', 'image', 'voice'];
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', ...types]);
		expect(items.map(({ json }) => json.msgtype)).toEqual(types);
	});

	test('is not sent when the file cannot be uploaded', async () => {
		scene.simulator.faults.next({ path: 'webhook/upload_media', errcode: 40058 });
		const { error } = await send({
			parameters: { text: 'see below' },
			items: [{ binary: { data } }],
		});
		expect(error?.message).toContain('webhook/upload_media failed (40058');
		expect(scene.arrived()).toEqual([]);
	});
});

describe('without a file', () => {
	test('a text alone', async () => {
		const { items } = await send({ parameters: { content: 'text', text: 'good morning' } });
		expect(items[0].json).toEqual({ msgtype: 'text' });
		expect(scene.arrived()).toMatchObject([{ body: { text: { content: 'good morning' } } }]);
		expect(calls()).toEqual(['send']);
	});

	test.each(['', '   '])('an empty text (%j) is refused before anything is sent', async (text) => {
		const { error } = await send({ parameters: { content: 'text', text } });
		expect(error?.message).toBe("'Text' is empty [item 0]");
		expect(calls()).toEqual([]);
	});
});

describe('a media_id of this robot', () => {
	const stored = (type: 'file' | 'voice') =>
		scene.simulator.state.addMedia({ bytes: sample('voice.amr'), type, system: 'robot' });

	test.each([
		['auto', 'file'],
		['file', 'file'],
		['voice', 'voice'],
	] as const)('%s: is sent as %s, after its text', async (mediaType, type) => {
		const mediaId = stored(type);
		const { items } = await send({
			parameters: { content: 'mediaId', mediaId, mediaType, text: 'as promised' },
		});
		expect(items[0].json).toEqual({ msgtype: type, media_id: mediaId });
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', type]);
		expect(calls()).toEqual(['send', 'send']);
	});

	test('as image is refused before its text is sent: pictures have no media_id here', async () => {
		const { error } = await send({
			parameters: { content: 'mediaId', mediaId: stored('file'), mediaType: 'image', text: 'x' },
		});
		expect(error?.message).toBe('The group robot does not send pictures by media_id [item 0]');
		expect(calls()).toEqual([]);
	});

	test('of somebody else is told as not valid for this robot', async () => {
		const { error } = await send({ parameters: { content: 'mediaId', mediaId: 'made-up' } });
		expect(error?.message).toContain('40007: The media_id is not valid for this robot');
		expect(error?.description).toContain('only the robot that uploaded it can send it');
	});
});
