import { startLinkHost, type LinkHost, type StoredMedia } from '../simulator';
import { descriptionOf, operationsOf, saveAccounts } from './accounts';
import type { Accounts, SystemName } from './accounts';
import { sample } from './files';
import { ROUND_TRIPS, SENDINGS } from './operationCases';
import { outputOf, type Execution } from './rest';
import { readFiles, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
let host: LinkHost;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
	host = await startLinkHost();
});
beforeEach(() => {
	world.simulator.state.messages.length = 0;
	world.simulator.state.jobs.clear();
});
afterAll(async () => {
	await host?.close();
	await world?.close();
});

async function run(...steps: Step[]): Promise<Execution> {
	const workflow = workflowOf(expect.getState().currentTestName ?? 'test', ...steps);
	const execution = await world.rest.run(await world.rest.createWorkflow(workflow));
	expect(execution.error).toBeUndefined();
	return execution;
}

/** "Read/Write Files" of a small real file under another name. */
const read = async (name: string, original: string) =>
	readFiles(await world.addFile(name, await sample(original)));

/** The only item a node put out. */
function onlyItem(execution: Execution, node: string) {
	const items = outputOf(execution, node);
	expect(items).toHaveLength(1);
	return items[0];
}

async function fileOf(execution: Execution, node: string, field = 'data'): Promise<Buffer> {
	return await world.rest.binary(onlyItem(execution, node).binary?.[field]?.id ?? '');
}

function heldAs(mediaId: unknown): StoredMedia {
	const held = world.simulator.state.media.get(String(mediaId));
	if (!held) throw new Error(`the simulator does not hold ${String(mediaId)}`);
	return held;
}

/** Unix seconds, and the same three days later in ISO. */
function timesOf(createdAtMs: number) {
	const seconds = Math.floor(createdAtMs / 1000);
	return {
		created_at: seconds,
		expires_at: new Date((seconds + 3 * 86_400) * 1000).toISOString(),
	};
}

/** What Upload puts out for a file that the simulator holds. */
const uploadOf = ({ type, mediaId, createdAt, fileName, bytes }: StoredMedia) => ({
	type,
	media_id: mediaId,
	...timesOf(createdAt),
	file_name: fileName,
	file_size: bytes.length,
	reused: false,
});

const extensionOf = (original: string) => original.slice(original.lastIndexOf('.'));

describe(`in a real n8n ${N8N_VERSION} upload and get`, () => {
	test.each(ROUND_TRIPS)('of %s bring a %s to WeCom and back', async (...given) => {
		const [system, type, original, mime] = given;
		const name = `${system}-${type} 年度${extensionOf(original)}`;
		const bytes = await sample(original);
		const execution = await run(
			await read(name, original),
			accounts.node('Upload', system, 'upload', {
				mediaType: type === 'thumb' ? 'thumb' : 'auto',
				binaryPropertyName: 'data',
			}),
			accounts.node('Get', system, 'get', {
				mediaId: '={{ $json.media_id }}',
				binaryPropertyName: 'fetched',
			}),
		);

		const { json: uploaded } = onlyItem(execution, 'Upload');
		const held = heldAs(uploaded.media_id);
		expect(held).toMatchObject({ type, fileName: name });
		expect(held.bytes.equals(bytes)).toBe(true);
		expect(uploaded).toEqual({
			...uploadOf(held),
			...(type === 'thumb' ? { thumb_media_id: held.mediaId } : {}),
		});

		const { json: fetched, binary } = onlyItem(execution, 'Get');
		const isLink = system === 'officialAccount' && type === 'video';
		// The link of an Official Account's video does not carry the name.
		const fetchedName = isLink ? expect.stringMatching(/\.mp4$/) : name;
		expect(fetched).toEqual({
			media_id: held.mediaId,
			file_name: fetchedName,
			mime_type: mime,
			file_size: bytes.length,
			...(isLink ? { video_url: `${world.simulator.url}${held.videoPath}` } : {}),
		});
		expect(Object.keys(binary ?? {})).toEqual(['fetched']);
		expect(binary?.fetched).toMatchObject({ fileName: fetchedName, mimeType: mime });
		expect((await fileOf(execution, 'Get', 'fetched')).equals(bytes)).toBe(true);
	});

	test.each([
		['file', 'report.pdf'],
		['voice', 'voice.amr'],
	])('upload of robot gives a %s to this robot', async (type, original) => {
		const name = `机器人${extensionOf(original)}`;
		const bytes = await sample(original);
		const execution = await run(
			await read(name, original),
			accounts.node('Upload', 'robot', 'upload', { mediaType: 'auto', binaryPropertyName: 'data' }),
		);

		const { json } = onlyItem(execution, 'Upload');
		const held = heldAs(json.media_id);
		const owner = world.simulator.demo.robot.webhookKey;
		expect(held).toMatchObject({ system: 'robot', owner, type, fileName: name });
		expect(held.bytes.equals(bytes)).toBe(true);
		expect(json).toEqual(uploadOf(held));
	});
});

describe('send', () => {
	test.each(SENDINGS)('of %s delivers a %s (%s) and says so', async (...given) => {
		const [system, type, original, { parameters, receivers, via, to }] = given;
		const name = `${system}-${type} 通知${extensionOf(original)}`;
		const bytes = await sample(original);
		const execution = await run(
			await read(name, original),
			accounts.node('Send', system, 'send', {
				content: 'binary',
				mediaType: 'auto',
				binaryPropertyName: 'data',
				...parameters,
			}),
		);

		const { messages } = world.simulator.state;
		expect(messages).toMatchObject([{ via, to, msgtype: type }]);
		const [{ media, image, msgid }] = messages;
		expect((image ?? media?.bytes)?.equals(bytes)).toBe(true);
		expect(onlyItem(execution, 'Send').json).toEqual({
			msgtype: type,
			file_name: name,
			file_size: bytes.length,
			// A robot's picture travels inside the message.
			...(image ? {} : { media_id: media?.mediaId, reused: false }),
			...(msgid ? { msgid } : {}),
			...receivers,
		});
		if (media) expect(media.fileName).toBe(name);
	});
});

describe('of app', () => {
	test('getHdVoice brings the Speex form of a JS-SDK voice', async () => {
		const hdVoice = Buffer.concat([Buffer.from('Speex   '), await sample('voice.silk')]);
		const mediaId = world.simulator.state.addMedia({
			bytes: await sample('voice.amr'),
			type: 'voice',
			fileName: 'voice.amr',
			origin: 'received',
			hdVoice,
		});
		const execution = await run(
			accounts.node('Get', 'app', 'getHdVoice', { mediaId, binaryPropertyName: 'data' }),
		);

		const { json, binary } = onlyItem(execution, 'Get');
		const fileName = `${mediaId}.speex`;
		expect(json).toEqual({
			media_id: mediaId,
			file_name: fileName,
			mime_type: 'audio/x-speex',
			file_size: hdVoice.length,
		});
		expect(binary?.data).toMatchObject({ fileName, mimeType: 'audio/x-speex' });
		expect((await fileOf(execution, 'Get')).equals(hdVoice)).toBe(true);
	});

	test.each([
		['moments', 'video', 'video.mp4'],
		['catalog', 'image', 'picture.png'],
	])('upload for %s gives a media_id of its own kind', async (purpose, type, original) => {
		const name = `${purpose} 新品${extensionOf(original)}`;
		const bytes = await sample(original);
		const execution = await run(
			await read(name, original),
			accounts.node('Upload', 'app', 'upload', { purpose, binaryPropertyName: 'data' }),
		);

		const { json } = onlyItem(execution, 'Upload');
		const held = heldAs(json.media_id);
		expect(held).toMatchObject({ type, fileName: name });
		expect(held.bytes.equals(bytes)).toBe(true);
		expect(json).toEqual(uploadOf(held));
		expect(world.simulator.record.count('media/upload_attachment')).toBeGreaterThan(0);
	});

	test.each([
		['app', '封面.jpg'],
		['officialAccount', '插图.jpg'],
	] as const)('uploadImg of %s gives a link that shows the picture', async (system, name) => {
		const bytes = await sample('photo.jpg');
		const execution = await run(
			await read(name, 'photo.jpg'),
			accounts.node('Upload', system, 'uploadImg', { binaryPropertyName: 'data' }),
		);

		const { json } = onlyItem(execution, 'Upload');
		const url = expect.stringMatching(/^http/);
		expect(json).toEqual({ url, file_name: name, file_size: bytes.length });
		const shown = await fetch(String(json.url), { headers: { connection: 'close' } });
		expect(Buffer.from(await shown.arrayBuffer()).equals(bytes)).toBe(true);
	});

	test.each(['app', 'thirdPartyApp'] as const)(
		'asyncUpload submits a link, and asyncResult gives the media_id (%s)',
		async (system) => {
			const bytes = await sample('video.mp4');
			const execution = await run(
				accounts.node('Submit', system, 'asyncUpload', {
					source: 'url',
					url: host.put('clip.mp4', { bytes, fileName: '宣传片.mp4' }),
					mediaType: 'video',
				}),
				accounts.node('Result', system, 'asyncResult', {
					jobId: '={{ $json.jobid }}',
					waitForCompletion: true,
				}),
			);

			const [job] = world.simulator.state.jobs.values();
			const { jobId: jobid, md5, mediaId, finishedAt = 0 } = job;
			expect(onlyItem(execution, 'Submit').json).toEqual({
				jobid,
				type: 'video',
				file_name: '宣传片.mp4',
				file_size: bytes.length,
				md5,
			});
			expect(onlyItem(execution, 'Result').json).toEqual({
				jobid,
				status: 2,
				state: 'done',
				media_id: mediaId,
				...timesOf(finishedAt),
			});
			expect(heldAs(mediaId).bytes.equals(bytes)).toBe(true);
		},
	);
});

describe('of officialAccount', () => {
	test.each([
		['image', 'picture.gif', {}],
		['voice', 'voice.mp3', {}],
		['thumb', 'photo.jpg', {}],
		['video', 'video.mp4', { title: '新品发布', description: '两分钟看完' }],
	])(
		'uploadPermanent puts a %s into the library, getPermanent brings it back',
		async (type, original, options) => {
			const name = `永久 ${type}${extensionOf(original)}`;
			const bytes = await sample(original);
			const execution = await run(
				await read(name, original),
				accounts.node('Upload', 'officialAccount', 'uploadPermanent', {
					mediaType: type === 'thumb' ? 'thumb' : 'auto',
					binaryPropertyName: 'data',
					options,
				}),
				accounts.node('Get', 'officialAccount', 'getPermanent', {
					mediaId: '={{ $json.media_id }}',
					binaryPropertyName: 'fetched',
				}),
			);

			const { json } = onlyItem(execution, 'Upload');
			const material = world.simulator.state.materials.get(String(json.media_id));
			expect(material).toMatchObject({ type, fileName: name });
			if (type === 'video') expect(material).toMatchObject({ title: '新品发布' });
			expect(material?.bytes.equals(bytes)).toBe(true);
			expect(json).toEqual({
				media_id: material?.mediaId,
				...(type === 'image' ? { url: material?.url } : {}),
				file_name: name,
				file_size: bytes.length,
			});
			const { json: fetched } = onlyItem(execution, 'Get');
			expect(fetched).toMatchObject({
				media_id: json.media_id,
				file_size: bytes.length,
				...options,
			});
			expect((await fileOf(execution, 'Get', 'fetched')).equals(bytes)).toBe(true);
		},
	);
});

describe('of app, what follows an upload', () => {
	test('createChat makes a chat that send writes to', async () => {
		const execution = await run(
			accounts.node('Create', 'app', 'createChat', {
				chatName: '每日报告',
				chatMembers: {
					member: [
						{ userId: { __rl: true, mode: 'list', value: 'ZhangSan', cachedResultName: '张三' } },
						{ userId: { __rl: true, mode: 'id', value: 'LiSi' } },
					],
				},
				chatOwner: { __rl: true, mode: 'list', value: 'LiSi' },
			}),
			accounts.node('Send', 'app', 'send', {
				sendTo: 'appChat',
				chatId: '={{ $json.chatid }}',
				content: 'text',
				text: '大家好',
				options: { mentionedUsers: '@all' },
			}),
		);
		const { json } = onlyItem(execution, 'Create');
		expect(json).toEqual({ chatid: expect.any(String) });
		const { messages, corps } = world.simulator.state;
		expect(corps[0].chats).toContainEqual(
			expect.objectContaining({ chatId: json.chatid, name: '每日报告', owner: 'LiSi' }),
		);
		expect(messages).toMatchObject([
			{ via: 'appChat', to: [json.chatid], body: { text: { mentioned_list: ['@all'] } } },
		]);
	});

	test.each(['binary', 'url'])('addWelcomeMaterial adds a video from %s', async (content) => {
		const bytes = await sample('video.mp4');
		const url = host.put('welcome.mp4', { bytes, fileName: '欢迎.mp4' });
		const execution = await run(
			await read('欢迎.mp4', 'video.mp4'),
			accounts.node('Add', 'app', 'addWelcomeMaterial', {
				content,
				text: '欢迎 %NICKNAME%',
				mediaType: 'auto',
				...(content === 'url' ? { url } : { binaryPropertyName: 'data' }),
			}),
		);
		const { json } = onlyItem(execution, 'Add');
		const template = world.simulator.state.corps[0].welcomeTemplates.at(-1);
		expect(json).toEqual({
			template_id: template?.templateId,
			type: 'video',
			media_id: expect.any(String),
			file_name: '欢迎.mp4',
			file_size: bytes.length,
			...(content === 'url' ? { jobid: expect.any(String) } : {}),
		});
		expect(template?.body).toEqual({
			text: { content: '欢迎 %NICKNAME%' },
			video: { media_id: json.media_id },
			notify: 0,
		});
		expect(heldAs(json.media_id).bytes.equals(bytes)).toBe(true);
	});
});

describe('of smartBot', () => {
	test('get brings a received file, decrypted, and reply answers its message', async () => {
		const bytes = await sample('report.pdf');
		const file = { bytes, fileName: '合同📄.pdf' };
		const told = world.simulator.people.composeForBot({ kind: 'file', file });
		const execution = await run(
			accounts.node('Get', 'smartBot', 'get', {
				url: (told.file as { url: string }).url,
				binaryPropertyName: 'data',
			}),
			accounts.node('Reply', 'smartBot', 'reply', {
				responseUrl: String(told.response_url),
				text: '=**收到** {{ $json.file_name }}',
			}),
		);

		const { json, binary } = onlyItem(execution, 'Get');
		const fileName = file.fileName;
		expect(json).toEqual({
			file_name: fileName,
			mime_type: 'application/pdf',
			file_size: bytes.length,
		});
		expect(binary?.data).toMatchObject({ fileName, mimeType: 'application/pdf' });
		expect((await fileOf(execution, 'Get')).equals(bytes)).toBe(true);
		expect(onlyItem(execution, 'Reply').json).toEqual({ msgtype: 'markdown' });
		expect(world.simulator.state.messages).toMatchObject([
			{ via: 'smartBot', body: { markdown: { content: `**收到** ${fileName}` } } },
		]);
	});
});

test('every operation of every resource is in one of the tests above', async () => {
	const resourceOf = (system: SystemName) => accounts.chosen(system).resource;
	const covered = new Set([
		...ROUND_TRIPS.flatMap(([system]) =>
			['upload', 'get'].map((o) => `${resourceOf(system)}/${o}`),
		),
		'robot/upload',
		'smartBot/get',
		'smartBot/reply',
		...SENDINGS.map(([system]) => `${resourceOf(system)}/send`),
		...['getHdVoice', 'uploadImg', 'asyncUpload', 'asyncResult'].map((o) => `app/${o}`),
		...['createChat', 'addWelcomeMaterial'].map((o) => `app/${o}`),
		...['uploadImg', 'uploadPermanent', 'getPermanent'].map((o) => `officialAccount/${o}`),
	]);
	const offered = operationsOf(await descriptionOf(world, 'weComMedia'));
	expect([...covered].sort()).toEqual(offered);
});
