import { createHash } from 'crypto';

import { WeComApiError } from '../client/errors';

/** What a token call answers. */
export interface Grant {
	token: string;
	/** Seconds, as the vendor says (7200 normally, vendor page 91039). */
	expiresInS: number;
}

/** How one account gets its token. */
export interface TokenSource {
	/** From {@link tokenCacheKey}: whose token it is, one entry per base URL, id and secret. */
	cacheKey: string;
	/**
	 * What this fetch is made with, where that is renewed while the account stays the same (a suite_ticket): a refusal,
	 * and a fetch on its way, hold for it alone. Absent = the cacheKey.
	 */
	attemptKey?: string;
	fetch(): Promise<Grant>;
	/**
	 * Throws when the token works but calls will be refused (60020); gives `false` when the token itself is dead.
	 * Absent where fetching again is the check.
	 */
	verify?(token: string): Promise<boolean>;
}

interface Entry {
	token: string;
	expiresAt: number;
	verifiedAt: number;
}

interface Failure {
	error: unknown;
	until: number;
}

/** Refresh this long before the end; clients of WeCom use 200 to 300 s. */
const MARGIN_MS = 300_000;
/** A refused secret is not tried again for this long: repeating it gets the IP blocked (45009 help text). */
const REFUSAL_MS = 60_000;
/** Accounts a process remembers, about 1 KB each; beyond them the one that was not used for longest goes. */
const MAX_ENTRIES = 5_000;

/** Token calls that will be answered the same next time: wrong secret, corp id, app id, suite, blocked IP. */
const FINAL_CODES = new Set([
	40001, 40013, 40082, 40083, 40084, 40085, 40091, 40125, 40164, 40243, 41002, 41004, 45009, 48004,
]);
/** 40085 and 40164 mend themselves (next ticket, IP added), so they are remembered only for a moment. */
const SHORT_LIVED_CODES = new Set([40085, 40164]);
const SHORT_REFUSAL_MS = 5_000;

/** @returns a key that tells accounts apart and reveals none of their parts */
export function tokenCacheKey(...parts: string[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * One token fetch per account and process: parallel items and executions share the answer and the wait.
 * Kept in memory only; gettoken gives the same token while it is valid, so other processes do not disturb.
 */
export class TokenCache {
	private readonly entries = new Map<string, Entry>();
	private readonly failures = new Map<string, Failure>();
	private readonly inFlight = new Map<string, Promise<Entry>>();

	constructor(private readonly now: () => number) {}

	/** @returns a token that was verified once since it was fetched */
	async get(source: TokenSource): Promise<string> {
		return await this.getVerified(source, Number.POSITIVE_INFINITY);
	}

	/**
	 * @param maxAgeMs how old the last verification may be; the credential test and n8n's HTTP Request node ask with a
	 * small one, since there nobody looks at the errcode that says the token died
	 */
	async getVerified(source: TokenSource, maxAgeMs: number): Promise<string> {
		const entry = this.fresh(source.cacheKey, maxAgeMs);
		if (entry) return entry.token;
		const attempt = attemptOf(source);
		const failure = this.failures.get(attempt);
		if (failure && failure.until > this.now()) throw failure.error;
		let waiting = this.inFlight.get(attempt);
		if (!waiting) {
			waiting = this.renew(source, maxAgeMs).finally(() => this.inFlight.delete(attempt));
			this.inFlight.set(attempt, waiting);
		}
		return (await waiting).token;
	}

	/** Forgets a token WeCom refused; a newer one that another item already fetched stays. */
	invalidate(cacheKey: string, token: string): void {
		if (this.entries.get(cacheKey)?.token === token) this.entries.delete(cacheKey);
	}

	/** Forgets that a token was verified, so that the next use asks again (after 60020). */
	doubt(cacheKey: string): void {
		const entry = this.entries.get(cacheKey);
		if (entry) entry.verifiedAt = Number.NEGATIVE_INFINITY;
	}

	private fresh(cacheKey: string, maxAgeMs: number): Entry | undefined {
		const entry = this.entries.get(cacheKey);
		if (!entry || entry.expiresAt <= this.now()) return undefined;
		// The newest in the map is the one used last.
		this.entries.delete(cacheKey);
		this.entries.set(cacheKey, entry);
		return this.isVerified(entry, maxAgeMs) ? entry : undefined;
	}

	private isVerified(entry: Entry, maxAgeMs: number): boolean {
		return (
			entry.verifiedAt !== Number.NEGATIVE_INFINITY && this.now() - entry.verifiedAt <= maxAgeMs
		);
	}

	private async renew(source: TokenSource, maxAgeMs: number): Promise<Entry> {
		const known = this.entries.get(source.cacheKey);
		if (source.verify && known && known.expiresAt > this.now()) {
			if (this.isVerified(known, maxAgeMs)) return known;
			if (await source.verify(known.token)) {
				known.verifiedAt = this.now();
				return known;
			}
		}
		const entry = await this.fetch(source);
		await source.verify?.(entry.token);
		entry.verifiedAt = this.now();
		return entry;
	}

	private async fetch(source: TokenSource): Promise<Entry> {
		const grant = await this.ask(source);
		const margin = Math.min(MARGIN_MS, grant.expiresInS * 100);
		const entry: Entry = {
			token: grant.token,
			expiresAt: this.now() + grant.expiresInS * 1000 - margin,
			verifiedAt: Number.NEGATIVE_INFINITY,
		};
		this.failures.delete(attemptOf(source));
		this.entries.delete(source.cacheKey);
		this.entries.set(source.cacheKey, entry);
		this.bound(this.entries);
		return entry;
	}

	private async ask(source: TokenSource): Promise<Grant> {
		try {
			return await source.fetch();
		} catch (error) {
			throw this.remembered(attemptOf(source), error);
		}
	}

	/** @returns the same error, which is kept where the next try would be refused, too */
	private remembered(attempt: string, error: unknown): unknown {
		if (!(error instanceof WeComApiError) || !FINAL_CODES.has(error.errcode)) return error;
		const forMs = SHORT_LIVED_CODES.has(error.errcode) ? SHORT_REFUSAL_MS : REFUSAL_MS;
		this.failures.delete(attempt);
		this.failures.set(attempt, { error, until: this.now() + forMs });
		this.bound(this.failures);
		return error;
	}

	private bound(map: Map<string, unknown>): void {
		const oldest = map.keys().next();
		if (map.size > MAX_ENTRIES && !oldest.done) map.delete(oldest.value);
	}
}

function attemptOf({ attemptKey, cacheKey }: TokenSource): string {
	return attemptKey ?? cacheKey;
}

/** The one cache of this process; n8n loads the node and the credentials into the same module. */
export const sharedTokens = new TokenCache(() => Date.now());
