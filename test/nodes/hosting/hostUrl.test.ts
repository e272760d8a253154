/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LINK_TYPES } from '../../../nodes/WeComMedia/wecom/accounts/rules';
import { contentOf, MIB } from '../../wecom/files';
import { setupHosting, type UploadJob } from './hosting';

const scene = setupHosting();
const file = { bytes: contentOf('pdf', 5_000), fileName: '报告.pdf' };
const COPY = 'copy its Production URL, and paste it into the option';
const submitted = () => scene.simulator.record.count('media/upload_by_url');

let others: Server[] = [];
afterEach(async () => {
	for (const server of others) {
		server.closeAllConnections();
		await new Promise((closed) => server.close(closed));
	}
	others = [];
});
async function serverOf(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	others.push(server);
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/x/wecom-media`;
}

test.each([
	['', "'Host URL' is empty"],
	['   ', "'Host URL' is empty"],
	['n8n.example.com/webhook/x', "'Host URL' is not the URL of a trigger"],
	['ftp://n8n.example.com/webhook/x', "'Host URL' is not the URL of a trigger"],
	['https://n8n.example.com/webhook/x?a=b', "'Host URL' is not the URL of a trigger"],
	['https://n8n.example.com/webhook/x#a', "'Host URL' is not the URL of a trigger"],
	['https://n8n.example.com/web hook/x', "'Host URL' is not the URL of a trigger"],
	['https://n8n.example.com/webhook-test/x/wecom-media', "'Host URL' is the Test URL"],
])('the Host URL %j is refused: %s', async (hostUrl, message) => {
	const { error } = await scene.upload(file, { options: { hostUrl } });
	expect(error?.message).toContain(message);
	expect(error?.description).toContain(COPY);
	expect(error?.description).toContain('the same credential');
	expect(scene.simulator.record.all).toEqual([]);
});

test('a Host URL with blanks around it is taken', async () => {
	const { error } = await scene.upload(file, { options: { hostUrl: ` ${scene.trigger.url}\n` } });
	expect(error).toBeUndefined();
	expect(submitted()).toBe(1);
});

describe('nothing is submitted when the link does not give the file', () => {
	const outcome = async (hostUrl: string, job: UploadJob = {}) => {
		const { error } = await scene.upload(file, { options: { hostUrl }, ...job });
		expect(error?.description).toContain("turn off 'Check URL'");
		expect(error?.description).toContain('the same credential as this node');
		expect(submitted()).toBe(0);
		return error?.message;
	};
	const UNFETCHED = "The file cannot be fetched through 'Host URL': ";

	test('because nobody listens there', async () => {
		const hostUrl = await serverOf(() => undefined);
		await new Promise((closed) => others.pop()?.close(closed));
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}127.0.0.1:`);
	});

	test('because n8n knows no such webhook: the workflow is not active', async () => {
		const hostUrl = scene.trigger.url.replace('00000000', '11111111');
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}it answers with HTTP status 404`);
	});

	test('because the trigger has another credential', async () => {
		const { url } = await scene.serve({ corpSecret: 'made-up-secret-of-another-app' });
		expect(await outcome(url)).toContain(`${UNFETCHED}it answers with HTTP status 404`);
	});

	test('because a web page answers', async () => {
		const hostUrl = await serverOf((_, response) => response.end('<html>log in</html>'));
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}something else answers`);
	});

	test('because another file answers', async () => {
		const hostUrl = await serverOf((_, response) => {
			response.writeHead(206, { 'content-range': 'bytes 0-0/4999' });
			response.end('%');
		});
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}something else answers`);
	});

	test.each([
		['another file of the same size', 'bytes 0-0/5000', 'P'],
		['another part', 'bytes 1-1/5000', 'P'],
		['more than was asked for', 'bytes 0-0/5000', '%P'],
	])('because %s answers', async (_what, range, body) => {
		const hostUrl = await serverOf((_, response) => {
			response.writeHead(206, { 'content-range': range });
			response.end(body);
		});
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}something else answers`);
	});

	test('because a login page is behind a redirect', async () => {
		const hostUrl = await serverOf((_, response) => {
			response.writeHead(302, { location: 'https://login.example/' });
			response.end();
		});
		expect(await outcome(hostUrl)).toContain(`${UNFETCHED}it answers with HTTP status 302`);
	});
});

test('"Check URL" off: the job is submitted without asking for the link', async () => {
	scene.simulator.jobs.next({ hold: true });
	const hostUrl =
		'https://n8n.example.com/webhook/00000000-0000-4000-8000-000000000001/wecom-media';
	const { error } = await scene.upload(file, { options: { hostUrl, checkUrl: false } });
	expect(error).toBeUndefined();
	const { json } = scene.simulator.record.last('media/upload_by_url')!;
	expect((json as { url: string }).url.startsWith(`${hostUrl}?file=`)).toBe(true);
});

describe('what WeCom would refuse is refused before anything is submitted', () => {
	test.each([
		['5 bytes', { bytes: 'abcde', fileName: 'a.txt' }, {}, 'WeCom takes at least 6 bytes'],
		['a PDF as video', file, { mediaType: 'video' }, 'WeCom takes MP4 as video'],
	])('%s', async (_, tooBad, parameters, message) => {
		const { error } = await scene.upload(tooBad, { parameters });
		expect(error?.message).toContain(message);
		expect(submitted()).toBe(0);
	});

	test('more than the limit', async () => {
		const limit = jest.replaceProperty(LINK_TYPES.file, 'maxBytes', MIB);
		const { error } = await scene.upload({ bytes: Buffer.alloc(MIB + 1), fileName: 'large.bin' });
		limit.restore();
		expect(error?.message).toContain('WeCom takes up to 1 MB');
		expect(submitted()).toBe(0);
	});
});

test('a field that does not exist is named', async () => {
	const { error } = await scene.upload(file, { parameters: { binaryPropertyName: 'other' } });
	expect(error?.message).toContain("The item has no file in the field 'other'");
	expect(error?.description).toContain('data');
});
