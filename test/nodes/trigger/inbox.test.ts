import type { IDataObject } from 'n8n-workflow';

import { binaryBytes } from '../../helpers/engine';
import type { ServedWebhook } from '../../helpers/webhook';
import type { CustomerMessage } from '../../simulator/inbox/customerService';
import { pauses, sample, until, voiceOf } from '../scene';
import { restarted } from './anotherProcess';
import { quiet, setupTrigger, type TriggerOptions } from './scene';

const scene = setupTrigger();
const SYNC = 'kf/sync_msg';
const EVENT = 'kf_msg_or_event';

/** The clocks of both sides stand still between {@link later}s; a burst of earlier tests must not cover events of this one. */
const start = Date.now();
let now = start;
let ahead = 0;
beforeEach(() => {
	jest.spyOn(Date, 'now').mockImplementation(() => now);
	scene.simulator.advance(ahead);
	later(60);
});
afterEach(() => jest.restoreAllMocks());

const serve = async (options: Partial<TriggerOptions> & { extra?: IDataObject } = {}) =>
	await scene.serve({
		customerService: true,
		...options,
		parameters: { events: [EVENT], ...options.parameters },
	});

/** Time goes on, so that the next event is no burst. */
function later(seconds = 2): void {
	now += seconds * 1000;
	ahead += seconds * 1000;
	scene.simulator.advance(seconds * 1000);
}

async function write(message: CustomerMessage): Promise<string> {
	const { msgid, pushes } = await scene.simulator.people.customerService.write({
		at: now,
		...message,
	});
	for (const { attempts } of pushes) {
		expect(attempts.at(-1)).toEqual({ status: 200, body: 'success' });
	}
	return msgid;
}

/** Everything given so far, in order, once all executions have ended. */
async function items(webhook: ServedWebhook): Promise<IDataObject[]> {
	await quiet();
	await webhook.idle();
	expect(webhook.executions.map(({ error }) => error?.message)).toEqual(
		webhook.executions.map(() => undefined),
	);
	return webhook.executions.flatMap((each) => each.items.map(({ json }) => json));
}

const msgidsOf = async (webhook: ServedWebhook) =>
	(await items(webhook)).map(({ msgid }) => String(msgid));
const syncs = () =>
	scene.simulator.record.all.filter(({ path }) => path.endsWith(SYNC)).map(({ json }) => json);

describe('a message of a customer starts the workflow', () => {
	test('as an item of its own, without the token of the event', async () => {
		const webhook = await serve();
		const msgid = await write({ text: '在吗？' });
		const [item, ...others] = await items(webhook);
		expect(others).toEqual([]);
		expect(item).toEqual({
			event: EVENT,
			msgtype: 'text',
			create_time: expect.any(Number) as number,
			msgid,
			text: '在吗？',
			open_kfid: 'wkdemo',
			external_userid: 'wmdemocustomer',
			origin: 3,
			send_time: Math.floor(now / 1000),
			message: {
				msgid,
				open_kfid: 'wkdemo',
				external_userid: 'wmdemocustomer',
				send_time: Math.floor(now / 1000),
				origin: 3,
				msgtype: 'text',
				text: { content: '在吗？' },
			},
		});
		expect(syncs()).toEqual([
			{
				open_kfid: 'wkdemo',
				token: expect.stringMatching(/^ENC/) as string,
				limit: 1000,
				voice_format: 0,
			},
		]);
	});

	test.each<[string, Buffer, string]>([
		['image', sample('photo.jpg'), '照片.jpg'],
		['voice', voiceOf(3), '语音.amr'],
		['video', sample('video.mp4'), '视频.mp4'],
		['file', Buffer.from('%PDF-1.7 made-up'), '合同📄.pdf'],
	])('with its %s', async (kind, bytes, fileName) => {
		const webhook = await serve();
		await write({ file: { bytes, fileName } });
		const [item] = await items(webhook);
		expect(item).toMatchObject({
			msgtype: kind,
			file_name: fileName,
			file_size: bytes.length,
			media_id: ((item.message as IDataObject)[kind] as IDataObject).media_id,
		});
		const { binary } = webhook.executions[0].items[0];
		expect((await binaryBytes(binary?.data)).equals(bytes)).toBe(true);
	});

	test('with voices in Silk where that is chosen', async () => {
		const webhook = await serve({ options: { voiceFormat: 'silk' } });
		await write({ file: { bytes: voiceOf(3), fileName: 'a.amr' } });
		await items(webhook);
		expect(syncs()).toMatchObject([{ voice_format: 1 }]);
		const { binary } = webhook.executions[0].items[0];
		expect((await binaryBytes(binary?.data)).subarray(1, 10).toString()).toBe('#!SILK_V3');
	});

	test('with the name of the customer where that is chosen', async () => {
		const webhook = await serve({ options: { customerName: true } });
		await write({ text: 'a', silent: true });
		await write({ text: 'b' });
		const names = (await items(webhook)).map(({ customer_name: name }) => name);
		expect(names).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
		expect(scene.simulator.record.count('kf/customer/batchget')).toBe(1);
	});

	test('without the name where that is refused', async () => {
		const webhook = await serve({ options: { customerName: true } });
		scene.simulator.faults.next({ path: 'kf/customer/batchget', errcode: 48002, times: 9 });
		await write({ text: 'a' });
		const [item] = await items(webhook);
		expect(item).toMatchObject({ text: 'a' });
		expect(item).not.toHaveProperty('customer_name');
	});

	test('and so do servicers and system events, told apart by their origin', async () => {
		const webhook = await serve();
		await write({ text: 'question', silent: true });
		await write({ text: 'answer', origin: 5, servicer: 'LiSi', silent: true });
		await scene.simulator.people.customerService.happen('enter_session', {
			external_userid: 'wmdemocustomer',
			scene: '123',
		});
		const given = await items(webhook);
		expect(given).toMatchObject([
			{ origin: 3, text: 'question' },
			{ origin: 5, text: 'answer', servicer_userid: 'LiSi' },
			{ origin: 4, msgtype: 'event', external_userid: 'wmdemocustomer' },
		]);
	});
});

describe('reading goes on', () => {
	test('where the last execution stopped', async () => {
		const webhook = await serve();
		const first = await write({ text: 'a' });
		expect(await msgidsOf(webhook)).toEqual([first]);
		later();
		const second = await write({ text: 'b' });
		expect(await msgidsOf(webhook)).toEqual([first, second]);
		expect(syncs()[1]).toMatchObject({ cursor: expect.any(String) as string });
		expect(webhook.savedStaticData()).toMatchObject({
			'node:Trigger': { inboxes: { wkdemo: { cursor: expect.any(String) as string } } },
		});
	});

	test('through pages, also empty ones, and 1,000 entries a call', async () => {
		Object.assign(scene.simulator.state.strict, { kfPageEntries: 40, kfEmptyPages: 1 });
		const webhook = await serve();
		const sent: string[] = [];
		for (let n = 0; n < 100; n += 1) sent.push(await write({ text: `${n}`, silent: n < 99 }));
		expect(await msgidsOf(webhook)).toEqual(sent);
		// Three pages that hold something, an empty one before each.
		expect(syncs()).toHaveLength(6);
	});

	test('no further where a page with messages leads back to itself', async () => {
		const webhook = await serve();
		const entry = { msgid: 'kf1', open_kfid: 'wkdemo', send_time: Math.floor(now / 1000) };
		const page = { errcode: 0, has_more: 1, next_cursor: 'same', msg_list: [entry] };
		scene.simulator.faults.next({ path: SYNC, body: JSON.stringify(page), times: 9 });
		await write({ text: 'a' });
		expect(await msgidsOf(webhook)).toEqual(['kf1']);
		expect(syncs()).toHaveLength(2);
	});

	test('with 500 messages in one call', async () => {
		const webhook = await serve();
		const sent: string[] = [];
		for (let n = 0; n < 500; n += 1) sent.push(await write({ text: `${n}`, silent: n < 499 }));
		expect(await msgidsOf(webhook)).toEqual(sent);
		expect(syncs()).toHaveLength(1);
	});

	test('at the next event after 1,000 messages', async () => {
		const webhook = await serve();
		const sent: string[] = [];
		for (let n = 0; n < 1100; n += 1) sent.push(await write({ text: `${n}`, silent: n < 1099 }));
		expect(await msgidsOf(webhook)).toHaveLength(1000);
		later();
		sent.push(await write({ text: 'next' }));
		expect(await msgidsOf(webhook)).toEqual(sent);
	});

	test('without its cursor where n8n has lost that, and gives nothing twice', async () => {
		const webhook = await serve();
		const sent = [await write({ text: 'a' })];
		await items(webhook);
		later();
		const again = await serve();
		sent.push(await write({ text: 'b' }));
		expect(await msgidsOf(again)).toEqual(sent.slice(1));
		expect(syncs().at(-1)).not.toHaveProperty('cursor');
	});

	test('anew where the cursor is refused (50100), and gives nothing twice', async () => {
		Object.assign(scene.simulator.state.strict, { kfPageEntries: 2 });
		const webhook = await serve();
		const sent: string[] = [];
		for (const text of ['a', 'b', 'c']) sent.push(await write({ text, silent: text !== 'c' }));
		expect(await msgidsOf(webhook)).toEqual(sent);
		later();
		for (const text of ['d', 'e', 'f']) sent.push(await write({ text, silent: text !== 'f' }));
		scene.simulator.faults.next({ path: SYNC, errcode: 50100 });
		expect(await msgidsOf(webhook)).toEqual(sent);
	});

	test('without the token where that has expired (95007)', async () => {
		const webhook = await serve();
		scene.simulator.faults.next({ path: SYNC, errcode: 95007 });
		const msgid = await write({ text: 'a' });
		expect(await msgidsOf(webhook)).toEqual([msgid]);
		expect(syncs()).toHaveLength(2);
		expect(syncs()[1]).not.toHaveProperty('token');
	});
});

describe('the first event', () => {
	const hours = (count: number) => now - count * 3_600_000;

	test('brings nothing older than ten minutes', async () => {
		const webhook = await serve();
		await write({ text: 'yesterday', at: hours(20), silent: true });
		const recent = await write({ text: 'recent', at: now - 500_000, silent: true });
		const newest = await write({ text: 'now' });
		expect(await msgidsOf(webhook)).toEqual([recent, newest]);
	});

	test('brings three days where history is asked for', async () => {
		const webhook = await serve({ options: { includeHistory: true } });
		const old = await write({ text: 'yesterday', at: hours(20), silent: true });
		const newest = await write({ text: 'now' });
		expect(await msgidsOf(webhook)).toEqual([old, newest]);
	});

	test('and a refused cursor later bring nothing of before', async () => {
		const webhook = await serve();
		await write({ text: 'yesterday', at: hours(20), silent: true });
		const first = await write({ text: 'a' });
		await items(webhook);
		later();
		scene.simulator.faults.next({ path: SYNC, errcode: 50100 });
		const second = await write({ text: 'b' });
		expect(await msgidsOf(webhook)).toEqual([first, second]);
	});
});

describe('events of one account in a burst', () => {
	test('are covered by the execution of the first, which waits before it reads', async () => {
		const webhook = await serve();
		const sent = await Promise.all(['a', 'b', 'c', 'd'].map(async (text) => await write({ text })));
		expect((await msgidsOf(webhook)).sort()).toEqual(sent.sort());
		expect(webhook.started()).toBe(1);
		expect(syncs()).toHaveLength(1);
		expect(pauses.lengths.reduce((sum, length) => sum + length, 0)).toBeGreaterThanOrEqual(1500);
	});

	test('start another execution after a second', async () => {
		const webhook = await serve();
		await write({ text: 'a' });
		later(1);
		await write({ text: 'b' });
		expect(await items(webhook)).toHaveLength(2);
		expect(webhook.started()).toBe(2);
	});

	test('of two accounts start one each', async () => {
		scene.simulator.state.corps[0].openKfIds.push('wkother');
		const webhook = await serve();
		await write({ text: 'a' });
		await write({ text: 'b', openKfId: 'wkother' });
		expect((await items(webhook)).map(({ open_kfid: id }) => id).sort()).toEqual([
			'wkdemo',
			'wkother',
		]);
		expect(webhook.started()).toBe(2);
	});
});

test('a worker that starts without static data, as in n8n 2.41, keeps the place of every account', async () => {
	scene.simulator.state.corps[0].openKfIds.push('wkother');
	const webhook = await serve({ workersForget: true });
	const sent = [await write({ text: 'a' })];
	await items(webhook);
	sent.push(await write({ text: 'b', openKfId: 'wkother' }));
	await items(webhook);
	// Nobody was told of it, as while n8n is down.
	sent.push(await write({ text: 'c', silent: true }));
	later(3_600);
	sent.push(await write({ text: 'd' }));
	expect(await msgidsOf(webhook)).toEqual(sent);
});

test('only the chosen accounts start the workflow', async () => {
	scene.simulator.state.corps[0].openKfIds.push('wkother');
	const webhook = await serve({ options: { openKfIds: 'wkother，wkthird' } });
	await write({ text: 'a' });
	await write({ text: 'b', openKfId: 'wkother' });
	expect(await items(webhook)).toMatchObject([{ text: 'b', open_kfid: 'wkother' }]);
	expect(webhook.started()).toBe(1);
});

test('two processors and two workers that overlap give each of 300 messages once', async () => {
	const first = await serve({ type: await restarted(), worker: await restarted() });
	let release = () => {};
	const hold = new Promise<void>((resolve) => (release = resolve));
	// The first worker gets its page late, when the second has read the same messages and more.
	scene.simulator.faults.next({ path: SYNC, hold });
	const sent: string[] = [];
	for (let n = 0; n < 250; n += 1) sent.push(await write({ text: `${n}`, silent: n < 249 }));
	await until(() => syncs().length === 1);
	later();
	const second = await serve({ type: await restarted(), worker: await restarted() });
	for (let n = 0; n < 50; n += 1) sent.push(await write({ text: `${n}`, silent: n < 49 }));
	await until(() => syncs().length === 2);
	release();
	const given = [...(await msgidsOf(first)), ...(await msgidsOf(second))];
	expect(given.sort()).toEqual(sent.sort());
	expect([first.started(), second.started()]).toEqual([1, 1]);
});

describe('a refused inbox is an item that says so:', () => {
	test.each([
		[48007, /48007/],
		[60020, /60020/],
	])('%i', async (errcode, error) => {
		const webhook = await serve();
		scene.simulator.faults.next({ path: SYNC, errcode, times: 9 });
		await write({ text: 'a' });
		const [item] = await items(webhook);
		expect(item).toMatchObject({
			event: EVENT,
			open_kfid: 'wkdemo',
			error: expect.stringMatching(error) as string,
			errcode,
			hint: expect.stringMatching(/./) as string,
			message: { OpenKfId: 'wkdemo' },
		});
		expect(JSON.stringify(item)).not.toContain('ENC');
	});

	test('an object that says nothing', async () => {
		const webhook = await serve();
		scene.simulator.faults.next({ path: SYNC, body: '{}' });
		await write({ text: 'a' });
		const [item] = await items(webhook);
		expect(item).toMatchObject({ error: `${SYNC} was answered without errcode` });
		expect(item).toHaveProperty('hint');
	});

	test('what was read before the refusal is given, and the rest comes with the next event', async () => {
		Object.assign(scene.simulator.state.strict, { kfPageEntries: 2 });
		const webhook = await serve();
		const sent: string[] = [];
		// Of two pages the second is refused.
		scene.simulator.faults.next({ path: SYNC, errcode: 48007, skip: 1 });
		for (const text of ['a', 'b', 'c']) sent.push(await write({ text, silent: true }));
		sent.push(await write({ text: 'd' }));
		const given = await items(webhook);
		expect(given.slice(0, 2).map(({ msgid }) => msgid)).toEqual(sent.slice(0, 2));
		expect(given[2]).toMatchObject({ errcode: 48007 });
		later();
		sent.push(await write({ text: 'e' }));
		const all = (await items(webhook)).filter(({ msgid }) => msgid !== undefined);
		expect(all.map(({ msgid }) => msgid)).toEqual(sent);
	});
});

test('Retry gives the messages again', async () => {
	const webhook = await serve();
	const msgid = await write({ text: 'a' });
	expect(await msgidsOf(webhook)).toEqual([msgid]);
	const again = await webhook.retry(0);
	expect(again.map(({ json }) => json.msgid)).toEqual([msgid]);
});
