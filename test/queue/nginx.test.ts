/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentedConfiguration, startNginx } from './nginx';

type Name = 'main' | 'webhook 1' | 'webhook 2';

/** What stands in for n8n's processes: each tells its name and what it was asked. */
const servers = new Map<Name, Server>();
let nginx: { url: string; close(): Promise<void> };

async function portOf(name: Name): Promise<number> {
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (piece: Buffer) => (body += piece.toString()));
		request.on('end', () => {
			const { headers, url } = request;
			response.setHeader('connection', 'close');
			response.end(JSON.stringify({ name, url, body, headers }));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	servers.set(name, server);
	return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
	const main = await portOf('main');
	nginx = await startNginx({
		main,
		webhooks: [await portOf('webhook 1'), await portOf('webhook 2')],
	});
});
afterAll(async () => {
	await nginx?.close();
	for (const server of servers.values()) server.close();
});

interface Seen {
	name: Name;
	url: string;
	body: string;
	headers: Record<string, string>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
	const answer = await fetch(`${nginx.url}${path}`, {
		...init,
		headers: { connection: 'close', ...init.headers },
	});
	expect(answer.status).toBe(200);
	return (await answer.json()) as Seen;
}

const names = async (paths: string[]) =>
	new Set((await Promise.all(paths.map(async (path) => await ask(path)))).map(({ name }) => name));
const triggers = Array.from({ length: 20 }, (_, index) => `/webhook/${index}-uuid/wecom-media`);

test('the configuration holds no address but the three of the example', async () => {
	const addresses = (await documentedConfiguration()).match(/server \S+:\d+/g);
	expect(addresses).toEqual([
		'server main.internal:5678',
		'server webhook-1.internal:5678',
		'server webhook-2.internal:5678',
	]);
});

describe('nginx as docs/queue-mode.md sets it up', () => {
	test.each(['/', '/rest/workflows', '/webhook-test/uuid/wecom-media', '/form/x'])(
		'gives %s to the main process',
		async (path) => {
			expect((await ask(path)).name).toBe('main');
		},
	);

	test('spreads the triggers over both webhook processors', async () => {
		expect(await names(triggers)).toEqual(new Set<Name>(['webhook 1', 'webhook 2']));
	});

	test('gives whatever is asked of one trigger to the same one', async () => {
		const questions = ['', '?msg_signature=1', '?file=a.pdf&part=2', '?file=b.pdf'];
		for (const trigger of triggers) {
			expect((await names(questions.map((query) => trigger + query))).size).toBe(1);
		}
	});

	test('hands on what WeCom sent: the query, the body, the Range, and where n8n is reached', async () => {
		const seen = await ask(`${triggers[0]}?echostr=a%2Bb%3D&nonce=1`, {
			method: 'POST',
			body: '<xml>你好</xml>',
			headers: { 'content-type': 'text/xml', range: 'bytes=0-15' },
		});
		expect(seen).toMatchObject({
			url: `${triggers[0]}?echostr=a%2Bb%3D&nonce=1`,
			body: '<xml>你好</xml>',
			headers: { range: 'bytes=0-15', host: new URL(nginx.url).host, 'x-forwarded-proto': 'http' },
		});
	});

	test('takes a push of 1 MB', async () => {
		const body = 'x'.repeat(1_100_000);
		expect((await ask(triggers[0], { method: 'POST', body })).body).toHaveLength(body.length);
	});

	test('passes over a processor that is gone', async () => {
		await new Promise((resolve) => servers.get('webhook 2')?.close(resolve));
		const posts = triggers.map(async (path) => await ask(path, { method: 'POST', body: 'x' }));
		expect(new Set((await Promise.all(posts)).map(({ name }) => name))).toEqual(
			new Set(['webhook 1']),
		);
	});
});
