/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setupEngine, binaryBytes, errorOf, leaks, logText, outputOf } from './engine';
import { runWorkflow, TestCredentials, type RunningHandle } from './engine';
import { DummyApi, DummyFunctionApi, DummyNode } from './dummy';
import { runNode, sourceOf, type NodeRunOptions } from './runNode';

setupEngine();

const secret = 'made-up-secret-of-the-dummy';
const credentialTypes = [new DummyApi(), new DummyFunctionApi()];
const dummy = new DummyNode();
let server: Server;
let baseUrl: string;
let requests: string[];

/** Gives a pass for the right secret and echoes what it was sent. */
beforeAll(async () => {
	server = createServer((request, response) => {
		requests.push(request.url ?? '');
		const url = new URL(request.url ?? '/', 'http://dummy');
		const isRight = url.searchParams.get('secret') === secret;
		const pass = isRight ? { pass: `pass-${requests.length}` } : { errmsg: 'wrong secret' };
		const echo = { pass: url.searchParams.get('pass'), headers: request.headers };
		response.setHeader('content-type', 'application/json');
		response.statusCode = url.pathname === '/broken' ? 500 : 200;
		response.end(JSON.stringify(url.pathname === '/pass' ? pass : echo));
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
	requests = [];
	DummyApi.fetches = 0;
});

function run(parameters: Record<string, string>, more: Partial<NodeRunOptions> = {}) {
	return runNode({
		node: { type: dummy, parameters, credentials: { dummyApi: { baseUrl, secret } } },
		credentialTypes,
		...more,
	});
}

describe('credentials', () => {
	test('a request carries what preAuthentication fetched and authenticate resolves', async () => {
		const { items, error } = await run({ do: 'request' });
		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{ json: { pass: 'pass-1', headers: { 'x-realm': 'default-realm', 'user-agent': 'n8n' } } },
		]);
		expect(requests).toEqual([`/pass?secret=${secret}`, '/echo?pass=pass-1']);
	});

	test('the pass is not stored, so it is fetched before each request', async () => {
		await run({ do: 'request' }, { items: [{}, {}] });
		expect(DummyApi.fetches).toBe(2);
	});

	test('a credential may authenticate with a function', async () => {
		const { items } = await runNode({
			node: {
				type: dummy,
				parameters: { do: 'request', credentialType: 'dummyFunctionApi' },
				credentials: { dummyFunctionApi: { baseUrl, secret } },
			},
			credentialTypes,
		});
		expect(items[0].json.headers).toMatchObject({ 'x-pass': 'pass-1' });
	});

	test('credentials are encrypted at rest and decrypted for the node', async () => {
		const credentials = new TestCredentials(credentialTypes);
		const details = credentials.store('dummyApi', { baseUrl, secret });
		expect(Buffer.from(credentials.atRest(details).data, 'base64').toString()).toMatch(/^Salted__/);
		expect(leaks([secret], credentials.atRest(details))).toEqual([]);
		const decrypted = (await credentials.getCredentials(details, 'dummyApi')).getData();
		expect(decrypted).toEqual({ baseUrl, secret });
	});

	test('an expression in a credential field sees the item it is asked for', async () => {
		const { items } = await runNode({
			node: {
				type: dummy,
				parameters: { do: 'realm' },
				credentials: { dummyApi: { realm: '={{ $json.tenant }}' } },
			},
			items: [{ json: { tenant: 'north' } }, { json: { tenant: 'south' } }],
			credentialTypes,
		});
		expect(items.map(({ json }) => json.realm)).toEqual(['north', 'south']);
	});

	test('what an expirable property was given is stored encrypted, as n8n does', async () => {
		const type = new DummyApi();
		type.preAuthentication = async () => ({ pass: 'made-up-pass-to-keep' });
		const { items, credentials } = await run(
			{ do: 'request' },
			{ credentialTypes: [type], items: [{}, {}] },
		);
		expect(items.map(({ json }) => json.pass)).toEqual(Array(2).fill('made-up-pass-to-keep'));
		const details = { id: 'credential-1', name: '' };
		const stored = (await credentials.getCredentials(details, 'dummyApi')).getData();
		expect(stored).toMatchObject({ secret, pass: 'made-up-pass-to-keep' });
	});
});

describe('files', () => {
	const file = { bytes: '报告', fileName: '报告.txt', mimeType: 'text/plain' };

	test('lie on disk and come back byte for byte', async () => {
		const { items } = await run({ do: 'upper' }, { items: [{ binary: { data: file } }] });
		expect(items[0].json).toEqual({ bytes: 6 });
		expect(items[0].binary?.data).toMatchObject({ fileName: '报告.txt', bytes: 6 });
		expect(items[0].binary?.data.id).toMatch(/^filesystem-v2:workflows\/workflow-under-test/);
		expect((await binaryBytes(items[0].binary?.data)).toString()).toBe('报告');
	});

	test.each([
		['a stream', { ...file, bytes: Readable.from([Buffer.from('abc')]) }],
		['pinned data without an id', { ...file, bytes: 'abc', pinned: true }],
	])('may come from %s', async (_from, data) => {
		const { items } = await run({ do: 'upper' }, { items: [{ binary: { data } }] });
		expect((await binaryBytes(items[0].binary?.data)).toString()).toBe('ABC');
	});
});

describe('runs', () => {
	test('a failing node ends the run with its error and item index', async () => {
		const { run: failed, items, error } = await run({ do: 'fail' });
		expect(failed.status).toBe('error');
		expect(items).toEqual([]);
		expect(error).toMatchObject({ message: 'it did not work', context: { itemIndex: 0 } });
	});

	test('"continue" turns the failure into an item', async () => {
		const { run: finished, items } = await runNode({
			node: { type: dummy, parameters: { do: 'fail' }, onError: 'continueRegularOutput' },
			credentialTypes,
		});
		expect(finished.status).toBe('success');
		expect(items[0].json).toEqual({ error: 'it did not work' });
	});

	test('pressing "Stop" ends a running node', async () => {
		let handle: RunningHandle | undefined;
		const waiting = new Promise<void>((begun) => (DummyNode.onWaiting = begun));
		const running = run({ do: 'wait' }, { onRunning: (started) => (handle = started) });
		await waiting;
		handle!.cancel();
		const { run: stopped, error } = await running;
		expect(stopped.status).toBe('canceled');
		expect(error?.message).toMatch(/cancelled/);
	});

	test('nodes form a chain, and parameters resolve against the items before', async () => {
		const finished = await runWorkflow({
			nodes: [
				{ name: 'Start', type: 'testSource' },
				{ name: 'Ask', type: 'dummy', parameters: { do: 'realm' }, credentials: asked() },
				{ name: 'Again', type: 'dummy', parameters: { do: '={{ $json.realm }}' } },
			],
			nodeTypes: [sourceOf([{}]), dummy],
			credentials: shared,
		});
		expect(errorOf(finished)).toBeUndefined();
		expect(outputOf(finished, 'Ask')[0].json).toEqual({ realm: 'log' });
		expect(outputOf(finished, 'Again')).toHaveLength(1);
	});

	test('what a trigger emitted starts the nodes after it', async () => {
		const finished = await runWorkflow({
			nodes: [
				{ name: 'Trigger', type: 'testSource' },
				{ name: 'Log', type: 'dummy', parameters: { do: '={{ $json.do }}' } },
			],
			nodeTypes: [{ ...sourceOf([]), execute: undefined, webhook: async () => ({}) }, dummy],
			mode: 'webhook',
			triggerOutput: [[{ json: { do: 'log' } }, { json: { do: 'log' } }]],
		});
		expect(errorOf(finished)).toBeUndefined();
		expect(outputOf(finished, 'Log')).toHaveLength(2);
	});

	const shared = new TestCredentials(credentialTypes);
	const asked = () => ({ dummyApi: shared.store('dummyApi', { realm: 'log' }) });
});

describe('log lines', () => {
	test("a node's line and its details are collected", async () => {
		await run({ do: 'log' });
		expect(logText()).toContain('info the node says hello');
		expect(leaks(['made-up-detail-of-the-line'], logText())).toHaveLength(1);
	});

	test('lines of an earlier test are gone', () => {
		expect(logText()).toBe('');
	});
});

describe('the search for secrets', () => {
	test('finds what n8n keeps of a request whose raw error left the node', async () => {
		const { run: failed } = await run({ do: 'leak' });
		expect(failed.status).toBe('error');
		expect(leaks([secret, 'never-there'], failed)).toEqual([secret]);
	});

	test('finds nothing where the error was wrapped', async () => {
		const { run: failed } = await run({ do: 'request', path: '/broken' });
		expect(failed.status).toBe('error');
		expect(leaks([secret], failed, logText())).toEqual([]);
	});

	test.each([
		['in a URL', encodeURIComponent('a b/c=d&e')],
		['in JSON', { nested: [{ text: 'x a b/c=d&e x' }] }],
		['in Base64', Buffer.from('a b/c=d&e').toString('base64')],
		['in a Buffer', { body: Buffer.from('key=a b/c=d&e') }],
		['in a message', new Error('failed: a b/c=d&e')],
		['in a cause', new Error('failed', { cause: new Error('a b/c=d&e') })],
	])('finds it %s', (_where, place) => {
		expect(leaks(['a b/c=d&e'], place)).toEqual(['a b/c=d&e']);
	});

	test('cycles and repeated objects do not stop it', () => {
		const shared = { text: 'made-up-secret' };
		const cycle: Record<string, unknown> = { first: shared, second: shared };
		cycle.self = cycle;
		expect(leaks(['made-up-secret', 'other-secret'], cycle)).toEqual(['made-up-secret']);
	});
});
