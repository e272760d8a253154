import { problemWith } from '../files/checks';
import type { RequestedType } from '../files/checks';
import type { Call, JsonAnswer, WeComClient } from '../client/client';
import { WeComHttpError, WeComInputError } from '../client/errors';
import { textIn } from '../client/outcome';
import { packFile, packMedia } from '../files/packing';
import type { PackedFile, UploadRequest } from '../files/packing';
import { withoutExtension } from '../files/fileName';
import type { System } from '../accounts/system';
import type { MediaType } from '../files/mediaRule';

/** A slow line gets this much longer for each byte: 100 KiB per second. */
const EXTRA_MS_PER_BYTE = 1000 / (100 * 1024);
const MAYBE_KEPT =
	'WeChat may have stored the material all the same. It then takes a place in the library (素材库), so it was not uploaded again. Look there (mp.weixin.qq.com) before you run the item again.';
/** The Official Account answers thumb_media_id for a thumb. */
const MEDIA_IDS = ['media_id', 'thumb_media_id'] as const;
/** media_ids live three days (vendor page 90253). */
export const MEDIA_ID_LIFE_S = 3 * 24 * 3600;
/** Unix seconds in the year 5138: what is later is no time in seconds. */
const LATEST_S = 1e11;

/** What an upload gives, in WeCom's words; the output of the node. */
export interface UploadedMedia {
	type: MediaType;
	media_id: string;
	/** The same once more where the Official Account answers it by this name. */
	thumb_media_id?: string;
	/** Unix seconds. */
	created_at: number;
	/** ISO time. */
	expires_at: string;
	file_name: string;
	/** Bytes. */
	file_size: number;
	/** What was asked, where something else was sent. */
	requested_type?: RequestedType;
}

/**
 * Uploads temporary media (vendor pages 90253, 99110) as one multipart body of exact size; may be repeated with the same
 * packed file.
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
		query: { ...system.uploadQuery, [system.uploadTypeParam ?? 'type']: packed.type },
		repeatable: true,
		proof: MEDIA_IDS,
	});
	const createdAt = readCreatedAt(answer.created_at, client.world.now());
	return mediaOf(packed, textIn(answer, MEDIA_IDS), createdAt);
}

/**
 * @param created_at Unix seconds
 * @returns what stands for a packed file that WeCom has by this media_id
 */
export function mediaOf(
	{ type, reason, requested, fileName, fileSize }: PackedFile,
	media_id: string,
	created_at: number,
): UploadedMedia {
	return {
		type,
		media_id,
		...(type === 'thumb' ? { thumb_media_id: media_id } : {}),
		created_at,
		expires_at: isoTime(created_at + MEDIA_ID_LIFE_S),
		file_name: fileName,
		file_size: fileSize,
		...(reason ? { requested_type: requested } : {}),
	};
}

/**
 * Uploads an image with a permanent link (vendor page 90256; Official Account: for articles). Never repeated after an unknown outcome: each costs quota.
 *
 * @returns the permanent URL, the name and the size in bytes
 * @throws WeComInputError before anything is sent, then as WeComClient.call
 */
export async function uploadImage(
	client: WeComClient,
	system: System,
	request: Pick<UploadRequest, 'file' | 'fileName' | 'skipChecks'>,
): Promise<{ url: string; file_name: string; file_size: number }> {
	const { uploadImg } = system;
	const packed = await packFile(request, (candidate) => {
		const problem =
			uploadImg && !request.skipChecks
				? problemWith(candidate, uploadImg.rule, 'permanent image', system.label)
				: '';
		if (problem) throw new WeComInputError(problem, uploadImg?.advice ?? '', candidate.fileName);
		return { type: 'image', reason: '' };
	});
	const answer = await send(client, packed, {
		path: 'media/uploadimg',
		repeatable: false,
		proof: ['url'],
		ifLost: uploadImg?.ifLost,
	});
	return { url: textIn(answer, ['url']), file_name: packed.fileName, file_size: packed.fileSize };
}

interface PermanentMaterial {
	media_id: string;
	/** Of a picture. */
	url?: string;
	file_name: string;
	/** Bytes. */
	file_size: number;
}

/**
 * Uploads into the permanent library of an Official Account (material/add_material). Never repeated after an unknown outcome:
 * each upload takes a place there.
 *
 * @param video its title and introduction; an empty title becomes the name of the file
 * @throws WeComInputError before anything is sent, then as WeComClient.call
 */
export async function addMaterial(
	client: WeComClient,
	system: System,
	request: UploadRequest,
	video: { title: string; introduction: string },
): Promise<PermanentMaterial> {
	const textParts = (type: MediaType, fileName: string): Record<string, string> => {
		if (type !== 'video') return {};
		const title = video.title || withoutExtension(fileName);
		return { description: JSON.stringify({ title, introduction: video.introduction }) };
	};
	const packed = await packMedia({ ...system, ...system.permanent }, { ...request, textParts });
	const answer = await send(client, packed, {
		path: 'material/add_material',
		query: { type: packed.type },
		repeatable: false,
		proof: MEDIA_IDS,
		ifLost: MAYBE_KEPT,
	});
	const url = textIn(answer, ['url']);
	return {
		media_id: textIn(answer, MEDIA_IDS),
		...(url ? { url } : {}),
		file_name: packed.fileName,
		file_size: packed.fileSize,
	};
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
			body,
			extraTimeoutMs: Math.ceil(size * EXTRA_MS_PER_BYTE),
		});
	} finally {
		packed.close();
	}
}

/** A string on WeCom, a number on the Official Account (vendor page 90253 and the temporary-media page). */
export function readCreatedAt(value: unknown, nowMs: number): number {
	const seconds = Number(value);
	return seconds > 0 && seconds < LATEST_S ? seconds : Math.floor(nowMs / 1000);
}

/** @returns ISO time of Unix seconds */
export function isoTime(seconds: number): string {
	return new Date(seconds * 1000).toISOString();
}
