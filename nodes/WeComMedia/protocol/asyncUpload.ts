/** Asynchronous upload of up to 200 MB from a link, and its result (vendor page 96219). */
import type { WeComClient, JsonAnswer } from './client';
import { hintFor } from './errorHints';
import {
	isWeComError,
	WeComApiError,
	WeComCancelledError,
	WeComHttpError,
	WeComJobError,
} from './errors';
import { toUploadFileName } from './fileName';
import { inspectLink, md5OfLink, nameInUrl, readMd5, readUrl, refuseUnfit } from './link';
import type { LinkInfo } from './link';
import { readOpaqueId } from './opaqueId';
import { MEDIA_ID_LIFE_S, readCreatedAt } from './upload';

export type AsyncType = 'video' | 'file';

/** The only scene there is: welcome material of customer groups (入群欢迎语素材). */
const SCENE = 1;
/** Results can be asked for 60 minutes. */
export const JOB_LIFE_MS = 60 * 60 * 1000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const PAUSE_GROWTH = 1.5;
/** Bytes, vendor page 96219. */
const MAX_JOBID_BYTES = 128;

export interface AsyncRequest {
	url: string;
	type: AsyncType;
	/** '' = from the link. */
	fileName: string;
	/** '' = computed. */
	md5: string;
	checkUrl: boolean;
	/** What is known of the file without asking the link (a file that n8n hosts itself). */
	known?: LinkInfo;
}

export interface SubmittedJob {
	jobid: string;
	type: AsyncType;
	fileName: string;
	/** Bytes; undefined when nobody looked at the link. */
	fileSize?: number;
	md5: string;
}

export type JobState = 'processing' | 'done' | 'failed';

export interface JobResult {
	jobid: string;
	/** 1 processing, 2 done, 3 failed. */
	status: number;
	state: JobState;
	mediaId?: string;
	/** Unix seconds. */
	createdAt?: number;
	expiresAt?: number;
	errcode?: number;
	errmsg?: string;
	meaning?: string;
	hint?: string;
}

/**
 * Checks the link, computes what is missing, and submits the job. Not repeated after an unknown outcome: a second job
 * would end in a second event.
 *
 * @throws WeComInputError before anything is submitted, then as WeComClient.call
 */
export async function submitJob(client: WeComClient, request: AsyncRequest): Promise<SubmittedJob> {
	const url = readUrl(request.url);
	const givenMd5 = readMd5(request.md5);
	const { known, type } = request;
	if (known) refuseUnfit(known.size, known.sniffed, type);
	const seen = request.checkUrl ? await inspectLink(client, url, type) : undefined;
	const link = known ?? seen;
	const computed = givenMd5 ? undefined : await md5OfLink(client, url);
	const md5 = givenMd5 || (computed?.md5 ?? '');
	const fileName = toUploadFileName(request.fileName || (link?.fileName ?? nameInUrl(url)), {
		extension: link?.sniffed.extension || (type === 'video' ? 'mp4' : ''),
		fallbackBase: type,
	});
	const answer = await client.call({
		path: 'media/upload_by_url',
		method: 'POST',
		body: { scene: SCENE, type, filename: fileName, url, md5 },
		repeatable: false,
	});
	const jobid = String(answer.jobid ?? '');
	if (jobid === '') {
		throw new WeComHttpError(
			'media/upload_by_url was answered without jobid',
			200,
			'Check Base URL: it must lead to the WeCom API.',
		);
	}
	return { jobid, type, fileName, fileSize: link?.size ?? computed?.size, md5 };
}

/**
 * @returns the jobid, trimmed
 * @throws WeComInputError
 */
export function readJobid(value: string): string {
	const source = "the output of 'Upload Large File', for example {{ $json.jobid }}";
	return readOpaqueId(value, 'Job ID', MAX_JOBID_BYTES, source);
}

/**
 * Asks once how a job stands.
 *
 * @throws WeComJobError when WeCom does not know the job (any more), else as WeComClient.call
 */
export async function queryJob(client: WeComClient, jobid: string): Promise<JobResult> {
	const answer = await client
		.call({
			path: 'media/get_upload_by_url_result',
			method: 'POST',
			body: { jobid },
			repeatable: true,
		})
		.catch(async (error: unknown) => await Promise.reject(withJobid(error, jobid)));
	return readResult(client, jobid, answer);
}

/**
 * Asks until the job has ended, with pauses growing from 2 to 30 s.
 *
 * @param timeoutMs at most the 60 minutes a result can be asked for
 * @throws WeComJobError with the jobid when it failed or the time is over; WeComCancelledError
 */
export async function waitForJob(
	client: WeComClient,
	jobid: string,
	timeoutMs: number,
): Promise<JobResult> {
	const { world } = client;
	const startedAt = world.now();
	const deadline = startedAt + Math.min(timeoutMs, JOB_LIFE_MS);
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * PAUSE_GROWTH)) {
		const result = await queryJob(client, jobid);
		if (result.state === 'done') return result;
		if (result.state === 'failed') throw jobFailure(result);
		const left = deadline - world.now();
		if (left <= 0) throw tookTooLong(jobid, world.now() - startedAt);
		if (!(await world.sleep(Math.min(pause, left)))) throw new WeComCancelledError();
	}
}

/** The error a failed job is: the code's meaning and what to do. */
export function jobFailure(result: JobResult): WeComJobError {
	const code = result.errcode === undefined ? '' : `${result.errcode}: `;
	return new WeComJobError(
		`The upload job failed (${code}${result.meaning ?? 'WeCom gave no reason'})`,
		result.jobid,
		result.hint ?? 'Check the link and submit it again.',
		result.errcode,
		result.errmsg,
	);
}

function readResult(client: WeComClient, jobid: string, answer: JsonAnswer): JobResult {
	const detail = (answer.detail ?? {}) as Record<string, unknown>;
	const status = Number(answer.status);
	if (status === 2) {
		const mediaId = String(detail.media_id ?? '');
		if (mediaId === '') {
			throw new WeComJobError(
				'WeCom says that the upload job is done, but gave no media_id',
				jobid,
				"Ask again with 'Get Large Upload Result'.",
			);
		}
		const createdAt = readCreatedAt(detail.created_at, client.world.now());
		const expiresAt = createdAt + MEDIA_ID_LIFE_S;
		return { jobid, status, state: 'done', mediaId, createdAt, expiresAt };
	}
	if (status !== 3) return { jobid, status, state: 'processing' };
	const errcode = Number(detail.errcode ?? 0);
	const errmsg = String(detail.errmsg ?? '');
	if (errcode === 0) return { jobid, status, state: 'failed', errmsg: errmsg || undefined };
	const advice = hintFor(errcode, { system: client.account.id, errmsg });
	return { jobid, status, state: 'failed', errcode, errmsg, ...advice };
}

function withJobid(error: unknown, jobid: string): unknown {
	if (!isWeComError(error) || error instanceof WeComCancelledError) return error;
	const own = 'hint' in error ? error.hint : '';
	if (error instanceof WeComApiError) {
		const about = `The job may be unknown or older than 60 minutes; results can be asked for 60 minutes only. ${own}`;
		return new WeComJobError(error.message, jobid, about.trim(), error.errcode, error.errmsg);
	}
	return new WeComJobError(error.message, jobid, own);
}

function tookTooLong(jobid: string, waitedMs: number): WeComJobError {
	return new WeComJobError(
		`The upload job ${jobid} is still running after ${Math.round(waitedMs / 1000)} s`,
		jobid,
		"Nothing is lost: ask again with 'Get Large Upload Result' within 60 minutes of submitting, raise 'Timeout', or let WeCom Media Trigger tell when it has ended.",
	);
}
