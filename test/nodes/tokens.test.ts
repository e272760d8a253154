import { sampleFile, setupScene } from './scene';
import type { TestItem } from '../helpers/runNode';

const scene = setupScene();
const report: TestItem = { binary: { data: sampleFile('report.pdf') } };
const continued = { onError: 'continueRegularOutput' } as const;

/** The tokens that uploads came with, in the order of the calls. */
const tokensUsed = () =>
	scene.simulator.record.calls('media/upload').map(({ query }) => query.access_token);

describe('a wrong secret', () => {
	const wrong = { credential: { corpSecret: 'made-up-wrong-secret' } };

	test('is tried once for 50 items, since WeCom blocks the IP of who insists', async () => {
		const { items } = await scene.run({ items: Array(50).fill(report), ...wrong, ...continued });
		expect(scene.simulator.record.counters()).toEqual({ gettoken: 1 });
		expect(items).toHaveLength(50);
		for (const { json } of items) {
			expect(json).toMatchObject({
				error: 'gettoken failed (40001: The Secret is not valid)',
				errcode: 40001,
				hint: expect.stringContaining('Copy the Secret of this very app again') as string,
			});
		}
	});

	test('is not tried again by the next execution of the same minute', async () => {
		await scene.run({ items: [report], ...wrong });
		const { error } = await scene.run({ items: [report], ...wrong });
		expect(error?.message).toBe('gettoken failed (40001: The Secret is not valid) [item 0]');
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});

	test('once corrected works at once', async () => {
		await scene.run({ items: [report], ...wrong });
		const { error, items } = await scene.run({ items: [report] });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});
});

describe('a token that dies', () => {
	test.each([
		['expires', 'expire'],
		['is withdrawn', 'revoke'],
	] as const)('in mid-run (%s) fails no item: it is fetched once more', async (_how, token) => {
		scene.simulator.faults.next({ path: 'media/upload', skip: 8, token });
		const { items, error } = await scene.run({ items: Array(20).fill(report) });
		expect(error).toBeUndefined();
		expect(items.filter(({ json }) => json.media_id)).toHaveLength(20);
		expect(scene.simulator.record.count('gettoken')).toBe(2);
	});

	test('between two pieces of a download does not break it', async () => {
		const bytes = Buffer.alloc(21 * 1024 * 1024, 'made-up film ');
		const mediaId = scene.simulator.state.addMedia({ bytes });
		scene.simulator.faults.next({ path: 'media/get', skip: 1, token: 'expire' });
		const { items, error } = await scene.run({ operation: 'get', parameters: { mediaId } });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ file_size: bytes.length });
		expect(scene.simulator.record.count('gettoken')).toBe(2);
	});

	test('and dies again at once is a failure, not a loop', async () => {
		scene.simulator.faults.next({ path: 'media/upload', errcode: 40014, times: 99 });
		const { error } = await scene.run({ items: [report] });
		expect(error?.message).toBe(
			'media/upload failed (40014: The access token is not valid) [item 0]',
		);
		expect(scene.simulator.record.count('media/upload')).toBe(2);
	});

	test('of an Official Account is renewed as well', async () => {
		scene.simulator.faults.next({ path: 'media/upload', token: 'revoke' });
		const { error } = await scene.run({
			system: 'officialAccount',
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		expect(error).toBeUndefined();
		expect(scene.simulator.record.count('stable_token')).toBe(2);
	});
});

describe('one fetch serves', () => {
	test('executions side by side', async () => {
		const runs = await Promise.all([1, 2, 3].map(() => scene.run({ items: [report, report] })));
		expect(runs.every(({ error }) => error === undefined)).toBe(true);
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});

	test('executions one after the other, until it ends', async () => {
		await scene.run({ items: [report] });
		await scene.run({ items: [report] });
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});
});

describe('expressions in the credential', () => {
	test('are resolved for each item: every upload goes out for its own app', async () => {
		const { corpSecret, customerServiceSecret } = scene.simulator.demo.corp;
		const secrets = [corpSecret, customerServiceSecret, corpSecret];
		const { error } = await scene.run({
			credential: { corpSecret: '={{ $json.secret }}' },
			options: { concurrency: 1 },
			items: secrets.map((secret) => ({ ...report, json: { secret } })),
		});
		expect(error).toBeUndefined();
		const [first, second, third] = tokensUsed();
		expect([first === second, first === third]).toEqual([false, true]);
		expect(scene.simulator.record.count('gettoken')).toBe(2);
	});

	test('let a fresh suite_ticket in from the workflow', async () => {
		const { suiteTicket } = scene.simulator.demo.suite;
		const { items } = await scene.run({
			system: 'thirdPartyApp',
			credential: { suiteTicket: '={{ $json.ticket }}' },
			items: [
				{ ...report, json: { ticket: 'made-up-ticket-of-yesterday' } },
				{ ...report, json: { ticket: suiteTicket } },
			],
			...continued,
		});
		expect(items[0].json).toMatchObject({ errcode: 40085 });
		expect(items[1].json).toMatchObject({ file_name: 'report.pdf' });
	});
});

describe('an IP that WeCom does not trust', () => {
	beforeEach(() => {
		scene.simulator.state.trustIp(false);
		scene.simulator.state.clientIp = '203.0.113.7';
	});

	test('is named in the first failure, with where to add it', async () => {
		const { error } = await scene.run({ items: [report] });
		expect(error?.message).toContain('60020: WeCom does not trust the IP address of this n8n');
		expect(error?.description).toContain(
			'Add 203.0.113.7 to the trusted IP addresses of the app (应用管理 → the app → 企业可信IP)',
		);
		expect(scene.simulator.record.count('media/upload')).toBe(0);
	});

	test('is named for an Official Account too', async () => {
		const photo = { binary: { data: sampleFile('photo.jpg') } };
		const { error } = await scene.run({ system: 'officialAccount', items: [photo] });
		expect(error?.message).toContain('40164: WeChat does not trust the IP address of this n8n');
		expect(error?.description).toContain('203.0.113.7');
	});

	test('works as soon as it is added, without waiting for the token to end', async () => {
		await scene.run({ items: [report] });
		scene.simulator.state.trustIp(true);
		const { error } = await scene.run({ items: [report] });
		expect(error).toBeUndefined();
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});
});
