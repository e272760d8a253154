import type { SystemId } from '../hints/types';
import type { Authorization, RequestBody } from './wire';

/** One call of one endpoint, as data. */
export interface Call {
	/** Below `/cgi-bin/`, also the call's name in messages: "media/upload". */
	path: string;
	/** Absolute address instead of `path`, which then only names the call; taken as it is. */
	url?: string;
	method: 'GET' | 'POST';
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: RequestBody;
	/** False for calls whose repetition costs the user something after an unknown outcome (send, uploadimg). */
	repeatable: boolean;
	/**
	 * Members of the answer of which one proves that the call is done: an id or link, which is a text, or `errcode`.
	 * By default `errcode` where the call is not repeatable, else none.
	 */
	proof?: readonly string[];
	/** For calls that are not repeatable: what it means that nobody knows the outcome, and what to do. */
	ifLost?: string;
	/** True for a link outside the API, which gets no secret. */
	anonymous?: boolean;
	/** Bytes of JSON that may come instead of a file; absent = as short as a refusal. */
	maxJsonBytes?: number;
	/** Milliseconds on top of the client's timeout, for the bytes of a big body. */
	extraTimeoutMs?: number;
}

export type JsonAnswer = Record<string, unknown>;

/** Turns an account into the secret in a call's query. */
export interface Authorizer {
	readonly param: Authorization['param'];
	/** @returns the secret, or '' for a call that needs none */
	authorize(): Promise<string>;
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
	authorizer: Authorizer;
	/** Strings that must never show up anywhere. */
	secrets: readonly string[];
}
