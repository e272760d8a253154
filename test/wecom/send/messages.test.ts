import { createHash } from 'node:crypto';

import { WeComInputError } from '../../../nodes/WeComMedia/wecom/client/errors';
import {
	appChatChannel,
	customerServiceChannel,
	officialAccountChannel,
	ROBOT_CHANNEL,
	type Channel,
	type MessageType,
} from '../../../nodes/WeComMedia/wecom/calls/channels';
import {
	inlineImageContent,
	packForMessage,
	refuseAsyncMediaId,
	refuseUnsendable,
	sendMessage,
	textContents,
	typeOfMediaId,
	type TextOptions,
} from '../../../nodes/WeComMedia/wecom/calls/messages';
import { robot } from '../../../nodes/WeComMedia/wecom/accounts/robots';
import type { MediaFile } from '../../../nodes/WeComMedia/wecom/files/mediaFile';
import type { System } from '../../../nodes/WeComMedia/wecom/accounts/system';
import { contentOf, fileOf, MIB } from '../files';
import { failureOf, useScene } from '../scene';

const scene = useScene();
const plain: TextOptions = { kind: 'text', mentionedUsers: [], mentionedMobiles: [], split: false };
const textOf = (text: string, options: Partial<TextOptions> = {}, channel = ROBOT_CHANNEL) =>
	textContents(channel, text, { ...plain, ...options });
const aRobot = robot({ baseUrl: 'https://wecom.example', webhookKey: 'made-up-key' });
const packed = async (system: System, file: MediaFile) =>
	await packForMessage(system, {
		file,
		requested: 'auto',
		fileName: '',
		fallbackToFile: false,
		skipChecks: false,
	});

describe('a text', () => {
	test('goes out alone, without empty lists of mentions', () => {
		expect(textOf('你好')).toEqual([{ msgtype: 'text', body: { content: '你好' } }]);
	});

	const mentions = { mentionedUsers: ['lisi', '@all'], mentionedMobiles: ['13800001111'] };

	test('calls members by their ids and by their mobile numbers', () => {
		expect(textOf('hello', mentions)[0].body).toEqual({
			content: 'hello',
			mentioned_list: ['lisi', '@all'],
			mentioned_mobile_list: ['13800001111'],
		});
	});

	test('in an app chat calls members by their ids only (vendor page 90248)', () => {
		const chat = appChatChannel('chat', { safe: false });
		expect(textOf('hello', mentions, chat)[0].body).toEqual({
			content: 'hello',
			mentioned_list: ['lisi', '@all'],
		});
	});

	test('where WeCom knows no mentions goes out without', () => {
		const service = customerServiceChannel('wmcustomer', 'wkservice');
		expect(textOf('hello', mentions, service)[0].body).toEqual({ content: 'hello' });
	});

	test('calls nobody by a name', () => {
		expect(() => textOf('hello', { mentionedUsers: ['张三'] })).toThrow(
			"'张三' in 'Mentioned Users' is a name or no ID",
		);
	});

	test.each(['markdown', 'markdown_v2'] as const)(
		'as %s has no lists of mentions, which WeCom does not know there',
		(kind) => {
			expect(textOf('**hello**', { kind, ...mentions })).toEqual([
				{ msgtype: kind, body: { content: '**hello**' } },
			]);
		},
	);

	test('as markdown_v2 goes to robots only', () => {
		const chat = appChatChannel('chat', { safe: false });
		expect(() => textOf('# hello', { kind: 'markdown_v2' }, chat)).toThrow(
			'appchat/send does not take messages of the type markdown_v2',
		);
	});

	test.each(['', '   ', '\n'])('%j is refused as empty', (text) => {
		expect(() => textOf(text)).toThrow("'Text' is empty");
	});
});

describe("a robot's picture", () => {
	test.each(['jpg', 'png'] as const)(
		'%s: travels as Base64 with the MD5 of its raw bytes',
		async (kind) => {
			const bytes = contentOf(kind, 100_001);
			const picture = await packed(aRobot, fileOf(kind, 100_001));
			expect(picture.type).toBe('image');
			expect(inlineImageContent(picture)).toEqual({
				msgtype: 'image',
				body: {
					base64: bytes.toString('base64'),
					md5: createHash('md5').update(bytes).digest('hex'),
				},
			});
		},
	);

	test.each([
		[2 * MIB, 'image', ''],
		[2 * MIB + 1, 'file', "'report.jpg' has"],
	] as const)('of %i bytes is sent as %s', async (size, type, reason) => {
		const picture = await packed(aRobot, fileOf('jpg', size));
		expect(picture.type).toBe(type);
		expect(picture.reason).toMatch(reason);
	});

	test('an app uploads its pictures: up to 10 MB they stay pictures', async () => {
		const picture = await packed(scene.app().system, fileOf('jpg', 3 * MIB));
		expect(picture.type).toBe('image');
	});

	test('cannot be named by a media_id', () => {
		expect(() => typeOfMediaId(aRobot, 'image')).toThrow(/does not send pictures by media_id/);
		expect(typeOfMediaId(aRobot, 'file')).toBe('file');
		expect(typeOfMediaId(scene.app().system, 'image')).toBe('image');
	});
});

describe('a media_id that does not tell what it is', () => {
	test('is a file where the system sends files', () => {
		expect(typeOfMediaId(aRobot, 'auto')).toBe('file');
		expect(typeOfMediaId(scene.app().system, 'auto')).toBe('file');
	});

	test('is for the user to name where it sends none', async () => {
		const run = async () => typeOfMediaId(scene.officialAccount().system, 'auto');
		const { message, hint } = await failureOf(run(), WeComInputError);
		expect(message).toBe(
			'A media_id does not tell what it is, and the Official Account sends no plain files',
		);
		expect(hint).toBe("Choose in 'Media Type' what was uploaded: image, voice, video.");
	});
});

describe('a file that no message takes is refused before anything of it is read', () => {
	const unread = (size: number): MediaFile => ({
		fileName: '培训.mp4',
		size,
		mimeType: 'video/mp4',
		open: async () => await Promise.reject(new Error('it was read')),
	});

	test.each([
		['the WeCom app', () => scene.app().system, 20],
		['the group robot', () => aRobot, 20],
		['the WeChat Customer Service', () => scene.customerService().system, 20],
		['the Official Account', () => scene.officialAccount().system, 10],
	] as const)('%s', async (label, systemOf, most) => {
		const file = unread(most * MIB + 1);
		const { message, hint } = await failureOf(packed(systemOf(), file), WeComInputError);
		expect(message).toMatch(
			new RegExp(`^'培训.mp4' has ${most}.* MB; ${label} sends up to ${most} MB$`),
		);
		expect(hint).toContain('send its link as text');
	});
});

test.each([
	['3*1*G6nrLmr5EC3MMb', true],
	['12*34*abc', true],
	['3G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0', false],
	['3*G6nr', false],
	['abc*1*def', false],
])('the media_id %s is of a large upload: %s', (mediaId, isAsync) => {
	const refuse = () => refuseAsyncMediaId(mediaId);
	if (isAsync)
		expect(refuse).toThrow('comes from a large upload, and WeCom does not send such media');
	else expect(refuse).not.toThrow();
});

describe('what a channel takes', () => {
	const channels: Array<[Channel, string]> = [
		[ROBOT_CHANNEL, 'text markdown markdown_v2 image voice file'],
		[appChatChannel('chat', { safe: false }), 'text markdown image voice video file'],
		[customerServiceChannel('wmcustomer', 'wkservice'), 'text image voice video file'],
		[officialAccountChannel('ofollower'), 'text image voice video'],
	];
	const all: MessageType[] = [
		...(['text', 'markdown', 'markdown_v2'] as const),
		...(['image', 'voice', 'video', 'file', 'thumb'] as const),
	];
	const cases = channels.flatMap(([channel, types]) =>
		all.map((type) => [channel.path, type, types.split(' ').includes(type), channel] as const),
	);

	test.each(cases)('%s, %s: %s', (path, type, takes, channel) => {
		const ask = () => refuseUnsendable(channel, type, '');
		if (takes) expect(ask).not.toThrow();
		else expect(ask).toThrow(`${path} does not take messages of the type ${type}`);
	});

	test('is asked again before a call, so that nothing leaves', async () => {
		const { client } = scene.officialAccount();
		const content = { msgtype: 'file', body: { media_id: 'made-up' } } as const;
		const sending = sendMessage(client, officialAccountChannel('odemofollower'), content);
		const { hint } = await failureOf(sending, WeComInputError);
		expect(hint).toBe('It takes: text, image, voice, video.');
		expect(scene.sim.record.all).toEqual([]);
	});
});

describe('confidential', () => {
	const channel = appChatChannel('chat', { safe: true });
	const allowed = 'txt pdf doc docx ppt pptx xls xlsx xml jpg jpeg png bmp gif'.split(' ');

	test.each(allowed)('a file of the kind .%s can be', (extension) => {
		expect(() => refuseUnsendable(channel, 'file', `report.${extension}`)).not.toThrow();
		expect(() =>
			refuseUnsendable(channel, 'file', `REPORT.${extension.toUpperCase()}`),
		).not.toThrow();
	});

	test.each(['archive.zip', 'tool.exe', 'film.mp4', 'README'])('%s cannot be', (name) => {
		const ask = () => refuseUnsendable(channel, 'file', name);
		expect(ask).toThrow(`'${name}' cannot be sent as confidential`);
	});

	test('a file that is not to be confidential may be of any kind', () => {
		const open = appChatChannel('chat', { safe: false });
		expect(() => refuseUnsendable(open, 'file', 'archive.zip')).not.toThrow();
	});

	test('a voice goes out without the flag, which WeCom does not know there', async () => {
		const { client } = scene.app();
		const demo = appChatChannel(scene.sim.demo.corp.chatId, { safe: true });
		const bytes = contentOf('txt');
		const media = (type: 'voice' | 'image') => scene.sim.state.addMedia({ bytes, type });
		for (const msgtype of ['voice', 'image'] as const) {
			await sendMessage(client, demo, { msgtype, body: { media_id: media(msgtype) } });
		}
		const [voice, image] = scene.sim.state.messages.map(({ body }) => body);
		expect(voice).not.toHaveProperty('safe');
		expect(image.safe).toBe(1);
	});
});
