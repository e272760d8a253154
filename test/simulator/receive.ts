/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage } from 'node:http';

import { receiveMultipart, type ReceivedMultipart, type ReceivedPart } from './multipart';
import type { RecordedCall, RecordedPart } from './record';

/** Longer texts are recorded parsed only. */
const KEPT_TEXT_BYTES = 64 * 1024;

/**
 * Reads a call's body into its record; gives the decoded form of a multipart body.
 * @throws when the connection ends before the body does
 */
export async function receiveBody(
	request: IncomingMessage,
	call: RecordedCall,
): Promise<ReceivedMultipart | undefined> {
	if (/^multipart\//i.test(request.headers['content-type'] ?? '')) {
		const multipart = await receiveMultipart(request);
		call.bodyBytes = multipart.bodyBytes;
		call.parts = multipart.parts.map(withoutBytes);
		return multipart;
	}
	const body = await readAll(request);
	call.bodyBytes = body.length;
	const text = body.toString('utf8');
	if (body.length <= KEPT_TEXT_BYTES) call.text = text;
	call.json = parseJson(text);
	return undefined;
}

export async function readAll(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/** The record would otherwise hold every upload of a long run. */
function withoutBytes(part: ReceivedPart): RecordedPart {
	const copy: RecordedPart & { bytes?: Buffer } = { ...part };
	delete copy.bytes;
	return copy;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
