/**
 * What the protocol needs from the world outside: one request, one answer, time and chance.
 * Everything here is handed in, so the room knows neither n8n nor sockets.
 */

/** The part of a Node stream that is used here; n8n hands over such streams, the type itself may not be imported. */
export interface ByteStream extends AsyncIterable<Uint8Array | string> {
	destroy?(error?: Error): unknown;
	/** All of it, in pieces, where it is at hand: then nothing has to be waited for. */
	whole?: readonly Uint8Array[];
	/** Where this stream is ours: the one behind it that n8n handed over, for whoever needs another of the same make. */
	handed?: ByteStream;
}

/** Bytes that nobody holds, of a known number: a file, and the body of a request that is read while it is sent. */
export interface ByteSource {
	/** Bytes, exactly. */
	size: number;
	/** Opens all of them, as often as wished; whoever opens reads to the end or destroys, and owns the memory of what comes. */
	open(): Promise<ByteStream>;
}

/** Bytes go out as they are, any other object as JSON. */
export type RequestBody = Buffer | ByteSource | Record<string, unknown>;

/** The secret a request is authorized with; the transport puts it into the query and nowhere else (41001 otherwise). */
export interface Authorization {
	param: 'access_token' | 'key';
	value: string;
}

export interface WireRequest {
	method: 'GET' | 'POST';
	/** Absolute; never holds a secret of ours. */
	url: string;
	/** Percent-encoded by the transport. */
	query: Record<string, string>;
	authorization?: Authorization;
	headers?: Record<string, string>;
	body?: RequestBody;
	/** How long the answer may take: `bytes` is small, so the time limit covers its body too; a `stream` is watched by its reader. */
	answer: 'bytes' | 'stream';
	/** Milliseconds after which the request is given up and its connection closed. */
	timeoutMs: number;
}

export interface WireResponse<Body extends Buffer | ByteStream = Buffer | ByteStream> {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string | string[] | undefined>;
	/** Whoever does not read it to its end destroys it, which closes the connection. */
	body: Body;
	/** The stream behind `body` as the HTTP client made it, for whoever needs one of the same make. */
	handed?: ByteStream;
}

/**
 * Sends one request and gives whatever was answered, whatever its status; throws only {@link WeComNetworkError}, and what
 * the source of a streamed body throws. The body of a `bytes` answer throws the same while it is read.
 */
export type Transport = (request: WireRequest) => Promise<WireResponse>;

export interface World {
	transport: Transport;
	/** Milliseconds since 1970. */
	now(): number;
	/** Waits; gives `false` as soon as the execution is canceled. */
	sleep(ms: number): Promise<boolean>;
	/** 0 ≤ x < 1, for jitter. */
	random(): number;
	/** One line for the log; never holds a secret. */
	log(line: string): void;
	/** Milliseconds for a call that was asked for by nobody in particular, such as fetching a token; absent = 30 s. */
	timeoutMs?: number;
}

/** @returns the first value of a header as text, '' when absent */
export function header(response: WireResponse, name: string): string {
	const value = response.headers[name];
	return (Array.isArray(value) ? value[0] : value) ?? '';
}
