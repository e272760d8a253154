import { startSimulator, type Simulator } from './index';
import { amr, call, corpToken, post, SAMPLES } from './testClient';

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator();
	token = await corpToken(simulator);
});
afterEach(async () => await simulator.close());

const api = async (path: string, body: unknown) =>
	(await post(`${simulator.url}/cgi-bin/${path}?access_token=${token}`, body)).json();
const file = (change: Partial<Parameters<Simulator['state']['addMedia']>[0]> = {}) =>
	simulator.state.addMedia({ bytes: SAMPLES.text, fileName: 'report.pdf', ...change });
const message = (change: Record<string, unknown> = {}) => ({
	touser: 'ZhangSan|LiSi',
	msgtype: 'text',
	agentid: simulator.demo.corp.agentId,
	text: { content: 'hello' },
	...change,
});
const withFile = (mediaId: string, change: Record<string, unknown> = {}) =>
	message({ msgtype: 'file', file: { media_id: mediaId }, ...change });

describe('message/send', () => {
	it('delivers a file to members', async () => {
		const answer = await api('message/send', withFile(file()));
		expect(answer).toEqual({ errcode: 0, errmsg: 'ok', msgid: expect.any(String) as string });
		expect(simulator.state.messages).toMatchObject([
			{ via: 'app', to: ['ZhangSan', 'LiSi'], msgtype: 'file', media: { fileName: 'report.pdf' } },
		]);
	});

	it('delivers to some and names the others, user ids in lower case', async () => {
		const answer = await api(
			'message/send',
			message({ touser: 'zhangsan|NoBody|OutOfRange', toparty: '2|77', totag: '1|88' }),
		);
		expect(answer).toMatchObject({
			errcode: 0,
			invaliduser: 'nobody|outofrange',
			invalidparty: '77',
			invalidtag: '88',
		});
		expect(simulator.state.messages[0].to).toEqual(['zhangsan', '2', '1']);
	});

	it('names members without a license', async () => {
		simulator.state.corps[0].users[0].licensed = false;
		expect(await api('message/send', message())).toMatchObject({ unlicenseduser: 'zhangsan' });
	});

	it('reaches everybody with @all', async () => {
		const answer = await api('message/send', message({ touser: '@all', toparty: '77' }));
		expect(answer).not.toHaveProperty('invalidparty');
	});

	const many = (count: number) => Array.from({ length: count }, (_, index) => index).join('|');
	it.each([
		['nobody', { touser: '' }, 82001],
		['only strangers', { touser: 'NoBody' }, 81013],
		['1001 members', { touser: many(1001) }, 40032],
		['101 departments', { toparty: many(101) }, 82002],
		['101 tags', { totag: many(101) }, 82003],
		['no agentid', { agentid: undefined }, 41011],
		['an agentid as text', { agentid: '1000002' }, 40056],
		['an unknown agentid', { agentid: 5 }, 40056],
		['an unknown msgtype', { msgtype: 'fax' }, 40008],
		['no msgtype', { msgtype: undefined }, 40008],
		['empty text', { text: { content: '' } }, 44004],
		['no content object', { text: 'hello' }, 40058],
		['nine articles', { msgtype: 'news', news: { articles: Array(9).fill({}) } }, 45008],
		['safe 2 with text', { safe: 2 }, 40058],
	])('refuses %s', async (_what, change, errcode) => {
		expect(await api('message/send', message(change))).toMatchObject({ errcode });
		expect(simulator.state.messages).toEqual([]);
	});

	it("refuses another app's agentid with 301002", async () => {
		const { corpId } = simulator.demo.corp;
		simulator.state.addApp({ corpId, secret: 'x', agentId: 1000005 });
		expect(await api('message/send', message({ agentid: 1000005 }))).toMatchObject({
			errcode: 301002,
		});
	});

	it.each([
		['unknown', () => 'nonsense'],
		['three days old', () => file({ createdAt: simulator.state.now() - 259_200_000 })],
		["another corp's", () => file({ owner: 'wwclientcorp' })],
		["a robot's", () => file({ system: 'robot' })],
		['of another type', () => file({ type: 'image' })],
		['from the async upload', () => file({ origin: 'async' })],
	])('refuses a media_id that is %s with 40007', async (_what, mediaId) => {
		expect(await api('message/send', withFile(mediaId()))).toMatchObject({ errcode: 40007 });
	});

	it('lets only some kinds of files be confidential', async () => {
		const send = async (fileName: string) =>
			(await api('message/send', withFile(file({ fileName }), { safe: 1 }))).errcode;
		expect(await send('report.pdf')).toBe(0);
		expect(await send('report.zip')).toBe(40058);
	});

	it('delivers the same message once within the interval when asked to check', async () => {
		const body = message({ enable_duplicate_check: 1, duplicate_check_interval: 60 });
		const first = await api('message/send', body);
		expect(await api('message/send', body)).toMatchObject({ errcode: 0, msgid: first.msgid });
		expect(simulator.state.messages).toHaveLength(1);
		simulator.advance(60_000);
		await api('message/send', body);
		await api('message/send', message());
		await api('message/send', message());
		expect(simulator.state.messages).toHaveLength(4);
	});

	it('is not for the Customer Service secret', async () => {
		token = await customerServiceToken();
		expect(await api('message/send', message())).toMatchObject({ errcode: 48002 });
	});
});

describe('appchat/send', () => {
	const chat = (change: Record<string, unknown> = {}) => ({
		chatid: simulator.demo.corp.chatId,
		msgtype: 'voice',
		voice: { media_id: file({ type: 'voice', bytes: amr(1) }) },
		...change,
	});

	it('delivers to a chat without an agentid', async () => {
		expect(await api('appchat/send', chat())).toEqual({ errcode: 0, errmsg: 'ok' });
		expect(simulator.state.messages).toMatchObject([{ via: 'appChat', to: ['demochat'] }]);
	});

	it.each([
		['no chatid', { chatid: '' }, 86001],
		['a malformed chatid', { chatid: 'a b' }, 86001],
		['an unknown chat', { chatid: 'elsewhere' }, 86003],
		['a bad media_id', { voice: { media_id: 'nonsense' } }, 40007],
	])('refuses %s', async (_what, change, errcode) => {
		expect(await api('appchat/send', chat(change))).toMatchObject({ errcode });
	});

	it("refuses another app's chat, and an app that not everybody can see", async () => {
		simulator.state.corps[0].chats[0].agentId = 5;
		expect(await api('appchat/send', chat())).toMatchObject({ errcode: 86008 });
		simulator.state.apps[0].rootVisible = false;
		expect(await api('appchat/send', chat())).toMatchObject({ errcode: 48002 });
	});
});

describe('appchat/send beyond a file', () => {
	const say = async (body: Record<string, unknown>) =>
		await api('appchat/send', { chatid: simulator.demo.corp.chatId, ...body });

	it('calls members by their ids', async () => {
		const text = { content: 'hello', mentioned_list: ['ZhangSan', '@all'] };
		expect(await say({ msgtype: 'text', text })).toMatchObject({ errcode: 0 });
	});

	it.each([
		[
			'mobile numbers',
			{ msgtype: 'text', text: { content: 'x', mentioned_mobile_list: [] } },
			40058,
		],
		[
			'a list that is none',
			{ msgtype: 'text', text: { content: 'x', mentioned_list: 'a' } },
			40058,
		],
		['markdown_v2', { msgtype: 'markdown_v2', markdown_v2: { content: 'x' } }, 40008],
		['a template card', { msgtype: 'template_card', template_card: { card_type: 'x' } }, 40008],
	])('refuses %s', async (_what, body, errcode) => {
		expect(await say(body)).toMatchObject({ errcode });
	});
});

describe('appchat/create', () => {
	const create = async (change: Record<string, unknown> = {}) =>
		await api('appchat/create', { userlist: ['ZhangSan', 'LiSi'], ...change });

	it('gives a chat that the app can write to', async () => {
		const { chatid } = await create({ name: 'x'.repeat(60), owner: 'LiSi' });
		expect(simulator.state.corps[0].chats).toContainEqual(
			expect.objectContaining({ chatId: chatid, name: 'x'.repeat(50), owner: 'LiSi' }),
		);
		const text = { chatid, msgtype: 'text', text: { content: 'hello' } };
		expect(await api('appchat/send', text)).toMatchObject({ errcode: 0 });
	});

	it('takes an id of one’s own, once', async () => {
		expect(await create({ chatid: 'daily1' })).toMatchObject({ errcode: 0, chatid: 'daily1' });
		expect(await create({ chatid: 'daily1' })).toMatchObject({ errcode: 86215 });
	});

	it.each([
		['no members', { userlist: undefined }, 86204],
		['one member', { userlist: ['LiSi'] }, 86006],
		['the same twice', { userlist: ['LiSi', 'LiSi'] }, 86006],
		['2,001 members', { userlist: Array.from({ length: 2_001 }, (_, n) => `m${n}`) }, 86006],
		['a member nobody knows', { userlist: ['LiSi', 'Nobody'] }, 86007],
		['a member the app does not see', { userlist: ['LiSi', 'OutOfRange'] }, 86007],
		['an owner who is no member', { owner: 'WangWu' }, 86005],
		['a chatid with other characters', { chatid: 'a-b' }, 86001],
		['a chatid of 33 characters', { chatid: 'a'.repeat(33) }, 86205],
	])('refuses %s', async (_what, change, errcode) => {
		expect(await create(change)).toMatchObject({ errcode });
	});

	it('is for own apps that everybody sees, 1,000 times a day', async () => {
		simulator.state.apps[0].rootVisible = false;
		expect(await create()).toMatchObject({ errcode: 48002 });
		simulator.state.apps[0].rootVisible = true;
		const { chats } = simulator.state.corps[0];
		const createdAt = simulator.state.now();
		for (let n = 0; n < 1_000; n += 1) chats.push({ chatId: `c${n}`, agentId: 1, createdAt });
		expect(await create()).toMatchObject({ errcode: 45009 });
		simulator.advance(24 * 3_600_000);
		token = await corpToken(simulator);
		expect(await create()).toMatchObject({ errcode: 0 });
	});
});

async function customerServiceToken(): Promise<string> {
	const { corpId, customerServiceSecret } = simulator.demo.corp;
	const answer = await call(
		`${simulator.url}/cgi-bin/gettoken?corpid=${corpId}&corpsecret=${customerServiceSecret}`,
	);
	return String(answer.json().access_token);
}

describe('kf/send_msg', () => {
	beforeEach(async () => {
		token = await customerServiceToken();
	});
	const reply = (change: Record<string, unknown> = {}) => ({
		touser: 'wmdemocustomer',
		open_kfid: simulator.demo.corp.openKfId,
		msgtype: 'file',
		file: { media_id: file() },
		...change,
	});
	const conversation = () => simulator.state.corps[0].conversations[0];

	it('takes five replies to a message', async () => {
		for (let sent = 0; sent < 5; sent += 1) {
			expect(await api('kf/send_msg', reply())).toMatchObject({
				errcode: 0,
				msgid: expect.any(String) as string,
			});
		}
		expect(await api('kf/send_msg', reply())).toMatchObject({ errcode: 95001 });
	});

	it('takes none 48 hours after the message', async () => {
		simulator.advance(48 * 3_600_000);
		token = await customerServiceToken();
		expect(await api('kf/send_msg', reply())).toMatchObject({ errcode: 95002 });
	});

	it.each([
		['an unknown account', { open_kfid: 'wknobody' }, 95000],
		['a stranger', { touser: 'wmnobody' }, 95002],
		['a malformed msgid', { msgid: 'a b' }, 40058],
		['a media_id of 129 bytes', { file: { media_id: 'x'.repeat(129) } }, 40058],
		['a bad media_id', { file: { media_id: 'nonsense' } }, 40007],
	])('refuses %s', async (_what, change, errcode) => {
		expect(await api('kf/send_msg', reply(change))).toMatchObject({ errcode });
	});

	it('refuses an ended conversation and a forbidden state', async () => {
		conversation().condition = 'ended';
		expect(await api('kf/send_msg', reply())).toMatchObject({ errcode: 95013 });
		conversation().condition = 'notAllowed';
		expect(await api('kf/send_msg', reply())).toMatchObject({ errcode: 95018 });
	});

	it('is not for an app without Customer Service', async () => {
		token = await corpToken(simulator);
		expect(await api('kf/send_msg', reply())).toMatchObject({ errcode: 48002 });
	});
});

describe('group_welcome_template', () => {
	const path = 'externalcontact/group_welcome_template';

	it('takes a media_id of the async upload, and can be edited', async () => {
		const template = { file: { media_id: file({ origin: 'async' }) } };
		const { errcode, template_id: id } = await api(`${path}/add`, template);
		expect([errcode, typeof id]).toEqual([0, 'string']);
		const edited = { template_id: id, text: { content: 'welcome' } };
		expect(await api(`${path}/edit`, edited)).toMatchObject({ errcode: 0 });
		expect(simulator.state.corps[0].welcomeTemplates).toMatchObject([
			{ templateId: id, body: edited },
		]);
	});

	it.each([
		['nothing', {}, 44004],
		['a bad media_id', { video: { media_id: 'nonsense' } }, 40007],
		['an empty text', { text: { content: '' } }, 40058],
		['a text of 3,001 bytes', { text: { content: '好'.repeat(1000) + 'x' } }, 40058],
		['another notify', { text: { content: 'x' }, notify: true }, 40058],
	])('refuses %s', async (_what, body, errcode) => {
		expect(await api(`${path}/add`, body)).toMatchObject({ errcode });
	});

	it('keeps 100 of a company', async () => {
		const text = { text: { content: '好'.repeat(1000) }, notify: 0 };
		for (let n = 0; n < 100; n += 1) await api(`${path}/add`, text);
		expect(await api(`${path}/add`, text)).toMatchObject({ errcode: 41055 });
	});

	it('refuses to edit what is not there, and needs the permission', async () => {
		const body = { template_id: 'nonsense', text: { content: 'x' } };
		expect(await api(`${path}/edit`, body)).toMatchObject({ errcode: 40058 });
		simulator.state.apps[0].customerContact = false;
		expect(await api(`${path}/add`, body)).toMatchObject({ errcode: 48002 });
	});
});
