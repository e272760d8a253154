import { linkKey, openSignedLink, signLink } from '../../nodes/WeComMedia/wecom/calls/signedLink';
import type { HostedFile } from '../../nodes/WeComMedia/wecom/calls/signedLink';
import { activate, weComMediaTrigger, type ActiveWorkflow } from './activeWorkflow';
import { MIB, pdfOf, sha256 } from './files';
import { outputOf, type CredentialReference, type Execution } from './rest';
import { readFiles, weComMedia, workflowOf } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

const FILE_NAME = '全员培训资料.pdf';

let world: World;
let trigger: ActiveWorkflow;
let bytes: Buffer;
let execution: Execution;
/** The link WeCom was given. */
let link: string;

beforeAll(async () => {
	world = await startWorld();
	const { demo, url: baseUrl } = world.simulator;
	const { corpId, corpSecret, callbackToken, encodingAesKey } = demo.corp;
	const data = { corpId, corpSecret, callbackToken, encodingAesKey, baseUrl };
	const weComCorpApi: CredentialReference = await world.rest.createCredential('weComCorpApi', data);
	const app = { weComCorpApi };
	trigger = await activate(world, 'Host', weComMediaTrigger(app));
	await world.simulator.verifyCallbackUrl(trigger.url);

	bytes = pdfOf(180 * MIB + 9);
	const common = { resource: 'app', binaryPropertyName: 'data' };
	const workflow = workflowOf(
		'Publish a large file from storage',
		readFiles(await world.addFile(FILE_NAME, bytes)),
		weComMedia('Submit', app, {
			...common,
			operation: 'asyncUpload',
			source: 'binary',
			mediaType: 'file',
			fileName: '',
			waitForCompletion: true,
			options: { hostUrl: trigger.url },
		}),
		weComMedia('Get', app, {
			...common,
			operation: 'get',
			mediaId: '={{ $json.media_id }}',
			options: {},
		}),
	);
	execution = await world.rest.run(await world.rest.createWorkflow(workflow));
	[link] = [...world.simulator.state.jobs.values()].map(({ url }) => url);
});
afterAll(async () => await world?.close());

describe(`a file of 180 MB in the storage of a real n8n ${N8N_VERSION}`, () => {
	test('reaches WeCom through a link that the active trigger serves, and is identical', () => {
		expect(execution.error).toBeUndefined();
		expect(link.startsWith(`${trigger.url}?`)).toBe(true);
		const { media_id: mediaId } = outputOf(execution, 'Submit')[0].json;
		const held = world.simulator.state.media.get(String(mediaId));
		expect(held).toMatchObject({ fileName: FILE_NAME, origin: 'async' });
		expect(held?.bytes.equals(bytes)).toBe(true);
	});

	test('comes back from WeCom identical', async () => {
		const [{ json, binary }] = outputOf(execution, 'Get');
		expect(json).toMatchObject({ file_name: FILE_NAME, file_size: bytes.length });
		expect(await world.rest.binarySha256(binary?.data.id ?? '')).toBe(sha256(bytes));
	});

	test('is served again by its link, whole or in part', async () => {
		const part = await get(link, 'bytes=180000000-180000009');
		expect(part.status).toBe(206);
		expect(part.headers.get('content-range')).toBe(`bytes 180000000-180000009/${bytes.length}`);
		expect(part.body.equals(bytes.subarray(180_000_000, 180_000_010))).toBe(true);
		const whole = await get(link);
		expect(whole.status).toBe(200);
		expect(whole.body.equals(bytes)).toBe(true);
	});
});

async function get(url: string, range?: string) {
	const headers = { connection: 'close', ...(range ? { range } : {}) };
	const response = await fetch(url, { headers });
	const body = Buffer.from(await response.arrayBuffer());
	return { status: response.status, headers: response.headers, body };
}

describe('a link gives 404 and no byte of the file', () => {
	const flipped = (text: string, at: number) =>
		text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
	/** Changes one letter in the middle of a parameter. */
	const tampered = (name: string) => () => {
		const url = new URL(link);
		const value = url.searchParams.get(name) ?? '';
		url.searchParams.set(name, flipped(value, value.length >> 1));
		return url.href;
	};
	/** Signs the file of the link anew, as the node itself would. */
	const signed = (changes: Partial<HostedFile>, secret?: string) => () => {
		const { corpSecret } = world.simulator.demo.corp;
		const file = openSignedLink(new URL(link).search.slice(1), keyOf(corpSecret), Date.now());
		if (!file) throw new Error('the link of the node cannot be opened');
		return signLink(trigger.url, { ...file, ...changes }, keyOf(secret ?? corpSecret));
	};
	const keyOf = (secret: string) => linkKey({ secrets: [secret] });
	const without = (name: string) => () => {
		const url = new URL(link);
		url.searchParams.delete(name);
		return url.href;
	};

	test.each([
		['whose file was tampered with', tampered('file')],
		['whose signature was tampered with', tampered('signature')],
		['without its signature', without('signature')],
		['that has expired', signed({ expires: Math.floor(Date.now() / 1000) - 1 })],
		['signed with another secret', signed({}, 'made-up-secret-of-another-app')],
		['to a file that is not there', signed({ ids: ['filesystem-v2:workflows/none'] })],
		['to a path out of the storage', signed({ ids: ['filesystem-v2:../../config'] })],
	])('%s', async (_, make) => {
		const answer = await get(make(), 'bytes=0-99');
		expect(answer.status).toBe(404);
		expect(answer.body.toString()).toBe('not found');
	});

	test('but the file where nothing about it was changed', async () => {
		const { status, body } = await get(signed({})(), 'bytes=0-99');
		expect(status).toBe(206);
		expect(body.equals(bytes.subarray(0, 100))).toBe(true);
	});
});
