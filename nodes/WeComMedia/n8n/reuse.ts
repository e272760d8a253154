/**
 * Remembers in the workflow's static data which content has which media_id. Static data is kept for active workflows;
 * in a manual run it lasts as long as the execution.
 */
import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import type { System } from '../wecom/accounts/types';
import { readPacked } from '../wecom/files/packing';
import type { PackedFile } from '../wecom/files/packing';
import { uploadPacked } from '../wecom/calls/upload';
import type { UploadedMedia } from '../wecom/calls/upload';
import type { WeComClient } from '../wecom/client/client';
import { KeyedLock } from './keyedLock';

const FIELD = 'reusableMedia';
const MAX_REMEMBERED = 200;
/** A media_id this close to its end (s) is not given out any more: the next nodes need it for a while. */
const MARGIN_S = 2 * 3600;

interface Remembered {
	id: string;
	/** Unix seconds. */
	at: number;
	until: number;
}

/** The same content at the same moment is uploaded once. */
const uploads = new KeyedLock();

/**
 * Uploads a packed file, or gives the media_id that the same content, name, type and account already has.
 *
 * @param stored the node's static data
 */
export async function uploadOrReuse(
	client: WeComClient,
	system: System,
	packed: PackedFile,
	stored: IDataObject,
): Promise<{ media: UploadedMedia; reused: boolean }> {
	const key = keyOf(system, packed, await digestOf(packed));
	return await uploads.run(key, async () => {
		const known = memoryOf(stored)[key];
		const nowS = client.world.now() / 1000;
		if (known && known.until - MARGIN_S > nowS) {
			const { type, reason, requested, fileName, fileSize } = packed;
			const media: UploadedMedia = {
				type,
				reason,
				...(reason ? { requestedType: requested } : {}),
				mediaId: known.id,
				createdAt: known.at,
				expiresAt: known.until,
				fileName,
				fileSize,
			};
			return { media, reused: true };
		}
		const media = await uploadPacked(client, system, packed);
		keep(stored, key, { id: media.mediaId, at: media.createdAt, until: media.expiresAt }, nowS);
		return { media, reused: false };
	});
}

/** Forgets a media_id that WeCom does not know any more (40007), unless a parallel item has replaced it already. */
export function forgetMedia(
	stored: IDataObject,
	system: System,
	packed: PackedFile,
	mediaId: string,
): void {
	const memory = memoryOf(stored);
	const content = digests.get(packed);
	const key = content && keyOf(system, packed, content);
	if (key && memory[key]?.id === mediaId) delete memory[key];
}

/** Of files that were looked up, so that a large one is read for its digest only once. */
const digests = new WeakMap<PackedFile, string>();

async function digestOf(packed: PackedFile): Promise<string> {
	const known = digests.get(packed);
	if (known !== undefined) return known;
	const hash = createHash('sha256');
	for await (const piece of readPacked(packed)) hash.update(piece);
	const digest = hash.digest('hex');
	digests.set(packed, digest);
	return digest;
}

/** One digest over everything that must be equal; reveals neither the account nor the content. */
function keyOf(system: System, packed: PackedFile, content: string): string {
	const parts = [system.fingerprint, packed.type, packed.fileName, content];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27);
}

function memoryOf(stored: IDataObject): Record<string, Remembered> {
	if (!stored[FIELD] || typeof stored[FIELD] !== 'object') stored[FIELD] = {};
	return stored[FIELD] as unknown as Record<string, Remembered>;
}

function keep(stored: IDataObject, key: string, entry: Remembered, nowS: number): void {
	const valid = Object.entries(memoryOf(stored)).filter(
		([other, { until }]) => other !== key && until - MARGIN_S > nowS,
	);
	const newest = [...valid, [key, entry] as const].slice(-MAX_REMEMBERED);
	stored[FIELD] = Object.fromEntries(newest) as unknown as IDataObject;
}
