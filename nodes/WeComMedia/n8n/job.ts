/** What the operations of the asynchronous upload and the trigger share: a job's result as JSON, and its uses. */
import type { IDataObject } from 'n8n-workflow';

import type { JobResult } from '../wecom/calls/asyncUpload';

export const ASYNC_USES =
	'The media_id of a large upload can be downloaded and used as welcome material of customer groups (入群欢迎语素材). WeCom does not accept it for sending messages.';

/** @returns the fields of a result that are known; why a job failed is told by its error */
export function resultJson(result: JobResult): IDataObject {
	const { jobid, status, state, media_id, created_at, expires_at } = result;
	const json = { jobid, status, state };
	return state === 'done' ? { ...json, media_id, created_at, expires_at } : json;
}
