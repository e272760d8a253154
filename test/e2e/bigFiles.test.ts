import { MIB, pdfOf, sha256 } from './files';
import { outputOf } from './rest';
import { weComMedia, workflowOf } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

const SIZE = 200 * MIB;
/** Bytes of an answer after which its connection breaks, and how many answers pass before. */
const BREAKS = [
	{ skip: 0, cutAfterBytes: 5 * MIB + 3 },
	{ skip: 4, cutAfterBytes: 1 },
	{ skip: 5, cutAfterBytes: 9 * MIB + 7 },
];

let world: World;
beforeAll(async () => (world = await startWorld()));
afterAll(async () => await world?.close());

/** First byte a call asked for. */
const startOf = (range: unknown) => Number(/^bytes=(\d+)-/.exec(String(range))?.[1]);

describe(`a media of 200 MB in a real n8n ${N8N_VERSION}`, () => {
	test('arrives identical over three broken connections, and is taken up where each broke', async () => {
		const { simulator, rest } = world;
		const bytes = pdfOf(SIZE);
		const fileName = '全员培训视频.mp4';
		const mediaId = simulator.state.addMedia({ bytes, fileName, type: 'video', origin: 'async' });
		for (const cut of BREAKS) simulator.faults.next({ path: 'media/get', ...cut });

		const { corpId, corpSecret } = simulator.demo.corp;
		const data = { corpId, corpSecret, baseUrl: simulator.url };
		const app = { weComCorpApi: await rest.createCredential('weComCorpApi', data) };
		const get = weComMedia('Get', app, {
			resource: 'app',
			operation: 'get',
			mediaId,
			binaryPropertyName: 'data',
			options: {},
		});
		const execution = await rest.run(await rest.createWorkflow(workflowOf('Get', get)));

		expect(execution.error).toBeUndefined();
		expect(simulator.faults.pending).toBe(0);
		const [{ json, binary }] = outputOf(execution, 'Get');
		expect(json).toMatchObject({ media_id: mediaId, file_name: fileName, file_size: SIZE });
		expect(await rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));

		const calls = simulator.record.calls('media/get');
		const broken = calls.filter(({ ending }) => ending !== undefined);
		expect(broken).toHaveLength(BREAKS.length);
		broken.forEach((call, index) => {
			const next = calls[calls.indexOf(call) + 1];
			const gained = startOf(next.headers.range) - startOf(call.headers.range);
			// What the network had not delivered when the connection broke is asked for again.
			expect(gained).toBeLessThanOrEqual(BREAKS[index].cutAfterBytes);
			expect(gained).toBeGreaterThanOrEqual(BREAKS[index].cutAfterBytes - MIB);
		});
	});
});
