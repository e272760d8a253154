/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DummyApi } from './dummy';
import { setupEngine } from './engine';
import { testCredential } from './credentialTest';

setupEngine();

const secret = 'made-up-secret-of-the-dummy';
let server: Server;
let baseUrl: string;
let reply: { status: number; body: unknown };
let asked: string[];

beforeAll(async () => {
	server = createServer((request, response) => {
		asked.push(request.url ?? '');
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://dummy');
		const isRight = searchParams.get('secret') === secret;
		const pass = isRight ? { pass: 'the-pass' } : { errmsg: 'wrong secret' };
		response.setHeader('content-type', 'application/json');
		response.statusCode = pathname === '/pass' ? 200 : reply.status;
		response.end(JSON.stringify(pathname === '/pass' ? pass : reply.body));
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
	await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
	asked = [];
	reply = { status: 200, body: { errcode: 0 } };
});

test('a right secret passes, and the test request carries what preAuthentication fetched', async () => {
	const result = await testCredential(new DummyApi(), { baseUrl, secret });
	expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
	expect(asked).toEqual([`/pass?secret=${secret}`, '/whoami?pass=the-pass']);
});

test('a wrong secret fails with the words of preAuthentication', async () => {
	const result = await testCredential(new DummyApi(), { baseUrl, secret: 'something-else' });
	expect(result).toEqual({ status: 'Error', message: 'no pass: wrong secret' });
	expect(asked).toHaveLength(1);
});

test('a stored pass does not spare the test from fetching one', async () => {
	await testCredential(new DummyApi(), { baseUrl, secret, pass: 'an-old-pass' });
	expect(asked[1]).toBe('/whoami?pass=the-pass');
});

test('a rule on the body of a successful reply fails the test with its message', async () => {
	reply.body = { errcode: 40014 };
	const result = await testCredential(new DummyApi(), { baseUrl, secret });
	expect(result).toEqual({ status: 'Error', message: 'The pass is not valid' });
});

test("an HTTP error fails the test with n8n's words for it", async () => {
	reply.status = 502;
	const result = await testCredential(new DummyApi(), { baseUrl, secret });
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(/^Bad gateway/) });
});

test('a host that does not answer fails the test', async () => {
	const result = await testCredential(new DummyApi(), { baseUrl: 'http://127.0.0.1:1', secret });
	expect(result.status).toBe('Error');
	expect(result.message).toMatch(/refused the connection/);
});
