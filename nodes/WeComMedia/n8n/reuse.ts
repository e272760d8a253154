/** Gives the media_id of a file that was uploaded before, instead of uploading it again. */
import { createHash } from 'crypto';

import type { System } from '../wecom/accounts/system';
import { readPacked } from '../wecom/files/packing';
import type { PackedFile } from '../wecom/files/packing';
import { MEDIA_ID_LIFE_S, mediaOf, uploadPacked } from '../wecom/calls/upload';
import type { UploadedMedia } from '../wecom/calls/upload';
import type { WeComClient } from '../wecom/client/client';
import { KeyedLock } from './parallel';
import type { MediaMemory } from './mediaMemory';

/** The same content at the same moment is uploaded once. */
const uploads = new KeyedLock();

/**
 * Uploads a packed file, or gives the media_id that the same content, name, type and account already has.
 */
export async function uploadOrReuse(
	client: WeComClient,
	system: System,
	packed: PackedFile,
	memory: MediaMemory,
): Promise<{ media: UploadedMedia; reused: boolean }> {
	const key = keyOf(system, packed, await digestOf(packed));
	return await uploads.run(key, async () => {
		const nowS = client.world.now() / 1000;
		const known = memory.find(key, nowS);
		if (known) return { media: mediaOf(packed, known.id, known.at), reused: true };
		const media = await uploadPacked(client, system, packed);
		const { media_id: id, created_at: at } = media;
		memory.keep(key, { id, at, until: at + MEDIA_ID_LIFE_S }, nowS);
		return { media, reused: false };
	});
}

/** Forgets a media_id that WeCom does not know any more (40007), unless a parallel item has replaced it already. */
export function forgetMedia(
	memory: MediaMemory,
	system: System,
	packed: PackedFile,
	mediaId: string,
): void {
	const content = digests.get(packed);
	if (content) memory.forget(keyOf(system, packed, content), mediaId);
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
