import type { IDataObject } from 'n8n-workflow';

import { resultJson } from '../n8n/job';
import { queryJob } from '../wecom/calls/asyncUpload';
import type { JobResult } from '../wecom/calls/asyncUpload';
import type { Received } from '../wecom/callback/events';
import { textField } from '../wecom/callback/fields';
import type { WeComClient } from '../wecom/client/client';
import { isWeComError, WeComJobError } from '../wecom/client/errors';

/** The event may be a moment ahead of the result. */
const ASK_AGAIN = 3;

/**
 * The item a finished job becomes. The event is never lost: when the result cannot be had, the item says why.
 *
 * @param open opens the client that asks for the result; undefined = do not ask
 */
export async function jobItem(
	{ kind, createTime, fields }: Received,
	open: (() => WeComClient) | undefined,
): Promise<IDataObject> {
	const jobid = textField(fields, 'JobId') ?? '';
	const json: IDataObject = { event: kind, jobid };
	if (createTime !== undefined) json.create_time = createTime;
	if (!open) return json;
	return await Promise.resolve()
		.then(async () => await finalResult(open(), jobid))
		.then(
			(result) => ({ ...json, ...resultJson(result), ...failureJson(result) }),
			(error: unknown) => ({ ...json, ...reasonJson(error) }),
		);
}

async function finalResult(client: WeComClient, jobid: string): Promise<JobResult> {
	for (let asked = 0; ; asked += 1) {
		const result = await queryJob(client, jobid);
		if (result.state !== 'processing' || asked >= ASK_AGAIN) return result;
		await client.pause(asked, 'media/get_upload_by_url_result: the result is not there yet');
	}
}

function failureJson(result: JobResult): IDataObject {
	if (result.state !== 'failed') return {};
	const json: IDataObject = {};
	if (result.errcode !== undefined) json.errcode = result.errcode;
	if (result.errmsg) json.errmsg = result.errmsg;
	if (result.hint) json.hint = result.hint;
	return json;
}

function reasonJson(error: unknown): IDataObject {
	if (!isWeComError(error)) return { error: 'The result could not be asked for' };
	const json: IDataObject = { error: error.message };
	if (error instanceof WeComJobError && error.errcode !== undefined) json.errcode = error.errcode;
	if (error instanceof WeComJobError && error.errmsg) json.errmsg = error.errmsg;
	const { hint } = error as { hint?: string };
	if (hint) json.hint = hint;
	return json;
}
