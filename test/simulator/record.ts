/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingHttpHeaders } from 'node:http';

/** One part of a multipart request, as it arrived. */
export interface RecordedPart {
	name: string;
	/** The part's header block as bytes, without the blank line that ends it. */
	rawHeader: Buffer;
	/** The plain `filename` parameter; undefined when there was none. */
	fileName?: string;
	/** The `filename*` parameter, undecoded. */
	extendedFileName?: string;
	/** The `filelength` parameter. */
	fileLength?: number;
	contentType: string;
	size: number;
	/** Lower-case hex. */
	md5: string;
}

export interface RecordedReply {
	status: number;
	headers: Record<string, string>;
	/** Of a JSON answer that has one. */
	errcode?: number;
	bytes: number;
}

/** One request that arrived. */
export interface RecordedCall {
	/** Counts from 1. */
	id: number;
	/** Arrival, milliseconds of the simulator's clock. */
	at: number;
	method: string;
	path: string;
	/** The query as it was sent, with its question mark. */
	search: string;
	/** With its secrets: tests look at them. Pages show `maskedQuery`. */
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Names and values in the order and spelling they were sent. */
	rawHeaders: string[];
	contentLength?: number;
	chunked: boolean;
	/** Bytes of the body that were received. */
	bodyBytes: number;
	parts: RecordedPart[];
	/** A body that was not multipart. */
	text?: string;
	/** `text`, parsed; undefined when it is not JSON. */
	json?: unknown;
	reply?: RecordedReply;
	/** The reply has not left completely yet. */
	open: boolean;
	/** How the connection ended, when not by a complete reply. */
	ending?: string;
}

const SECRET_NAMES = /token|secret|ticket|permanent_code|response_code|^sign$|^k$|^key$|^code$/i;

/** Shows enough of a secret to tell two apart. */
export function mask(secret: string): string {
	return secret.length > 8 ? `${secret.slice(0, 3)}…${secret.slice(-2)}` : '…';
}

/** The query of a call with its secrets masked, for pages and logs. */
export function maskedQuery(call: RecordedCall): Record<string, string> {
	return Object.fromEntries(
		Object.entries(call.query).map(([name, value]) => [
			name,
			SECRET_NAMES.test(name) ? mask(value) : value,
		]),
	);
}

/** Everything that arrived. The newest `limit` calls are kept; the counters know all. */
export class CallRecord {
	readonly all: RecordedCall[] = [];
	private readonly counts = new Map<string, number>();
	private readonly openNow = new Map<string, number>();
	private readonly openMost = new Map<string, number>();
	private nextId = 1;

	constructor(private readonly limit = 10_000) {}

	/** Calls of one endpoint, oldest first; `/cgi-bin/` may be left out of the path. */
	calls(path: string): RecordedCall[] {
		return this.all.filter((call) => endpoint(call.path) === endpoint(path));
	}

	/** The newest call of one endpoint. */
	last(path: string): RecordedCall | undefined {
		return this.calls(path).at(-1);
	}

	count(path: string): number {
		return this.counts.get(endpoint(path)) ?? 0;
	}

	/** How many calls of one endpoint were under way at the same time, at most. */
	mostAtOnce(path: string): number {
		return this.openMost.get(endpoint(path)) ?? 0;
	}

	/** Calls per endpoint, without `/cgi-bin/`. */
	counters(): Record<string, number> {
		return Object.fromEntries(this.counts);
	}

	clear(): void {
		this.all.length = 0;
		this.counts.clear();
		this.openMost.clear();
	}

	/** For the server: files a call that has arrived. */
	begin(call: Omit<RecordedCall, 'id' | 'open' | 'bodyBytes' | 'parts'>): RecordedCall {
		const filed: RecordedCall = { ...call, id: this.nextId++, open: true, bodyBytes: 0, parts: [] };
		const name = endpoint(call.path);
		const open = (this.openNow.get(name) ?? 0) + 1;
		this.openNow.set(name, open);
		this.openMost.set(name, Math.max(open, this.openMost.get(name) ?? 0));
		this.counts.set(name, this.count(name) + 1);
		this.all.push(filed);
		if (this.all.length > this.limit) this.all.shift();
		return filed;
	}

	/** For the server: the reply has left, or the connection is gone. */
	end(call: RecordedCall, ending?: string): void {
		if (!call.open) return;
		call.open = false;
		call.ending = ending;
		const name = endpoint(call.path);
		this.openNow.set(name, (this.openNow.get(name) ?? 1) - 1);
	}
}

function endpoint(path: string): string {
	return path.replace(/^\/?cgi-bin\//, '');
}
