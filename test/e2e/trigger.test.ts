import { randomUUID } from 'node:crypto';
import { startLinkHost, type LinkHost, type PushOptions } from '../simulator';
import { activate, untilServed, weComMediaTrigger, type ActiveWorkflow } from './activeWorkflow';
import { MIB, pdfOf, sha256 } from './files';
import { outputOf, pause, type CredentialReference, type Execution } from './rest';
import { weComMedia, workflowOf } from './workflowOf';
import { N8N_VERSION, startOwnWorld, type World } from './world';

const TRIGGER = 'WeCom Media Trigger';
const JOB_FINISHED = 'upload_media_job_finish';
/** Long enough for an execution that must not be there to show itself (ms). */
const AFTERMATH = 1_000;

let world: World;
let host: LinkHost;
let app: { weComCorpApi: CredentialReference };
let listener: ActiveWorkflow;

beforeAll(async () => {
	world = await startOwnWorld();
	host = await startLinkHost({ files: { 'small.pdf': pdfOf(1000) } });
	const { corpId, corpSecret, callbackToken, encodingAesKey } = world.simulator.demo.corp;
	const settings = { corpId, corpSecret, callbackToken, encodingAesKey };
	const data = { ...settings, baseUrl: world.simulator.url };
	app = { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
	const get = weComMedia(
		'Get',
		app,
		{
			resource: 'app',
			operation: 'get',
			mediaId: '={{ $json.media_id }}',
			binaryPropertyName: 'data',
			options: {},
		},
		{ onError: 'continueRegularOutput' },
	);
	listener = await activate(world, 'When WeCom has finished', weComMediaTrigger(app), get);
	await world.simulator.verifyCallbackUrl(listener.url);
});
beforeEach(() => {
	world.simulator.record.clear();
	world.simulator.callbacks.repeats = 3;
});
afterAll(async () => {
	await host?.close();
	await world?.close();
});

/** Submits a file from a workflow of its own and does not wait; gives the jobid. */
async function submit(path: string): Promise<string> {
	const submitting = weComMedia('Submit', app, {
		resource: 'app',
		operation: 'asyncUpload',
		source: 'url',
		url: host.link(path),
		mediaType: 'file',
		fileName: '培训资料.pdf',
		options: {},
	});
	const workflow = await world.rest.createWorkflow(workflowOf('Submit', submitting));
	const execution = await world.rest.run(workflow);
	expect(execution.error).toBeUndefined();
	return String(outputOf(execution, 'Submit')[0].json.jobid);
}

/** A job that has ended without any push. */
async function quietJob(): Promise<string> {
	world.simulator.jobs.next({ callbackTimes: 0 });
	const jobid = await submit('small.pdf');
	await world.simulator.jobs.settled();
	return jobid;
}

async function push(jobid: string, options: PushOptions = {}) {
	return await world.simulator.pushEvent({ Event: JOB_FINISHED, JobId: jobid }, options);
}

/** Executions the job has started, looked at when late ones would be there too. */
async function executionsFor(jobid: string): Promise<Execution[]> {
	const find = async (atLeast: number) =>
		(await listener.executions(atLeast)).filter(
			(execution) => outputOf(execution, TRIGGER)[0]?.json.jobid === jobid,
		);
	await world.rest.until(`an execution for ${jobid}`, async () => (await find(1))[0]);
	await pause(AFTERMATH);
	return await find(1);
}

describe(`an active workflow with the trigger in a real n8n ${N8N_VERSION}`, () => {
	test("answers the console's verification, so that the URL can be saved", async () => {
		expect(await world.simulator.verifyCallbackUrl(listener.url)).toMatchObject({ ok: true });
	});

	test('starts once for a 60 MB job that WeCom pushes twice at once and three times more', async () => {
		const bytes = pdfOf(60 * MIB + 5);
		host.put('large.pdf', bytes);
		world.simulator.jobs.next({ callbackTimes: 2, callbacksAtOnce: true });
		const jobid = await submit('large.pdf');
		await world.simulator.jobs.settled();
		for (let repeat = 0; repeat < 3; repeat += 1) await push(jobid);

		const executions = await executionsFor(jobid);
		expect(executions).toHaveLength(1);
		const [execution] = executions;
		const pushes = world.simulator.callbacks.sent.filter(({ message }) => message.includes(jobid));
		expect(pushes.map(({ attempts }) => attempts.map(({ status }) => status))).toEqual(
			Array.from({ length: 5 }, () => [200]),
		);
		expect(outputOf(execution, TRIGGER)[0].json).toMatchObject({
			event: JOB_FINISHED,
			jobid,
			status: 2,
			state: 'done',
			media_id: expect.stringMatching(/./),
			expires_at: expect.stringMatching(/^\d{4}-/),
		});
		const { json, binary } = outputOf(execution, 'Get')[0];
		expect(json).toMatchObject({ file_name: '培训资料.pdf', file_size: bytes.length });
		expect(await world.rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
	});

	test('starts twice for two jobs that end in the same second', async () => {
		const [first, second] = [await quietJob(), await quietJob()];
		await Promise.all([push(first), push(second)]);
		expect(await executionsFor(first)).toHaveLength(1);
		expect(await executionsFor(second)).toHaveLength(1);
	});

	test('answers WeCom while the query of the result still takes its ten seconds', async () => {
		const jobid = await quietJob();
		world.simulator.faults.next({ path: 'media/get_upload_by_url_result', delayMs: 10_000 });
		const from = Date.now();
		const { delivered } = await push(jobid);
		// WeCom gives up, and repeats the push, after 5 s.
		expect(Date.now() - from).toBeLessThan(5_000);
		expect(delivered).toBe(true);
		const executions = await executionsFor(jobid);
		expect(Date.now() - from).toBeGreaterThan(10_000);
		expect(executions.map((each) => outputOf(each, TRIGGER)[0].json.state)).toEqual(['done']);
	});

	test('gives an item with the state failed, the code and a hint for a job that failed', async () => {
		world.simulator.jobs.next({ errcode: 830003 });
		const [execution] = await executionsFor(await submit('small.pdf'));
		expect(outputOf(execution, TRIGGER)[0].json).toMatchObject({
			state: 'failed',
			status: 3,
			errcode: 830003,
			errmsg: expect.stringMatching(/./),
			hint: expect.stringMatching(/./),
		});
	});
});

describe.each([
	['SIGKILL', async () => await world.n8n.kill()],
	['SIGTERM', async () => await world.n8n.stop()],
])('n8n that ends by %s while events arrive', (_signal, ending) => {
	const isExact = N8N_VERSION !== '1.123.81';

	/** A job that has started the workflow before. */
	let earlier: string;
	/** Jobs whose push was answered with 200 at the end. */
	let answered: string[];

	beforeAll(async () => {
		earlier = await submit('small.pdf');
		await untilGiven(earlier);
		answered = await pushUntilEnd();
		await world.n8n.start();
		await untilServed(world, listener.url);
	});

	/** Pushes six events at once and ends n8n at the first 200. @returns the jobs whose push was answered with 200 */
	async function pushUntilEnd(): Promise<string[]> {
		world.simulator.callbacks.repeats = 0;
		const jobids = Array.from({ length: 6 }, () => `jobid_${randomUUID()}`);
		const taken: string[] = [];
		let ended: Promise<void> | undefined;
		await Promise.all(
			jobids.map(async (jobid) => {
				const { delivered } = await push(jobid);
				if (!delivered) return;
				taken.push(jobid);
				ended ??= ending();
			}),
		);
		await ended;
		return taken;
	}

	/** What n8n holds of a job: executions that were started with it, whatever became of them. */
	async function held(jobid: string): Promise<Execution[]> {
		const ids = await world.rest.executionIds(listener.workflow.id);
		const all = await Promise.all(ids.map(async (id) => await world.rest.execution(id)));
		return all.filter(({ stored }) => stored.includes(jobid));
	}

	const isGiven = (jobid: string) => (execution: Execution) =>
		outputOf(execution, TRIGGER)[0]?.json.jobid === jobid;

	const given = async (jobid: string) => (await held(jobid)).filter(isGiven(jobid));

	/** Of an execution that died with n8n, n8n may say for ever that it runs, so nobody waits for the end of all. */
	async function untilGiven(jobid: string): Promise<void> {
		await world.rest.until(`an execution for ${jobid}`, async () => (await given(jobid))[0]);
	}

	test('holds all of those it answered with 200', async () => {
		expect(answered).not.toEqual([]);
		for (const jobid of answered) {
			const executions = await held(jobid);
			// Before 2.x n8n answers before it has stored the execution.
			if (isExact) expect(executions).not.toEqual([]);
			expect(executions.filter(isGiven(jobid)).length).toBeLessThanOrEqual(1);
			for (const { id, status } of executions) {
				if (status !== 'crashed' && status !== 'error') continue;
				const again = await world.rest.retried(id, listener.workflow.id);
				expect(isGiven(jobid)(again)).toBe(true);
			}
		}
	});

	test('does not start again for a job from before that is pushed once more', async () => {
		expect(await push(earlier)).toMatchObject({ attempts: [{ status: 200 }] });
		// A job of afterwards starts it, so the trigger is awake.
		const later = await quietJob();
		await push(later);
		await untilGiven(later);
		await pause(AFTERMATH);
		expect(await given(earlier)).toHaveLength(1);
	});
});

describe('a request that is not a genuine push of WeCom', () => {
	const STALE_S = 3_600;
	const byPush = (options: () => PushOptions) => async () => {
		const { attempts } = await push('made-up-job', options());
		return attempts[0];
	};
	type Change = (query: URLSearchParams, body: string) => string | Buffer;
	/** A push with the right signature whose query or body is changed. */
	const byHand =
		(change: Change, contentType = 'text/xml') =>
		async () => {
			const { callbacks, targets } = world.simulator;
			const { query, body } = callbacks.envelope(targets.app, '<xml></xml>');
			const params = new URLSearchParams(query);
			const changed = change(params, body);
			const headers = { 'content-type': contentType, connection: 'close' };
			const response = await fetch(`${listener.url}?${params.toString()}`, {
				method: 'POST',
				headers,
				body: new Uint8Array(Buffer.from(changed)),
			});
			return { status: response.status, body: await response.text() };
		};

	test.each([
		['a forged signature', 403, byPush(() => ({ signature: '0'.repeat(40) }))],
		['a signature with another token', 403, byPush(() => ({ token: 'AnotherToken' }))],
		['an event for another corp', 403, byPush(() => ({ receiveId: 'wwanothercorp' }))],
		[
			'a push of an hour ago',
			401,
			byPush(() => ({ timestamp: Math.floor(Date.now() / 1000) - STALE_S })),
		],
		[
			'a body of 2 MB',
			413,
			byHand((_, body) => body.replace('</xml>', `${' '.repeat(2 * MIB)}</xml>`)),
		],
		['a body without an envelope', 400, byHand(() => '<xml><Other>1</Other></xml>')],
		['a body that is no text', 400, byHand(() => Buffer.alloc(100, 0xff), 'text/plain')],
		[
			'a query without a signature',
			400,
			byHand((query, body) => {
				query.delete('msg_signature');
				return body;
			}),
		],
		[
			'a parameter given twice',
			400,
			byHand((query, body) => {
				query.append('nonce', '1');
				return body;
			}),
		],
	])('%s is answered with %d and starts nothing', async (_, status, request) => {
		world.simulator.callbacks.repeats = 0;
		const before = await world.rest.executionIds(listener.workflow.id);
		const answer = await request();
		expect(answer.status).toBe(status);
		expect(answer.body?.length).toBeLessThan(200);
		expect(answer.body).not.toMatch(/\bat .*\.js/);
		await pause(200);
		expect(await world.rest.executionIds(listener.workflow.id)).toEqual(before);
	});

	test('XML that is not well-formed is refused by n8n before it reaches the node', async () => {
		const before = await world.rest.executionIds(listener.workflow.id);
		const { status } = await byHand(() => '<xml><Encrypt>')();
		expect(status).toBe(422);
		expect(await world.rest.executionIds(listener.workflow.id)).toEqual(before);
	});
});

describe('a workflow whose credential cannot open callbacks', () => {
	async function activating(missing: 'callbackToken' | 'encodingAesKey'): Promise<unknown> {
		const { corpId, corpSecret, callbackToken, encodingAesKey } = world.simulator.demo.corp;
		const settings = { corpId, corpSecret, callbackToken, encodingAesKey, [missing]: '' };
		const data = { ...settings, baseUrl: world.simulator.url };
		const weComCorpApi = await world.rest.createCredential('weComCorpApi', data);
		return await activate(world, 'Not ready', weComMediaTrigger({ weComCorpApi }));
	}

	test('is not activated without one of the two, and the reason says where it stands', async () => {
		// Side by side: n8n 2.41 tries for 15 s before it gives up.
		await Promise.all([
			expect(activating('callbackToken')).rejects.toThrow(/Callback Token is empty.*接收消息/),
			expect(activating('encodingAesKey')).rejects.toThrow(/EncodingAESKey.*接收消息/),
		]);
	});
});
