import { activate, webhook } from '../e2e/activeWorkflow';
import { descriptionOf, operationsOf } from '../e2e/accounts';
import { sample } from '../e2e/files';
import { openList } from '../e2e/lists';
import { outputOf, type Execution } from '../e2e/rest';
import { readFiles, type Step } from '../e2e/workflowOf';
import { N8N_VERSION } from '../e2e/world';
import { startLinkHost, type LinkHost } from '../simulator';
import { startScene, type Scene } from './scene';

let scene: Scene;
let host: LinkHost;
beforeAll(async () => {
	scene = await startScene();
	host = await startLinkHost();
});
afterAll(async () => {
	await host?.close();
	await scene?.close();
});

/** "Read/Write Files" of a small real file under another name. */
const read = async (name: string, original: string): Promise<Step> => ({
	...readFiles(await scene.cluster.addFile(name, await sample(original))),
	name: `Read ${name}`,
});

/** Every `resource/operation` that a worker has run. */
const onWorkers = new Set<string>();

/** Runs these steps behind a webhook, as n8n gives them to a worker. */
async function runOnWorker(name: string, ...steps: Step[]): Promise<Execution> {
	const { cluster, outside } = scene;
	const work = await activate(outside, name, webhook(), ...steps);
	await (await fetch(work.url, { method: 'POST', headers: { connection: 'close' } })).text();
	const [execution] = await work.executions(1);
	expect(execution.error?.message ?? execution.status).toBe('success');
	const logs = await Promise.all(cluster.workers.map(async (worker) => await worker.log()));
	expect(logs.join()).toMatch(new RegExp(`finished execution ${execution.id}\\b`));
	for (const { name: step, parameters } of steps) {
		const { resource, operation } = parameters;
		if (resource && step in execution.runData) onWorkers.add(`${resource}/${operation}`);
	}
	return execution;
}

async function fileOf(execution: Execution, node: string): Promise<Buffer> {
	const [{ binary }] = outputOf(execution, node);
	return await scene.cluster.rest.binary(binary?.data?.id ?? '');
}

describe(`the nodes on a worker (n8n ${N8N_VERSION})`, () => {
	test('chats, welcome and permanent material, other purposes, Markdown and long texts come out as in one process', async () => {
		const { accounts, cluster } = scene;
		const { node } = accounts;
		const { state } = cluster.simulator;
		const parts = ['你'.repeat(600), '好'.repeat(600)];
		const execution = await runOnWorker(
			'Everything in a line',
			node('Chat', 'app', 'createChat', {
				chatName: '每日报告',
				chatMembers: { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] },
			}),
			node('Long Text', 'app', 'send', {
				sendTo: 'appChat',
				chatId: '={{ $json.chatid }}',
				content: 'text',
				text: parts.join('\n\n'),
				options: { splitLongText: true },
			}),
			node('Robot', 'robot', 'send', {
				content: 'text',
				text: '# 日报',
				options: { markdown: 'markdown_v2' },
			}),
			await read('欢迎.mp4', 'video.mp4'),
			node('Welcome', 'app', 'addWelcomeMaterial', { content: 'binary', text: '欢迎' }),
			await read('朋友圈.mp4', 'video.mp4'),
			node('Moments', 'app', 'upload', { purpose: 'moments' }),
			await read('封面.jpg', 'photo.jpg'),
			node('Article', 'officialAccount', 'uploadImg'),
			await read('插图.png', 'picture.png'),
			node('Permanent', 'officialAccount', 'uploadPermanent'),
			node('Back', 'officialAccount', 'getPermanent', { mediaId: '={{ $json.media_id }}' }),
		);

		const item = (name: string) => outputOf(execution, name)[0];
		const chatId = item('Chat').json.chatid;
		expect(state.corps[0].chats).toContainEqual(expect.objectContaining({ chatId }));
		const said = state.messages.filter(({ to }) => to.includes(String(chatId)));
		expect(said.map(({ body }) => (body.text as { content: string }).content.trim())).toEqual(
			parts,
		);
		expect(item('Long Text').json.parts).toBe(2);
		expect(state.messages.at(-1)).toMatchObject({ via: 'robot', msgtype: 'markdown_v2' });
		expect(state.corps[0].welcomeTemplates.at(-1)).toMatchObject({
			templateId: item('Welcome').json.template_id,
			body: { video: { media_id: item('Welcome').json.media_id } },
		});
		expect(state.media.get(String(item('Moments').json.media_id))?.fileName).toBe('朋友圈.mp4');
		expect(item('Article').json).toMatchObject({ url: expect.stringMatching(/^http/) });
		expect((await fileOf(execution, 'Back')).equals(await sample('picture.png'))).toBe(true);
	});

	test('files of every system go out, into chats and back as in one process, and so do large uploads and voices', async () => {
		const { accounts, cluster } = scene;
		const { node } = accounts;
		const { people, state } = cluster.simulator;
		const before = state.messages.length;
		const hdVoice = Buffer.concat([Buffer.from('Speex   '), await sample('voice.silk')]);
		const voice = state.addMedia({
			bytes: await sample('voice.amr'),
			type: 'voice',
			fileName: 'voice.amr',
			origin: 'received',
			hdVoice,
		});
		const video = await sample('video.mp4');
		const url = host.put('handbook.mp4', { bytes: video, fileName: '手册.mp4' });
		const pdf = await sample('report.pdf');
		const told = people.composeForBot({ kind: 'file', file: { bytes: pdf, fileName: '合同.pdf' } });
		const uploaded = { mediaId: '={{ $json.media_id }}' };
		const sent = { content: 'mediaId', ...uploaded, mediaType: 'file' };
		const execution = await runOnWorker(
			'Every system in a line',
			await read('报告.pdf', 'report.pdf'),
			node('Upload App', 'app', 'upload'),
			node('Send App', 'app', 'send', { ...sent, toUser: 'ZhangSan' }),
			node('Get App', 'app', 'get', uploaded),
			node('Upload Service', 'customerService', 'upload'),
			node('Send Service', 'customerService', 'send', {
				...sent,
				toUser: 'wmdemocustomer',
				openKfId: 'wkdemo',
			}),
			node('Get Service', 'customerService', 'get', uploaded),
			node('Upload Robot', 'robot', 'upload'),
			node('Send Robot', 'robot', 'send', sent),
			await read('图.png', 'picture.png'),
			node('Upload Account', 'officialAccount', 'upload'),
			node('Send Account', 'officialAccount', 'send', {
				...sent,
				mediaType: 'image',
				toUser: 'odemofollower',
			}),
			node('Get Account', 'officialAccount', 'get', uploaded),
			node('Permanent Image', 'app', 'uploadImg'),
			node('Submit', 'app', 'asyncUpload', { source: 'url', url, mediaType: 'video' }),
			node('Result', 'app', 'asyncResult', {
				jobId: '={{ $json.jobid }}',
				waitForCompletion: true,
			}),
			node('Voice', 'app', 'getHdVoice', { mediaId: voice }),
			node('Get Bot', 'smartBot', 'get', { url: (told.file as { url: string }).url }),
			node('Reply', 'smartBot', 'reply', {
				responseUrl: String(told.response_url),
				text: '=收到 {{ $json.file_name }}',
			}),
		);

		expect(state.messages.slice(before)).toMatchObject([
			{ via: 'app', to: ['ZhangSan'], msgtype: 'file', media: { fileName: '报告.pdf' } },
			{ via: 'customerService', to: ['wmdemocustomer'], media: { fileName: '报告.pdf' } },
			{ via: 'robot', msgtype: 'file', media: { fileName: '报告.pdf' } },
			{ via: 'officialAccount', to: ['odemofollower'], media: { fileName: '图.png' } },
			{ via: 'smartBot', body: { markdown: { content: '收到 合同.pdf' } } },
		]);
		const picture = await sample('picture.png');
		for (const [name, bytes] of [
			['Get App', pdf],
			['Get Service', pdf],
			['Get Account', picture],
			['Voice', hdVoice],
			['Get Bot', pdf],
		] as const) {
			expect([name, (await fileOf(execution, name)).equals(bytes)]).toEqual([name, true]);
		}
		const item = (name: string) => outputOf(execution, name)[0];
		expect(item('Permanent Image').json.url).toEqual(expect.stringMatching(/^http/));
		const { json: result } = item('Result');
		expect(result).toMatchObject({ jobid: item('Submit').json.jobid, state: 'done' });
		expect(state.media.get(String(result.media_id))?.bytes.equals(video)).toBe(true);
	});

	test('none of the operations is missing above', async () => {
		const offered = operationsOf(await descriptionOf(scene.cluster, 'weComMedia'));
		expect([...onWorkers].sort()).toEqual(offered);
	});

	test('the main process fills the lists of the panel', async () => {
		const { accounts, cluster } = scene;
		const { results } = await openList(cluster.rest, accounts, 'searchMembers');
		expect(results).toContainEqual({ name: '张三 (ZhangSan)', value: 'ZhangSan' });
	});
});
