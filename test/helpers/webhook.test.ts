import { DummyApi, DummyNode, DummyTrigger } from './dummy';
import { errorOf, outputOf, setupEngine } from './engine';
import { serveWebhook, type ServedWebhook, type WebhookOptions } from './webhook';

setupEngine();

let served: ServedWebhook;

async function serve(more: Partial<WebhookOptions> = {}) {
	served = await serveWebhook({
		node: { type: new DummyTrigger(), credentials: { dummyApi: { realm: 'north' } } },
		credentialTypes: [new DummyApi()],
		...more,
	});
	return served;
}

afterEach(async () => await served.close());

async function post(body: string, type = 'application/octet-stream') {
	const headers = { 'content-type': type };
	const response = await fetch(served.url, { method: 'POST', headers, body });
	return { status: response.status, text: await response.text() };
}

test('a GET is answered by the node itself and starts nothing', async () => {
	const { url, executions } = await serve();
	const response = await fetch(`${url}?echo=a%2Bb`);
	expect(await response.text()).toBe('a+b');
	expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
	expect(executions).toEqual([]);
});

test('a POST starts an execution with the raw bytes and the decrypted credential', async () => {
	const { url, executions } = await serve();
	expect(await post('报告')).toEqual({ status: 200, text: 'success' });
	expect(executions).toEqual([{ items: [{ json: { text: '报告', realm: 'north', url } }] }]);
});

test('a request the node refuses starts nothing', async () => {
	const { executions } = await serve();
	expect((await post('refuse me')).status).toBe(403);
	expect(executions).toEqual([]);
});

test('an error of the node is answered with 500 and recorded as a failed execution', async () => {
	const { executions } = await serve();
	expect((await post('break')).status).toBe(500);
	expect(executions).toMatchObject([{ error: { message: 'cannot read this' } }]);
});

test('malformed XML never reaches the node, well-formed XML arrives untouched', async () => {
	const { executions } = await serve();
	expect((await post('<xml><A>1</xml>', 'text/xml')).status).toBe(422);
	expect((await post('<xml><A>1</A></xml>', 'text/xml')).status).toBe(200);
	expect(executions.map(({ items }) => items[0].json.text)).toEqual(['<xml><A>1</A></xml>']);
});

test('a method without a webhook is answered with 404', async () => {
	const { url } = await serve();
	expect((await fetch(url, { method: 'PUT' })).status).toBe(404);
});

test('a webhook without responseData answers n8n’s literal default', async () => {
	const type = new DummyTrigger();
	delete type.description.webhooks![1].responseData;
	await serve({ node: { type, credentials: { dummyApi: {} } } });
	expect((await post('x')).text).toBe('firstEntryJson');
});

test('static data is saved after each request and loaded for the next', async () => {
	const { savedStaticData } = await serve({ staticData: { 'node:Trigger': { seen: ['old'] } } });
	await post('a');
	await post('b');
	expect(savedStaticData()).toMatchObject({ 'node:Trigger': { seen: ['old', 'a', 'b'] } });
});

test('the nodes after the trigger run on what it emitted', async () => {
	const { executions } = await serve({
		then: {
			nodes: [{ name: 'Log', type: 'dummy', parameters: { do: '={{ $json.text }}' } }],
			nodeTypes: [new DummyNode()],
		},
	});
	await post('log');
	const run = await executions[0].run!;
	expect(errorOf(run)).toBeUndefined();
	expect(outputOf(run, 'Trigger')[0].json.realm).toBe('north');
	expect(outputOf(run, 'Log')).toHaveLength(1);
});
