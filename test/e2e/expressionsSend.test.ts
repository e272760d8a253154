import { saveAccounts, type Accounts, type SystemName } from './accounts';
import { common, runByExpressions, type ItemOfValues, type Row } from './expressing';
import { sample } from './files';
import { outputOf, type Execution } from './rest';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
});
beforeEach(() => {
	world.simulator.state.messages.length = 0;
});
afterAll(async () => await world?.close());

const runWith = async (systems: SystemName[], rows: ItemOfValues[]) =>
	await runByExpressions(world, accounts, 'send', systems, rows);

const jsonOf = (execution: Execution) => outputOf(execution, 'Node').map(({ json }) => json);

/** The bodies of the messages that arrived, in order. */
const bodies = () => world.simulator.state.messages.map(({ body }) => body);

const robotFile = (bytes: Buffer) =>
	world.simulator.state.addMedia({ bytes, fileName: 'a.pdf', system: 'robot' });

/** A text without words: what every system has in its panel. */
const NOTHING: Row = {
	binaryPropertyName: 'none',
	content: 'text',
	mediaId: '',
	mediaType: 'file',
	text: '',
	'options.fileName': '',
	'options.reuseMediaId': false,
	'options.splitLongText': false,
};
const FROM_APP: Row = {
	...NOTHING,
	authentication: 'corpSecret',
	chatId: '',
	sendTo: 'members',
	toParty: '',
	toTag: '',
	toUser: '',
	'options.description': '',
	'options.duplicateCheck': true,
	'options.mentionedUsers': '',
	'options.safe': false,
	'options.title': '',
};
const BY_ROBOT: Row = {
	...NOTHING,
	'options.markdown': false,
	'options.mentionedMobiles': '',
	'options.mentionedUsers': '',
};
const FROM_ACCOUNT: Row = {
	...NOTHING,
	'options.description': '',
	'options.thumbMediaId': '',
	'options.title': '',
};

describe(`every parameter of send by an expression, different for each item, in a real n8n ${N8N_VERSION}`, () => {
	test('from an app', async () => {
		const { demo, state } = world.simulator;
		const owner = demo.suite.authCorpId;
		const mediaId = state.addMedia({ bytes: await sample('report.pdf'), fileName: 'a.pdf', owner });
		const execution = await runWith(
			['app', 'thirdPartyApp'],
			[
				{
					source: { file: 'video.mp4', field: 'clip' },
					values: {
						...FROM_APP,
						binaryPropertyName: 'clip',
						content: 'binary',
						mediaType: 'video',
						toParty: '2',
						toTag: '1',
						toUser: 'ZhangSan',
						'options.description': '说明',
						'options.duplicateCheck': false,
						'options.fileName': '宣传片.mp4',
						'options.reuseMediaId': true,
						'options.title': '标题',
						...common(0),
					},
				},
				{
					values: {
						...FROM_APP,
						authentication: 'thirdPartyApp',
						content: 'mediaId',
						mediaId,
						toUser: 'LiSi',
						'options.safe': true,
						...common(1),
					},
				},
				{
					values: {
						...FROM_APP,
						chatId: 'demochat',
						mediaType: 'auto',
						sendTo: 'appChat',
						text: '报告已上传',
						'options.mentionedUsers': 'ZhangSan, @all',
						'options.splitLongText': true,
						...common(2),
					},
				},
			],
		);

		const [first, second, third] = jsonOf(execution);
		expect(first).toMatchObject({ file_name: '宣传片.mp4', reused: false });
		const { media_id } = first;
		const receivers = { touser: 'ZhangSan', toparty: '2', totag: '1' };
		expect(bodies()).toEqual([
			{
				...receivers,
				agentid: demo.corp.agentId,
				msgtype: 'video',
				video: { media_id, title: '标题', description: '说明' },
			},
			{
				touser: 'LiSi',
				safe: 1,
				enable_duplicate_check: 1,
				duplicate_check_interval: 1800,
				msgtype: 'file',
				file: { media_id: mediaId },
			},
			{
				chatid: 'demochat',
				msgtype: 'text',
				text: { content: '报告已上传', mentioned_list: ['ZhangSan', '@all'] },
			},
		]);
		expect([second.touser, third.chatid]).toEqual(['LiSi', 'demochat']);
	});

	test('by a robot', async () => {
		const execution = await runWith(
			['robot'],
			[
				{
					source: { file: 'picture.png', field: 'attachment' },
					values: {
						...BY_ROBOT,
						binaryPropertyName: 'attachment',
						content: 'binary',
						text: '见附件',
						'options.fileName': '图片.png',
						'options.mentionedMobiles': '13800001111',
						'options.mentionedUsers': 'ZhangSan, @all',
						'options.reuseMediaId': true,
						...common(0),
					},
				},
				{
					values: {
						...BY_ROBOT,
						mediaType: 'auto',
						text: '**完成**',
						'options.markdown': true,
						'options.splitLongText': true,
						...common(1),
					},
				},
				{
					values: {
						...BY_ROBOT,
						content: 'mediaId',
						mediaId: robotFile(await sample('report.pdf')),
						...common(2),
					},
				},
			],
		);

		const [first, , third] = jsonOf(execution);
		expect(first).toMatchObject({ msgtype: 'file', file_name: '图片.png', reused: false });
		expect(bodies()).toEqual([
			{
				msgtype: 'text',
				text: {
					content: '见附件',
					mentioned_list: ['ZhangSan', '@all'],
					mentioned_mobile_list: ['13800001111'],
				},
			},
			{ msgtype: 'file', file: { media_id: first.media_id } },
			{ msgtype: 'markdown', markdown: { content: '**完成**' } },
			{ msgtype: 'file', file: { media_id: third.media_id } },
		]);
	});

	test('by Customer Service', async () => {
		const [{ conversations, openKfIds }] = world.simulator.state.corps;
		openKfIds.push('wkother');
		conversations.push({ ...conversations[0], externalUserId: 'wmother', openKfId: 'wkother' });
		await runWith(
			['customerService'],
			[
				{
					source: { file: 'picture.png', field: 'attachment' },
					values: {
						...NOTHING,
						toUser: 'wmdemocustomer',
						openKfId: 'wkdemo',
						content: 'binary',
						mediaType: 'auto',
						binaryPropertyName: 'attachment',
						'options.fileName': '图片.png',
						...common(0),
					},
				},
				{
					values: {
						...NOTHING,
						toUser: 'wmother',
						openKfId: 'wkother',
						text: '您好',
						mediaId: 'none',
						'options.reuseMediaId': true,
						'options.splitLongText': true,
						...common(1),
					},
				},
			],
		);

		const { messages } = world.simulator.state;
		expect(messages).toMatchObject([
			{ msgtype: 'image', media: { fileName: '图片.png' }, to: ['wmdemocustomer'] },
			{ body: { touser: 'wmother', open_kfid: 'wkother', text: { content: '您好' } } },
		]);
	});

	test('from an Official Account', async () => {
		const { state } = world.simulator;
		state.officialAccounts[0].followers.push('oother');
		const video = { bytes: await sample('video.mp4'), system: 'officialAccount' } as const;
		const mediaId = state.addMedia({ ...video, type: 'video' });
		await runWith(
			['officialAccount'],
			[
				{
					values: {
						...FROM_ACCOUNT,
						toUser: 'odemofollower',
						content: 'mediaId',
						mediaType: 'video',
						mediaId,
						'options.title': '标题',
						'options.description': '说明',
						'options.thumbMediaId': 'made-up-thumb',
						...common(0),
					},
				},
				{
					source: { file: 'picture.png', field: 'attachment' },
					values: {
						...FROM_ACCOUNT,
						toUser: 'oother',
						content: 'binary',
						mediaType: 'image',
						binaryPropertyName: 'attachment',
						text: '请看',
						'options.splitLongText': true,
						'options.fileName': '图片.png',
						'options.reuseMediaId': true,
						...common(1),
					},
				},
			],
		);

		const { messages } = world.simulator.state;
		const extras = { title: '标题', description: '说明', thumb_media_id: 'made-up-thumb' };
		const toFollower = messages.filter(({ to }) => to[0] === 'odemofollower');
		expect(toFollower).toMatchObject([{ body: { video: { media_id: mediaId, ...extras } } }]);
		const toOther = messages.filter(({ to }) => to[0] === 'oother');
		expect(toOther).toMatchObject([
			{ body: { text: { content: '请看' } } },
			{ msgtype: 'image', media: { fileName: '图片.png' } },
		]);
	});
});
