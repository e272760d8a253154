import { pauses, sampleFile, setupScene } from './scene';

const scene = setupScene();
const items = [{ binary: { data: sampleFile('report.pdf') } }];
const upload = 'media/upload';

describe('a passing failure is overcome without anybody noticing', () => {
	test.each([
		['a connection cut before the answer', { cut: 'beforeAnswer' }],
		['a connection cut at once', { cut: 'onArrival' }],
		['an answer that breaks off', { cutAfterBytes: 10 }],
		['HTTP status 502', { status: 502, body: '<html>Bad gateway</html>' }],
		['"system busy"', { errcode: -1 }],
		['"concurrent calls"', { errcode: 45033 }],
	] as const)('%s', async (_what, fault) => {
		scene.simulator.faults.next({ path: upload, times: 2, ...fault });
		const { items: said, error } = await scene.run({ items });
		expect(error).toBeUndefined();
		expect(said[0].json).toMatchObject({ file_name: 'report.pdf', file_size: 590 });
		expect(scene.simulator.record.count(upload)).toBe(3);
		const sizes = scene.simulator.record.calls(upload).map(({ contentLength }) => contentLength);
		expect(new Set(sizes).size).toBe(1);
	});

	test('of a token call too', async () => {
		scene.simulator.faults.next({ path: 'gettoken', cut: 'beforeAnswer', times: 2 });
		const { error } = await scene.run({ items });
		expect(error).toBeUndefined();
	});

	test('pauses grow: about 1 s, 2 s, 4 s', async () => {
		scene.simulator.faults.next({ path: upload, errcode: -1, times: 3 });
		await scene.run({ items });
		const total = pauses.lengths.reduce((sum, ms) => sum + ms, 0);
		expect(total).toBeGreaterThanOrEqual(3_500);
		expect(total).toBeLessThanOrEqual(7_000);
	});
});

describe('"Max Retries"', () => {
	test.each([
		[0, 1],
		[1, 2],
		[undefined, 4],
	])('%s: %i calls, then the failure', async (maxRetries, calls) => {
		scene.simulator.faults.next({ path: upload, errcode: -1, times: 99 });
		const options = maxRetries === undefined ? {} : { maxRetries };
		const { error } = await scene.run({ items, options });
		expect(error?.message).toBe('media/upload failed (-1: WeCom is busy) [item 0]');
		expect(scene.simulator.record.count(upload)).toBe(calls);
	});

	test('has no say over refusals: they are never repeated', async () => {
		scene.simulator.faults.next({ path: upload, errcode: 40006, times: 99 });
		await scene.run({ items });
		expect(scene.simulator.record.count(upload)).toBe(1);
	});
});

describe('a lasting failure says who failed and what to do', () => {
	const once = { maxRetries: 0 };

	test('nobody listens', async () => {
		const { error } = await scene.run({
			items,
			system: 'robot',
			options: once,
			credential: { baseUrl: 'http://127.0.0.1:9' },
		});
		expect(error?.message).toBe(
			'webhook/upload_media: 127.0.0.1:9 refuses the connection (ECONNREFUSED) [item 0]',
		);
		expect(error?.description).toMatch(/^Check Base URL, the network of the n8n server/);
	});

	test('the connection is cut', async () => {
		scene.simulator.faults.next({ path: upload, cut: 'beforeAnswer' });
		const { error } = await scene.run({ items, options: once });
		expect(error?.message).toMatch(
			/^media\/upload: 127\.0\.0\.1:\d+ broke the connection \(ECONNRESET\) \[item 0\]$/,
		);
		expect(error?.description).toMatch(/^Run it again/);
	});

	test('no answer comes within "Request Timeout"', async () => {
		scene.simulator.faults.next({ path: upload, stall: true });
		const { error } = await scene.run({ items, options: { ...once, requestTimeout: 1 } });
		expect(error?.message).toMatch(
			/^media\/upload: 127\.0\.0\.1:\d+ did not answer within 1 s \[item 0\]$/,
		);
		expect(error?.description).toContain("Raise 'Request Timeout'");
	});

	test.each([
		[
			302,
			{ location: 'https://elsewhere.example/' },
			/^Base URL leads to a redirect, which is not/,
		],
		[404, {}, /^Check Base URL/],
		[412, {}, /^A proxy between n8n and WeCom changes the upload/],
		[413, {}, /^A proxy between n8n and WeCom limits the size of uploads/],
		[503, {}, /^WeCom or a proxy before it is disturbed/],
	])('HTTP status %i', async (status, headers, advice) => {
		scene.simulator.faults.next({ path: upload, status, headers, body: '<h1>Sorry</h1>' });
		const { error } = await scene.run({ items, options: once });
		expect(error?.message).toBe(
			`media/upload was answered with HTTP status ${status}: <h1>Sorry</h1> [item 0]`,
		);
		expect(error?.description).toMatch(advice);
		expect(scene.simulator.record.count(upload)).toBe(1);
	});

	test('a login page instead of WeCom', async () => {
		scene.simulator.faults.next({ path: upload, body: '<html>Please log in</html>' });
		const { error } = await scene.run({ items, options: once });
		expect(error?.message).toBe(
			'media/upload was answered with something that is not JSON [item 0]',
		);
		expect(error?.description).toMatch(/^Check Base URL/);
	});

	test("WeCom's own support reference is handed on", async () => {
		scene.simulator.faults.next({ path: upload, errcode: 40006 });
		const { error } = await scene.run({ items });
		expect(error?.description).toMatch(/name this reference: \d+_[0-9a-f]+_[0-9a-f]+$/);
	});
});

describe('Base URL and webhook key are taken as people paste them', () => {
	test.each(['', '/', '/cgi-bin', '/cgi-bin/'])('Base URL with "%s" at its end', async (end) => {
		const baseUrl = ` ${scene.simulator.url}${end} `;
		const { error } = await scene.run({ items, credential: { baseUrl } });
		expect(error).toBeUndefined();
		expect(scene.simulator.record.count(upload)).toBe(1);
	});

	test('the whole webhook address in place of its key', async () => {
		const { webhookKey, webhookUrl } = scene.simulator.demo.robot;
		const credential = { webhookKey: ` ${webhookUrl}\n` };
		const { error } = await scene.run({ system: 'robot', items, credential });
		expect(error).toBeUndefined();
		expect(scene.simulator.record.last('webhook/upload_media')?.query.key).toBe(webhookKey);
	});

	test('blanks around Corp ID and Secret', async () => {
		const { corpId, corpSecret } = scene.simulator.demo.corp;
		const credential = { corpId: `${corpId} `, corpSecret: `\t${corpSecret}\n` };
		const { error } = await scene.run({ items, credential });
		expect(error).toBeUndefined();
	});
});
