import type { StreamedBody } from './wire';

/** One call of one endpoint, as data. */
export interface Call {
	/** Below `/cgi-bin/`, also the call's name in messages: "media/upload". */
	path: string;
	/** Absolute address instead of `path`, which then only names the call; taken as it is. */
	url?: string;
	method: 'GET' | 'POST';
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: Buffer | Record<string, unknown>;
	/** Instead of `body`. */
	stream?: StreamedBody;
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
