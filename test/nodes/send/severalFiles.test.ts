import { sampleFile } from '../scene';
import { setupSending, type SendJob } from './sending';

const scene = setupSending();
const files = () => ({
	a: sampleFile('report.pdf', 'a.pdf'),
	b: sampleFile('report.pdf', 'b.pdf'),
	c: sampleFile('report.pdf', 'c.pdf'),
});

/** One item with three files and a text, sent by a robot in a workflow that goes on. */
async function sendThree(job: SendJob = {}) {
	const run = await scene.send({
		system: 'robot',
		items: [{ binary: files() }],
		onError: 'continueRegularOutput',
		...job,
		parameters: { binaryPropertyName: 'a, b, c', text: '请查收', ...job.parameters },
	});
	return {
		run,
		items: run.items.map(({ json }) => json),
		types: scene.arrived().map(({ msgtype }) => msgtype),
	};
}

const TEXT_IS_OUT = /The text beside it has been sent already: empty 'Text'/;

describe('when one of several files of an item fails, under "Continue"', () => {
	test('the others are sent, and the output tells of all of them', async () => {
		scene.simulator.faults.next({ path: 'webhook/upload_media', errcode: 40006, skip: 1 });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items.map(({ file_name, field }) => file_name ?? field)).toEqual([
			'a.pdf',
			'b',
			'c.pdf',
		]);
		expect(items[1]).toMatchObject({ errcode: 40006, hint: expect.stringMatching(TEXT_IS_OUT) });
	});

	test('and it is the first: the text goes with the next, once', async () => {
		scene.simulator.faults.next({ path: 'webhook/upload_media', errcode: 40006 });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items.map(({ file_name, field }) => file_name ?? field)).toEqual([
			'a',
			'b.pdf',
			'c.pdf',
		]);
		expect(items[0].hint).not.toMatch(TEXT_IS_OUT);
	});

	test('because the field is empty: the text goes with the next, too', async () => {
		const { b, c } = files();
		const { items, types } = await sendThree({ items: [{ binary: { b, c } }] });
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0]).toMatchObject({ field: 'a', error: expect.stringContaining("field 'a'") });
	});

	test('after its text was sent: the advice is not to send that again', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 40058, skip: 1 });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0]).toMatchObject({
			field: 'a',
			errcode: 40058,
			hint: expect.stringMatching(TEXT_IS_OUT),
		});
	});
});

describe('when the text beside the files fails, under "Continue"', () => {
	test('because WeCom refuses it: it is tried with the next file', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', errcode: 40058 });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0]).toMatchObject({ field: 'a', errcode: 40058 });
	});

	test.each([
		['an empty answer', { body: '' }],
		['no content', { status: 204 }],
		['cut JSON', { body: '{"errcode":' }],
		['a web page', { body: '<html></html>' }],
		['an array', { body: '[]' }],
		['an object that proves nothing', { body: '{}' }],
	])('because of %s after it has arrived: it is not sent again', async (_what, fault) => {
		scene.simulator.faults.next({ path: 'webhook/send', afterEffect: true, ...fault });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0]).toMatchObject({
			field: 'a',
			hint: expect.stringMatching(/^The message may have arrived all the same/),
		});
	});

	test('because the token could not be had: nothing has left, so it goes with the next file', async () => {
		const { simulator } = scene;
		const fresh = { corpSecret: simulator.demo.corp.customerServiceSecret };
		simulator.faults.next({ path: 'kf/send_msg', token: 'revoke' });
		simulator.faults.next({ path: 'gettoken', status: 502, skip: 1, times: 3 });
		const { items, types } = await sendThree({
			system: 'customerService',
			credential: fresh,
			options: { maxRetries: 0 },
		});
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0].hint).not.toMatch(/may have arrived/);
	});

	test('because its answer got lost: it is not sent again, the other files are', async () => {
		scene.simulator.faults.next({ path: 'webhook/send', cut: 'beforeAnswer' });
		const { items, types } = await sendThree();
		expect(types).toEqual(['text', 'file', 'file']);
		expect(items[0]).toMatchObject({
			field: 'a',
			hint: expect.stringMatching(/^The message may have arrived all the same[^:]*$/),
		});
	});
});

test('where the workflow stops, the advice tells of the text as well', async () => {
	scene.simulator.faults.next({ path: 'webhook/send', errcode: 40058, skip: 1 });
	const { run } = await sendThree({ onError: undefined });
	expect(run.error?.description).toMatch(TEXT_IS_OUT);
});

test('each item has a text of its own', async () => {
	const twice = [{ binary: files() }, { binary: files() }];
	const { types } = await sendThree({ items: twice, parameters: { binaryPropertyName: 'a' } });
	expect(types).toEqual(['text', 'file', 'text', 'file']);
});

test('an item with one file names no field', async () => {
	scene.simulator.faults.next({ path: 'webhook/upload_media', errcode: 40006 });
	const { items } = await sendThree({ parameters: { binaryPropertyName: 'a' } });
	expect(items).toHaveLength(1);
	expect(items[0]).not.toHaveProperty('field');
});

describe('several files of an item to members', () => {
	const sendMany = async (job: SendJob = {}) =>
		await sendThree({
			system: 'app',
			options: { concurrency: 3, duplicateCheck: false, ...job.options },
			...job,
		});
	const arrivedNames = () =>
		scene.arrived().map(({ media, msgtype }) => media?.fileName ?? msgtype);

	test('are uploaded side by side, and arrive in the order in which they were named', async () => {
		const { record, faults } = scene.simulator;
		faults.next({ path: 'media/upload', delayMs: 120 });
		faults.next({ path: 'media/upload', delayMs: 60 });
		const { items } = await sendMany();
		expect(record.mostAtOnce('media/upload')).toBe(3);
		expect(arrivedNames()).toEqual(['text', 'a.pdf', 'b.pdf', 'c.pdf']);
		expect(items.map(({ file_name }) => file_name)).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
	});

	test('of which the last fails at once: its advice knows of the text that goes out later', async () => {
		const { a, b } = files();
		scene.simulator.faults.next({ path: 'media/upload', delayMs: 120 });
		const { items } = await sendMany({ items: [{ binary: { a, b } }] });
		expect(arrivedNames()).toEqual(['text', 'a.pdf', 'b.pdf']);
		expect(items[2]).toMatchObject({ field: 'c', hint: expect.stringMatching(TEXT_IS_OUT) });
	});

	test('of which the first fails where the workflow stops: the others are not sent', async () => {
		const { b, c } = files();
		const { run, types } = await sendMany({ onError: undefined, items: [{ binary: { b, c } }] });
		expect(run.error?.message).toContain("field 'a'");
		expect(types).toEqual([]);
	});
});
