import { requireApp } from '../access';
import type { AsyncJob } from '../asyncJobs';
import { Refusal } from '../errcodes';
import { jsonReply, type Reply } from '../reply';
import { jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

/** media/upload_by_url (vendor page 96219). */
function uploadByUrl(request: WeComRequest): Reply {
	const { app } = requireApp(request);
	if (!app.customerContact) throw new Refusal(48002);
	const body = jsonBody(request);
	// 1, material for group welcomes, is the only scene there is.
	if (body.scene === undefined) throw new Refusal(40063);
	if (body.scene !== 1) throw new Refusal(40058, 'invalid scene');
	const type = requiredText(body, 'type', 40063, 32);
	if (type !== 'video' && type !== 'file') throw new Refusal(40004);
	const fileName = requiredText(body, 'filename', 40063, 128);
	const url = requiredText(body, 'url', 40063, 1024, 40039);
	const md5 = requiredText(body, 'md5', 40063, 32);
	const job = request.jobs.submit({ app, type, fileName, url, md5 });
	return jsonReply({ errcode: 0, errmsg: 'ok', jobid: job.jobId });
}

/** media/get_upload_by_url_result: the outer errcode is 0 for a failed job as well. */
function uploadResult(request: WeComRequest): Reply {
	const { app } = requireApp(request);
	const jobId = requiredText(jsonBody(request), 'jobid', 40063, 128);
	const job = request.jobs.find(jobId);
	// The code for an unknown or forgotten job is not documented.
	if (!job || job.app.corpId !== app.corpId) throw new Refusal(40058, 'invalid jobid');
	const status = job.behavior.statusAsString ? String(job.status) : job.status;
	return jsonReply({ errcode: 0, errmsg: 'ok', status, ...detailOf(job) });
}

function detailOf(job: AsyncJob): { detail?: Record<string, unknown> } {
	const { status, errcode, errmsg, mediaId = '', behavior } = job;
	if (status === 1) {
		if (behavior.processingDetail === 'empty') return { detail: {} };
		if (behavior.processingDetail !== 'zeros') return {};
		return { detail: { errcode: 0, errmsg: '', media_id: '', created_at: '' } };
	}
	if (status === 3) return { detail: { errcode, errmsg, media_id: '', created_at: '' } };
	const createdAt = String(Math.floor((job.finishedAt ?? 0) / 1000));
	const result = { media_id: mediaId, created_at: createdAt };
	return {
		detail: behavior.doneDetail === 'withoutErrcode' ? result : { errcode, errmsg, ...result },
	};
}

export const ASYNC_UPLOAD_ROUTES: Route[] = [
	{ method: 'POST', path: 'media/upload_by_url', handle: uploadByUrl },
	{ method: 'POST', path: 'media/get_upload_by_url_result', handle: uploadResult },
];
