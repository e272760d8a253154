/** What the operations of the asynchronous upload and the trigger share: a job's result as JSON, and its uses. */
import type { IDataObject } from 'n8n-workflow';

import type { JobResult } from '../wecom/calls/asyncUpload';
import { isoTime } from '../wecom/calls/upload';

export const ASYNC_USES =
	'The media_id of a large upload can be downloaded and used as welcome material of customer groups (入群欢迎语素材). WeCom does not accept it for sending messages.';

/** @returns the fields of a result that are known, in the vendor's spelling */
export function resultJson(result: JobResult): IDataObject {
	const json: IDataObject = { jobid: result.jobid, status: result.status, state: result.state };
	if (result.mediaId !== undefined) json.media_id = result.mediaId;
	if (result.createdAt !== undefined) json.created_at = result.createdAt;
	if (result.expiresAt !== undefined) json.expires_at = isoTime(result.expiresAt);
	return json;
}
