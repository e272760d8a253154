import { randomBytes } from 'crypto';

import { decideType, fallBack, problemWith, refuseBySize, ruleOf, voiceProblem } from './checks';
import type { Candidate, RequestedType, TypeOptions } from './checks';
import type { WeComClient } from './client';
import { WeComHttpError, WeComInputError } from './errors';
import { toUploadFileName } from './fileName';
import { openFile } from './mediaFile';
import type { MediaFile, OpenedFile } from './mediaFile';
import { createMultipartBody, randomBoundary } from './multipart';
import type { MultipartBody } from './multipart';
import { sniff, SNIFF_BYTES } from './sniff';
import type { MediaType, System } from './systems/types';

/** Part name of every upload (vendor pages 90253, 90256, 99110). */
const FIELD_NAME = 'media';
/** A slow line gets this much longer for each byte: 100 KiB per second. */
const EXTRA_MS_PER_BYTE = 1000 / (100 * 1024);
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

/** A file packed for the wire: checked, named, its one copy in memory. */
export interface PackedFile {
	type: MediaType;
	requested: RequestedType;
	reason: string;
	fileName: string;
	fileSize: number;
	multipart: MultipartBody;
}

/** @returns the file itself, over the same memory */
export function bytesOfPacked({ multipart }: PackedFile): Buffer {
	return multipart.body.subarray(multipart.fileStart, multipart.fileEnd);
}

/**
 * Uploads temporary media (vendor pages 90253, 99110): one multipart body of exact size, reused as it is for a retry.
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
	const answer = await client.call({
		path: system.uploadPath,
		method: 'POST',
		query: { type: packed.type },
		...multipartBody(packed.multipart),
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
	const answer = await client.call({
		path: 'media/uploadimg',
		method: 'POST',
		...multipartBody(packed.multipart),
		repeatable: false,
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
		const multipart = createMultipartBody({
			fieldName: FIELD_NAME,
			fileName,
			fileSize: file.size,
			contentType: sniffed.mimeType,
			boundary: randomBoundary(() => randomBytes(24)),
		});
		await source.fill(multipart.body.subarray(multipart.fileStart, multipart.fileEnd));
		const { requested = 'image' } = request;
		return { ...decision, requested, fileName, fileSize: file.size, multipart };
	}
}

function multipartBody(multipart: MultipartBody) {
	return {
		headers: { 'content-type': multipart.contentType },
		body: multipart.body,
		extraTimeoutMs: Math.ceil(multipart.body.length * EXTRA_MS_PER_BYTE),
	};
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
