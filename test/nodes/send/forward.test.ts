import { sample, sampleFile, type Sample, type SystemName } from '../scene';
import type { INodeParameters } from 'n8n-workflow';
import { setupSending } from './sending';

const scene = setupSending();
const media_id = expect.stringMatching(/^3[\w-]{20,}$/) as string;

describe('one node forwards a file, and it arrives as what it is', () => {
	test('a PDF with a Chinese name in the group of a robot', async () => {
		const { items, error } = await scene.send({
			system: 'robot',
			items: [{ json: { id: 7 }, binary: { data: sampleFile('report.pdf', '季度报告.pdf') } }],
		});
		expect(error).toBeUndefined();
		const [message, ...more] = scene.arrived();
		expect(more).toEqual([]);
		expect(message).toMatchObject({ via: 'robot', msgtype: 'file', to: ['wrdemogroup'] });
		expect(message.media?.fileName).toBe('季度报告.pdf');
		expect(message.media?.bytes.equals(sample('report.pdf'))).toBe(true);
		const file_size = sample('report.pdf').length;
		expect(items).toEqual([
			{
				json: { msgtype: 'file', media_id, reused: false, file_name: '季度报告.pdf', file_size },
				pairedItem: { item: 0 },
			},
		]);
	});

	test('an image to a member', async () => {
		const { items, error } = await scene.send({
			parameters: { toUser: 'ZhangSan' },
			items: [{ binary: { data: sampleFile('photo.jpg', '合影.jpg') } }],
		});
		expect(error).toBeUndefined();
		const [message, ...more] = scene.arrived();
		expect(more).toEqual([]);
		expect(message).toMatchObject({ via: 'app', msgtype: 'image', to: ['ZhangSan'] });
		expect(message.media?.bytes.equals(sample('photo.jpg'))).toBe(true);
		expect(items[0].json).toEqual({
			msgtype: 'image',
			media_id,
			reused: false,
			file_name: '合影.jpg',
			file_size: sample('photo.jpg').length,
			msgid: message.msgid,
			touser: 'ZhangSan',
		});
	});

	test('a voice to an app chat', async () => {
		const { items, error } = await scene.send({
			parameters: { sendTo: 'appChat', chatId: 'demochat' },
			items: [{ binary: { data: sampleFile('voice.amr', '留言.amr') } }],
		});
		expect(error).toBeUndefined();
		const [message, ...more] = scene.arrived();
		expect(more).toEqual([]);
		expect(message).toMatchObject({ via: 'appChat', msgtype: 'voice', to: ['demochat'] });
		expect(message.body).not.toHaveProperty('agentid');
		expect(message.media?.bytes.equals(sample('voice.amr'))).toBe(true);
		expect(items[0].json).toMatchObject({ msgtype: 'voice', media_id, chatid: 'demochat' });
	});
});

describe('what each kind of file is sent as', () => {
	const kinds: Array<[SystemName, Record<Sample, string>]> = [
		[
			'app',
			{
				'photo.jpg': 'image',
				'picture.png': 'image',
				'picture.gif': 'file',
				'voice.amr': 'voice',
				'voice.mp3': 'file',
				'video.mp4': 'video',
				'report.pdf': 'file',
			},
		],
		['customerService', { 'photo.jpg': 'image', 'voice.amr': 'voice', 'report.pdf': 'file' }],
		['thirdPartyApp', { 'photo.jpg': 'image', 'video.mp4': 'video', 'report.pdf': 'file' }],
		[
			'robot',
			{
				'photo.jpg': 'image',
				'picture.png': 'image',
				'picture.gif': 'file',
				'voice.amr': 'voice',
				'video.mp4': 'file',
				'report.pdf': 'file',
			},
		],
		[
			'officialAccount',
			{
				'photo.jpg': 'image',
				'picture.gif': 'image',
				'voice.amr': 'voice',
				'voice.mp3': 'voice',
				'video.mp4': 'video',
			},
		],
	];
	const cases = kinds.flatMap(([system, types]) =>
		Object.entries(types).map(([name, type]) => [name as Sample, system, type] as const),
	);

	test.each(cases)('%s by %s: %s', async (name, system, type) => {
		const { items } = await scene.send({ system, items: [{ binary: { data: sampleFile(name) } }] });
		expect(items[0].json).toMatchObject({ msgtype: type, file_name: name });
		const [message] = scene.arrived();
		expect(message.msgtype).toBe(type);
		expect((message.image ?? message.media?.bytes)?.equals(sample(name))).toBe(true);
	});
});

test('the node goes through the items of a workflow, to another receiver each', async () => {
	const parameters: INodeParameters = { toUser: '={{ $json.who }}', mediaType: '={{ $json.as }}' };
	const { items } = await scene.send({
		parameters,
		options: { fileName: '={{ $json.who }}.jpg' },
		items: [
			{ json: { who: 'LiSi', as: 'image' }, binary: { data: sampleFile('photo.jpg') } },
			{ json: { who: 'WangWu', as: 'file' }, binary: { data: sampleFile('photo.jpg') } },
		],
	});
	expect(items.map(({ json, pairedItem }) => [json.msgtype, json.touser, pairedItem])).toEqual([
		['image', 'LiSi', { item: 0 }],
		['file', 'WangWu', { item: 1 }],
	]);
	const byReceiver = Object.fromEntries(
		scene.arrived().map(({ to, media }) => [to[0], media?.fileName]),
	);
	expect(byReceiver).toEqual({ LiSi: 'LiSi.jpg', WangWu: 'WangWu.jpg' });
});
