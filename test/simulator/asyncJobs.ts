import { randomBytes } from 'node:crypto';

import { eventXml, type CallbackSender } from './callbackSender';
import { Refusal } from './errcodes';
import { sniff } from './fileKinds';
import { fetchLink } from './linkFetcher';
import type { App } from './model';
import type { SimulatorState } from './state';

/** Results can be queried for 60 minutes (vendor page 96219). */
export const JOB_LIFE_MS = 60 * 60_000;

/** How a job deviates; unset members mean "as documented". */
export interface JobBehavior {
	/** End with this code without looking at the link. */
	errcode?: number;
	/** Stay in processing until `release` is called. */
	hold?: boolean;
	/** `status` as a string: the vendor's table says so, the sample shows a number. */
	statusAsString?: boolean;
	/** `detail` while processing; default absent. */
	processingDetail?: 'absent' | 'empty' | 'zeros';
	/** Leave errcode and errmsg out of the detail of a finished job. */
	doneDetail?: 'full' | 'withoutErrcode';
	/** Pushes of the finish event, even when answered with 200; 0 for none; default 1. */
	callbackTimes?: number;
	/** Push these at the same time instead of one after another. */
	callbacksAtOnce?: boolean;
}

/** What an app submitted with upload_by_url. */
export interface JobRequest {
	app: App;
	type: 'video' | 'file';
	fileName: string;
	url: string;
	md5: string;
}

/** A job of upload_by_url (vendor page 96219). */
export interface AsyncJob extends JobRequest {
	jobId: string;
	createdAt: number;
	/** 1 processing, 2 done, 3 failed. */
	status: 1 | 2 | 3;
	errcode: number;
	errmsg: string;
	mediaId?: string;
	finishedAt?: number;
	behavior: JobBehavior;
}

interface Running {
	job: AsyncJob;
	done: Promise<void>;
	release: () => void;
}

/** Runs jobs in the background: fetch, check, change the state, push the event. */
export class AsyncJobs {
	/** How all coming jobs deviate. */
	behavior: JobBehavior = {};
	/** Bytes asked for at a time. */
	chunkBytes = 8 * 1024 * 1024;
	/** Milliseconds one piece of a link may take. */
	fetchTimeoutMs = 30_000;
	private readonly nextBehaviors: JobBehavior[] = [];
	private readonly running = new Map<string, Running>();

	constructor(
		private readonly state: SimulatorState,
		private readonly callbacks: CallbackSender,
		private readonly signal: AbortSignal,
	) {}

	/** How the next job deviates, on top of `behavior`; several are used in the order given. */
	next(behavior: JobBehavior): void {
		this.nextBehaviors.push(behavior);
	}

	/** Takes a job and starts it. */
	submit(request: JobRequest): AsyncJob {
		const job: AsyncJob = {
			...request,
			jobId: `jobid_${randomBytes(32).toString('base64url')}`,
			createdAt: this.state.now(),
			status: 1,
			errcode: 0,
			errmsg: 'ok',
			behavior: { ...this.behavior, ...this.nextBehaviors.shift() },
		};
		let release = () => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		if (!job.behavior.hold) release();
		this.state.jobs.set(job.jobId, job);
		const done = this.run(job, held).finally(() => this.running.delete(job.jobId));
		this.running.set(job.jobId, { job, done, release });
		return job;
	}

	/** The job, while its result can still be asked for. */
	find(jobId: string): AsyncJob | undefined {
		const job = this.state.jobs.get(jobId);
		return job && this.state.now() - job.createdAt < JOB_LIFE_MS ? job : undefined;
	}

	/** Lets one held job, or all, go on. */
	release(jobId?: string): void {
		for (const { job, release } of this.running.values()) {
			if (jobId !== undefined && job.jobId !== jobId) continue;
			job.behavior = { ...job.behavior, hold: false };
			release();
		}
	}

	/** Resolves when every job that is not held has ended and its callbacks are through. */
	async settled(): Promise<void> {
		const active = [...this.running.values()].filter(({ job }) => !job.behavior.hold);
		await Promise.all(active.map(async ({ done }) => await done));
	}

	/** Ends held jobs too; the simulator's signal has already ended what was under way. */
	async close(): Promise<void> {
		this.release();
		await this.settled();
	}

	private async run(job: AsyncJob, held: Promise<void>): Promise<void> {
		await held;
		const refusal = await this.fetch(job);
		if (this.signal.aborted) return;
		job.status = refusal ? 3 : 2;
		job.errcode = refusal?.errcode ?? 0;
		job.errmsg = refusal?.message ?? 'ok';
		job.finishedAt = this.state.now();
		await this.announce(job);
	}

	private async fetch(job: AsyncJob): Promise<Refusal | undefined> {
		try {
			if (job.behavior.errcode !== undefined) throw new Refusal(job.behavior.errcode);
			const { chunkBytes, fetchTimeoutMs: timeoutMs, signal } = this;
			const { bytes, md5 } = await fetchLink(job.url, { chunkBytes, timeoutMs, signal });
			const wanted = this.state.strict.md5LowerCaseOnly ? job.md5 : job.md5.toLowerCase();
			if (md5 !== wanted) throw new Refusal(301019);
			// The table of the page has no code for a video that is not MP4; 40005 is the general one.
			if (job.type === 'video' && sniff(bytes) !== 'mp4') throw new Refusal(40005);
			const { type, fileName } = job;
			const owner = job.app.corpId;
			const stored = this.state.media.add({ bytes, md5, type, fileName, owner, origin: 'async' });
			job.mediaId = stored.mediaId;
			return undefined;
		} catch (error) {
			return error instanceof Refusal ? error : new Refusal(-1, String(error));
		}
	}

	/** The event carries no result: the app has to ask for it. */
	private async announce(job: AsyncJob): Promise<void> {
		const times = job.behavior.callbackTimes ?? 1;
		if (!job.app.callback?.url || times === 0) return;
		const message = eventXml({
			ToUserName: job.app.corpId,
			FromUserName: 'sys',
			CreateTime: Math.floor(this.state.now() / 1000),
			MsgType: 'event',
			Event: 'upload_media_job_finish',
			JobId: job.jobId,
		});
		const pushes: Array<Promise<unknown>> = [];
		for (let count = 0; count < times; count += 1) {
			const push = this.callbacks.push(job.app, message);
			pushes.push(push);
			if (!job.behavior.callbacksAtOnce) await push;
		}
		await Promise.all(pushes);
	}
}
