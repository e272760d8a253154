/** HTTP as bytes: what the proxy reads, and what it answers. */

export interface RequestHead {
	method: string;
	/** As it stands in the request line. */
	target: string;
	headers: Array<[name: string, value: string]>;
	/** Bytes of the head, the empty line included. */
	length: number;
}

export interface Answer {
	status: number;
	headers: Array<[name: string, value: string]>;
	body: Buffer;
}

/** What happens on the connection next. */
export type Step = { send: Buffer } | { pauseMs: number } | 'hang' | 'end' | 'reset';

/** @returns undefined while the empty line has not arrived */
export function readHead(bytes: Buffer): RequestHead | undefined {
	const end = bytes.indexOf('\r\n\r\n');
	if (end < 0) return undefined;
	const [line, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
	const [method, target] = line.split(' ');
	const headers = lines.map((text): [string, string] => {
		const colon = text.indexOf(':');
		return [text.slice(0, colon), text.slice(colon + 1).trim()];
	});
	return { method, target, headers, length: end + 4 };
}

export function valueOf(headers: Array<[string, string]>, name: string): string | undefined {
	return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

/** The same headers, those named in `changes` replaced, added, or with undefined left out. */
export function withHeaders(
	answer: Answer,
	changes: Record<string, string | undefined>,
): Answer['headers'] {
	const names = Object.keys(changes).map((name) => name.toLowerCase());
	const kept = answer.headers.filter(([name]) => !names.includes(name.toLowerCase()));
	const added = Object.entries(changes).filter(
		(entry): entry is [string, string] => entry[1] !== undefined,
	);
	return [...kept, ...added];
}

/** The head as it goes over the wire; nothing is added. */
export function headOf(status: number | string, headers: Answer['headers']): Buffer {
	const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
	return Buffer.from(`HTTP/1.1 ${status} Status\r\n${lines}\r\n`, 'latin1');
}

/** The whole answer, its length told truly. */
export function bytesOf({ status, headers, body }: Answer): Buffer {
	const told = withHeaders({ status, headers, body }, { 'Content-Length': String(body.length) });
	return Buffer.concat([headOf(status, told), body]);
}
