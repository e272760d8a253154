/** Recognizes WeCom's repeats in this process, also when they arrive at the same moment; across processes see claims.ts. */
import { createHash } from 'crypto';

/** Many more than WeCom can send in the minutes in which it repeats a push that was answered late. */
const MAX_SEEN = 10_000;
const DIGEST_LENGTH = 22;
/** Jobs live an hour and pushes are refused when they are older than the age window: a day is plenty. */
const LIFE_MS = 24 * 3600 * 1000;

interface Entry {
	/** ms since 1970. */
	at: number;
	/** Whether n8n has the event; unsettled while nobody knows. */
	handedOver: Promise<boolean>;
}

export type Claim =
	/** `settle` is called as soon as it is known whether n8n has the event: if not, the next push is the first again. */
	| { first: true; settle(handedOver: boolean): void }
	| { first: false; handedOver: Promise<boolean> };

/** @returns a short text that is the same for the same key and tells nothing of it */
export function digestOf(key: string): string {
	return createHash('sha256').update(key).digest('base64url').slice(0, DIGEST_LENGTH);
}

export class SeenKeys {
	private readonly scopes = new Map<string, Map<string, Entry>>();

	/**
	 * @param scope the trigger node a key belongs to
	 * @param now ms since 1970
	 * @param lifeMs how long a key counts as seen
	 */
	claim(scope: string, key: string, now: number, lifeMs = LIFE_MS): Claim {
		const seen = this.scope(scope);
		const digest = digestOf(key);
		const before = seen.get(digest);
		if (before && now - before.at < lifeMs) return { first: false, handedOver: before.handedOver };

		let settle: (handedOver: boolean) => void = () => undefined;
		const handedOver = new Promise<boolean>((resolve) => (settle = resolve));
		const entry: Entry = { at: now, handedOver };
		seen.delete(digest);
		seen.set(digest, entry);
		for (const oldest of seen.keys()) {
			if (seen.size <= MAX_SEEN) break;
			seen.delete(oldest);
		}
		let isSettled = false;
		return {
			first: true,
			settle: (done) => {
				if (isSettled) return;
				isSettled = true;
				if (!done && seen.get(digest) === entry) seen.delete(digest);
				settle(done);
			},
		};
	}

	private scope(scope: string): Map<string, Entry> {
		let seen = this.scopes.get(scope);
		if (!seen) {
			seen = new Map();
			this.scopes.set(scope, seen);
		}
		return seen;
	}
}
