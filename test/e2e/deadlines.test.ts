/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/** A server that never finishes: this n8n's HTTP client must let go of it when Request Timeout says so. */
import { answering } from '../wecom/answering';
import { sample } from './files';
import { readFiles, weComMedia, workflowOf } from './workflowOf';
import { startWorld, type World } from './world';

const server = answering();
let world: World;

beforeAll(async () => {
	world = await startWorld();
});
afterAll(async () => await world?.close());

const head = (headers: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`;

test.each([
	['does not answer', '', /did not answer within 1 s/],
	['stops after its headers', head('Content-Length: 100'), /did not answer within 1 s/],
	[
		'falsely calls its answer compressed',
		`${head('Content-Encoding: gzip\r\nContent-Length: 13')}{"errcode":0}`,
		/says it is compressed and cannot be unpacked/,
	],
])('an upload to a server that %s ends, and its connection too', async (_what, raw, message) => {
	server.raw = raw;
	server.leaveOpen = true;
	const { rest } = world;
	const path = await world.addFile('report.pdf', await sample('report.pdf'));
	const credential = await rest.createCredential('weComWebhookApi', {
		webhookKey: '00000000-0000-4000-8000-000000000000',
		baseUrl: server.base,
	});
	const node = weComMedia(
		'Upload',
		{ weComWebhookApi: credential },
		{
			...{ resource: 'robot', operation: 'upload' },
			options: { requestTimeout: 1, maxRetries: 0 },
		},
	);
	const { status, error } = await rest.run(
		await rest.createWorkflow(workflowOf('Deadlines', readFiles(path), node)),
	);
	expect(status).toBe('error');
	expect(error?.message).toMatch(message);
	expect(server.requests).toHaveLength(1);
	await rest.until('the connection to close', async () => server.sockets.size === 0 || undefined);
});
