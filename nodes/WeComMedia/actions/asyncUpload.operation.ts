import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { checkHostedLink, hostFile } from '../n8n/hostedLink';
import type { HostedLink } from '../n8n/hostedLink';
import { submitJob, waitForJob } from '../wecom/calls/asyncUpload';
import type { AsyncType } from '../wecom/calls/asyncUpload';
import type { System } from '../wecom/accounts/system';
import { LINK_TYPES } from '../wecom/accounts/rules';
import { isoTime } from '../wecom/calls/upload';
import { ASYNC_USES, resultJson } from '../n8n/job';
import {
	checkUrlOption,
	hostUrlOption,
	linkLifetimeOption,
	optionsOf,
	readOptions,
	timeoutOption,
} from './options';
import { asyncNotice, inputField, waitField } from './panelFields';
import { mediaTypeOptions } from './mediaTypes';
import { outputItem, parameter, text } from './parameters';
import type { Operation, Run, Waiting } from './operation';

/** The link is signed before it is checked and submitted, and only then the waiting begins (s). */
const CHECKING_S = 300;

const description = updateDisplayOptions(
	{ show: { resource: ['app'], operation: ['asyncUpload'] } },
	[
		asyncNotice,
		{
			displayName: 'Source',
			name: 'source',
			type: 'options',
			default: 'url',
			description: 'Where WeCom fetches the file from',
			options: [
				{
					name: 'Binary Field',
					value: 'binary',
					description: 'A file of the item, which n8n itself hosts for WeCom for a while',
				},
				{ name: 'URL', value: 'url', description: 'A public link, for example on a CDN' },
			],
		},
		{ ...inputField, displayOptions: { show: { source: ['binary'] } } },
		{
			displayName:
				"WeCom fetches the file from this n8n server. Needed: a WeCom Media Trigger with the same credential in an active workflow, its Production URL in the option 'Host URL', and an n8n server that WeCom can reach from the internet. n8n must keep this execution until WeCom has the file.",
			name: 'hostNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { source: ['binary'] } },
		},
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			displayOptions: { show: { source: ['url'] } },
			placeholder: 'e.g. https://files.example.com/training.mp4',
			description:
				'Public link of the file, at most 1,024 bytes long. The server must support Range, as CDNs and object storages do; a Tencent COS object must be publicly readable (公有读). The file may have up to 200 MB.',
		},
		{
			displayName: 'Media Type',
			name: 'mediaType',
			type: 'options',
			default: 'file',
			description: 'What WeCom should treat the file as',
			options: mediaTypeOptions(LINK_TYPES),
		},
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			hint: 'Optional. Empty: the name of the file, or the one the server of the link gives.',
			description:
				'The name shown in WeCom, at most 128 bytes. Where the server of the link gives none, the last part of the link is the name.',
		},
		{
			displayName: 'MD5',
			name: 'md5',
			type: 'string',
			default: '',
			displayOptions: { show: { source: ['url'] } },
			hint: 'Optional. Empty: computed by reading the link once.',
			description: 'MD5 of the file, 32 hex digits, which WeCom compares after fetching it',
		},
		waitField,
		optionsOf(timeoutOption, hostUrlOption, linkLifetimeOption, checkUrlOption),
	],
);

/** Submits a job, and waits for its end where that is wished. */
async function execute(run: Run): Promise<INodeExecutionData[] | Waiting> {
	const { context, itemIndex } = run;
	const { checkUrl, timeout } = readOptions(context, itemIndex);
	const waits = parameter(context, 'waitForCompletion', itemIndex, false) === true;
	const { client, system } = await run.connect();
	const hosted = isFromField(run) ? await host(run, system, waits) : undefined;
	if (hosted && checkUrl) await checkHostedLink(client, hosted);
	const job = await submitJob(client, {
		url: hosted?.url ?? text(context, 'url', itemIndex),
		type: text(context, 'mediaType', itemIndex) as AsyncType,
		fileName: text(context, 'fileName', itemIndex),
		md5: hosted?.md5 ?? text(context, 'md5', itemIndex),
		checkUrl: checkUrl && !hosted,
		known: hosted?.info,
	});
	run.remark(ASYNC_USES);
	const json: IDataObject = { jobid: job.jobid, type: job.type, file_name: job.file_name };
	if (job.file_size !== undefined) json.file_size = job.file_size;
	json.md5 = job.md5;
	if (!waits) {
		if (hosted) json.hosted_until = isoTime(hosted.expires);
		return [outputItem(run, json, false)];
	}
	return {
		rest: async () => {
			const result = await waitForJob(client, job.jobid, timeout * 1000);
			return [outputItem(run, { ...json, ...resultJson(result) }, false)];
		},
	};
}

async function host(run: Run, system: System, waits: boolean): Promise<HostedLink> {
	const { context, itemIndex, field } = run;
	const { hostUrl, linkLifetime, timeout } = readOptions(context, itemIndex);
	return await hostFile(context, itemIndex, field, system, {
		hostUrl,
		fileName: text(context, 'fileName', itemIndex),
		// While the node waits, the link must not end before the waiting does.
		lifetimeS: waits ? Math.max(linkLifetime, timeout + CHECKING_S) : linkLifetime,
	});
}

function isFromField({ context, itemIndex }: Run): boolean {
	return text(context, 'source', itemIndex) === 'binary';
}

export const asyncUpload: Operation = {
	description,
	readsFiles: isFromField,
	repeats: 'jobs that had been started are started again',
	execute,
};
