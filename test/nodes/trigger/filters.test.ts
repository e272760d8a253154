import { logText } from '../../helpers/engine';
import { itemsOf, JOB_FINISH, QUERY, quiet, setupTrigger } from './scene';
import { secondsAgo } from './sealing';

const scene = setupTrigger();
const SUCCESS = [{ status: 200, body: 'success' }];

const CREATED = Number(secondsAgo(1));

const text = (MsgId: string, Content = '你好') => ({
	MsgType: 'text',
	FromUserName: 'ZhangSan',
	CreateTime: CREATED,
	MsgId,
	Content,
});
const click = { Event: 'click', EventKey: 'made-up-menu', FromUserName: 'ZhangSan' };

describe('other events and messages', () => {
	test('are acknowledged and ignored by default', async () => {
		const webhook = await scene.serve();
		for (const fields of [text('1'), click, { Event: 'subscribe' }]) {
			expect((await scene.simulator.pushEvent(fields)).attempts).toEqual(SUCCESS);
		}
		await quiet();
		expect(webhook.started()).toBe(0);
		expect(webhook.savedStaticData()).toEqual({});
	});

	test("are emitted parsed with '*', and job events as if they were ticked", async () => {
		const webhook = await scene.serve({ parameters: { events: ['*'] } });
		const { jobId } = await scene.finishJob();
		expect(await itemsOf(webhook)).toMatchObject([{ event: JOB_FINISH, jobid: jobId }]);
		await scene.simulator.pushEvent(text('2'));
		const { corpId } = scene.simulator.demo.corp;
		expect((await itemsOf(webhook, 2))[1]).toEqual({
			event: 'text',
			msgtype: 'text',
			create_time: CREATED,
			msgid: '2',
			from_user: 'ZhangSan',
			text: '你好',
			message: {
				ToUserName: corpId,
				FromUserName: 'ZhangSan',
				CreateTime: String(CREATED),
				MsgType: 'text',
				MsgId: '2',
				Content: '你好',
			},
		});
	});

	test('come beside job events where both are chosen', async () => {
		const webhook = await scene.serve({ parameters: { events: [JOB_FINISH, '*'] } });
		const job = await scene.finishJob();
		await itemsOf(webhook);
		await scene.simulator.pushEvent(click);
		const items = await itemsOf(webhook, 2);
		expect(items).toMatchObject([
			{ event: JOB_FINISH, jobid: job.jobId },
			{ event: 'click', message: { EventKey: 'made-up-menu' } },
		]);
	});

	test('start once each: a message by its id, an event by everything in it', async () => {
		const webhook = await scene.serve({ parameters: { events: ['*'] } });
		const CreateTime = CREATED;
		for (const fields of [
			text('3'),
			text('3'),
			text('4'),
			{ ...click, CreateTime },
			{ ...click, CreateTime },
			{ ...click, CreateTime, EventKey: 'another-menu' },
		]) {
			await scene.simulator.pushEvent(fields);
		}
		const items = await itemsOf(webhook, 4);
		expect(items.map(({ event }) => event)).toEqual(['text', 'text', 'click', 'click']);
	});

	test('that only mention a job are not taken for its end', async () => {
		const webhook = await scene.serve();
		await scene.simulator.pushEvent(text('5', `<Event>${JOB_FINISH}</Event><JobId>x</JobId>`));
		await scene.simulator.pushEvent({ MsgType: 'text', Event: JOB_FINISH, JobId: 'jobid_x' });
		await scene.simulator.pushEvent({ Event: JOB_FINISH });
		await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId: 'x'.repeat(129) });
		await quiet();
		expect(webhook.executions).toEqual([]);
	});
});

describe('Job IDs', () => {
	test.each<[string, (jobid: string) => string]>([
		['one job', (jobid) => jobid],
		['several, with blanks', (jobid) => ` jobid_other , ${jobid} `],
		['a comma too many', (jobid) => `${jobid},`],
		['a Chinese comma', (jobid) => `jobid_other，${jobid}`],
		['lines', (jobid) => `jobid_other\n${jobid}`],
	])('%s: only these start the workflow', async (_how, list) => {
		const wanted = await scene.finishJob({ callbackTimes: 0 });
		const unwanted = await scene.finishJob({ callbackTimes: 0 });
		const webhook = await scene.serve({ options: { jobIds: list(wanted.jobId) } });
		for (const { jobId: JobId } of [unwanted, wanted]) {
			const { attempts } = await scene.simulator.pushEvent({ Event: JOB_FINISH, JobId });
			expect(attempts).toEqual(SUCCESS);
		}
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: wanted.jobId, state: 'done' }]);
		expect(scene.simulator.record.count(QUERY)).toBe(1);
	});
});

describe('Max Age', () => {
	const cases: Array<[seconds: number, maxAge: number | undefined, accepted: boolean]> = [
		[590, undefined, true],
		[610, undefined, false],
		[-290, undefined, true],
		[-310, undefined, false],
		[3_590, 3_600, true],
		[3_610, 3_600, false],
		[70, 60, false],
		// WeCom's own repeats come within half a minute.
		[25, 1, true],
		[35, 1, false],
	];
	test.each(cases)(
		'a push of %i s, with Max Age %p: accepted %p',
		async (age, maxAge, accepted) => {
			const job = await scene.finishJob({ callbackTimes: 0 });
			const webhook = await scene.serve({
				parameters: { fetchResult: false },
				options: maxAge === undefined ? {} : { maxAge },
			});
			scene.simulator.callbacks.repeats = 0;
			const fields = { Event: JOB_FINISH, JobId: job.jobId };
			const timestamp = Number(secondsAgo(age));
			const { attempts } = await scene.simulator.pushEvent(fields, { timestamp });
			if (accepted) {
				expect(attempts).toEqual(SUCCESS);
				expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId }]);
				return;
			}
			expect(attempts).toEqual([{ status: 401, body: 'request is not fresh' }]);
			await quiet();
			expect(webhook.executions).toEqual([]);
			expect(logText()).toMatch(
				/request refused: not-fresh \(-?\d+ s old, at most \d+ s accepted\)/,
			);
		},
	);

	test('a timestamp of 2015 is refused', async () => {
		const webhook = await scene.serve();
		const fields = { Event: JOB_FINISH, JobId: 'jobid_of-2015' };
		const { attempts } = await scene.simulator.pushEvent(fields, { timestamp: 1_425_284_517 });
		// WeCom would repeat it three times.
		expect(attempts).toEqual(Array(4).fill({ status: 401, body: 'request is not fresh' }));
		await quiet();
		expect(webhook.executions).toEqual([]);
	});
});
