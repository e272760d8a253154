import { randomBytes } from 'node:crypto';

import type { App, OfficialAccount, Suite } from './model';

/** Seconds an access_token lives (vendor page 91039). */
export const TOKEN_SECONDS = 7200;

export type TokenHolder =
	| { kind: 'app'; app: App }
	| { kind: 'suite'; suite: Suite }
	/** cgi-bin/token and cgi-bin/stable_token do not see each other's tokens. */
	| { kind: 'officialAccount'; account: OfficialAccount; line: 'plain' | 'stable' };

export interface IssuedToken {
	value: string;
	holder: TokenHolder;
	issuedAt: number;
	expiresAt: number;
	revoked: boolean;
	/** An Official Account's older token: still good until then, afterwards "not the latest". */
	supersededFrom?: number;
}

export type TokenCondition = 'valid' | 'unknown' | 'expired' | 'revoked' | 'superseded';

/** All tokens ever issued. */
export class TokenStore {
	private readonly tokens = new Map<string, IssuedToken>();

	constructor(private readonly now: () => number) {}

	issue(holder: TokenHolder): IssuedToken {
		// 512 bytes must be reserved for a token (page 91039); real ones are a little over 200 long.
		const value = randomBytes(160).toString('base64url');
		const issuedAt = this.now();
		const token: IssuedToken = {
			value,
			holder,
			issuedAt,
			expiresAt: issuedAt + TOKEN_SECONDS * 1000,
			revoked: false,
		};
		this.tokens.set(value, token);
		return token;
	}

	/** The newest token of a holder that still works, if any. */
	current(holder: TokenHolder): IssuedToken | undefined {
		return this.all()
			.reverse()
			.find((token) => sameHolder(token.holder, holder) && this.condition(token) === 'valid');
	}

	find(value: string): IssuedToken | undefined {
		return this.tokens.get(value);
	}

	condition(token: IssuedToken | undefined): TokenCondition {
		if (!token) return 'unknown';
		if (token.revoked) return 'revoked';
		if (token.expiresAt <= this.now()) return 'expired';
		if (token.supersededFrom !== undefined && token.supersededFrom <= this.now()) {
			return 'superseded';
		}
		return 'valid';
	}

	/** Whole seconds a token still lives. */
	secondsLeft(token: IssuedToken): number {
		return Math.max(0, Math.floor((token.expiresAt - this.now()) / 1000));
	}

	/** Older tokens of the holder stop working after `graceMs`. */
	supersede(holder: TokenHolder, graceMs: number): void {
		for (const token of this.all()) {
			if (!sameHolder(token.holder, holder)) continue;
			token.supersededFrom ??= this.now() + graceMs;
		}
	}

	/** Ends the life of one token, or of all: business calls answer 42001. */
	expire(value?: string): void {
		for (const token of this.select(value)) token.expiresAt = Math.min(token.expiresAt, this.now());
	}

	/** Withdraws one token, or all, before their time: business calls answer 40014. */
	revoke(value?: string): void {
		for (const token of this.select(value)) token.revoked = true;
	}

	all(): IssuedToken[] {
		return [...this.tokens.values()];
	}

	private select(value?: string): IssuedToken[] {
		if (value === undefined) return this.all();
		const token = this.find(value);
		return token ? [token] : [];
	}
}

function sameHolder(a: TokenHolder, b: TokenHolder): boolean {
	if (a.kind === 'app' && b.kind === 'app') return a.app === b.app;
	if (a.kind === 'suite' && b.kind === 'suite') return a.suite === b.suite;
	if (a.kind === 'officialAccount' && b.kind === 'officialAccount') {
		return a.account === b.account && a.line === b.line;
	}
	return false;
}
