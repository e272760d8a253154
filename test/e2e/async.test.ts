import { freePort } from '../../scripts/lib/ports';
import { startLinkHost, type LinkHost } from '../simulator';
import { MIB, pdfOf } from './files';
import { outputOf, type CredentialReference } from './rest';
import { items, weComMedia, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

const QUERY = 'media/get_upload_by_url_result';

let world: World;
let host: LinkHost;
let app: { weComCorpApi: CredentialReference };

beforeAll(async () => {
	world = await startWorld();
	host = await startLinkHost({
		files: {
			'report.pdf': { bytes: pdfOf(3 * MIB), fileName: '季度报告.pdf' },
			'no-range.pdf': { bytes: pdfOf(1000), range: false },
			// Memory that nobody writes to costs nothing.
			'too-large.bin': Buffer.alloc(200 * MIB + 1),
		},
	});
	const { corpId, corpSecret } = world.simulator.demo.corp;
	const data = { corpId, corpSecret, baseUrl: world.simulator.url };
	app = { weComCorpApi: await world.rest.createCredential('weComCorpApi', data) };
});
beforeEach(() => {
	world.simulator.record.clear();
	world.simulator.state.jobs.clear();
});
afterAll(async () => {
	await host?.close();
	await world?.close();
});

interface Submission {
	url: string;
	md5?: string;
}

/** "Upload Large File" for a list of links. */
function submit(submissions: Submission[], waits: boolean, settings: Partial<Step> = {}): Step[] {
	const list = submissions.map((submission) => ({ md5: '', ...submission }));
	return [
		...items(list),
		weComMedia(
			'Submit',
			app,
			{
				resource: 'app',
				operation: 'asyncUpload',
				source: 'url',
				url: '={{ $json.url }}',
				md5: '={{ $json.md5 }}',
				mediaType: 'file',
				fileName: '',
				waitForCompletion: waits,
				options: {},
			},
			settings,
		),
	];
}

const save = async (...steps: Step[]) =>
	await world.rest.createWorkflow(
		workflowOf(expect.getState().currentTestName ?? 'test', ...steps),
	);

const run = async (...steps: Step[]) => await world.rest.run(await save(...steps));

describe(`a large upload from a link in a real n8n ${N8N_VERSION}`, () => {
	test('that is waited for gives the media_id and what belongs to it', async () => {
		const execution = await run(...submit([{ url: host.link('report.pdf') }], true));

		expect(execution.error).toBeUndefined();
		const [job] = world.simulator.state.jobs.values();
		expect(outputOf(execution, 'Submit').map(({ json }) => json)).toEqual([
			{
				jobid: job.jobId,
				type: 'file',
				file_name: '季度报告.pdf',
				file_size: 3 * MIB,
				md5: job.md5,
				status: 2,
				state: 'done',
				media_id: job.mediaId,
				created_at: expect.any(Number),
				expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			},
		]);
	});

	test('of several items waits for all of them side by side', async () => {
		const count = 6;
		for (let job = 0; job < count; job += 1) world.simulator.jobs.next({ hold: true });
		const submissions = Array.from({ length: count }, () => ({ url: host.link('report.pdf') }));
		const id = await world.rest.begin(await save(...submit(submissions, true)));
		// The first job ends only when the last has been submitted.
		await world.rest.until('all jobs to be submitted', async () =>
			world.simulator.state.jobs.size === count ? true : undefined,
		);
		world.simulator.jobs.release();

		const execution = await world.rest.finished(id);
		const [...jobs] = world.simulator.state.jobs.values();
		const given = outputOf(execution, 'Submit').map(({ json }) => json.media_id);
		expect(given.sort()).toEqual(jobs.map(({ mediaId }) => mediaId).sort());
	});

	test('that fails is an error of the result, with the code, the text and a hint', async () => {
		world.simulator.jobs.next({ errcode: 830003 });
		const result = weComMedia(
			'Result',
			app,
			{
				resource: 'app',
				operation: 'asyncResult',
				jobId: '={{ $json.jobid }}',
				waitForCompletion: true,
				options: {},
			},
			{ onError: 'continueErrorOutput' },
		);
		const execution = await run(...submit([{ url: host.link('report.pdf') }], false), result);

		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Result')).toEqual([]);
		const [job] = world.simulator.state.jobs.values();
		expect(outputOf(execution, 'Result', 1)).toMatchObject([
			{
				json: {
					error: expect.stringContaining('830003'),
					jobid: job.jobId,
					errcode: 830003,
					errmsg: expect.stringMatching(/./),
					hint: expect.stringMatching(/./),
				},
			},
		]);
	});

	test('ends as canceled when it is stopped in the middle of the wait, and asks no more', async () => {
		const stopped = await beginWaiting();
		const other = await beginWaiting();
		await world.rest.stop(stopped.id);
		expect((await world.rest.finished(stopped.id)).status).toBe('canceled');

		// The other began later with the same pauses: once it has asked more often, the next question was due.
		const asked = stopped.questions();
		await world.rest.until('the other to ask more often', async () =>
			other.questions() > asked ? true : undefined,
		);
		expect(stopped.questions()).toBe(asked);
		world.simulator.jobs.release();
		expect((await world.rest.finished(other.id)).status).toBe('success');
	});
});

/** Starts an upload whose job does not end, and waits until its result has been asked for once. */
async function beginWaiting() {
	const { jobs, record, state } = world.simulator;
	jobs.next({ hold: true });
	const others = [...state.jobs.keys()];
	const id = await world.rest.begin(
		await save(...submit([{ url: host.link('report.pdf') }], true)),
	);
	const [own] = await world.rest.until('the job', async () => {
		const submitted = [...state.jobs.keys()].filter((jobid) => !others.includes(jobid));
		return submitted.length > 0 ? submitted : undefined;
	});
	const questions = () =>
		record
			.calls(QUERY)
			.filter(({ json }) => (json as { jobid?: string } | undefined)?.jobid === own).length;
	await world.rest.until('the first question for the result', async () =>
		questions() > 0 ? true : undefined,
	);
	return { id, questions };
}

test('a link that WeCom would fail with is refused on its item, and nothing is submitted for it', async () => {
	const unreachable = `http://127.0.0.1:${await freePort()}/report.pdf`;
	const submissions = [
		{ url: host.link('no-range.pdf') },
		{ url: host.link('report.pdf') },
		{ url: unreachable },
		{ url: host.link('missing.pdf') },
		{ url: host.link('too-large.bin') },
		{ url: host.link('report.pdf'), md5: 'not an MD5' },
		{ url: 'ftp://127.0.0.1/report.pdf' },
	];
	const settings = { onError: 'continueErrorOutput' } as const;
	const execution = await run(...submit(submissions, false, settings));

	const reasons = Object.fromEntries(
		outputOf(execution, 'Submit', 1).map(({ json, pairedItem }) => [
			(pairedItem as { item: number }).item,
			json.error,
		]),
	);
	expect(reasons).toEqual({
		0: expect.stringMatching(/does not support Range/),
		2: expect.stringMatching(/cannot be fetched.*(refused|reach)/i),
		3: expect.stringMatching(/cannot be fetched.*404/),
		4: expect.stringMatching(/WeCom takes up to 200 MB/),
		5: expect.stringMatching(/'MD5' is not an MD5/),
		6: expect.stringMatching(/starts with http/),
	});
	expect(outputOf(execution, 'Submit')).toMatchObject([{ pairedItem: { item: 1 } }]);
	const submitted = world.simulator.record.calls('media/upload_by_url').map(({ json }) => json);
	expect(submitted).toMatchObject([{ url: host.link('report.pdf') }]);
});

test('an MD5 of another file is only found out by WeCom, and its item says so', async () => {
	const wrong = [
		{ url: host.link('report.pdf') },
		{ url: host.link('report.pdf'), md5: 'a'.repeat(32) },
	];
	const execution = await run(...submit(wrong, true, { onError: 'continueErrorOutput' }));

	expect(outputOf(execution, 'Submit')).toMatchObject([{ pairedItem: { item: 0 } }]);
	expect(outputOf(execution, 'Submit', 1)).toMatchObject([
		{
			json: { error: expect.stringMatching(/301019.*MD5/), errcode: 301019 },
			pairedItem: { item: 1 },
		},
	]);
});
