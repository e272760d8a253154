import { startSimulator, type DownloadQuirks, type Simulator } from './index';
import { call, corpToken, post, postFile, SAMPLES } from './testClient';
import { startReceiver } from './testReceiver';

const START = 1_750_000_000_000;

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator({
		now: () => START,
		sleep: async () => await Promise.resolve(),
	});
	token = await corpToken(simulator);
});
afterEach(async () => await simulator.close());

const api = async (path: string, body: unknown) =>
	await post(`${simulator.url}/cgi-bin/${path}?access_token=${token}`, body);
const text = (content: string, change: Record<string, unknown> = {}) => ({
	touser: 'ZhangSan',
	msgtype: 'text',
	agentid: simulator.demo.corp.agentId,
	text: { content },
	...change,
});
const lastBody = () => simulator.state.messages.at(-1)?.body;

describe('downloads', () => {
	const bytes = Buffer.from('0123456789');
	const get = async (quirks: DownloadQuirks, headers: Record<string, string>, count = 1) => {
		const mediaId = simulator.state.addMedia({ bytes, quirks });
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		const answers = [];
		for (let index = 0; index < count; index += 1) answers.push(await call(url, { headers }));
		return answers;
	};

	it.each([
		[{ maxPieceBytes: 4 }, 'bytes 2-5/10', '2345'],
		[{ maxPieceBytes: 4, total: '*' }, 'bytes 2-5/*', '2345'],
		[{ total: '*' }, 'bytes 2-9/*', '23456789'],
		[{}, 'bytes 2-9/10', '23456789'],
	] as Array<[DownloadQuirks, string, string]>)(
		'with %j answer bytes=2-9 with %s',
		async (quirks, contentRange, piece) => {
			const [answer] = await get(quirks, { Range: 'bytes=2-9' });
			expect(answer.headers['content-range']).toBe(contentRange);
			expect(answer.bytes.toString()).toBe(piece);
		},
	);

	it('carry a version that stays, changes once, changes each time, or none', async () => {
		const versions = async (quirks: DownloadQuirks) =>
			(await get(quirks, { Range: 'bytes=0-3' }, 3)).map(
				({ headers }) => `${headers.etag?.slice(-2)} ${headers['last-modified']}`,
			);
		const [first, second, third] = await versions({ version: 'changes' });
		expect(new Set([first, second, third]).size).toBe(3);
		expect(await versions({ version: 'fixed' })).toEqual([first, first, first]);
		expect(await versions({ version: 'changesOnce' })).toEqual([first, second, second]);
		expect(await versions({})).toEqual(Array(3).fill('undefined undefined'));
		const [tagged] = await get({ version: 'fixed', versionHeader: 'ETag' }, {});
		expect(tagged.headers).toHaveProperty('etag');
		expect(tagged.headers).not.toHaveProperty('last-modified');
	});

	it('give the whole new file to an If-Range that no longer fits', async () => {
		const quirks = { version: 'changesOnce', replacedBy: Buffer.from('abcdefghij') } as const;
		const mediaId = simulator.state.addMedia({ bytes, quirks });
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		const piece = async (headers: Record<string, string>) =>
			await call(url, { headers: { Range: 'bytes=4-7', ...headers } });
		const first = await piece({});
		const later = await piece({ 'If-Range': String(first.headers.etag) });
		expect([first.status, first.bytes.toString()]).toEqual([206, '4567']);
		expect([later.status, later.bytes.toString()]).toEqual([200, 'abcdefghij']);
		const again = await piece({ 'If-Range': String(later.headers.etag) });
		expect([again.status, again.bytes.toString()]).toEqual([206, 'efgh']);
	});

	it('deviate for every media where the switch says so', async () => {
		simulator.state.strict.downloads = { maxPieceBytes: 1 };
		const [answer] = await get({}, { Range: 'bytes=0-9' });
		expect(answer.bytes.toString()).toBe('0');
	});
});

describe('silent limits', () => {
	const sendMany = async (count: number) => {
		for (let index = 0; index < count; index += 1) {
			const answer = await api('message/send', text(`message ${index}`));
			expect(answer.json()).toMatchObject({ errcode: 0, msgid: expect.any(String) as string });
		}
	};

	it('drop the 31st message a minute to one member of one app, and answer 0', async () => {
		await sendMany(31);
		expect(simulator.state.messages).toHaveLength(30);
		expect(simulator.state.dropped).toMatchObject([{ body: text('message 30') }]);
		await api('message/send', text('to two', { touser: 'zhangsan|LiSi' }));
		expect(simulator.state.messages.at(-1)?.to).toEqual(['LiSi']);
		await api('message/send', text('to all', { touser: '@all' }));
		expect(simulator.state.messages.at(-1)?.to).toEqual(['LiSi', 'WangWu']);
		simulator.advance(60_000);
		await sendMany(1);
		expect(simulator.state.messages.at(-1)?.to).toEqual(['ZhangSan']);
	});

	it('drop the 1001st message an hour', async () => {
		const key = `${simulator.demo.corp.corpId} ${simulator.demo.corp.agentId} zhangsan`;
		const times = Array.from({ length: 999 }, () => START - 3_000_000);
		simulator.state.memberPace.set(key, times);
		await sendMany(2);
		expect(simulator.state.messages).toHaveLength(1);
		expect(simulator.state.dropped).toHaveLength(1);
		simulator.advance(600_000);
		await sendMany(1);
		expect(simulator.state.messages).toHaveLength(2);
	});

	it('drop nothing when switched off', async () => {
		simulator.state.strict.dropsBeyondPace = false;
		await sendMany(31);
		expect(simulator.state.messages).toHaveLength(31);
	});

	it('cut an app text at 2,048 bytes, through a character, and answer 0', async () => {
		const long = '企'.repeat(683);
		expect((await api('message/send', text(long))).json()).toMatchObject({ errcode: 0 });
		expect(lastBody()).toMatchObject({ text: { content: `${'企'.repeat(682)}\ufffd` } });
		simulator.state.strict.cutsLongText = false;
		await api('message/send', text(long));
		expect(lastBody()).toMatchObject({ text: { content: long } });
	});

	it('cut the text of an app chat and of Customer Service', async () => {
		const { chatId, customerServiceSecret, corpId, openKfId } = simulator.demo.corp;
		const long = { msgtype: 'text', text: { content: 'x'.repeat(2049) } };
		const cut = { text: { content: 'x'.repeat(2048) } };
		expect((await api('appchat/send', { chatid: chatId, ...long })).json().errcode).toBe(0);
		expect(lastBody()).toMatchObject(cut);
		const query = `corpid=${corpId}&corpsecret=${customerServiceSecret}`;
		const answer = await call(`${simulator.url}/cgi-bin/gettoken?${query}`);
		token = String(answer.json().access_token);
		await api('kf/send_msg', { touser: 'wmdemocustomer', open_kfid: openKfId, ...long });
		expect(lastBody()).toMatchObject(cut);
	});

	it('cut the title and the description of a video and a card', async () => {
		const texts = { title: 'x'.repeat(129), description: 'x'.repeat(513) };
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.mp4, type: 'video' });
		const video = { msgtype: 'video', video: { media_id: mediaId, ...texts } };
		await api('message/send', text('', video));
		const cut = { title: 'x'.repeat(128), description: 'x'.repeat(512) };
		expect(lastBody()).toMatchObject({ video: cut });
		const url = 'http://a.example';
		await api('message/send', text('', { msgtype: 'textcard', textcard: { ...texts, url } }));
		expect(lastBody()).toMatchObject({ textcard: { ...cut, url } });
	});

	it.each([
		['whole', 0, 2049],
		['cut', 0, 2048],
		['refused', 45002, undefined],
	] as const)('leave long markdown %s', async (longMarkdown, errcode, length) => {
		simulator.state.strict.longMarkdown = longMarkdown;
		const markdown = { msgtype: 'markdown', markdown: { content: 'x'.repeat(2049) } };
		expect((await api('message/send', text('', markdown))).json().errcode).toBe(errcode);
		const shown = lastBody()?.markdown as { content: string } | undefined;
		expect(shown?.content.length).toBe(length);
	});
});

describe('a third-party app', () => {
	const suiteToken = async (suiteTicket: string) => {
		const { suiteId, suiteSecret } = simulator.demo.suite;
		const body = { suite_id: suiteId, suite_secret: suiteSecret, suite_ticket: suiteTicket };
		return (await post(`${simulator.url}/cgi-bin/service/get_suite_token`, body)).json();
	};

	it('may send without agentid, or must name it', async () => {
		const { suite } = simulator.demo;
		const { suite_access_token: suiteAccess } = await suiteToken(suite.suiteTicket);
		const url = `${simulator.url}/cgi-bin/service/get_corp_token?suite_access_token=${String(suiteAccess)}`;
		const body = { auth_corpid: suite.authCorpId, permanent_code: suite.permanentCode };
		token = String((await post(url, body)).json().access_token);
		const send = async (agentid?: number) =>
			(await api('message/send', text('hello', { agentid }))).json().errcode;
		expect(await send()).toBe(0);
		simulator.state.strict.suiteNeedsAgentId = true;
		expect(await send()).toBe(41011);
		expect(await send(suite.agentId)).toBe(0);
	});

	it('keeps one ticket for ever, unless told how often it changes', async () => {
		const { suiteTicket } = simulator.demo.suite;
		simulator.advance(24 * 3_600_000);
		expect(await suiteToken(suiteTicket)).toHaveProperty('suite_access_token');
	});

	it('gets a new ticket every ten minutes, pushed; older ones work half an hour longer', async () => {
		const receiver = await startReceiver(simulator.demo.suite);
		await simulator.verifyCallbackUrl(receiver.url, simulator.targets.suite);
		simulator.state.strict.suiteTicketEveryMs = 600_000;
		simulator.advance(0);
		const { suiteTicket: first } = simulator.demo.suite;
		simulator.advance(599_999);
		expect(receiver.pushes).toHaveLength(0);
		simulator.advance(1);
		await simulator.tickets.settled();
		const pushed = receiver.pushes.map(
			({ message }) => /<SuiteTicket><!\[CDATA\[(.*?)\]\]>/.exec(message)?.[1],
		);
		expect(pushed).toEqual([simulator.targets.suite.suiteTicket]);
		expect(receiver.pushes[0]).toMatchObject({
			id: simulator.demo.suite.suiteId,
			message: expect.stringMatching(
				/^<xml><SuiteId>.*<InfoType><!\[CDATA\[suite_ticket\]\]>.*<TimeStamp>1750000600</,
			) as string,
		});
		expect(await suiteToken(pushed[0]!)).toHaveProperty('suite_access_token');
		simulator.advance(1_799_999);
		expect(await suiteToken(first)).toHaveProperty('suite_access_token');
		simulator.advance(1);
		expect(await suiteToken(first)).toMatchObject({ errcode: 40085 });
		await simulator.tickets.settled();
		expect(receiver.pushes).toHaveLength(4);
		await receiver.close();
	});

	it('gets a ticket at once when asked for, without a callback URL too', async () => {
		const before = simulator.targets.suite.suiteTicket;
		expect(await simulator.tickets.renew()).toBeUndefined();
		expect(simulator.targets.suite.suiteTicket).not.toBe(before);
		expect(await suiteToken(before)).toHaveProperty('suite_access_token');
	});
});

describe('the form of an answer', () => {
	it.each([
		['withoutErrcode', 200, /^\{"msgid":"msg[^"]+"\}$/],
		['empty', 200, /^$/],
		['noContent', 204, /^$/],
		['cutJson', 200, /^\{"errcode":0[^}]*$/],
		['html', 200, /^<!doctype html>/],
		['array', 200, /^\[\{"errcode":0.*\}\]$/],
		['emptyObject', 200, /^\{\}$/],
	] as const)('can be %s after the effect, once or for an endpoint', async (form, status, body) => {
		simulator.faults.next({ path: 'message/send', form });
		const bent = await api('message/send', text('one'));
		expect(bent.status).toBe(status);
		expect(bent.bytes.toString()).toMatch(body);
		expect((await api('message/send', text('two'))).json()).toMatchObject({ errcode: 0 });
		simulator.state.strict.answers = { 'message/send': form };
		for (const content of ['three', 'four']) {
			expect((await api('message/send', text(content))).bytes.toString()).toMatch(body);
		}
		expect(simulator.state.messages).toHaveLength(4);
	});

	it('leaves refusals, files and other endpoints alone', async () => {
		const { strict } = simulator.state;
		strict.answers = { 'message/send': 'empty', 'media/get': 'empty' };
		expect((await api('message/send', { touser: '' })).json()).toMatchObject({ errcode: 41011 });
		const url = `${simulator.url}/cgi-bin/media/upload?access_token=${token}&type=file`;
		const mediaId = String((await postFile(url, SAMPLES.text)).json().media_id);
		const file = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		expect((await call(file)).bytes.equals(SAMPLES.text)).toBe(true);
	});
});

describe("a robot's minute", () => {
	const send = async (content = 'x') =>
		(await post(simulator.demo.robot.webhookUrl, { msgtype: 'text', text: { content } })).json()
			.errcode;
	const fill = async () => {
		for (let count = 0; count < 20; count += 1) expect(await send()).toBe(0);
	};

	it.each([
		['arrival', 45009],
		['handling', 0],
	] as const)('counts a call that was held up from its %s', async (robotCountsFrom, errcode) => {
		simulator.state.strict.robotCountsFrom = robotCountsFrom;
		await fill();
		let release: () => void = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		simulator.faults.next({ path: 'webhook/send', hold });
		const held = send();
		while (simulator.record.count('webhook/send') < 21) await corpToken(simulator);
		simulator.advance(60_000);
		release();
		expect(await held).toBe(errcode);
	});

	it.each([
		[false, 0],
		[true, 45009],
	])('with refusals counted %s answers %i a minute later', async (robotRefusalsCount, errcode) => {
		simulator.state.strict.robotRefusalsCount = robotRefusalsCount;
		await fill();
		simulator.advance(50_000);
		for (let count = 0; count < 20; count += 1) expect(await send()).toBe(45009);
		simulator.advance(10_000);
		expect(await send()).toBe(errcode);
	});

	it.each([2048, 5120])('takes a text of at most %i bytes', async (robotTextBytes) => {
		simulator.state.strict.robotTextBytes = robotTextBytes;
		expect(await send('x'.repeat(robotTextBytes))).toBe(0);
		expect(await send('x'.repeat(robotTextBytes + 1))).toBe(40058);
	});
});
