import { Container } from '@n8n/di';
import { BinaryDataService, FileLocation } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { WeComMedia } from '../../../nodes/WeComMedia/WeComMedia.node';
import { errorOf, outputOf, runWorkflow, TestCredentials } from '../../helpers/engine';
import { sourceOf } from '../../helpers/runNode';
import { contentOf } from '../../wecom/files';
import { credentialTypes } from '../scene';
import { fieldsOf, get, setupHosting } from './hosting';

const scene = setupHosting();
const bytes = contentOf('pdf', 3_000);

/** Stored as n8n stores what a webhook receives: the execution has no id yet. */
async function received(): Promise<IBinaryData> {
	return await Container.get(BinaryDataService).store(
		FileLocation.ofExecution('workflow-under-test', ''),
		bytes,
		{ data: '', mimeType: 'application/pdf', fileName: '来稿.pdf' },
	);
}

async function host(binary: IBinaryData): Promise<URL> {
	const source = {
		...sourceOf([]),
		execute: async () => [[{ json: {}, binary: { data: binary } }]],
	};
	const node = new WeComMedia();
	const credentials = new TestCredentials([credentialTypes.corp]);
	const weComCorpApi = credentials.store('weComCorpApi', scene.credential('corp'));
	scene.simulator.jobs.next({ hold: true });
	const run = await runWorkflow({
		nodes: [
			{ name: 'Source', type: 'testSource' },
			{
				name: 'WeCom Media',
				type: 'weComMedia',
				credentials: { weComCorpApi },
				parameters: {
					operation: 'asyncUpload',
					source: 'binary',
					options: { hostUrl: scene.trigger.url },
				},
			},
		],
		nodeTypes: [source, node],
		credentials,
	});
	expect(errorOf(run)).toBeUndefined();
	expect(outputOf(run, 'WeCom Media')[0].json.file_name).toBe('来稿.pdf');
	const { json } = scene.simulator.record.last('media/upload_by_url')!;
	return new URL((json as { url: string }).url);
}

test('a file that a webhook received is found before and after n8n has moved it', async () => {
	const link = await host(await received());
	const [ids] = fieldsOf(link);
	expect(ids).toHaveLength(2);
	expect(ids[0]).toMatch(/\/executions\/temp\//);
	expect(ids[1]).toMatch(/\/executions\/\d+\//);
	expect((await get(link)).body.equals(bytes)).toBe(true);

	// What n8n does when an execution that a webhook started has ended.
	const [from, to] = ids.map((id) => id.replace(/^[^:]*:/, ''));
	await Container.get(BinaryDataService).rename(from, to);
	expect((await get(link, { range: 'bytes=10-19' })).body.equals(bytes.subarray(10, 20))).toBe(
		true,
	);
});

test('any other file has one place', async () => {
	const link = await scene.linkTo({ bytes, fileName: 'a.pdf' });
	expect(fieldsOf(link)[0]).toHaveLength(1);
});
