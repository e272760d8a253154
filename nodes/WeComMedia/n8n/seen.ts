/**
 * Recognises repeats. In this process by a bounded map, which also holds when two pushes arrive at the same moment;
 * across a restart by a bounded list in the workflow's static data. n8n writes static data as a whole, so of parallel
 * writes only the last survives: each therefore writes the newest of everything this process remembers.
 */
import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** In this process: many more than WeCom can send in the minutes in which it repeats a push that was answered late. */
const MAX_SEEN = 10_000;
/** In the static data, which n8n writes as a whole for every event: the newest. */
const MAX_STORED = 500;
const DIGEST_LENGTH = 22;
/** Jobs live an hour and pushes are refused when they are older than the age window: a day is plenty. */
const LIFE_MS = 24 * 3600 * 1000;

/** Digest of a key → when it was first seen (ms). */
type Seen = Map<string, number>;

const STATIC_FIELD = 'seenEvents';

export class SeenKeys {
	private readonly scopes = new Map<string, Seen>();

	/**
	 * @param scope the trigger node a key belongs to
	 * @param now ms since 1970
	 * @param stored the node's static data; undefined where it is not kept (test mode)
	 * @param lifeMs how long a key counts as seen
	 * @returns true the first time
	 */
	claim(scope: string, key: string, now: number, stored?: IDataObject, lifeMs = LIFE_MS): boolean {
		const seen = this.scope(scope);
		this.load(seen, stored);
		const digest = createHash('sha256').update(key).digest('base64url').slice(0, DIGEST_LENGTH);
		const before = seen.get(digest);
		if (before !== undefined && now - before < lifeMs) return false;
		seen.delete(digest);
		seen.set(digest, now);
		for (const oldest of seen.keys()) {
			if (seen.size <= MAX_SEEN) break;
			seen.delete(oldest);
		}
		return true;
	}

	/** Writes the newest of what this process remembers into the static data, which n8n stores after the webhook has answered. */
	store(scope: string, stored: IDataObject): void {
		const seen = this.scope(scope);
		const newest: Record<string, number> = {};
		let older = seen.size - MAX_STORED;
		for (const [digest, at] of seen) {
			if (older <= 0) newest[digest] = at;
			older -= 1;
		}
		stored[STATIC_FIELD] = newest;
	}

	private scope(scope: string): Seen {
		let seen = this.scopes.get(scope);
		if (!seen) {
			seen = new Map();
			this.scopes.set(scope, seen);
		}
		return seen;
	}

	private load(seen: Seen, stored?: IDataObject): void {
		const kept = stored?.[STATIC_FIELD];
		if (!kept || typeof kept !== 'object') return;
		// Whoever wrote the newest entry knew the others: they were read, or written, together with it.
		const newest = Object.keys(kept).at(-1);
		if (newest === undefined || seen.has(newest)) return;
		for (const [digest, at] of Object.entries(kept)) {
			if (!seen.has(digest) && typeof at === 'number') seen.set(digest, at);
		}
	}
}
