import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { submitJob, waitForJob } from '../protocol/asyncUpload';
import type { AsyncType } from '../protocol/asyncUpload';
import { optionsOf } from './fields';
import { ASYNC_USES, asyncNotice, resultJson, timeoutOption, waitField } from './job';
import { outputItem, readOptions, text } from './parameters';
import type { Operation, Run, Waiting } from './types';

const description = updateDisplayOptions(
	{ show: { resource: ['app'], operation: ['asyncUpload'] } },
	[
		asyncNotice,
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://files.example.com/training.mp4',
			description:
				'Public link of the file, at most 1,024 bytes long. The server must support Range, as CDNs and object storages do; a Tencent COS object must be publicly readable (公有读). The file may have up to 200 MB.',
		},
		{
			displayName: 'Media Type',
			name: 'mediaType',
			type: 'options',
			default: 'file',
			description: 'What WeCom shall treat the file as',
			options: [
				{ name: 'File', value: 'file', description: 'Any file, up to 200 MB' },
				{ name: 'Video', value: 'video', description: 'MP4, up to 200 MB' },
			],
		},
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. 培训视频.mp4',
			description:
				'The name shown in WeCom, at most 128 bytes. Empty: the name the server of the link gives, else the last part of the link.',
		},
		{
			displayName: 'MD5',
			name: 'md5',
			type: 'string',
			default: '',
			placeholder: 'e.g. 9e107d9d372bb6826bd81d3542a419d6',
			description:
				'MD5 of the file, which WeCom compares after fetching it. Empty: computed by reading the link once.',
		},
		waitField,
		optionsOf(timeoutOption, {
			displayName: 'Check URL',
			name: 'checkUrl',
			type: 'boolean',
			default: true,
			description:
				'Whether to look at the link before submitting: reachable, supports Range, size and format. Turn it off for a link that only WeCom can reach; then give the MD5.',
		}),
	],
);

/** Submits a job, and waits for its end where that is wished. */
async function execute(run: Run): Promise<INodeExecutionData[] | Waiting> {
	const { context, itemIndex } = run;
	const { checkUrl, timeout } = readOptions(context, itemIndex);
	const { client } = await run.connect();
	const job = await submitJob(client, {
		url: text(context, 'url', itemIndex),
		type: text(context, 'mediaType', itemIndex) as AsyncType,
		fileName: text(context, 'fileName', itemIndex),
		md5: text(context, 'md5', itemIndex),
		checkUrl,
	});
	run.remark(ASYNC_USES);
	const json: IDataObject = { jobid: job.jobid, type: job.type, file_name: job.fileName };
	if (job.fileSize !== undefined) json.file_size = job.fileSize;
	json.md5 = job.md5;
	if (context.getNodeParameter('waitForCompletion', itemIndex, false) !== true) {
		return [outputItem(run, json, false)];
	}
	return {
		rest: async () => {
			const result = await waitForJob(client, job.jobid, timeout * 1000);
			return [outputItem(run, { ...json, ...resultJson(result) }, false)];
		},
	};
}

export const asyncUpload: Operation = { description, execute };
