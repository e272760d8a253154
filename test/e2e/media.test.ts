import { MIB, pdfOf } from './files';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { readFiles, weComMedia, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let app: { weComCorpApi: CredentialReference };
let robot: { weComWebhookApi: CredentialReference };

beforeAll(async () => {
	world = await startWorld();
	const { demo, url: baseUrl } = world.simulator;
	const { corpId, corpSecret, agentId } = demo.corp;
	const { webhookKey } = demo.robot;
	const save = world.rest.createCredential.bind(world.rest);
	app = { weComCorpApi: await save('weComCorpApi', { corpId, corpSecret, agentId, baseUrl }) };
	robot = { weComWebhookApi: await save('weComWebhookApi', { webhookKey, baseUrl }) };
});
beforeEach(() => world.simulator.record.clear());
afterAll(async () => await world?.close());

function upload(settings: Partial<Step> = {}): Step {
	const parameters = { mediaType: 'auto', binaryPropertyName: 'data', options: {} };
	return weComMedia(
		'Upload',
		app,
		{ resource: 'app', operation: 'upload', ...parameters },
		settings,
	);
}

function get(mediaId: string, settings: Partial<Step> = {}): Step {
	const parameters = { mediaId, binaryPropertyName: 'data', options: {} };
	return weComMedia('Get', app, { resource: 'app', operation: 'get', ...parameters }, settings);
}

async function run(...steps: Step[]): Promise<Execution> {
	const workflow = workflowOf(expect.getState().currentTestName ?? 'test', ...steps);
	return await world.rest.run(await world.rest.createWorkflow(workflow));
}

/** The first item's file of a node's output, from n8n's storage. */
async function fileOf(execution: Execution, node: string): Promise<Buffer> {
	return await world.rest.binary(outputOf(execution, node)[0]?.binary?.data.id ?? '');
}

describe(`files through a real n8n ${N8N_VERSION}`, () => {
	const name = '季度报告 2026（终稿）.pdf';
	const bytes = pdfOf(19 * MIB + 7);

	test('a file of 19 MB with a Chinese name goes to WeCom and comes back byte for byte', async () => {
		const execution = await run(
			readFiles(await world.addFile(name, bytes)),
			upload(),
			get('={{ $json.media_id }}'),
		);

		expect(execution.error).toBeUndefined();
		expect(outputOf(execution, 'Upload')[0].json).toMatchObject({
			type: 'file',
			media_id: expect.any(String),
			created_at: expect.any(Number),
			expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
			file_name: name,
			file_size: bytes.length,
		});
		expect(outputOf(execution, 'Get')[0].binary?.data.fileName).toBe(name);
		expect((await fileOf(execution, 'Get')).equals(bytes)).toBe(true);

		const call = world.simulator.record.last('media/upload');
		const header = call?.parts[0].rawHeader.toString('utf8');
		expect(header).toContain(`filename="${name}"`);
		expect(header).not.toContain('filename*');
		expect(call?.parts).toMatchObject([{ name: 'media', fileLength: bytes.length }]);
		expect(call?.contentLength).toBe(call?.bodyBytes);
		expect(call?.chunked).toBe(false);
	});

	test('a file for a group robot arrives under its Chinese name', async () => {
		const small = pdfOf(64 * 1024);
		const execution = await run(
			readFiles(await world.addFile('会议纪要.pdf', small)),
			weComMedia('Upload', robot, {
				resource: 'robot',
				operation: 'upload',
				mediaType: 'auto',
				binaryPropertyName: 'data',
				options: {},
			}),
		);

		expect(execution.error).toBeUndefined();
		const mediaId = outputOf(execution, 'Upload')[0].json.media_id as string;
		const held = world.simulator.state.media.get(mediaId);
		expect(held).toMatchObject({ system: 'robot', type: 'file', fileName: '会议纪要.pdf' });
		expect(held?.bytes.equals(small)).toBe(true);
	});

	test('a file of 45 MB is fetched in chunks and is complete', async () => {
		const large = pdfOf(45 * MIB + 3);
		const mediaId = world.simulator.state.addMedia({
			bytes: large,
			fileName: '培训视频.mp4',
			type: 'video',
			origin: 'async',
		});
		const execution = await run(get(mediaId));

		expect(execution.error).toBeUndefined();
		expect(outputOf(execution, 'Get')[0].json).toMatchObject({
			media_id: mediaId,
			file_name: '培训视频.mp4',
			file_size: large.length,
		});
		expect((await fileOf(execution, 'Get')).equals(large)).toBe(true);
		expect(world.simulator.record.calls('media/get').length).toBeGreaterThan(2);
	});

	test('a token that expired during the night is renewed without anybody noticing', async () => {
		world.simulator.state.expireTokens();
		const execution = await run(readFiles(await world.addFile('夜间.pdf', pdfOf(1000))), upload());

		expect(execution.status).toBe('success');
		expect(world.simulator.record.count('gettoken')).toBe(1);
	});
});

describe('an item that fails', () => {
	/** Three items, the second of which has a file of this many bytes. */
	async function readThree(folder: string, sizeOfSecond: number): Promise<Step> {
		await world.addFile(`${folder}-a.pdf`, pdfOf(1000));
		await world.addFile(`${folder}-b.pdf`, pdfOf(1000).subarray(0, sizeOfSecond));
		return readFiles(
			(await world.addFile(`${folder}-c.pdf`, pdfOf(1000))).replace('-c.pdf', '-*.pdf'),
		);
	}

	const namesOf = (execution: Execution, output = 0) =>
		outputOf(execution, 'Node', output)
			.map(({ json }) => json.file_name)
			.filter(Boolean)
			.sort();

	test('ends the run and says what was wrong, when nothing else is chosen', async () => {
		const execution = await run(await readThree('stop', 5), upload());

		expect(execution.status).toBe('error');
		expect(execution.error?.message).toMatch(/5 bytes/);
	});

	/** By operation: a run whose second file fails, with these settings of its node. */
	const FAILURES: Record<string, (folder: string, settings: Partial<Step>) => Promise<Step[]>> = {
		upload: async (folder, settings) => [
			await readThree(folder, 5),
			{ ...upload(settings), name: 'Node' },
		],
		get: async (folder, settings) => {
			const isSecond = `$json.file_name === '${folder}-b.pdf'`;
			const mediaId = `={{ ${isSecond} ? 'no-such-media' : $json.media_id }}`;
			const read = await readThree(folder, 1000);
			return [read, upload(), { ...get(mediaId, settings), name: 'Node' }];
		},
		send: async (folder, settings) => {
			const isSecond = `$json.fileName === '${folder}-b.pdf'`;
			const toUser = `={{ ${isSecond} ? 'Nobody' : 'ZhangSan' }}`;
			const send = { resource: 'app', operation: 'send', sendTo: 'members', toUser, options: {} };
			return [await readThree(folder, 1000), weComMedia('Node', app, send, settings)];
		},
	};
	/** What its item says; a file that is refused before anything is sent has no code of WeCom. */
	const weComSays = (errcode: number) => ({
		error: expect.stringContaining(String(errcode)),
		errcode,
		errmsg: expect.stringMatching(/./),
		hint: expect.stringMatching(/./),
	});
	const REASONS: Record<string, object> = {
		upload: { error: expect.stringMatching(/5 bytes/), hint: expect.stringMatching(/./) },
		get: weComSays(40007),
		send: weComSays(81013),
	};

	describe.each(Object.keys(FAILURES))('of %s', (operation) => {
		const siblings = (folder: string) => [`${folder}-a.pdf`, `${folder}-c.pdf`];

		test('says what was wrong in its place under "Continue", and leaves its siblings alone', async () => {
			const folder = `regular-${operation}`;
			const settings = { onError: 'continueRegularOutput' } as const;
			const execution = await run(...(await FAILURES[operation](folder, settings)));

			expect(execution.status).toBe('success');
			expect(namesOf(execution)).toEqual(siblings(folder));
			const items = outputOf(execution, 'Node');
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
				[0, 1, 2].map((item) => ({ item })),
			);
			const failed = items.filter(({ json }) => json.error).map(({ json }) => json);
			expect(failed).toEqual([REASONS[operation]]);
		});

		test('takes the error output where there is one', async () => {
			const folder = `output-${operation}`;
			const settings = { onError: 'continueErrorOutput' } as const;
			const execution = await run(...(await FAILURES[operation](folder, settings)));

			expect(execution.status).toBe('success');
			expect(namesOf(execution)).toEqual(siblings(folder));
			const failed = outputOf(execution, 'Node', 1).map(({ json }) => json);
			expect(failed).toMatchObject([REASONS[operation]]);
		});
	});
});
