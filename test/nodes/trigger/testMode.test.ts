import { WeComMediaTrigger } from '../../../nodes/WeComMedia/WeComMediaTrigger.node';
import { processedData } from '../../helpers/deduplication';
import { eventXml } from '../../simulator';
import { handle, type Arrived, type Handled, type TriggerNode } from './contexts';
import { JOB_FINISH, setupTrigger } from './scene';
import { envelope, queryText, seal, signed } from './sealing';

const scene = setupTrigger();

function push(jobid: string): Arrived {
	const { corp } = scene.simulator.demo;
	const sealed = seal(
		corp,
		eventXml({ MsgType: 'event', FromUserName: 'sys', Event: JOB_FINISH, JobId: jobid }),
	);
	return { query: queryText(signed(corp, sealed)), body: envelope(sealed) };
}

const trigger = (more: Partial<TriggerNode> = {}): TriggerNode => ({
	credential: scene.credential(),
	parameters: { fetchResult: false },
	...more,
});

/** What the editor, or the workflow, is given. */
const jobidsOf = ({ items }: Handled) => items.map(({ json }) => json.jobid);

describe('"Listen for test event"', () => {
	test('gives the job event to the editor', async () => {
		const handled = await handle(trigger(), push('jobid_a'), 'manual');
		expect(handled.result).toMatchObject({ webhookResponse: 'success' });
		expect(handled.items.map(({ json }) => json)).toEqual([
			{ event: JOB_FINISH, jobid: 'jobid_a' },
		]);
	});

	test("drops WeCom's repeats, but lets the same job be tried again a minute later", async () => {
		const now = jest.spyOn(Date, 'now');
		const start = 1_800_000_000_000;
		try {
			const seen: unknown[] = [];
			for (const seconds of [0, 5, 59, 60]) {
				now.mockReturnValue(start + seconds * 1000);
				seen.push(jobidsOf(await handle(trigger(), push('jobid_b'), 'manual')));
			}
			expect(seen).toEqual([['jobid_b'], [], [], ['jobid_b']]);
		} finally {
			now.mockRestore();
		}
	});

	test('remembers nothing in the workflow, and takes nothing from its productive runs', async () => {
		const tried = await handle(trigger(), push('jobid_c'), 'manual');
		expect(tried.staticData).toEqual({});
		expect(processedData.writes).toBe(0);
		const productive = await handle(trigger(), push('jobid_c'), 'webhook');
		expect(jobidsOf(productive)).toEqual(['jobid_c']);
		expect(processedData.writes).toBe(1);
		expect(jobidsOf(await handle(trigger(), push('jobid_c'), 'webhook'))).toEqual([]);
	});
});

test('two triggers of one workflow each start for the same job', async () => {
	const [first, second] = [trigger({ nodeId: 'a' }), trigger({ nodeId: 'b' })];
	expect(jobidsOf(await handle(first, push('jobid_d'), 'webhook'))).toEqual(['jobid_d']);
	expect(jobidsOf(await handle(second, push('jobid_d'), 'webhook'))).toEqual(['jobid_d']);
	expect(jobidsOf(await handle(second, push('jobid_d'), 'webhook'))).toEqual([]);
});

test('the panel says where the URL goes, after the credential is complete and the workflow active', () => {
	const { properties, activationMessage } = new WeComMediaTrigger().description;
	const notices = properties.filter(({ type }) => type === 'notice');
	expect(notices.map(({ displayName }) => displayName)).toEqual([
		expect.stringMatching(/接收消息 → 设置API接收.*credential.*activate.*Production URL/),
		expect.stringMatching(/智能机器人 → .*URL回调.*credential.*activate.*Production URL/),
	]);
	expect(activationMessage).toContain('Production URL');
});
