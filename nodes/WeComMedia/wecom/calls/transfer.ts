/**
 * The bytes of a download by Range (vendor page 90254): pieces as large as may come at once, one after the other, going
 * on at the byte where a broken connection stopped. Nothing is kept: what arrives is handed on. A file ends where the
 * server said it would, or where it says (HTTP 416) that there is no more; nowhere else.
 */
import { toBuffer } from '../client/body';
import { formatBytes } from '../client/bytes';
import type { FileAnswer, WeComClient } from '../client/client';
import { WeComChangedError, WeComHttpError, WeComTransferError } from '../client/errors';
import { compressed } from '../client/retries';
import {
	ifRangeOf,
	isPart,
	isSameVersion,
	isCounted,
	isSelfDelimiting,
	isPacked,
	isUnpacked,
	lengthOf,
	partOf,
	sizeBeyond,
	versionOf,
} from './partAnswer';
import type { Version } from './partAnswer';
import { alignedDown, alignedUp, rangeOf } from './ranges';
import { Setbacks } from './setbacks';

const PROXY_HINT =
	'Run it again. If it stays, a proxy between n8n and the server may cut, compress or change the answers.';

export interface DownloadProgress {
	bytes: number;
	/** How often a broken or stalled connection was taken up again. */
	resumed: number;
}

/** Opens a part of one file; `headers` say which, and of which version. */
export type OpenPart = (headers: Record<string, string>) => Promise<FileAnswer>;

/** Where the bytes of one answer go. */
interface Plan {
	/** Bytes at its beginning that were there before, and have not come yet. */
	skip: number;
	/** Position in the file at which it ends; undefined where only its own end tells. */
	end: number | undefined;
	/** Whether the connection says by itself that the answer is complete. */
	endsItself: boolean;
}

/** One file on its way: which byte comes next, and what the server said of the whole. */
export class Transfer {
	private position = 0;
	private total: number | undefined;
	/** Nobody says how long the file is, and the last part ended where it said it would. */
	private mayBeComplete = false;
	/** There is no block after the one in which the last part ended. */
	private isLastBlock = false;
	private version: Version | undefined;
	private readonly setbacks: Setbacks;

	constructor(
		private readonly client: WeComClient,
		private readonly name: string,
		private readonly open: OpenPart,
		private readonly progress: DownloadProgress,
	) {
		this.setbacks = new Setbacks(client, name);
	}

	/** @throws WeComChangedError when the file became another one, WeComTransferError, and as WeComClient.open */
	async *run(first: FileAnswer): AsyncGenerator<Uint8Array> {
		const startedAt = this.client.world.now();
		for (let answer: FileAnswer | undefined = first; answer; answer = await this.next()) {
			const source = answer.body[Symbol.asyncIterator]();
			let failure: unknown;
			try {
				const plan = this.plan(answer);
				while (!this.hasAll(plan)) {
					let next: IteratorResult<Uint8Array | string>;
					try {
						next = await source.next();
					} catch (error) {
						failure = error ?? new Error('broken');
						break;
					}
					if (next.done) break;
					const fresh = this.take(toBuffer(next.value), plan);
					if (fresh.length > 0) yield fresh;
				}
				failure ??= this.close(answer, plan);
			} finally {
				answer.body.destroy?.();
				await source.return?.();
			}
			this.progress.bytes = this.position;
			if (failure !== undefined) {
				await this.setbacks.recover(failure, this.position, this.ofTotal());
				this.progress.resumed += 1;
			} else if (this.isComplete()) return;
			else this.report(startedAt);
		}
	}

	/** @returns the answer that goes on, undefined when the file turns out to be complete */
	private async next(): Promise<FileAnswer | undefined> {
		if (this.mayBeComplete) {
			const beyond = alignedUp(this.position);
			const answer = await this.ask(beyond);
			if (answer instanceof WeComHttpError) {
				this.total = sizeBeyond(answer.contentRange);
				if (beyond === this.position) this.total ??= this.position;
				if (this.total !== undefined && this.total < this.position) {
					throw this.wrong(`says that the file has ${this.total} bytes, but more came`);
				}
				if (this.isComplete()) return undefined;
				// Nobody says whether the block in which the last part ended has more bytes.
				this.isLastBlock = this.total === undefined;
			} else {
				if (beyond === this.position) return answer;
				answer.body.destroy?.();
			}
		}
		const answer = await this.ask(alignedDown(this.position));
		if (answer instanceof WeComHttpError) throw this.nothingMore();
		return answer;
	}

	/** @returns the answer, or HTTP 416 */
	private async ask(start: number): Promise<FileAnswer | WeComHttpError> {
		const ifRange = this.version && this.position > 0 ? ifRangeOf(this.version) : '';
		const range = rangeOf(start);
		try {
			return await this.open({ range, ...(ifRange ? { 'if-range': ifRange } : {}) });
		} catch (error) {
			return unsatisfied(error);
		}
	}

	private hasAll({ end, endsItself }: Plan): boolean {
		return this.position === end && this.total === end && !endsItself;
	}

	/** @returns what of a piece is new */
	private take(bytes: Buffer, plan: Plan): Buffer {
		const fresh = bytes.subarray(Math.min(plan.skip, bytes.length));
		plan.skip -= bytes.length - fresh.length;
		if (plan.end !== undefined && this.position + fresh.length > plan.end) {
			throw this.wrong(`sent more bytes than it announced (${formatBytes(plan.end)})`);
		}
		this.position += fresh.length;
		return fresh;
	}

	/** What it means that an answer has ended by itself. @returns what broke it */
	private close(answer: FileAnswer, { end }: Plan): Error | undefined {
		if (end === undefined) {
			if (!isSelfDelimiting(answer)) {
				throw this.wrong(`ended after ${this.position} bytes without having said that this is all`);
			}
			this.total = this.position;
		} else if (this.position < end) {
			return new Error('ended early');
		} else {
			this.mayBeComplete = this.total === undefined;
		}
		return undefined;
	}

	private plan(answer: FileAnswer): Plan {
		const { skip, end } = this.promised(answer);
		const endsItself = end !== undefined && isCounted(answer, end - this.position + skip);
		return { skip, end, endsItself };
	}

	/** Reads what an answer promises and refuses what does not continue the file. */
	private promised(answer: FileAnswer): Pick<Plan, 'skip' | 'end'> {
		this.refuseOtherVersion(answer);
		this.mayBeComplete = false;
		if (isPacked(answer)) throw compressed(this.name);
		if (!isPart(answer)) {
			if (this.position > 0) {
				throw this.changed(
					`answered with the whole file instead of the part from byte ${this.position}, so it cannot be continued`,
				);
			}
			this.total = lengthOf(answer);
			return { skip: 0, end: this.total };
		}
		if (isUnpacked(answer)) throw compressed(this.name);
		const part = partOf(answer);
		if (!part) throw this.wrong('answered with a part but did not say which (Content-Range)');
		const asked = alignedDown(this.position);
		if (part.start !== asked) {
			throw this.wrong(`answered from byte ${part.start} instead of byte ${asked}`);
		}
		const end = part.end + 1;
		if (end === this.position && this.isLastBlock) this.total = end;
		else if (end <= this.position) throw this.nothingMore();
		if (part.total !== undefined) {
			if (this.total !== undefined && this.total !== part.total) {
				throw this.changed(`changed the file's size from ${this.total} to ${part.total} bytes`);
			}
			this.total = part.total;
		}
		return { skip: this.position - asked, end };
	}

	private refuseOtherVersion(answer: FileAnswer): void {
		const version = versionOf(answer);
		this.version ??= version;
		if (isSameVersion(this.version, version)) return;
		throw this.changed(`gave another version of the file from byte ${this.position} on`);
	}

	private isComplete(): boolean {
		return this.total !== undefined && this.position >= this.total;
	}

	private report(startedAt: number): void {
		const seconds = Math.max(0.001, (this.client.world.now() - startedAt) / 1000);
		const rate = formatBytes(Math.round(this.position / seconds));
		this.client.world.log(
			`${this.name}: ${formatBytes(this.position)}${this.ofTotal()} received, ${rate}/s`,
		);
	}

	private ofTotal(): string {
		return this.total === undefined ? '' : ` of ${this.total}`;
	}

	private nothingMore(): WeComTransferError {
		return this.wrong(`gives nothing after byte ${this.position}${this.ofTotal()}`);
	}

	private wrong(what: string): WeComTransferError {
		return new WeComTransferError(`${this.name}: the server ${what}`, PROXY_HINT);
	}

	private changed(what: string): WeComChangedError {
		return new WeComChangedError(`${this.name}: the server ${what}`, PROXY_HINT);
	}
}

function unsatisfied(error: unknown): WeComHttpError {
	if (error instanceof WeComHttpError && error.status === 416) return error;
	throw error;
}
