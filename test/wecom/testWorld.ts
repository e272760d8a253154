/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** A world for the protocol room: real sockets, and a clock that runs faster than the wall's. */
import { request as httpRequest, type ClientRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { WeComClient } from '../../nodes/WeComMedia/wecom/client/client';
import { isWeComError, WeComNetworkError } from '../../nodes/WeComMedia/wecom/client/errors';
import type { System } from '../../nodes/WeComMedia/wecom/accounts/system';
import { isStreamed } from '../../nodes/WeComMedia/wecom/client/body';
import type {
	ByteSource,
	RequestBody,
	Transport,
	WireResponse,
	World,
} from '../../nodes/WeComMedia/wecom/client/wire';

export interface TestWorld extends World {
	/** Every line the protocol logged. */
	lines: string[];
	/** Every pause the protocol made, in ms of its own clock. */
	pauses: number[];
	/** From now on every pause answers "canceled". */
	cancel(): void;
}

/**
 * @param speed how much faster the clock runs than the wall's; a stall of 30 s lasts 0.3 s with 100. Tests that count
 * requests take less, or a busy machine looks like a stalled connection.
 */
export function testWorld(transport: Transport = socketTransport, speed = 100): TestWorld {
	const startedAt = performance.now();
	const lines: string[] = [];
	const pauses: number[] = [];
	let canceled = false;
	return {
		transport,
		lines,
		pauses,
		cancel: () => {
			canceled = true;
		},
		now: () => 1_800_000_000_000 + (performance.now() - startedAt) * speed,
		sleep: async (ms) => {
			pauses.push(ms);
			await new Promise((resolve) => setTimeout(resolve, ms / speed).unref());
			return !canceled;
		},
		random: () => 0.5,
		log: (line) => lines.push(line),
	};
}

export function clientFor(system: System, world: World, maxRetries = 3): WeComClient {
	return new WeComClient(system, { world, maxRetries, requestTimeoutMs: 5_000 });
}

/** The transport of the tests: Node's own HTTP client, so that nothing of n8n takes part. */
export const socketTransport: Transport = async (request) =>
	await new Promise<WireResponse>((resolve, reject) => {
		const url = new URL(request.url);
		const secret = request.authorization;
		for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, value);
		if (secret) url.searchParams.set(secret.param, secret.value);
		const { body } = request;
		const streamed = isStreamed(body) ? body : undefined;
		const bytes = bytesOf(body);
		const isJson = bytes !== undefined && bytes !== body;
		const length = streamed?.size ?? bytes?.length;
		const outgoing = httpRequest(
			url,
			{
				method: request.method,
				agent: false,
				timeout: request.timeoutMs,
				headers: {
					...(length === undefined ? {} : { 'content-length': String(length) }),
					...(isJson ? { 'content-type': 'application/json' } : {}),
					...request.headers,
				},
			},
			(incoming) => {
				const answer = { status: incoming.statusCode ?? 0, headers: incoming.headers };
				if (request.answer === 'stream') {
					// As with n8n's HTTP client: once the headers are there, no timeout watches the body.
					outgoing.setTimeout(0);
					return resolve({ ...answer, body: incoming });
				}
				const pieces: Buffer[] = [];
				incoming.on('data', (piece: Buffer) => pieces.push(piece));
				incoming.on('end', () => resolve({ ...answer, body: Buffer.concat(pieces) }));
				incoming.on('error', (error) => reject(networkError(error)));
			},
		);
		outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
		// A source that fails destroys the request with its own error.
		outgoing.on('error', (error) => reject(isWeComError(error) ? error : networkError(error)));
		if (streamed) sendStream(streamed, outgoing).catch(reject);
		else outgoing.end(bytes);
	});

function bytesOf(body: RequestBody | undefined): Buffer | undefined {
	if (body === undefined || isStreamed(body)) return undefined;
	return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
}

async function sendStream(source: ByteSource, outgoing: ClientRequest): Promise<void> {
	const opened = await source.open();
	await pipeline(Readable.from(opened), outgoing).finally(() => opened.destroy?.());
}

function networkError(error: Error & { code?: string }): WeComNetworkError {
	const code = error.code ?? 'ECONNRESET';
	return new WeComNetworkError(
		`no answer (${code})`,
		code,
		code === 'ECONNREFUSED' ? 'no' : 'maybe',
	);
}

/** A transport whose first calls of an endpoint go to a port where nobody listens. */
export function unreachableFirst(path: string, times: number): Transport {
	let left = times;
	return async (request) => {
		if (left === 0 || !request.url.endsWith(`/cgi-bin/${path}`)) {
			return await socketTransport(request);
		}
		left -= 1;
		const url = new URL(request.url);
		url.port = String(await closedPort());
		return await socketTransport({ ...request, url: url.toString() });
	};
}

async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
