import { createHash, randomBytes } from 'node:crypto';

import { contentTypeOf } from './fileKinds';
import type { MediaOrigin, MediaSystem, MediaType, StoredMedia } from './model';

/** Temporary media live three days (vendor page 90253). */
export const MEDIA_LIFE_MS = 3 * 24 * 3_600_000;

export type NewMedia = Partial<Omit<StoredMedia, 'owner' | 'bytes'>> & {
	bytes: Buffer;
	owner: string;
};

/** Stored files by media_id. Beyond `limitBytes` the oldest go, so that a long benchmark stays small. */
export class MediaStore {
	private readonly media = new Map<string, StoredMedia>();
	private storedBytes = 0;

	constructor(
		private readonly now: () => number,
		private readonly limitBytes: number,
	) {}

	add(entry: NewMedia): StoredMedia {
		const type: MediaType = entry.type ?? 'file';
		const system: MediaSystem = entry.system ?? 'app';
		const origin: MediaOrigin = entry.origin ?? 'upload';
		const stored: StoredMedia = {
			...entry,
			mediaId: entry.mediaId ?? newMediaId(origin),
			fileName: entry.fileName ?? 'unnamed',
			type,
			system,
			origin,
			contentType: entry.contentType ?? contentTypeOf(entry.bytes, entry.fileName),
			createdAt: entry.createdAt ?? this.now(),
			md5: entry.md5 ?? createHash('md5').update(entry.bytes).digest('hex'),
		};
		this.media.set(stored.mediaId, stored);
		this.storedBytes += stored.bytes.length;
		this.evict(stored);
		return stored;
	}

	/** The file of a media_id, expired or not. */
	get(mediaId: string): StoredMedia | undefined {
		return this.media.get(mediaId);
	}

	/** Whether the three days are over. */
	isExpired(media: StoredMedia): boolean {
		return this.now() - media.createdAt >= MEDIA_LIFE_MS;
	}

	byVideoPath(path: string): StoredMedia | undefined {
		return this.all().find((media) => media.videoPath === path);
	}

	all(): StoredMedia[] {
		return [...this.media.values()];
	}

	clear(): void {
		this.media.clear();
		this.storedBytes = 0;
	}

	private evict(newest: StoredMedia): void {
		for (const media of this.media.values()) {
			if (this.storedBytes <= this.limitBytes || media === newest) return;
			this.media.delete(media.mediaId);
			this.storedBytes -= media.bytes.length;
		}
	}
}

/** media_ids are opaque; those of the async upload contain `*` (sample of vendor page 96219). */
function newMediaId(origin: MediaOrigin): string {
	const random = randomBytes(32).toString('base64url');
	return origin === 'async' ? `3*1*${random}` : `3${random}`;
}
