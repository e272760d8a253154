/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type AddressInfo } from 'node:net';
import { leaks, logText, serialize } from '../../helpers/engine';
import { pauses, sampleFile, type SystemName } from '../scene';
import { setupSending } from './sending';

const scene = setupSending();
const report = () => ({ binary: { data: sampleFile('report.pdf') } });
const photo = () => ({ binary: { data: sampleFile('photo.jpg') } });

const ways: Array<[string, SystemName, Record<string, string>]> = [
	['webhook/send', 'robot', {}],
	['message/send', 'app', {}],
	['message/send', 'thirdPartyApp', {}],
	['appchat/send', 'app', { sendTo: 'appChat', chatId: 'demochat' }],
	['kf/send_msg', 'customerService', {}],
	['message/custom/send', 'officialAccount', {}],
];

describe.each(ways)('%s by %s', (path, system, parameters) => {
	test('an answer that is lost: the message has arrived and is not sent again', async () => {
		scene.simulator.faults.next({ path, cut: 'beforeAnswer' });
		const { error } = await scene.send({ system, parameters, items: [photo()] });
		const host = new URL(scene.simulator.url).host;
		expect(error?.message).toBe(`${path}: ${host} broke the connection (ECONNRESET) [item 0]`);
		expect(scene.simulator.record.count(path)).toBe(1);
		expect(scene.arrived()).toHaveLength(1);
	});

	test('a gateway error after the message has arrived: it is not sent again', async () => {
		scene.simulator.faults.next({ path, status: 504, body: 'gateway', afterEffect: true });
		const { error } = await scene.send({ system, parameters, items: [photo()] });
		expect(error?.message).toContain(`${path} was answered with HTTP status 504`);
		expect(scene.simulator.record.count(path)).toBe(1);
		expect(scene.arrived()).toHaveLength(1);
	});

	test('"busy": nothing has happened, so it is sent again and arrives once', async () => {
		scene.simulator.faults.next({ path, errcode: -1 });
		const { error } = await scene.send({ system, parameters, items: [photo()] });
		expect(error).toBeUndefined();
		expect(scene.simulator.record.count(path)).toBe(2);
		expect(scene.arrived()).toHaveLength(1);
	});
});

test('an answer that does not come in time: not sent again', async () => {
	scene.simulator.faults.next({ path: 'webhook/send', stall: true });
	const { error } = await scene.send({
		system: 'robot',
		options: { requestTimeout: 1 },
		items: [photo()],
	});
	expect(error?.message).toContain('did not answer within 1 s');
	expect(scene.simulator.record.count('webhook/send')).toBe(1);
	expect(scene.arrived()).toHaveLength(1);
});

test('when the workflow goes on, the lost item is an error and its siblings arrive once', async () => {
	scene.simulator.faults.next({ path: 'webhook/send', cut: 'beforeAnswer', skip: 1 });
	const { items } = await scene.send({
		system: 'robot',
		items: [report(), report(), report()],
		onError: 'continueRegularOutput',
	});
	expect(items.map(({ json }) => json.error ?? json.msgtype)).toEqual([
		'file',
		expect.stringContaining('broke the connection'),
		'file',
	]);
	expect(scene.arrived()).toHaveLength(3);
});

test('a refused connection: nobody has seen the message, so it is tried again', async () => {
	const port = await closedPort();
	const { error } = await scene.send({
		system: 'robot',
		credential: { baseUrl: `http://127.0.0.1:${port}` },
		items: [photo()],
	});
	expect(error?.message).toContain(
		`webhook/send: 127.0.0.1:${port} refuses the connection (ECONNREFUSED)`,
	);
	const waited = pauses.lengths.reduce((sum, ms) => sum + ms, 0);
	expect(waited).toBeGreaterThanOrEqual(500 + 1_000 + 2_000);
});

test('nothing of the secrets is in a failure, its log and its run', async () => {
	const { robot, corp } = scene.simulator.demo;
	scene.simulator.faults.next({ path: 'webhook/send', cut: 'beforeAnswer' });
	const first = await scene.send({ system: 'robot', items: [photo()] });
	scene.simulator.faults.next({ path: 'message/send', errcode: 81013 });
	const second = await scene.send({ items: [photo()] });
	const secrets = [robot.webhookKey, corp.corpSecret];
	expect(first.error && second.error).toBeDefined();
	expect(leaks(secrets, serialize(first.run), serialize(second.run), logText())).toEqual([]);
});

async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const { port } = server.address() as AddressInfo;
	await new Promise((closed) => server.close(closed));
	return port;
}
