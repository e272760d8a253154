import type { INodeParameters } from 'n8n-workflow';
import { sampleFile, type SystemName } from '../scene';
import { setupSending } from './sending';

// As WeCom does: what is too long is cut without a word.
const scene = setupSending({ strict: { cutsLongText: true, longMarkdown: 'cut' } });
const report = () => [{ binary: { data: sampleFile('report.pdf') } }];
const chat = { sendTo: 'appChat', chatId: 'demochat' };

/** Each way to say something: most bytes of one message, and of a part of a split text. */
const ways: Array<[string, SystemName, INodeParameters, INodeParameters, number, number]> = [
	['members', 'app', {}, {}, 2_048, 2_048],
	['members of a third-party app', 'thirdPartyApp', {}, {}, 2_048, 2_048],
	['an app chat', 'app', chat, {}, 2_048, 2_048],
	['a customer', 'customerService', {}, {}, 2_048, 2_048],
	['a follower', 'officialAccount', {}, {}, 2_048, 2_048],
	['a group', 'robot', {}, {}, 5_120, 2_048],
	['a group in Markdown', 'robot', {}, { markdown: 'markdown' }, 4_096, 4_096],
	['a group in Markdown V2', 'robot', {}, { markdown: 'markdown_v2' }, 4_096, 4_096],
];
const saidBy = () =>
	scene.arrived().map(({ msgtype, body }) => (body[msgtype] as { content: string }).content);
const filled = (bytes: number) => '好'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3);

describe.each(ways)('a text to %s', (_who, system, parameters, options, most, part) => {
	const text = async (said: string, more: INodeParameters = {}) =>
		await scene.send({
			system,
			parameters: { ...parameters, content: 'text', text: said },
			options: { ...options, ...more },
		});

	test('of the most bytes arrives whole', async () => {
		const { error } = await text(filled(most));
		expect(error).toBeUndefined();
		expect(saidBy()).toEqual([filled(most)]);
	});

	test('of one byte more is refused with both numbers and the option, before any call', async () => {
		const { error } = await text(filled(most + 1));
		const [has, takes] = [most + 1, most].map((n) => n.toLocaleString('en-US'));
		expect(error?.message).toContain(`'Text' has ${has} bytes; WeCom takes up to ${takes} `);
		expect(error?.description).toContain("'Split Long Text'");
		expect(scene.simulator.record.counters()).toEqual({});
	});

	test('is sent in parts where that is wished, whole lines in order, and says how many', async () => {
		const lines = Array.from({ length: 8 }, (_, n) => `${n} ${filled(800)}`);
		const { error, items } = await text(lines.join('\n'), { splitLongText: true });
		expect(error).toBeUndefined();
		expect(saidBy().flatMap((said) => said.split('\n'))).toEqual(lines);
		expect(saidBy().every((said) => Buffer.byteLength(said) <= part)).toBe(true);
		expect(items[0].json.parts).toBe(saidBy().length);
		expect(saidBy().length).toBeLessThanOrEqual(4);
	});
});

test('beside a file: nothing is uploaded when the text is too long', async () => {
	const { error } = await scene.send({ parameters: { text: filled(2_049) }, items: report() });
	expect(error?.message).toContain("'Text' has 2,049 bytes");
	expect(scene.simulator.record.counters()).toEqual({});
});

test('beside a file: all parts come before it', async () => {
	const { items } = await scene.send({
		parameters: { text: filled(5_000) },
		options: { splitLongText: true },
		items: report(),
	});
	expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', 'text', 'text', 'file']);
	expect(items[0].json).toMatchObject({ msgtype: 'file', parts: 3 });
});

test('parts that are alike are no repetition: the duplicate check drops none', async () => {
	const { error } = await scene.send({
		parameters: { content: 'text', text: 'x'.repeat(3 * 2_048) },
		options: { splitLongText: true },
	});
	expect(error).toBeUndefined();
	expect(saidBy()).toEqual(Array.from({ length: 3 }, () => 'x'.repeat(2_048)));
});

test('members are called once, by the first part', async () => {
	await scene.send({
		system: 'robot',
		parameters: { content: 'text', text: filled(5_000) },
		options: { splitLongText: true, mentionedUsers: 'lisi' },
	});
	const called = scene
		.arrived()
		.map(({ body }) => (body.text as { mentioned_list?: string[] }).mentioned_list);
	expect(called).toEqual([['lisi'], undefined, undefined]);
});

describe('when a part in the middle fails', () => {
	const job = {
		system: 'robot' as const,
		parameters: { text: filled(5_000), binaryPropertyName: 'a, b' },
		options: { splitLongText: true },
		items: [
			{
				binary: {
					a: sampleFile('report.pdf', 'a.pdf'),
					b: sampleFile('report.pdf', 'b.pdf'),
				},
			},
		],
	};

	test('the error says which parts are out', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 40058, skip: 1 });
		const { error } = await scene.send(job);
		expect(error?.description).toContain('Part 1 of the text has been sent already, of 3');
	});

	test('no part goes out twice with the next file', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 40058, skip: 1 });
		await scene.send({ ...job, onError: 'continueRegularOutput' });
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', 'file']);
	});
});

test.each([
	['title', 128, 'Title'],
	['description', 512, 'Description'],
])(
	'a %s of more than %i bytes is refused before the video is uploaded',
	async (name, most, label) => {
		const video = [{ binary: { data: sampleFile('video.mp4') } }];
		const { error } = await scene.send({ options: { [name]: filled(most + 1) }, items: video });
		expect(error?.message).toContain(
			`'${label}' has ${most + 1} bytes; WeCom takes up to ${most} `,
		);
		expect(scene.simulator.record.counters()).toEqual({});
		const right = await scene.send({ options: { [name]: filled(most) }, items: video });
		expect(right.error).toBeUndefined();
	},
);

test.each([
	[true, 'markdown'],
	[false, 'text'],
	['true', 'markdown'],
	['off', 'text'],
	['markdown', 'markdown'],
	['markdown_v2', 'markdown_v2'],
])('the option Markdown %j, of a saved workflow or of now, sends %s', async (markdown, type) => {
	const { error } = await scene.send({
		system: 'robot',
		parameters: { content: 'text', text: '# hello' },
		options: { markdown },
	});
	expect(error).toBeUndefined();
	expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual([type]);
});

test('an option Markdown that an expression makes something else of is refused by name', async () => {
	const { error } = await scene.send({
		system: 'robot',
		parameters: { content: 'text', text: '# hello' },
		options: { markdown: "={{ 'html' }}" },
	});
	expect(error?.message).toContain("'Markdown' is 'html', which is no kind of Markdown");
});
