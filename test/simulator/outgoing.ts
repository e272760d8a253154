/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface OutgoingRequest {
	method?: string;
	headers?: Record<string, string>;
	body?: string;
	/** Milliseconds for the whole exchange, real time. */
	timeoutMs: number;
	/** Ends the exchange early. */
	signal: AbortSignal;
	/** Answer bodies beyond this many bytes are an error. */
	maxBytes?: number;
}

export interface OutgoingAnswer {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

/** The requests WeCom itself makes: callbacks to a trigger, ranges of a link. Follows no redirect. */
export async function exchange(url: string, options: OutgoingRequest): Promise<OutgoingAnswer> {
	const { method = 'GET', headers, body, maxBytes = Infinity } = options;
	const timeout = AbortSignal.timeout(options.timeoutMs);
	const signal = AbortSignal.any([options.signal, timeout]);
	const request = url.startsWith('https:') ? httpsRequest : httpRequest;
	return await new Promise((resolve, reject) => {
		const outgoing = request(url, { method, headers, signal, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				chunks.push(chunk);
				if (size > maxBytes) outgoing.destroy(new Error(`more than ${maxBytes} bytes`));
			});
			response.on('error', reject);
			response.on('end', () => {
				const { statusCode: status = 0, headers: answered } = response;
				resolve({ status, headers: answered, body: Buffer.concat(chunks) });
			});
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
