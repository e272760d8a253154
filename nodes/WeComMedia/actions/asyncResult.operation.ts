import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import { jobFailure, queryJob, readJobid, waitForJob } from '../wecom/calls/asyncUpload';
import { ASYNC_USES, resultJson } from '../n8n/job';
import { asyncNotice, waitField } from './panelFields';
import { outputItem, parameter, text } from './parameters';
import type { Operation, Run, Waiting } from './operation';
import { optionsOf, readOptions, timeoutOption } from './options';

const description = updateDisplayOptions(
	{ show: { resource: ['app'], operation: ['asyncResult'] } },
	[
		asyncNotice,
		{
			displayName: 'Job ID',
			name: 'jobId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. jobid_S0MrnndvRG5fadSlLwiBqiDDbM…',
			description: 'The jobid that Upload Large File gave, at most 60 minutes ago',
		},
		waitField,
		optionsOf(timeoutOption),
	],
);

/** Asks for a job's result; a failed job is an error. */
async function execute(run: Run): Promise<INodeExecutionData[] | Waiting> {
	const { context, itemIndex } = run;
	const { timeout } = readOptions(context, itemIndex);
	const jobid = readJobid(text(context, 'jobId', itemIndex));
	const { client } = await run.connect();
	if (parameter(context, 'waitForCompletion', itemIndex, false) === true) {
		return {
			rest: async () => {
				const result = await waitForJob(client, jobid, timeout * 1000);
				run.remark(ASYNC_USES);
				return [outputItem(run, resultJson(result), false)];
			},
		};
	}
	const result = await queryJob(client, jobid);
	if (result.state === 'failed') throw jobFailure(result);
	if (result.state === 'done') run.remark(ASYNC_USES);
	return [outputItem(run, resultJson(result), false)];
}

export const asyncResult: Operation = { description, execute };
