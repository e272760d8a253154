import { setupScene } from '../scene';
import type { Job } from '../scene';

const scene = setupScene();

function responseUrl(chatId?: string): string {
	const message = scene.simulator.people.composeForBot({ text: 'hello', chatId });
	return String(message.response_url);
}

const reply = async (url: string, text: string, job: Job = {}) =>
	await scene.run({
		system: 'smartBot',
		operation: 'reply',
		...job,
		parameters: { responseUrl: url, text, ...job.parameters },
	});
const calls = () => scene.simulator.record.count('aibot/response');

test('a reply arrives as Markdown, once, without any secret of ours', async () => {
	const { items, error } = await reply(responseUrl('wrgroup'), ' **收到** 合同.pdf 📄\n');
	expect(error).toBeUndefined();
	expect(items).toEqual([{ json: { msgtype: 'markdown' }, pairedItem: { item: 0 } }]);
	expect(scene.simulator.state.messages).toMatchObject([
		{
			via: 'smartBot',
			to: ['wrgroup'],
			body: { msgtype: 'markdown', markdown: { content: '**收到** 合同.pdf 📄' } },
		},
	]);
	const { query } = scene.simulator.record.last('aibot/response')!;
	expect(Object.keys(query)).toEqual(['response_code']);
});

test("the link and the text come from the item that the trigger gives, by the panel's default", async () => {
	const { error } = await scene.run({
		system: 'smartBot',
		operation: 'reply',
		parameters: { text: '={{ $json.text }}!' },
		items: [{ json: { response_url: responseUrl(), text: '你好' } }],
	});
	expect(error).toBeUndefined();
	expect(scene.simulator.state.messages[0].body).toMatchObject({ markdown: { content: '你好!' } });
});

test.each([
	[40058, /40058/],
	['404', /HTTP status 404/],
] as const)(
	'a second reply, refused with %s, says that there is one within an hour',
	async (spent, message) => {
		scene.simulator.state.strict.spentResponseUrl = spent;
		const url = responseUrl();
		await reply(url, 'first');
		const { items, error } = await reply(url, 'second');
		expect(items).toEqual([]);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/one answer, within an hour/);
	},
);

test.each([20_480, 20_481])('a text of %i bytes', async (bytes) => {
	const { error } = await reply(responseUrl(), 'x'.repeat(bytes));
	if (bytes === 20_480) expect(error).toBeUndefined();
	else expect(error?.message).toMatch(/'Text' has 20,?481 bytes.*20,?480/);
	expect(calls()).toBe(bytes === 20_480 ? 1 : 0);
});

test.each([
	["={{ '' }}", 'x', "'Response URL' is empty"],
	['nonsense', 'x', "'Response URL' is not a link"],
	['http://a.example/x', 'x', "'Response URL' starts with http://"],
	['https://a.example/x', ' ', "'Text' is empty"],
])('%j with the text %j is refused before anything is sent', async (url, text, message) => {
	const { error } = await reply(url, text);
	expect(error?.message).toContain(message);
});

describe('a reply of which nobody knows whether it has arrived', () => {
	test.each(['empty', 'noContent', 'cutJson', 'html', 'array', 'emptyObject'] as const)(
		'is not sent again (%s)',
		async (form) => {
			scene.simulator.faults.next({ path: 'aibot/response', form });
			const { error } = await reply(responseUrl(), 'once');
			expect(error?.description).toContain('may have arrived');
			expect(calls()).toBe(1);
			expect(scene.simulator.state.messages).toHaveLength(1);
		},
	);

	test('is not sent again when the connection breaks', async () => {
		scene.simulator.faults.next({ path: 'aibot/response', cut: 'beforeAnswer' });
		const { error } = await reply(responseUrl(), 'once');
		expect(error?.description).toContain('may have arrived');
		expect(calls()).toBe(1);
	});
});

test('no message, description or item quotes the code of a response_url', async () => {
	const url = responseUrl();
	const code = new URL(url).searchParams.get('response_code')!;
	scene.simulator.faults.next({ path: 'aibot/response', status: 500, body: `no: ${url}` });
	const { error, run } = await reply(url, 'x', { onError: 'continueRegularOutput' });
	expect(error).toBeUndefined();
	const { runData } = run.data.resultData;
	expect(JSON.stringify(runData['Node under test'])).not.toContain(code);
});
