import { sampleFile } from '../scene';
import { ActiveWorkflow, type Execution } from './activeWorkflow';
import { setupSending } from './sending';

// Follows the clock of the test.
const scene = setupSending({ now: () => Date.now() });
const HOUR_MS = 3_600_000;
const report = { binary: { data: sampleFile('report.pdf', '报告.pdf') } };
const uploads = () => scene.simulator.record.count('media/upload');
const sends = () => scene.simulator.record.count('message/send');

const sending = (items: Execution['items'] = [report]): Execution => ({
	credential: scene.credential('corp', { agentId: '1000002' }),
	parameters: { operation: 'send', toUser: 'LiSi' },
	options: { duplicateCheck: false },
	items,
});
const forgetAtWeCom = () => {
	scene.simulator.state.media.clear();
};

afterEach(() => jest.restoreAllMocks());
function pass(ms: number): void {
	const now = Date.now();
	jest.spyOn(Date, 'now').mockImplementation(() => now + ms);
}

describe('a media_id that WeCom answers with 40007', () => {
	test('is forgotten; the file is uploaded again, sent once more, and remembered anew', async () => {
		const workflow = new ActiveWorkflow();
		const [{ json: first }] = await workflow.execute(sending());
		forgetAtWeCom();
		const [{ json: second }] = await workflow.execute(sending());
		expect([uploads(), sends()]).toEqual([2, 3]);
		expect(second.reused).toBe(false);
		expect(second.media_id).not.toBe(first.media_id);
		expect(scene.arrived()).toHaveLength(2);
		const [{ json: third }] = await workflow.execute(sending());
		expect(third).toMatchObject({ reused: true, media_id: second.media_id });
		expect([uploads(), sends()]).toEqual([2, 4]);
	});

	test('the text before the file is not sent a second time', async () => {
		const workflow = new ActiveWorkflow();
		const withText = () => {
			const { parameters, ...rest } = sending();
			return { ...rest, parameters: { ...parameters, text: '请查收' } };
		};
		await workflow.execute(withText());
		forgetAtWeCom();
		await workflow.execute(withText());
		const types = scene.arrived().map(({ msgtype }) => msgtype);
		expect(types).toEqual(['text', 'file', 'text', 'file']);
	});

	test('for five items at once it is uploaded once', async () => {
		const workflow = new ActiveWorkflow();
		await workflow.execute(sending());
		forgetAtWeCom();
		// One item hears of it only when another has already put a new media_id in its place.
		scene.simulator.faults.next({ path: 'message/send', delayMs: 300, skip: 4 });
		const five = Array.from({ length: 5 }, () => report);
		const execution = { ...sending(five), options: { duplicateCheck: false, concurrency: 5 } };
		const items = await workflow.execute(execution);
		expect(uploads()).toBe(2);
		expect(scene.arrived()).toHaveLength(6);
		expect(new Set(items.map(({ json }) => json.media_id)).size).toBe(1);
		expect(items.filter(({ json }) => json.reused === false)).toHaveLength(1);
	});

	test('a second 40007 for the fresh media_id is an error, not a third upload', async () => {
		const workflow = new ActiveWorkflow();
		await workflow.execute(sending());
		scene.simulator.faults.next({ path: 'message/send', errcode: 40007, times: 9 });
		await expect(workflow.execute(sending())).rejects.toThrow('message/send failed (40007');
		expect([uploads(), sends()]).toEqual([2, 3]);
	});

	test('for a file that was just uploaded it is an error at once', async () => {
		scene.simulator.faults.next({ path: 'message/send', errcode: 40007 });
		await expect(new ActiveWorkflow().execute(sending())).rejects.toThrow('40007');
		expect([uploads(), sends()]).toEqual([1, 1]);
	});

	test('another refusal, or a lost answer, leaves the media_id remembered', async () => {
		const workflow = new ActiveWorkflow();
		await workflow.execute(sending());
		scene.simulator.faults.next({ path: 'message/send', errcode: 81013 });
		await expect(workflow.execute(sending())).rejects.toThrow('81013');
		scene.simulator.faults.next({ path: 'message/send', cut: 'beforeAnswer' });
		await expect(workflow.execute(sending())).rejects.toThrow('ECONNRESET');
		expect(await workflow.execute(sending())).toMatchObject([{ json: { reused: true } }]);
		expect([uploads(), sends()]).toEqual([1, 4]);
	});
});

describe('the end of the three days', () => {
	test.each([
		[3 * 24 * HOUR_MS - 2 * HOUR_MS - 60_000, true],
		[3 * 24 * HOUR_MS - 2 * HOUR_MS + 60_000, false],
		[3 * 24 * HOUR_MS, false],
	])('after %i ms the media_id is still given out: %s', async (later, isReused) => {
		const workflow = new ActiveWorkflow();
		const [{ json: first }] = await workflow.execute(sending());
		pass(later);
		const [{ json: second }] = await workflow.execute(sending());
		expect(second.reused).toBe(isReused);
		expect(second.media_id === first.media_id).toBe(isReused);
		expect(scene.arrived()).toHaveLength(2);
	});
});
