import { activate, webhook } from '../e2e/activeWorkflow';
import { sample } from '../e2e/files';
import { openList } from '../e2e/lists';
import { outputOf } from '../e2e/rest';
import { readFiles } from '../e2e/workflowOf';
import { N8N_VERSION } from '../e2e/world';
import { startScene, type Scene } from './scene';

let scene: Scene;
beforeAll(async () => {
	scene = await startScene();
});
afterAll(async () => await scene?.close());

describe(`the nodes on a worker (n8n ${N8N_VERSION})`, () => {
	test('chats, welcome and permanent material, other purposes, Markdown and long texts come out as in one process', async () => {
		const { accounts, cluster, outside } = scene;
		const { node } = accounts;
		const { state } = cluster.simulator;
		const read = async (name: string, original: string) => ({
			...readFiles(await cluster.addFile(name, await sample(original))),
			name: `Read ${name}`,
		});
		const parts = ['你'.repeat(600), '好'.repeat(600)];
		const work = await activate(
			outside,
			'Everything in a line',
			webhook(),
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
		await (await fetch(work.url, { method: 'POST', headers: { connection: 'close' } })).text();
		const [execution] = await work.executions(1);
		expect(execution.error?.message ?? execution.status).toBe('success');
		const logs = await Promise.all(cluster.workers.map(async (worker) => await worker.log()));
		expect(logs.join()).toMatch(new RegExp(`finished execution ${execution.id}\\b`));

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
		const { binary } = item('Back');
		const back = await cluster.rest.binary(binary?.data?.id ?? '');
		expect(back.equals(await sample('picture.png'))).toBe(true);
	});

	test('the main process fills the lists of the panel', async () => {
		const { accounts, cluster } = scene;
		const { results } = await openList(cluster.rest, accounts, 'searchMembers');
		expect(results).toContainEqual({ name: '张三 (ZhangSan)', value: 'ZhangSan' });
	});
});
