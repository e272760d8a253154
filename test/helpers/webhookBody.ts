/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage } from 'node:http';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** n8n's XML parser lower-cases tag names: a node that wants the message must use `rawBody`. */
const xml = new XMLParser({ transformTagName: (name) => name.toLowerCase(), parseTagValue: false });

const parsers: Record<string, (text: string) => unknown> = {
	'application/json': (text) => JSON.parse(text) as unknown,
	'application/xml': parseXml,
	'text/xml': parseXml,
	'application/x-www-form-urlencoded': (text) => Object.fromEntries(new URLSearchParams(text)),
	'text/plain': (text) => text,
};

function parseXml(text: string): unknown {
	if (XMLValidator.validate(text) !== true) throw new Error('not well-formed');
	return xml.parse(text) as unknown;
}

/**
 * Sets `body`, `contentType` and `encoding` from `rawBody`, as n8n does before a node of version 1
 * sees the request.
 *
 * @returns false if the body is not what its content type says; n8n then answers 422 by itself.
 */
export function parseBody(request: IncomingMessage & { body?: unknown }): boolean {
	const contentType = request.headers['content-type']?.split(';')[0].trim().toLowerCase();
	request.contentType = contentType;
	request.encoding = 'utf8';
	request.body = {};
	const parser = contentType === undefined ? undefined : parsers[contentType];
	if (!parser || request.rawBody.length === 0) return true;
	try {
		request.body = parser(request.rawBody.toString('utf8'));
		return true;
	} catch {
		return false;
	}
}
