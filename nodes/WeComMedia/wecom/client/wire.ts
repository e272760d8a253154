/**
 * What the protocol needs from the world outside: one request, one answer, time and chance.
 * Everything here is handed in, so the room knows neither n8n nor sockets.
 */

/** The part of a Node stream that is used here; n8n hands over such streams, the type itself may not be imported. */
export interface ByteStream extends AsyncIterable<Uint8Array | string> {
	destroy?(error?: Error): unknown;
}

/** A body that is read while it is sent, so that nobody holds it. */
export interface StreamedBody {
	/** Bytes, exactly. */
	size: number;
	/** Opens all of it, again for every attempt. */
	open(): Promise<OpenedBody>;
}

export interface OpenedBody {
	/** Reading them sends the body; they throw when the source is not what it was announced to be. */
	pieces: AsyncGenerator<Uint8Array>;
	/** What the storage handed over, to be destroyed when the body is not read to its end. */
	handed: ByteStream;
}

/** The secret a request is authorised with; the transport puts it into the query and nowhere else (41001 otherwise). */
export interface Authorisation {
	param: 'access_token' | 'key';
	value: string;
}

export interface WireRequest {
	method: 'GET' | 'POST';
	/** Absolute; never holds a secret of ours. */
	url: string;
	/** Percent-encoded by the transport. */
	query: Record<string, string>;
	authorisation?: Authorisation;
	headers?: Record<string, string>;
	/** A Buffer goes out as it is, an object as JSON. */
	body?: Buffer | Record<string, unknown>;
	/** Instead of `body`. */
	stream?: StreamedBody;
	/** `bytes`: the answer's body as one Buffer; `stream`: as it arrives. */
	answer: 'bytes' | 'stream';
	/** Milliseconds without an answer (or without progress) until the request counts as lost. */
	timeoutMs: number;
}

export interface WireResponse<Body extends Buffer | ByteStream = Buffer | ByteStream> {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string | string[] | undefined>;
	body: Body;
}

/** Sends one request and gives whatever was answered, whatever its status; throws only {@link WeComNetworkError}, and what the source of a streamed body throws. */
export type Transport = (request: WireRequest) => Promise<WireResponse>;

export interface World {
	transport: Transport;
	/** Milliseconds since 1970. */
	now(): number;
	/** Waits; gives `false` as soon as the execution is cancelled. */
	sleep(ms: number): Promise<boolean>;
	/** 0 ≤ x < 1, for jitter. */
	random(): number;
	/** One line for the log; never holds a secret. */
	log(line: string): void;
}

/** @returns the first value of a header as text, '' when absent */
export function header(response: WireResponse, name: string): string {
	const value = response.headers[name];
	return (Array.isArray(value) ? value[0] : value) ?? '';
}
