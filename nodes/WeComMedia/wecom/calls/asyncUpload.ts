/** Asynchronous upload of up to 200 MB from a link, and its result (vendor page 96219). */
import { isPassing } from '../client/retries';
import type { WeComClient, JsonAnswer } from '../client/client';
import { textIn, wholeNumber } from '../client/outcome';
import { hintFor } from '../hints/errorHints';
import { isWeComError, WeComApiError, WeComCanceledError, WeComJobError } from '../client/errors';
import { fitToType, nameToSend } from '../files/naming';
import { sniff } from '../files/sniff';
import { ACCESS_HINTS } from '../hints/accessHints';
import { JOB_HINTS } from '../hints/callHints';
import { inspectLink, nameInUrl, readMd5, readUrl, refuseUnfit } from './link';
import type { LinkInfo } from './link';
import { md5OfLink, refuseDifferent } from './linkDigest';
import { readOpaqueId } from './typedValues';
import { incomplete, isoTime, MEDIA_ID_LIFE_S, readCreatedAt } from './upload';

export type AsyncType = 'video' | 'file';

/** The only scene there is: welcome material of customer groups (入群欢迎语素材). */
const SCENE = 1;
const QUERY = { path: 'media/get_upload_by_url_result', method: 'POST', repeatable: true } as const;
const MAYBE_STARTED =
	'WeCom may have started the job all the same, so it was not submitted again. Its jobid is lost, but WeCom Media Trigger starts when the job ends: wait for that. Running the item again starts a second job for the same file.';
/** Results can be asked for 60 minutes. */
export const JOB_LIFE_MS = 60 * 60 * 1000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const PAUSE_GROWTH = 1.5;
/** Bytes, vendor page 96219. */
const MAX_JOBID_BYTES = 128;
/** Of the codes about who calls and how, those that may as well be about the jobid. */
const PARAMETER_CODES = new Set([40035, 40058, 40063]);
const FORGOTTEN_HINT =
	'The job may be unknown or older than 60 minutes; results can be asked for 60 minutes only.';

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
	file_name: string;
	/** Bytes; undefined when nobody looked at the link. */
	file_size?: number;
	md5: string;
}

type JobState = 'processing' | 'done' | 'failed';

export interface JobResult {
	jobid: string;
	/** 1 processing, 2 done, 3 failed. */
	status: number;
	state: JobState;
	media_id?: string;
	/** Unix seconds. */
	created_at?: number;
	/** ISO time. */
	expires_at?: string;
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
	if (link && computed) refuseDifferent(link, computed);
	const md5 = givenMd5 || (computed?.md5 ?? '');
	const fileName = nameOf(request, link, url);
	const answer = await client.call({
		path: 'media/upload_by_url',
		method: 'POST',
		body: { scene: SCENE, type, filename: fileName, url, md5 },
		repeatable: false,
		proof: ['jobid'],
		ifLost: MAYBE_STARTED,
	});
	const jobid = textIn(answer, ['jobid']);
	// Should this process die while it waits, the log is where the jobid is left.
	client.world.log(`media/upload_by_url: '${fileName}' is job ${jobid}`);
	return {
		jobid,
		type,
		file_name: fileName,
		file_size: link?.size ?? computed?.size,
		md5,
	};
}

/** A file that nobody looked at can only be what its type and its link say. */
function nameOf({ fileName, type }: AsyncRequest, link: LinkInfo | undefined, url: string): string {
	const extension = type === 'video' ? 'mp4' : '';
	if (!link) {
		const declared = { fileName: nameInUrl(url), mimeType: '', extension };
		return nameToSend(fileName, declared, sniff(new Uint8Array(0)), undefined, type);
	}
	const named = nameToSend(fileName, link, link.sniffed, link.start, type);
	return fitToType(named, type, link.sniffed);
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
	try {
		return await ask(client, jobid);
	} catch (error) {
		throw withJobid(error, jobid);
	}
}

/**
 * Asks until the job has ended, with pauses growing from 2 to 30 s. Once WeCom has told of the job, a disturbance that
 * outlasts the retries of one call does not end the waiting: the job goes on meanwhile.
 *
 * @param timeoutMs at most the 60 minutes a result can be asked for
 * @throws WeComJobError with the jobid when it failed or the time is over; WeComCanceledError
 */
export async function waitForJob(
	client: WeComClient,
	jobid: string,
	timeoutMs: number,
): Promise<JobResult> {
	const { world } = client;
	const startedAt = world.now();
	const deadline = startedAt + Math.min(timeoutMs, JOB_LIFE_MS);
	let isKnown = false;
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * PAUSE_GROWTH)) {
		let result: JobResult | undefined;
		let disturbance: unknown;
		try {
			result = await ask(client, jobid);
		} catch (error) {
			if (!isKnown || !isPassing(error, QUERY)) throw withJobid(error, jobid);
			disturbance = withJobid(error, jobid);
		}
		isKnown = true;
		if (result?.state === 'done') return result;
		if (result?.state === 'failed') throw jobFailure(result);
		const left = deadline - world.now();
		if (left <= 0) {
			throw disturbance ?? tookTooLong(jobid, world.now() - startedAt);
		}
		if (!(await world.sleep(Math.min(pause, left)))) throw new WeComCanceledError();
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

async function ask(client: WeComClient, jobid: string): Promise<JobResult> {
	return readResult(client, jobid, await client.call({ ...QUERY, body: { jobid } }));
}

function readResult(client: WeComClient, jobid: string, answer: JsonAnswer): JobResult {
	const detail = (answer.detail ?? {}) as Record<string, unknown>;
	const status = wholeNumber(answer.status);
	if (Number.isNaN(status)) throw incomplete(QUERY.path, 'status');
	if (status === 2) {
		const media_id = textIn(detail, ['media_id']);
		if (media_id === '') {
			throw new WeComJobError(
				'WeCom says that the upload job is done, but gave no media_id',
				jobid,
				"Ask again with 'Get Large Upload Result'.",
			);
		}
		const created_at = readCreatedAt(detail.created_at, client.world.now());
		const expires_at = isoTime(created_at + MEDIA_ID_LIFE_S);
		return { jobid, status, state: 'done', media_id, created_at, expires_at };
	}
	if (status !== 3) return { jobid, status, state: 'processing' };
	const errcode = wholeNumber(detail.errcode);
	const errmsg = textIn(detail, ['errmsg']);
	if (errcode === 0 || Number.isNaN(errcode))
		return { jobid, status, state: 'failed', errmsg: errmsg || undefined };
	const known = JOB_HINTS[errcode];
	const advice = known
		? { meaning: known[0], hint: known[1] }
		: hintFor(errcode, { system: client.account.id, errmsg });
	return { jobid, status, state: 'failed', errcode, errmsg, ...advice };
}

function withJobid(error: unknown, jobid: string): unknown {
	if (!isWeComError(error) || error instanceof WeComCanceledError) return error;
	const own = error.hint;
	if (error instanceof WeComApiError) {
		const { message, errcode, errmsg } = error;
		const hint = saysWhoMayCall(errcode) ? own : `${FORGOTTEN_HINT} ${own}`.trim();
		return new WeComJobError(message, jobid, hint, errcode, errmsg);
	}
	return new WeComJobError(error.message, jobid, own);
}

/** Which code an unknown job has is not documented: any that is not about the caller may be it. */
function saysWhoMayCall(errcode: number): boolean {
	return errcode in ACCESS_HINTS && !PARAMETER_CODES.has(errcode);
}

function tookTooLong(jobid: string, waitedMs: number): WeComJobError {
	return new WeComJobError(
		`The upload job ${jobid} is still running after ${Math.round(waitedMs / 1000)} s`,
		jobid,
		"Nothing is lost: ask again with 'Get Large Upload Result' within 60 minutes of submitting, raise 'Timeout', or let WeCom Media Trigger tell you when it is done.",
	);
}
