/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { rmSync } from 'node:fs';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { contentOf } from '../../wecom/files';
import { logText } from '../../helpers/engine';
import { changed, fieldsOf, get, setupHosting } from './hosting';

const scene = setupHosting();
const bytes = contentOf('pdf', 5_000);
const file = { bytes, fileName: '工资表.pdf' };
const pathOf = (link: URL) => {
	const [[id]] = fieldsOf(link);
	return Container.get(BinaryDataService).getPath(id);
};

/** What everybody gets who has no valid link: the same for all reasons, and no byte of a file. */
async function expectNothing(link: URL | string): Promise<void> {
	const { status, headers, body } = await get(link);
	expect([status, body.toString()]).toEqual([404, 'not found']);
	expect(headers['content-type']).toMatch(/^text\/plain/);
	for (const name of ['content-disposition', 'accept-ranges', 'content-range', 'cache-control']) {
		expect(headers).not.toHaveProperty(name);
	}
}

let link: URL;
beforeEach(async () => {
	link = await scene.linkTo(file);
});
afterEach(() => jest.restoreAllMocks());

test('the link as it was made gives the file', async () => {
	expect((await get(link)).body.equals(bytes)).toBe(true);
});

describe('a link changed in one letter gives nothing', () => {
	const spots = (text: string) => [0, 1, Math.floor(text.length / 2), text.length - 1];
	const other = (letter: string) => (letter === 'A' ? 'B' : 'A');

	test.each(['file', 'signature'])('of the part %s, at its start, middle and end', async (name) => {
		const value = link.searchParams.get(name)!;
		for (const at of spots(value)) {
			const bent = value.slice(0, at) + other(value[at]) + value.slice(at + 1);
			await expectNothing(changed(link, { [name]: bent }));
		}
	});

	test.each([0, 1, 2, 3, 4, 5])(
		'in field %i of what it says, re-encoded properly',
		async (index) => {
			const fields = fieldsOf(link) as unknown[];
			const was = fields[index];
			fields[index] =
				typeof was === 'number' ? was + 1 : Array.isArray(was) ? [`${was[0]}x`] : `${String(was)}x`;
			const token = Buffer.from(JSON.stringify(fields)).toString('base64url');
			await expectNothing(changed(link, { file: token }));
		},
	);
});

test.each<[string, (valid: URL) => URL | string]>([
	['without its signature', (valid) => changed(valid, { signature: undefined })],
	['with an empty signature', (valid) => changed(valid, { signature: '' })],
	['with an empty token', (valid) => changed(valid, { file: '' })],
	['with its file twice', (valid) => `${valid.href}&file=${valid.searchParams.get('file')}`],
	['with a second signature', (valid) => `${valid.href}&signature=x`],
	['with a second file first', (valid) => valid.href.replace('?', '?file=x&')],
	['with a padded token', (valid) => valid.href.replace('&signature', '%3D&signature')],
	['with a shortened signature', (valid) => valid.href.slice(0, -1)],
	['with parameters in brackets', (valid) => valid.href.replace('file=', 'file=&file[]=')],
	['that is garbage', (valid) => `${valid.origin}${valid.pathname}?file=%00%ff&signature=%`],
	['that is huge', (valid) => changed(valid, { file: 'A'.repeat(6_000) })],
	['that names a path', (valid) => changed(valid, { file: '../../../../etc/passwd' })],
])('a link %s gives nothing', async (_, bend) => {
	await expectNothing(bend(link));
});

describe('another file', () => {
	test('cannot be had by putting its id under the signature of the first', async () => {
		const second = await scene.linkTo({ bytes: 'another file', fileName: 'other.txt' });
		const fields = fieldsOf(link) as unknown[];
		fields[0] = fieldsOf(second)[0];
		const token = Buffer.from(JSON.stringify(fields)).toString('base64url');
		await expectNothing(changed(link, { file: token }));
		const signature = link.searchParams.get('signature')!;
		await expectNothing(changed(second, { signature }));
		expect((await get(second)).body.toString()).toBe('another file');
	});

	test.each([
		'filesystem-v2:workflows/another/executions/1/binary_data/00000000-0000-4000-8000-000000000000',
		'filesystem-v2:../config',
	])('cannot be had by naming its id: %s', async (id) => {
		const token = Buffer.from(JSON.stringify([[id], 'a', '', 1, '', 2e9])).toString('base64url');
		for (const fileParameter of [id, token]) {
			await expectNothing(changed(link, { file: fileParameter, signature: undefined }));
			await expectNothing(changed(link, { file: fileParameter }));
		}
	});
});

test('a link of another account gives nothing', async () => {
	const { corpId } = scene.simulator.demo.corp;
	const corpSecret = 'made-up-secret-of-another-app';
	scene.simulator.state.addApp({ corpId, secret: corpSecret, agentId: 1000003 });
	const stranger = await scene.serve({ corpSecret });
	await expectNothing(`${stranger.url}${link.search}`);
});

test.each([
	['expired when its time is over', 0, 404],
	['valid until one second before', -1, 200],
	['expired a day later', 86_400, 404],
])('a link is %s', async (_, seconds, status) => {
	const [, , , , , expires] = fieldsOf(link);
	jest.spyOn(Date, 'now').mockReturnValue((expires + seconds) * 1000);
	if (status === 404) await expectNothing(link);
	else expect((await get(link)).status).toBe(200);
});

describe('a file that n8n has deleted', () => {
	test.each([
		['with all that is known of it', ['', '.metadata']],
		['while its description stayed', ['']],
		['while only the bytes stayed', ['.metadata']],
	])('%s gives nothing', async (_, endings) => {
		for (const ending of endings) rmSync(`${pathOf(link)}${ending}`);
		await expectNothing(link);
	});
});

test('a file that was replaced by one of another size gives nothing', async () => {
	const { getMetadata } = BinaryDataService.prototype;
	jest.spyOn(BinaryDataService.prototype, 'getMetadata').mockImplementation(async function (
		this: BinaryDataService,
		id,
	) {
		return { ...(await getMetadata.call(this, id)), fileSize: 4_999 };
	});
	await expectNothing(link);
});

test('a trigger whose credential is incomplete gives nothing', async () => {
	const { url } = await scene.serve({ corpSecret: '' });
	await expectNothing(`${url}${link.search}`);
});

test.each(['POST', 'PUT', 'DELETE', 'HEAD'])('%s gives nothing of the file', async (method) => {
	const { status, body } = await get(link, {}, method);
	expect(status).toBeGreaterThanOrEqual(400);
	expect(body.includes(bytes.subarray(0, 20))).toBe(false);
});

test('no request of a stranger starts the workflow, and none is in the log with its link', async () => {
	await expectNothing(changed(link, { signature: 'x' }));
	expect(scene.trigger.executions).toEqual([]);
	expect(logText()).not.toContain(link.searchParams.get('signature'));
});
