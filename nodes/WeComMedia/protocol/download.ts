/**
 * Downloads by Range (vendor page 90254): pieces of 16 MiB, one after the other, going on at the byte where a broken
 * connection stopped. Nothing is kept: what arrives is handed on.
 */
import { bytesOf, toBuffer } from './body';
import { formatBytes } from './bytes';
import { parseObject } from './client';
import type { FileAnswer, WeComClient } from './client';
import { parseContentRange } from './contentRange';
import { decodeFileName } from './contentDisposition';
import {
	WeComApiError,
	WeComCancelledError,
	WeComHttpError,
	WeComNetworkError,
	WeComTransferError,
} from './errors';
import { extensionOf, toSafeBaseName } from './fileName';
import { readOpaqueId } from './opaqueId';
import { sniff } from './sniff';
import type { Sniffed } from './sniff';
import type { System } from './systems/types';
import { header } from './wire';
import type { ByteStream, WireResponse } from './wire';

/** Below 20 MB under both readings of MB, and a multiple of the 16 bytes that stored-encrypted media needs. */
export const CHUNK_BYTES = 16 * 1024 * 1024;
const ALIGNMENT = 16;
/** Office files are ZIP archives inside; the name tells which. */
const OFFICE_TYPES: Record<string, string | undefined> = {
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const MAX_VOICE_BYTES = 32 * 1024 * 1024;
/** Documented are up to 128 (vendor page 94677); longer ones may come. */
const MAX_MEDIA_ID_BYTES = 512;
/** A JSON answer that only names a link is short. */
const MAX_LINK_ANSWER = 65_536;

export interface Download {
	/** Always a safe base name. */
	fileName: string;
	mimeType: string;
	/** Bytes, where the server said so. */
	size?: number;
	/** The Official Account's link to a video. */
	videoUrl?: string;
	/** The file; reading it drives the download. Throws when it cannot be completed: never ends short. */
	bytes: AsyncGenerator<Uint8Array>;
	/** What the connection handed over, for whoever needs a stream of the same make. */
	handed: ByteStream;
	/** What happened on the way; complete once `bytes` has ended. */
	progress: DownloadProgress;
}

export interface DownloadProgress {
	bytes: number;
	/** How often a broken or stalled connection was taken up again. */
	resumed: number;
}

/** Opens the bytes from `start` to `end` (inclusive) of one file. */
type OpenRange = (range: string) => Promise<FileAnswer>;

/**
 * Downloads temporary media of any size (vendor page 90254; Official Account: a video comes through its video_url).
 *
 * @throws WeComInputError for a media_id that cannot be one, else as WeComClient.open; later errors come out of `bytes`
 */
export async function downloadMedia(
	client: WeComClient,
	system: System,
	mediaId: string,
): Promise<Download> {
	const id = readMediaId(mediaId);
	const name = system.downloadPath ?? 'media/get';
	const open: OpenRange = async (range) =>
		await client.open({
			path: name,
			method: 'GET',
			query: { media_id: id },
			headers: { range },
			repeatable: true,
		});
	const first = await open(rangeOf(0));
	const link = system.id === 'officialAccount' ? await videoLink(first) : undefined;
	if (!link) return begin(client, name, id, open, first);
	if (link.url === '') return begin(client, name, id, open, link.response);
	return { ...(await downloadLink(client, 'video_url', link.url, id)), videoUrl: link.url };
}

/** Downloads a file from a link outside the API, with the same pieces and resumption. `name` stands in messages. */
export async function downloadLink(
	client: WeComClient,
	name: string,
	url: string,
	mediaId = '',
): Promise<Download> {
	const open: OpenRange = async (range) => await client.openLink(name, url, range);
	return begin(client, name, mediaId, open, await open(rangeOf(0)));
}

/**
 * Downloads a voice of the JS-SDK as Speex (vendor page 90255). Range is not documented there, and the files are
 * small: a broken connection starts again from the beginning.
 */
export async function downloadHdVoice(client: WeComClient, mediaId: string): Promise<Download> {
	const id = readMediaId(mediaId);
	const path = 'media/get/jssdk';
	const open: OpenRange = async () =>
		await client.openWhole(
			{ path, method: 'GET', query: { media_id: id }, repeatable: true },
			MAX_VOICE_BYTES,
		);
	const download = begin(client, path, id, open, await open(''));
	const fileName = /\.\w+$/.test(download.fileName)
		? download.fileName
		: `${download.fileName}.speex`;
	return { ...download, fileName, mimeType: 'audio/x-speex' };
}

/**
 * @returns the media_id, trimmed
 * @throws WeComInputError
 */
export function readMediaId(value: string): string {
	const source = 'the output of an upload, for example {{ $json.media_id }}';
	return readOpaqueId(value, 'Media ID', MAX_MEDIA_ID_BYTES, source);
}

function rangeOf(position: number): string {
	const start = position - (position % ALIGNMENT);
	const end = (Math.floor(position / CHUNK_BYTES) + 1) * CHUNK_BYTES - 1;
	return `bytes=${start}-${end}`;
}

async function videoLink(
	response: FileAnswer,
): Promise<{ url: string; response: FileAnswer } | undefined> {
	if (header(response, 'content-disposition') !== '') return undefined;
	const { start, rest, ended } = await bytesOf(response.body, MAX_LINK_ANSWER);
	const url = ended ? String(parseObject(start)?.video_url ?? '') : '';
	return { url: /^https?:\/\//.test(url) ? url : '', response: { ...response, body: rest } };
}

function begin(
	client: WeComClient,
	name: string,
	mediaId: string,
	open: OpenRange,
	first: FileAnswer,
): Download {
	const sniffed = sniff(first.start);
	const declared = header(first, 'content-type').split(';')[0].trim().toLowerCase();
	const progress: DownloadProgress = { bytes: 0, resumed: 0 };
	const transfer = new Transfer(client, name, open, progress);
	const fileName =
		decodeFileName(first.headers['content-disposition']) || defaultName(mediaId, sniffed.extension);
	return {
		fileName,
		mimeType: mimeTypeOf(declared, sniffed, extensionOf(fileName)),
		size: sizeOf(first),
		bytes: transfer.run(first),
		handed: first.handed,
		progress,
	};
}

function defaultName(mediaId: string, extension: string): string {
	const base = toSafeBaseName(mediaId.replace(/[^\w-]+/g, '_')).slice(0, 64) || 'media';
	return extension ? `${base}.${extension}` : base;
}

/** The content knows better than a general type; Official Accounts call files of every kind text/plain. */
function mimeTypeOf(declared: string, sniffed: Sniffed, extension: string): string {
	if (sniffed.content === 'zip' && OFFICE_TYPES[extension]) return OFFICE_TYPES[extension];
	const isGeneral = ['', 'application/octet-stream', 'binary/octet-stream'].includes(declared);
	if (!isGeneral && declared !== 'text/plain') return declared;
	return isGeneral || sniffed.content !== 'unknown' ? sniffed.mimeType : declared;
}

function sizeOf(response: WireResponse<ByteStream>): number | undefined {
	const range = parseContentRange(header(response, 'content-range'));
	if (response.status === 206) return range?.total;
	const length = header(response, 'content-length');
	return /^\d+$/.test(length) ? Number(length) : undefined;
}

/** One file on its way: which byte comes next, and what the server said of the whole. */
class Transfer {
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
