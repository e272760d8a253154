import { startSimulator, type Simulator } from './index';
import { amr, call, post, SAMPLES } from './testClient';
import { startReceiver, type Receiver } from './testReceiver';

let simulator: Simulator;
let receiver: Receiver;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator({
		now: () => 1_790_000_000_000,
		sleep: async () => await Promise.resolve(),
	});
	const { customerService } = simulator.demo;
	receiver = await startReceiver(customerService);
	await simulator.verifyCallbackUrl(receiver.url, simulator.targets.customerService);
	await signIn();
});
afterEach(async () => {
	await simulator.close();
	await receiver.close();
});

async function signIn() {
	const { corpId, corpSecret } = simulator.demo.customerService;
	const query = `corpid=${corpId}&corpsecret=${corpSecret}`;
	token = String((await call(`${simulator.url}/cgi-bin/gettoken?${query}`)).json().access_token);
}
const write = async (...message: Parameters<Simulator['people']['customerService']['write']>) =>
	await simulator.people.customerService.write(...message);
const api = async (path: string, body: unknown) =>
	(await post(`${simulator.url}/cgi-bin/kf/${path}?access_token=${token}`, body)).json();

interface Page {
	errcode: number;
	next_cursor: string;
	has_more: number;
	msg_list: Array<{ msgid: string } & Record<string, unknown>>;
}
const sync = async (body: Record<string, unknown> = {}) =>
	(await api('sync_msg', { open_kfid: 'wkdemo', ...body })) as unknown as Page;
const eventToken = () =>
	/<Token><!\[CDATA\[(.*?)\]\]>/.exec(receiver.pushes.at(-1)?.message ?? '')?.[1];

describe('the event', () => {
	it('names the account and a token, and neither sender nor agent', async () => {
		await write({ text: 'hello' });
		expect(receiver.pushes[0].message).toMatch(
			/^<xml><ToUserName><!\[CDATA\[wwdemocorp\]\]><\/ToUserName><CreateTime>1790000000<\/CreateTime><MsgType><!\[CDATA\[event\]\]><\/MsgType><Event><!\[CDATA\[kf_msg_or_event\]\]><\/Event><Token><!\[CDATA\[ENC[^\]]+\]\]><\/Token><OpenKfId><!\[CDATA\[wkdemo\]\]><\/OpenKfId><\/xml>$/,
		);
		expect(receiver.pushes[0].id).toBe('wwdemocorp');
	});

	it('can be left out for all but the last of a burst', async () => {
		for (const silent of [true, true, false]) await write({ text: 'x', silent });
		expect(receiver.pushes).toHaveLength(1);
		expect((await sync({ token: eventToken() })).msg_list).toHaveLength(3);
	});

	it('reaches an own app that manages the account as well', async () => {
		const own = await startReceiver(simulator.demo.corp);
		await simulator.verifyCallbackUrl(own.url);
		await write({ text: 'x' });
		expect(own.pushes).toHaveLength(0);
		simulator.targets.app.customerService = true;
		await write({ text: 'x' });
		expect(own.pushes).toHaveLength(1);
		await own.close();
	});
});

describe('kf/sync_msg', () => {
	it('gives a message as the vendor page shows it', async () => {
		const { msgid } = await write({ file: { bytes: SAMPLES.png, fileName: '照片.png' } });
		const page = await sync({ token: eventToken() });
		expect(page).toEqual({
			errcode: 0,
			errmsg: 'ok',
			next_cursor: expect.any(String) as string,
			has_more: 0,
			msg_list: [
				{
					msgid,
					open_kfid: 'wkdemo',
					external_userid: 'wmdemocustomer',
					send_time: 1_790_000_000,
					origin: 3,
					msgtype: 'image',
					image: { media_id: expect.any(String) as string },
				},
			],
		});
		const { media_id: mediaId } = page.msg_list[0].image as { media_id: string };
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		expect((await call(url)).bytes.equals(SAMPLES.png)).toBe(true);
	});

	it('goes on at the cursor, page by page, and keeps accounts apart', async () => {
		simulator.state.corps[0].openKfIds.push('wkother');
		const ids = [];
		for (const text of ['a', 'b', 'c']) ids.push((await write({ text })).msgid);
		await write({ text: 'elsewhere', openKfId: 'wkother' });
		const first = await sync({ limit: 2 });
		const second = await sync({ limit: 2, cursor: first.next_cursor });
		const third = await sync({ cursor: second.next_cursor });
		const given = [first, second, third].map(({ msg_list: list, has_more: more }) => [
			list.map(({ msgid }) => msgid),
			more,
		]);
		expect(given).toEqual([
			[ids.slice(0, 2), 1],
			[ids.slice(2), 0],
			[[], 0],
		]);
		expect(Buffer.byteLength(first.next_cursor)).toBeLessThanOrEqual(64);
		expect(await sync({ open_kfid: 'wkother', cursor: first.next_cursor })).toMatchObject({
			errcode: 50100,
		});
	});

	it('can hold fewer entries than asked for, and none with has_more 1', async () => {
		Object.assign(simulator.state.strict, { kfPageEntries: 1, kfEmptyPages: 2 });
		for (const text of ['a', 'b']) await write({ text });
		let cursor: string | undefined;
		const seen = [];
		for (let count = 0; count < 7; count += 1) {
			const page = await sync({ cursor });
			seen.push(`${page.msg_list.length}:${page.has_more}`);
			cursor = page.next_cursor;
		}
		expect(seen).toEqual(['0:1', '0:1', '1:1', '0:1', '0:1', '1:0', '0:0']);
	});

	it('looks three days back', async () => {
		await write({ text: 'old' });
		simulator.advance(3 * 24 * 3_600_000 - 1);
		await signIn();
		expect((await sync()).msg_list).toHaveLength(1);
		simulator.advance(1);
		expect((await sync()).msg_list).toHaveLength(0);
	});

	it('tells customers, servicers and events apart', async () => {
		await write({ text: 'from the customer' });
		await write({ text: 'from us', origin: 5, servicer: 'LiSi' });
		await simulator.people.customerService.happen('enter_session', { scene: 'web' });
		const [customer, servicer, event] = (await sync()).msg_list;
		expect(customer).toMatchObject({ origin: 3, text: { content: 'from the customer' } });
		expect(servicer).toMatchObject({ origin: 5, servicer_userid: 'LiSi' });
		expect(event).toEqual({
			msgid: expect.any(String) as string,
			send_time: 1_790_000_000,
			origin: 4,
			msgtype: 'event',
			event: { event_type: 'enter_session', open_kfid: 'wkdemo', scene: 'web' },
		});
	});

	it('gives a voice as AMR or as Silk', async () => {
		await write({ file: { bytes: amr(10), fileName: 'v.amr' } });
		const first = async (voiceFormat: number) => {
			const [{ voice }] = (await sync({ voice_format: voiceFormat })).msg_list;
			const { media_id: mediaId } = voice as { media_id: string };
			return simulator.state.media.get(mediaId)?.bytes.toString('latin1', 0, 10);
		};
		expect(await first(0)).toMatch(/^#!AMR\n/);
		expect(await first(1)).toBe('\x02#!SILK_V3');
	});

	it.each([
		['location', { location: { name: 'here' } }],
		['link', { link: { title: 'here' } }],
	] as const)('gives a %s', async (kind, content) => {
		await write({ kind, text: 'here' });
		expect((await sync()).msg_list).toMatchObject([{ msgtype: kind, ...content }]);
	});

	it('gives a picture above 2 MB as a text', async () => {
		const bytes = Buffer.concat([SAMPLES.png, Buffer.alloc(2 * 1024 * 1024)]);
		await write({ file: { bytes, fileName: 'big.png' } });
		expect((await sync()).msg_list).toMatchObject([{ msgtype: 'text' }]);
	});

	it("takes the event's token for ten minutes", async () => {
		await write({ text: 'x' });
		simulator.advance(599_999);
		expect(await sync({ token: eventToken() })).toMatchObject({ errcode: 0 });
		simulator.advance(1);
		expect(await sync({ token: eventToken() })).toMatchObject({ errcode: 95007 });
		expect(await sync({ token: 'nonsense' })).toMatchObject({ errcode: 95007 });
	});

	it('without a token may be called a few times a minute', async () => {
		simulator.state.strict.kfTokenlessPerMinute = 2;
		const codes = [];
		for (let count = 0; count < 3; count += 1) codes.push((await sync()).errcode);
		simulator.advance(60_000);
		codes.push((await sync()).errcode);
		expect(codes).toEqual([0, 0, 45009, 0]);
	});

	it.each([
		['no account', { open_kfid: undefined }, 95000],
		['an account of nobody', { open_kfid: 'wkx' }, 95004],
		['a cursor nobody got', { cursor: 'x' }, 50100],
		['1001 entries', { limit: 1001 }, 40058],
		['no entries', { limit: 0 }, 40058],
		['a third form of voice', { voice_format: 2 }, 40058],
	])('refuses %s', async (_what, body, errcode) => {
		expect(await sync(body)).toMatchObject({ errcode });
	});

	it('is for apps and accounts that are allowed to', async () => {
		simulator.state.corps[0].unmanagedKfIds.push('wkdemo');
		expect(await sync()).toMatchObject({ errcode: 48007 });
		simulator.targets.customerService.customerService = false;
		for (const path of ['sync_msg', 'account/list', 'customer/batchget']) {
			expect(await api(path, { open_kfid: 'wkdemo' })).toMatchObject({ errcode: 48002 });
		}
	});
});

describe('kf/account/list', () => {
	it('names the accounts, page by page', async () => {
		const [corp] = simulator.state.corps;
		corp.openKfIds.push('wkb', 'wkc');
		corp.unmanagedKfIds.push('wkc');
		const list = async (body: unknown) => (await api('account/list', body)).account_list;
		expect(await list({ limit: 2 })).toMatchObject([
			{ open_kfid: 'wkdemo', name: '售后客服', manage_privilege: true },
			{ open_kfid: 'wkb' },
		]);
		expect(await list({ offset: 2 })).toMatchObject([
			{ open_kfid: 'wkc', name: 'wkc', manage_privilege: false },
		]);
		expect(await api('account/list', { limit: 101 })).toMatchObject({ errcode: 40058 });
	});
});

describe('kf/customer/batchget', () => {
	const names = async (ids: string[]) =>
		await api('customer/batchget', { external_userid_list: ids });

	it('names customers of the last 48 hours', async () => {
		const ids = ['wmdemocustomer', 'wmnobody'];
		expect(await names(ids)).toMatchObject({
			customer_list: [{ external_userid: 'wmdemocustomer', nickname: '陈女士' }],
			invalid_external_userid: ['wmnobody'],
		});
		simulator.advance(48 * 3_600_000);
		await signIn();
		expect(await names(ids)).toMatchObject({ customer_list: [], invalid_external_userid: ids });
		await write({ text: 'again' });
		expect((await names(ids)).customer_list).toHaveLength(1);
	});

	it.each([[[]], [Array<string>(101).fill('wm')]])('refuses %j', async (ids) => {
		expect(await names(ids)).toMatchObject({ errcode: 40058 });
	});

	it('opens a conversation with a new customer', async () => {
		await write({ text: 'x', from: 'wmnew' });
		const message = { msgtype: 'text', text: { content: 'hello' } };
		const to = { touser: 'wmnew', open_kfid: 'wkdemo' };
		expect(await api('send_msg', { ...to, ...message })).toMatchObject({ errcode: 0 });
	});
});
