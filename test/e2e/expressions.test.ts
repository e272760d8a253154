import { createHash } from 'node:crypto';
import { startLinkHost, type LinkHost } from '../simulator';
import { saveAccounts, type Accounts, type SystemName } from './accounts';
import { activate, weComMediaTrigger } from './activeWorkflow';
import { common, runByExpressions, type ItemOfValues } from './expressing';
import { sample } from './files';
import { submitJob } from './largeJob';
import { outputOf, type Execution } from './rest';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
let host: LinkHost;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
	host = await startLinkHost();
});
beforeEach(() => {
	world.simulator.record.clear();
	world.simulator.state.jobs.clear();
});
afterAll(async () => {
	await host?.close();
	await world?.close();
});

const runWith = async (operation: string, systems: SystemName[], rows: ItemOfValues[]) =>
	await runByExpressions(world, accounts, operation, systems, rows);

const jsonOf = (execution: Execution) => outputOf(execution, 'Node').map(({ json }) => json);

describe(`every parameter by an expression, different for each item, in a real n8n ${N8N_VERSION}`, () => {
	test('upload', async () => {
		// WeCom is busy once at each upload of the second item, which alone may try again.
		world.simulator.faults.next({
			path: 'media/upload',
			errcode: -1,
			when: ({ query }) => query.type === 'image',
		});
		const execution = await runWith(
			'upload',
			['app', 'thirdPartyApp'],
			[
				{
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'data',
						mediaType: 'voice',
						purpose: 'temporary',
						'options.fallbackToFile': true,
						'options.fileName': '第一.pdf',
						'options.includeInputFields': false,
						'options.reuseMediaId': true,
						'options.skipChecks': false,
						...common(0),
					},
				},
				{
					source: { file: 'picture.png', field: 'attachment' },
					values: {
						authentication: 'thirdPartyApp',
						binaryPropertyName: 'attachment',
						mediaType: 'image',
						purpose: 'temporary',
						'options.fallbackToFile': false,
						'options.fileName': '第二.png',
						'options.includeInputFields': true,
						'options.reuseMediaId': false,
						'options.skipChecks': true,
						...common(1),
					},
				},
				{
					source: { file: 'picture.png', field: 'data' },
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'data',
						mediaType: 'image',
						purpose: 'moments',
						'options.fallbackToFile': false,
						'options.fileName': '朋友圈.png',
						'options.includeInputFields': false,
						'options.reuseMediaId': false,
						'options.skipChecks': false,
						...common(2),
					},
				},
			],
		);

		const { media } = world.simulator.state;
		const [first, second, third] = jsonOf(execution);
		expect(third).toMatchObject({ type: 'image', file_name: '朋友圈.png' });
		expect(world.simulator.record.calls('media/upload_attachment')).toHaveLength(1);
		expect(first).toMatchObject({ type: 'file', requested_type: 'voice', file_name: '第一.pdf' });
		expect(first).not.toHaveProperty('values');
		expect(second).toMatchObject({ type: 'image', file_name: '第二.png', path: /./ });
		const { corp, suite } = world.simulator.demo;
		expect(media.get(String(first.media_id))?.owner).toBe(corp.corpId);
		expect(media.get(String(second.media_id))?.owner).toBe(suite.authCorpId);
		expect(world.simulator.faults.pending).toBe(0);
	});

	test('get', async () => {
		const { state, demo } = world.simulator;
		const pdf = await sample('report.pdf');
		const png = await sample('picture.png');
		const owner = demo.suite.authCorpId;
		const execution = await runWith(
			'get',
			['app', 'thirdPartyApp'],
			[
				{
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'report',
						mediaId: state.addMedia({ bytes: pdf, fileName: '周报.pdf' }),
						'options.fileName': '',
						'options.includeInputFields': true,
						...common(0),
					},
				},
				{
					values: {
						authentication: 'thirdPartyApp',
						binaryPropertyName: 'picture',
						mediaId: state.addMedia({ bytes: png, fileName: 'a.png', type: 'image', owner }),
						'options.fileName': '封面.png',
						'options.includeInputFields': false,
						...common(1),
					},
				},
			],
		);

		const [first, second] = outputOf(execution, 'Node');
		expect(first.json).toMatchObject({ file_name: '周报.pdf', field: 'data' });
		expect(Object.keys(first.binary ?? {}).sort()).toEqual(['data', 'report']);
		expect(second.json).toMatchObject({ file_name: '封面.png' });
		expect(second.json).not.toHaveProperty('field');
		expect(Object.keys(second.binary ?? {})).toEqual(['picture']);
		const bytesOf = async (id = '') => await world.rest.binary(id);
		expect((await bytesOf(first.binary?.report.id)).equals(pdf)).toBe(true);
		expect((await bytesOf(second.binary?.picture.id)).equals(png)).toBe(true);
	});

	test('getHdVoice', async () => {
		const { state, demo } = world.simulator;
		const bytes = await sample('voice.amr');
		const voice = { bytes, type: 'voice', origin: 'received' } as const;
		const [first, second] = ['Speex   one', 'Speex   two'].map((text) => Buffer.from(text));
		const owner = demo.suite.authCorpId;
		const execution = await runWith(
			'getHdVoice',
			['app', 'thirdPartyApp'],
			[
				{
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'one',
						mediaId: state.addMedia({ ...voice, hdVoice: first }),
						'options.fileName': '',
						'options.includeInputFields': false,
						...common(0),
					},
				},
				{
					values: {
						authentication: 'thirdPartyApp',
						binaryPropertyName: 'two',
						mediaId: state.addMedia({ ...voice, hdVoice: second, owner }),
						'options.fileName': '录音.speex',
						'options.includeInputFields': true,
						...common(1),
					},
				},
			],
		);

		const [one, two] = outputOf(execution, 'Node');
		expect((await world.rest.binary(one.binary?.one.id ?? '')).equals(first)).toBe(true);
		expect((await world.rest.binary(two.binary?.two.id ?? '')).equals(second)).toBe(true);
		expect(two.json).toMatchObject({ file_name: '录音.speex', field: 'data' });
	});

	test('uploadImg', async () => {
		const execution = await runWith(
			'uploadImg',
			['app', 'thirdPartyApp'],
			[
				{
					source: { file: 'photo.jpg' },
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'data',
						'options.fileName': '封面.jpg',
						'options.skipChecks': false,
						...common(0),
					},
				},
				{
					source: { file: 'picture.png', field: 'attachment' },
					values: {
						authentication: 'thirdPartyApp',
						binaryPropertyName: 'attachment',
						'options.fileName': '插图.png',
						'options.skipChecks': true,
						...common(1),
					},
				},
			],
		);

		expect(jsonOf(execution)).toMatchObject([{ file_name: '封面.jpg' }, { file_name: '插图.png' }]);
		const quotas = world.simulator.state.corps.map(({ imageUploads }) => imageUploads.length);
		expect(quotas).toEqual([1, 1]);
	});

	test('asyncUpload', async () => {
		const trigger = await activate(world, 'Host', weComMediaTrigger(accounts.credentials('app')));
		const video = await sample('video.mp4');
		const link = host.put('clip.mp4', video);
		const before = Date.now();
		const execution = await runWith(
			'asyncUpload',
			['app', 'thirdPartyApp'],
			[
				{
					values: {
						authentication: 'thirdPartyApp',
						binaryPropertyName: 'none',
						fileName: '宣传片.mp4',
						md5: createHash('md5').update(video).digest('hex'),
						mediaType: 'video',
						source: 'url',
						url: link,
						waitForCompletion: true,
						'options.checkUrl': false,
						'options.hostUrl': '',
						'options.linkLifetime': 7200,
						'options.timeout': 60,
						...common(0),
					},
				},
				{
					source: { field: 'attachment' },
					values: {
						authentication: 'corpSecret',
						binaryPropertyName: 'attachment',
						fileName: '手册.pdf',
						md5: '',
						mediaType: 'file',
						source: 'binary',
						url: '',
						waitForCompletion: false,
						'options.checkUrl': true,
						'options.hostUrl': trigger.url,
						'options.linkLifetime': 600,
						'options.timeout': 90,
						...common(1),
					},
				},
			],
		);

		const [first, second] = jsonOf(execution);
		expect(first).toMatchObject({ type: 'video', file_name: '宣传片.mp4', state: 'done' });
		// Nobody has looked at the link before WeCom fetched it.
		expect(first).not.toHaveProperty('file_size');
		expect(second).toMatchObject({ type: 'file', file_name: '手册.pdf', file_size: 590 });
		expect(second).not.toHaveProperty('media_id');
		const until = Date.parse(String(second.hosted_until));
		expect(until).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000 + 600_000);
		expect(until).toBeLessThanOrEqual(Date.now() + 601_000);
		const jobs = [...world.simulator.state.jobs.values()];
		expect(jobs.map(({ app }) => app.suiteId === undefined).sort()).toEqual([false, true]);
	});

	test('asyncResult', async () => {
		const { demo, jobs, state } = world.simulator;
		const appOf = (secret: string) => {
			const app = state.apps.find((candidate) => candidate.secret === secret);
			if (!app) throw new Error('the simulator has no such app');
			return app;
		};
		const own = await submitJob(world.simulator, host, appOf(demo.corp.corpSecret));
		await jobs.settled();
		jobs.next({ hold: true });
		const foreign = await submitJob(world.simulator, host, appOf(demo.suite.permanentCode));
		const execution = await runWith(
			'asyncResult',
			['app', 'thirdPartyApp'],
			[
				{
					values: {
						authentication: 'corpSecret',
						jobId: own.jobId,
						waitForCompletion: true,
						'options.timeout': 60,
						...common(0),
					},
				},
				{
					values: {
						authentication: 'thirdPartyApp',
						jobId: foreign.jobId,
						waitForCompletion: false,
						'options.timeout': 1,
						...common(1),
					},
				},
			],
		);
		jobs.release();

		expect(jsonOf(execution)).toMatchObject([
			{ jobid: own.jobId, state: 'done', media_id: own.mediaId },
			{ jobid: foreign.jobId, status: 1, state: 'processing' },
		]);
	});
});
