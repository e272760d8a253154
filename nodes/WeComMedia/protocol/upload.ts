import { randomBytes } from 'crypto';

import { decideType, fallBack, problemWith, refuseBySize, ruleOf, voiceProblem } from './checks';
import type { Candidate, RequestedType, TypeOptions } from './checks';
import type { Call, JsonAnswer, WeComClient } from './client';
import { bytesOf } from './body';
import { WeComHttpError, WeComInputError } from './errors';
import { toUploadFileName } from './fileName';
import { openFile, sourceError, wholeOf } from './mediaFile';
import type { MediaFile, OpenedFile } from './mediaFile';
import { createMultipartBody, createMultipartFrame, randomBoundary } from './multipart';
import type { MultipartInput } from './multipart';
import { sniff, SNIFF_BYTES } from './sniff';
import type { MediaType, System } from './systems/types';
import type { ByteStream, StreamedBody } from './wire';

/** Part name of every upload (vendor pages 90253, 90256, 99110). */
const FIELD_NAME = 'media';
/** A slow line gets this much longer for each byte: 100 KiB per second. */
const EXTRA_MS_PER_BYTE = 1000 / (100 * 1024);
/**
 * Bytes up to which a file is held while it is uploaded; larger ones are read while they are sent. Voices are measured and
 * pictures sent inside a message, so both, of 2 MB at most (vendor pages 90253, 99110), must be among the held ones.
 */
export const HELD_BYTES = 2 * 1024 * 1024;
const MAYBE_STORED =
	'WeCom may have stored the image all the same. It then counts towards the 1,000 a day and 3,000 a month of the company, and its link is lost, so it was not uploaded again. Run the item again if the quota allows one more.';
/** media_ids live three days (vendor page 90253). */
export const MEDIA_ID_LIFE_S = 3 * 24 * 3600;

export interface UploadRequest {
	file: MediaFile;
	requested: RequestedType;
	/** Replaces the file's own name; '' keeps it. */
	fileName: string;
	fallbackToFile: boolean;
	skipChecks: boolean;
}

export interface UploadedMedia {
	type: MediaType;
	/** What was asked, where something else was sent. */
	requestedType?: RequestedType;
	/** Why, in one sentence; '' when it was sent as asked. */
	reason: string;
	mediaId: string;
	/** Unix seconds. */
	createdAt: number;
	/** Unix seconds. */
	expiresAt: number;
	fileName: string;
	/** Bytes. */
	fileSize: number;
}

/** A file packed for the wire: checked and named; may be sent several times. */
export interface PackedFile {
	type: MediaType;
	requested: RequestedType;
	reason: string;
	fileName: string;
	fileSize: number;
	/** Where it came from. */
	file: MediaFile;
	/** The file itself, if it has at most {@link HELD_BYTES}; the same memory as in `body`. */
	held?: Buffer;
	/** For the request's Content-Type header. */
	contentType: string;
	/** The multipart body: a Buffer of a held file, else a stream. */
	body: Buffer | StreamedBody;
}

/**
 * @returns the bytes of a voice or of a picture that passed its checks
 * @throws RangeError for a file that is not held
 */
export function bytesOfPacked({ held }: PackedFile): Buffer {
	if (!held) throw new RangeError(`Only files up to ${HELD_BYTES} bytes are held`);
	return held;
}

/** Reads the file once more, whatever its size. */
export async function* readPacked({ held, file }: PackedFile): AsyncGenerator<Uint8Array> {
	if (held) yield held;
	else yield* wholeOf(file, await file.open());
}

/**
 * Uploads temporary media (vendor pages 90253, 99110) as one multipart body of exact size.
 *
 * @throws WeComInputError before anything is sent, then as WeComClient.call
 */
export async function uploadMedia(
	client: WeComClient,
	system: System,
	request: UploadRequest,
): Promise<UploadedMedia> {
	return await uploadPacked(client, system, await packMedia(system, request));
}

/**
 * The sending half of {@link uploadMedia}; may be repeated with the same packed file.
 *
 * @throws as WeComClient.call
 */
export async function uploadPacked(
	client: WeComClient,
	system: System,
	packed: PackedFile,
): Promise<UploadedMedia> {
	const answer = await send(client, packed, {
		path: system.uploadPath,
		query: { type: packed.type },
		repeatable: true,
	});
	// The Official Account answers thumb_media_id for a thumb.
	const mediaId = String(answer.media_id ?? answer.thumb_media_id ?? '');
	if (mediaId === '') throw incomplete(system.uploadPath, 'media_id');
	const createdAt = readCreatedAt(answer.created_at, client.world.now());
	return {
		type: packed.type,
		...(packed.reason ? { requestedType: packed.requested } : {}),
		reason: packed.reason,
		mediaId,
		createdAt,
		expiresAt: createdAt + MEDIA_ID_LIFE_S,
		fileName: packed.fileName,
		fileSize: packed.fileSize,
	};
}

/**
 * Uploads a permanent image (vendor page 90256). Never repeated after an unknown outcome: each costs quota.
 *
 * @returns the permanent URL, the name and the size in bytes
 */
export async function uploadImage(
	client: WeComClient,
	system: System,
	request: Pick<UploadRequest, 'file' | 'fileName' | 'skipChecks'>,
): Promise<{ url: string; fileName: string; fileSize: number }> {
	const packed = await packFile(request, (candidate) => {
		const rule = system.uploadImg;
		const problem =
			rule && !request.skipChecks
				? problemWith(candidate, rule, 'permanent image', system.label)
				: '';
		if (problem) {
			throw new WeComInputError(
				problem,
				'Save it as JPG or PNG of at most 2 MB.',
				candidate.fileName,
			);
		}
		return { type: 'image', reason: '' };
	});
	const answer = await send(client, packed, {
		path: 'media/uploadimg',
		repeatable: false,
		ifLost: MAYBE_STORED,
	});
	const url = String(answer.url ?? '');
	if (url === '') throw incomplete('media/uploadimg', 'url');
	return { url, fileName: packed.fileName, fileSize: packed.fileSize };
}

/** @returns the error of a call that succeeded without giving what it is for */
export function incomplete(call: string, field: string): WeComHttpError {
	return new WeComHttpError(
		`${call} was answered without ${field}`,
		200,
		'Check Base URL: it must lead to the WeCom API.',
	);
}

/** Checks and packs a file for {@link uploadMedia}. */
export async function packMedia(system: System, request: UploadRequest): Promise<PackedFile> {
	const options: TypeOptions = request;
	const packed = await packFile(
		request,
		(candidate) => decideType(system, candidate, options),
		system,
	);
	if (packed.type !== 'voice' || request.skipChecks) return packed;
	const bytes = bytesOfPacked(packed);
	const candidate: Candidate = {
		fileName: packed.fileName,
		size: packed.fileSize,
		sniffed: sniff(bytes),
	};
	const problem = voiceProblem(candidate, ruleOf(system, 'voice'), bytes, system.label);
	if (!problem) return packed;
	const fallbackToFile = options.fallbackToFile || options.requested === 'auto';
	return { ...packed, ...fallBack(system, candidate, { ...options, fallbackToFile }, problem) };
}

async function packFile(
	request: Pick<UploadRequest, 'file' | 'fileName' | 'skipChecks'> & Partial<UploadRequest>,
	decide: (candidate: Candidate) => { type: MediaType; reason: string },
	system?: System,
): Promise<PackedFile> {
	const { file } = request;
	refuseBySize(file, request.skipChecks, system);
	const opened = await openFile(file, SNIFF_BYTES);
	return await pack(opened).catch((error: unknown) => {
		opened.close();
		return Promise.reject(error);
	});

	async function pack(source: OpenedFile): Promise<PackedFile> {
		const sniffed = sniff(source.start);
		const fileName = toUploadFileName(request.fileName || file.fileName, {
			extension: sniffed.extension,
			fallbackBase: 'file',
		});
		const decision = decide({ fileName, size: file.size, sniffed });
		const { requested = 'image' } = request;
		const input: MultipartInput = {
			fieldName: FIELD_NAME,
			fileName,
			fileSize: file.size,
			contentType: sniffed.mimeType,
			boundary: randomBoundary(() => randomBytes(24)),
		};
		const body =
			file.size > HELD_BYTES ? streamedBody(file, source, input) : await heldBody(source, input);
		return { ...decision, requested, fileName, fileSize: file.size, file, ...body };
	}
}

type PackedBody = Pick<PackedFile, 'held' | 'contentType' | 'body'>;

async function heldBody(source: OpenedFile, input: MultipartInput): Promise<PackedBody> {
	const { contentType, body, fileStart, fileEnd } = createMultipartBody(input);
	const held = body.subarray(fileStart, fileEnd);
	await source.fill(held);
	return { held, contentType, body };
}

/** The source is opened anew for every attempt, since nobody knows when, or whether, the file will be sent. */
function streamedBody(file: MediaFile, source: OpenedFile, input: MultipartInput): PackedBody {
	source.close();
	const { contentType, head, tail } = createMultipartFrame(input);
	async function* pieces(bytes: ByteStream): AsyncGenerator<Uint8Array> {
		try {
			yield head;
			yield* wholeOf(file, bytes);
			yield tail;
		} catch (error) {
			throw sourceError(file, error);
		}
	}
	const begin = async () => {
		const handed = await file.open();
		// A stream that nobody reads yet would end the whole process with an error of its own.
		const { rest } = await bytesOf(handed, 0);
		return { handed, pieces: pieces(rest) };
	};
	const open = async () =>
		await begin().catch(async (error: unknown) => await Promise.reject(sourceError(file, error)));
	return { contentType, body: { size: head.length + file.size + tail.length, open } };
}

async function send(
	client: WeComClient,
	{ body, contentType }: PackedFile,
	call: Pick<Call, 'path' | 'query' | 'repeatable' | 'ifLost'>,
): Promise<JsonAnswer> {
	const size = Buffer.isBuffer(body) ? body.length : body.size;
	return await client.call({
		...call,
		method: 'POST',
		headers: { 'content-type': contentType },
		...(Buffer.isBuffer(body) ? { body } : { stream: body }),
		extraTimeoutMs: Math.ceil(size * EXTRA_MS_PER_BYTE),
	});
}

/** A string on WeCom, a number on the Official Account (vendor page 90253 and the temporary-media page). */
export function readCreatedAt(value: unknown, nowMs: number): number {
	const seconds = Number(value);
	return Number.isFinite(seconds) && seconds > 0 ? seconds : Math.floor(nowMs / 1000);
}

/** @returns ISO time of Unix seconds */
export function isoTime(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
