import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';
import { sampleFile } from '../scene';
import { ActiveWorkflow, type Execution } from './activeWorkflow';
import { setupSending } from './sending';

const scene = setupSending();
const report = (fileName = '报告.pdf') => ({
	binary: { data: sampleFile('report.pdf', fileName) },
});
const uploads = () => scene.simulator.record.count('media/upload');
const reused = (items: Array<{ json: Record<string, unknown> }>) =>
	items.map(({ json }) => json.reused);

const upload = (items: Execution['items'], more: Partial<Execution> = {}): Execution => ({
	credential: scene.credential('corp'),
	parameters: { operation: 'upload' },
	items,
	...more,
});

describe('the same file five times', () => {
	test('in five executions of an active workflow: one upload', async () => {
		const workflow = new ActiveWorkflow();
		const runs: INodeExecutionData[][] = [];
		for (let n = 0; n < 5; n += 1) runs.push(await workflow.execute(upload([report()])));
		expect(uploads()).toBe(1);
		expect(reused(runs.flat())).toEqual([false, true, true, true, true]);
		const [first, ...later] = runs.flat().map(({ json }): IDataObject => ({ ...json, reused: 0 }));
		for (const json of later) expect(json).toEqual(first);
		expect(first.file_name).toBe('报告.pdf');
	});

	test('in one execution, five at a time: one upload', async () => {
		const items = Array.from({ length: 5 }, () => report());
		scene.simulator.faults.next({ path: 'media/upload', delayMs: 50 });
		const output = await new ActiveWorkflow().execute(
			upload(items, { options: { concurrency: 5 } }),
		);
		expect(uploads()).toBe(1);
		expect(reused(output).sort()).toEqual([false, true, true, true, true]);
		expect(new Set(output.map(({ json }) => json.media_id)).size).toBe(1);
	});

	test('in one manual execution: one upload as well', async () => {
		const { items, run } = await scene.run({
			items: Array.from({ length: 5 }, () => report()),
			options: { reuseMediaId: true },
		});
		expect(uploads()).toBe(1);
		expect(items).toHaveLength(5);
		expect(JSON.stringify(run.data.resultData.runData)).toContain(
			'A file that was uploaded before was not uploaded again.',
		);
	});

	test('sent five times: one upload, five messages, and the output says which was new', async () => {
		const { items, error } = await scene.send({
			items: Array.from({ length: 5 }, () => report()),
			options: { reuseMediaId: true, duplicateCheck: false, concurrency: 1 },
		});
		expect(error).toBeUndefined();
		expect(uploads()).toBe(1);
		expect(scene.arrived()).toHaveLength(5);
		expect(reused(items)).toEqual([false, true, true, true, true]);
	});

	test('without the option: five uploads', async () => {
		await scene.run({ items: Array.from({ length: 5 }, () => report()) });
		expect(uploads()).toBe(5);
	});

	test('an upload that fails is not remembered', async () => {
		const workflow = new ActiveWorkflow();
		scene.simulator.faults.next({ path: 'media/upload', errcode: 40004 });
		await expect(workflow.execute(upload([report()]))).rejects.toThrow('40004');
		expect(reused(await workflow.execute(upload([report()])))).toEqual([false]);
	});
});

describe('gets a media_id of its own', () => {
	test('another name, another type, another content', async () => {
		const workflow = new ActiveWorkflow();
		const pdf = sampleFile('report.pdf', '报告.pdf');
		const photo = { binary: { data: sampleFile('photo.jpg') } };
		const asFile = { parameters: { operation: 'upload', mediaType: 'file' } };
		for (let times = 0; times < 2; times += 1) {
			await workflow.execute(upload([report(), report('other.pdf'), photo]));
			await workflow.execute(upload([photo], asFile));
			await workflow.execute(upload([{ binary: { data: { ...pdf, bytes: 'other bytes' } } }]));
		}
		expect(uploads()).toBe(5);
	});

	test('another account, also of the same system', async () => {
		const workflow = new ActiveWorkflow();
		const { corpId } = scene.simulator.demo.corp;
		const corpSecret = 'made-up-secret-of-another-app';
		scene.simulator.state.addApp({ corpId, secret: corpSecret, agentId: 1000003 });
		const other = { credential: scene.credential('corp', { corpSecret }) };
		for (let times = 0; times < 2; times += 1) {
			await workflow.execute(upload([report()]));
			await workflow.execute(upload([report()], other));
		}
		expect(uploads()).toBe(2);
	});

	test('another robot: a media_id works for the robot that uploaded it only', async () => {
		const workflow = new ActiveWorkflow();
		const webhookKey = 'made-up-key-of-another-robot';
		scene.simulator.state.addRobot({ webhookKey, chatIds: ['wrothergroup'] });
		const sending = { system: 'robot' as const, parameters: { operation: 'send' } };
		for (let times = 0; times < 2; times += 1) {
			for (const changes of [{}, { webhookKey }]) {
				const credential = scene.credential('robot', changes);
				await workflow.execute(upload([report()], { ...sending, credential }));
			}
		}
		expect(scene.simulator.record.count('webhook/upload_media')).toBe(2);
		expect(scene.arrived()).toHaveLength(4);
	});
});

test.each([
	['thirdPartyApp', 'suite', 'media/upload'],
	['robot', 'robot', 'webhook/upload_media'],
	['officialAccount', 'officialAccount', 'media/upload'],
] as const)('every system remembers as well: %s', async (system, account, path) => {
	const workflow = new ActiveWorkflow();
	const voice = [{ binary: { data: sampleFile('voice.amr') } }];
	const credential = scene.credential(account);
	for (let times = 0; times < 3; times += 1) {
		await workflow.execute(upload(voice, { system, credential }));
	}
	expect(scene.simulator.record.count(path)).toBe(1);
});

test('a new suite_ticket every ten minutes costs neither an upload nor a token', async () => {
	const workflow = new ActiveWorkflow();
	const [suite] = scene.simulator.state.suites;
	for (let n = 0; n < 5; n += 1) {
		const suiteTicket = `made-up-ticket-${n}`;
		suite.suiteTicket = suiteTicket;
		const credential = scene.credential('suite', { suiteTicket });
		const execution = { system: 'thirdPartyApp', credential } as const;
		await workflow.execute(upload([report()], execution));
		// What is reused asks for no token.
		const parameters = { operation: 'uploadImg' };
		const picture = [{ binary: { data: sampleFile('picture.png') } }];
		await workflow.execute(upload(picture, { ...execution, parameters }));
	}
	expect(scene.simulator.record.counters()).toMatchObject({
		'media/uploadimg': 5,
		'service/get_suite_token': 1,
		'service/get_corp_token': 1,
		'media/upload': 1,
	});
});

describe('across executions and processes', () => {
	const reportNo = (n: number) => ({
		binary: { data: { bytes: `report number ${n}`, fileName: `report-${n}.txt` } },
	});
	const numbers = Array.from({ length: 10 }, (_, n) => n);
	const kept = (workflow: ActiveWorkflow) => {
		const node = workflow.saved['node:WeCom Media'] as IDataObject;
		return Object.keys(node.reusableMedia as IDataObject);
	};
	/** The node as a process loads it that has just started. */
	const afterRestart = (): INodeType => {
		let node: INodeType | undefined;
		jest.isolateModules(() => {
			const { WeComMedia } = jest.requireActual<
				typeof import('../../../nodes/WeComMedia/WeComMedia.node')
			>('../../../nodes/WeComMedia/WeComMedia.node');
			node = new WeComMedia();
		});
		return node!;
	};

	test('ten executions at once keep all ten files, whichever ends last', async () => {
		const workflow = new ActiveWorkflow();
		// Each ends at another time, and none in the order in which they began.
		scene.simulator.faults.next({ path: 'media/upload', delayMs: 150, times: 3 });
		scene.simulator.faults.next({ path: 'media/upload', delayMs: 60, times: 4 });
		await Promise.all(numbers.map(async (n) => await workflow.execute(upload([reportNo(n)]))));
		expect(workflow.writes).toBe(10);
		expect(kept(workflow)).toHaveLength(10);

		const restarted = new ActiveWorkflow(afterRestart(), workflow.id);
		restarted.saved = workflow.saved;
		expect(reused(await restarted.execute(upload(numbers.map(reportNo))))).toEqual(
			numbers.map(() => true),
		);
		expect(uploads()).toBe(10);
	});

	test('two processes add to each other', async () => {
		const one = new ActiveWorkflow();
		const other = new ActiveWorkflow(afterRestart(), one.id);
		for (const n of numbers) {
			const [now, next] = n % 2 === 0 ? [one, other] : [other, one];
			await now.execute(upload([reportNo(n)]));
			next.saved = now.saved;
		}
		expect(kept(one)).toHaveLength(10);
		expect(uploads()).toBe(10);
	});

	test('where n8n hands over no static data, as on a worker of 2.41, the process remembers', async () => {
		const workflow = new ActiveWorkflow();
		for (const n of [1, 2, 1, 2]) {
			workflow.saved = {};
			await workflow.execute(upload([reportNo(n)]));
		}
		expect(uploads()).toBe(2);
		await workflow.execute(upload([reportNo(3)]));
		expect(kept(workflow)).toHaveLength(3);
	});

	test('what others keep in the static data is written again only when there is something new', async () => {
		const workflow = new ActiveWorkflow();
		workflow.saved = { 'node:WeCom Media Trigger': { seenEvents: { made: 1 } } };
		await workflow.execute(upload([report()]));
		await workflow.execute(upload([report()]));
		await workflow.execute(upload([report()], { options: { reuseMediaId: false } }));
		expect(workflow.writes).toBe(1);
		expect(workflow.saved['node:WeCom Media Trigger']).toEqual({ seenEvents: { made: 1 } });
	});

	test('a media_id that WeCom has forgotten does not come back from another execution', async () => {
		const workflow = new ActiveWorkflow();
		const sending = upload([report()], {
			credential: scene.credential('corp', { agentId: '1000002' }),
			parameters: { operation: 'send', toUser: 'LiSi' },
			options: { duplicateCheck: false },
		});
		const [{ json: first }] = await workflow.execute(sending);
		const before = workflow.saved;
		scene.simulator.state.media.clear();
		await workflow.execute(sending);
		workflow.saved = before;
		await workflow.execute(sending);
		await workflow.execute(upload([reportNo(1)]));
		expect(scene.simulator.record.count('message/send')).toBe(4);
		expect(uploads()).toBe(3);
		expect(JSON.stringify(before)).toContain(first.media_id);
		expect(JSON.stringify(workflow.saved)).not.toContain(first.media_id);
	});

	test('a manual run neither uses what an active workflow remembers nor adds to it', async () => {
		await new ActiveWorkflow().execute(upload([report()]));
		await scene.run({ items: [report()], options: { reuseMediaId: true } });
		expect(uploads()).toBe(2);
	});
});
