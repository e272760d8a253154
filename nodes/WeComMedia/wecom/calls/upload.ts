import { problemWith } from '../files/checks';
import type { RequestedType } from '../files/checks';
import type { Call, JsonAnswer, WeComClient } from '../client/client';
import { WeComHttpError, WeComInputError } from '../client/errors';
import { textIn } from '../client/outcome';
import { packFile, packMedia } from '../files/packing';
import type { PackedFile, UploadRequest } from '../files/packing';
import type { System } from '../accounts/types';
import type { MediaType } from '../files/mediaRule';

/** A slow line gets this much longer for each byte: 100 KiB per second. */
const EXTRA_MS_PER_BYTE = 1000 / (100 * 1024);
const MAYBE_STORED =
	'WeCom may have stored the image all the same. It then counts towards the 1,000 a day and 3,000 a month of the company, and its link is lost, so it was not uploaded again. Run the item again if the quota allows one more.';
/** The Official Account answers thumb_media_id for a thumb. */
const MEDIA_IDS = ['media_id', 'thumb_media_id'] as const;
/** media_ids live three days (vendor page 90253). */
export const MEDIA_ID_LIFE_S = 3 * 24 * 3600;

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
		proof: MEDIA_IDS,
	});
	const mediaId = textIn(answer, MEDIA_IDS);
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
		proof: ['url'],
		ifLost: MAYBE_STORED,
	});
	return { url: textIn(answer, ['url']), fileName: packed.fileName, fileSize: packed.fileSize };
}

/** @returns the error of a call that succeeded without giving what it is for */
export function incomplete(call: string, field: string): WeComHttpError {
	return new WeComHttpError(
		`${call} was answered without ${field}`,
		200,
		'Check Base URL: it must lead to the WeCom API.',
	);
}

async function send(
	client: WeComClient,
	packed: PackedFile,
	call: Pick<Call, 'path' | 'query' | 'repeatable' | 'proof' | 'ifLost'>,
): Promise<JsonAnswer> {
	const { body, contentType } = packed;
	const size = Buffer.isBuffer(body) ? body.length : body.size;
	try {
		return await client.call({
			...call,
			method: 'POST',
			headers: { 'content-type': contentType },
			...(Buffer.isBuffer(body) ? { body } : { stream: body }),
			extraTimeoutMs: Math.ceil(size * EXTRA_MS_PER_BYTE),
		});
	} finally {
		packed.close();
	}
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
