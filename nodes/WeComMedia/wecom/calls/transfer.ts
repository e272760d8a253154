/**
 * The bytes of a download by Range (vendor page 90254): pieces of 16 MiB, one after the other, going on at the byte
 * where a broken connection stopped. Nothing is kept: what arrives is handed on.
 */
import { toBuffer } from '../client/body';
import { formatBytes } from '../client/bytes';
import type { FileAnswer, WeComClient } from '../client/client';
import { parseContentRange } from '../client/contentRange';
import {
	WeComApiError,
	WeComCancelledError,
	WeComHttpError,
	WeComNetworkError,
	WeComTransferError,
} from '../client/errors';
import { header } from '../client/wire';
import type { ByteStream, WireResponse } from '../client/wire';

/** Below 20 MB under both readings of MB, and a multiple of the 16 bytes that stored-encrypted media needs. */
const CHUNK_BYTES = 16 * 1024 * 1024;
const ALIGNMENT = 16;

export interface DownloadProgress {
	bytes: number;
	/** How often a broken or stalled connection was taken up again. */
	resumed: number;
}

/** Opens the bytes from `start` to `end` (inclusive) of one file. */
export type OpenRange = (range: string) => Promise<FileAnswer>;

/** @returns the Range header that asks for the piece in which a byte lies, from that byte on */
export function rangeOf(position: number): string {
	const start = position - (position % ALIGNMENT);
	const end = (Math.floor(position / CHUNK_BYTES) + 1) * CHUNK_BYTES - 1;
	return `bytes=${start}-${end}`;
}

/** @returns the bytes of the whole file, where the answer says so */
export function sizeOf(response: WireResponse<ByteStream>): number | undefined {
	const range = parseContentRange(header(response, 'content-range'));
	if (response.status === 206) return range?.total;
	const length = header(response, 'content-length');
	return /^\d+$/.test(length) ? Number(length) : undefined;
}

/** One file on its way: which byte comes next, and what the server said of the whole. */
export class Transfer {
	private position = 0;
	private total: number | undefined;
	private setbacks = 0;

	constructor(
		private readonly client: WeComClient,
		private readonly name: string,
		private readonly open: OpenRange,
		private readonly progress: DownloadProgress,
	) {}

	async *run(first: WireResponse<ByteStream>): AsyncGenerator<Uint8Array> {
		const startedAt = this.client.world.now();
		let response: WireResponse<ByteStream> | undefined = first;
		for (;;) {
			response ??= await this.openNext();
			if (!response) return;
			const before = this.position;
			const failure: { error?: unknown } = {};
			yield* this.piece(response, failure);
			response = undefined;
			this.progress.bytes = this.position;
			if (this.position > before) this.setbacks = 0;
			if (failure.error !== undefined) {
				await this.recover(failure.error);
				continue;
			}
			if (this.isComplete()) break;
			this.report(startedAt);
		}
	}

	/** Opens the next piece; undefined when an unknown total turns out to be reached. */
	private async openNext(): Promise<WireResponse<ByteStream> | undefined> {
		return await this.open(rangeOf(this.position)).catch(async (error: unknown) => {
			const beyondEnd = error instanceof WeComHttpError && error.status === 416;
			if (beyondEnd && this.total === undefined) return undefined;
			return await Promise.reject(error);
		});
	}

	/** Hands on one answer's bytes; a broken connection is noted in `failure`, a wrong answer thrown. */
	private async *piece(
		response: WireResponse<ByteStream>,
		failure: { error?: unknown },
	): AsyncGenerator<Uint8Array> {
		const source = response.body[Symbol.asyncIterator]();
		try {
			const plan = this.plan(response);
			let { skip } = plan;
			let end = false;
			while (!end) {
				const next = await source.next().then(
					(value) => value,
					(error: unknown) => {
						failure.error = error ?? new Error('broken');
						return undefined;
					},
				);
				if (!next || next.done) break;
				const bytes = toBuffer(next.value);
				const fresh = bytes.subarray(Math.min(skip, bytes.length));
				skip -= bytes.length - fresh.length;
				if (plan.end !== undefined && this.position + fresh.length > plan.end) {
					throw this.wrong(`sent more bytes than it announced (${formatBytes(plan.end)})`);
				}
				this.position += fresh.length;
				end = plan.end !== undefined && this.position === plan.end && this.total === plan.end;
				if (fresh.length > 0) yield fresh;
			}
			const short = plan.end !== undefined && this.position < plan.end;
			if (short) failure.error ??= new Error('ended early');
			if (plan.end === undefined && failure.error === undefined) this.total = this.position;
		} finally {
			await source.return?.();
			response.body.destroy?.();
		}
	}

	/** Reads what an answer promises and refuses what does not continue the file. */
	private plan(response: WireResponse<ByteStream>): { skip: number; end: number | undefined } {
		if (response.status !== 206) {
			if (this.position > 0) {
				throw this.wrong(
					`answered with the whole file instead of the part from byte ${this.position}, so it cannot be continued`,
				);
			}
			this.total = sizeOf(response);
			return { skip: 0, end: this.total };
		}
		const range = parseContentRange(header(response, 'content-range'));
		if (!range) throw this.wrong('answered with a part but did not say which (Content-Range)');
		const asked = this.position - (this.position % ALIGNMENT);
		if (range.start !== asked) {
			throw this.wrong(`answered from byte ${range.start} instead of byte ${asked}`);
		}
		if (range.total !== undefined) {
			if (this.total !== undefined && this.total !== range.total) {
				throw this.wrong(`changed the file's size from ${this.total} to ${range.total} bytes`);
			}
			this.total = range.total;
		}
		if (this.total === undefined && range.end + 1 < this.chunkEnd()) this.total = range.end + 1;
		return { skip: this.position - asked, end: range.end + 1 };
	}

	private chunkEnd(): number {
		return (Math.floor(this.position / CHUNK_BYTES) + 1) * CHUNK_BYTES;
	}

	private isComplete(): boolean {
		return this.total !== undefined && this.position >= this.total;
	}

	private async recover(error: unknown): Promise<void> {
		if (error instanceof WeComCancelledError || error instanceof WeComApiError) throw error;
		const { maxRetries } = this.client;
		if (this.setbacks >= maxRetries) {
			throw new WeComNetworkError(
				`${this.name}: the connection broke at byte ${this.position}${this.ofTotal()} and could not be continued after ${maxRetries} tries`,
				'INTERRUPTED',
				'maybe',
				"Run it again; on a shaky line raise 'Max Retries'.",
			);
		}
		this.progress.resumed += 1;
		await this.client.pause(
			this.setbacks,
			`${this.name}: connection lost at byte ${this.position}${this.ofTotal()}`,
		);
		this.setbacks += 1;
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

	private wrong(what: string): WeComTransferError {
		return new WeComTransferError(
			`${this.name}: the server ${what}`,
			'Run it again. If it stays, a proxy between n8n and WeCom may change the answers.',
		);
	}
}
