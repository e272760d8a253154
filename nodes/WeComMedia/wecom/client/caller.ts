import type { SystemId } from '../hints/types';
import type { Authorisation } from './wire';

/** Turns an account into the secret in a call's query. */
export interface Authoriser {
	readonly param: Authorisation['param'];
	/** @returns the secret, or '' for a call that needs none */
	authorise(): Promise<string>;
	/** Whether a business call's errcode says that the token has died. */
	isStale(errcode: number): boolean;
	invalidate(secret: string): void;
	/** The account works, but calls are refused (60020): look again before the next use. */
	doubt(): void;
}

/** Whom a client speaks for. */
export interface Caller {
	id: SystemId;
	baseUrl: string;
	authoriser: Authoriser;
	/** Strings that must never show up anywhere. */
	secrets: readonly string[];
}
