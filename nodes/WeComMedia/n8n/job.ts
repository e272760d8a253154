/** What the operations of the asynchronous upload and the trigger share: a job's result as JSON, and its uses. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { JobResult } from '../wecom/calls/asyncUpload';
import { isoTime } from '../wecom/calls/upload';

export const ASYNC_USES =
	'The media_id of a large upload can be downloaded and used as welcome material of customer groups (入群欢迎语素材). WeCom does not accept it for sending messages.';

export const asyncNotice: INodeProperties = {
	displayName: ASYNC_USES,
	name: 'asyncNotice',
	type: 'notice',
	default: '',
};

export const waitField: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		'Whether to wait until WeCom has finished and give the media_id. Without it, go on with Get Large Upload Result or WeCom Media Trigger.',
};

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3600 },
	default: 600,
	description: 'Seconds to wait for completion, 3600 at most: WeCom forgets a job after 60 minutes',
};

/** @returns the fields of a result that are known, in the vendor's spelling */
export function resultJson(result: JobResult): IDataObject {
	const json: IDataObject = { jobid: result.jobid, status: result.status, state: result.state };
	if (result.mediaId !== undefined) json.media_id = result.mediaId;
	if (result.createdAt !== undefined) json.created_at = result.createdAt;
	if (result.expiresAt !== undefined) json.expires_at = isoTime(result.expiresAt);
	return json;
}
