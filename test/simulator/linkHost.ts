/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { contentTypeOf } from './fileKinds';
import { HttpServer } from './httpServer';
import { sendReply, type Reply } from './reply';
import { parseRange } from './routes/download';

/** A file behind a link, and how its host misbehaves; unset members mean "as it should be". */
export interface HostedFile {
	bytes: Buffer;
	/** Sent as Content-Disposition where given. */
	fileName?: string;
	contentType?: string;
	/** False ignores Range and answers 200 with everything; default the host's setting. */
	range?: boolean;
	/** Answer every request with this HTTP status and no file. */
	status?: number;
	/** Wait before answering, real time. */
	delayMs?: number;
	/** Wait for this before answering. */
	hold?: Promise<unknown>;
	/** Cut the connection after this many bytes of every answer. */
	cutAfterBytes?: number;
	/** Cut only so many answers, then behave; default all. */
	cutTimes?: number;
	/** Answer chunked, without Content-Length. */
	noContentLength?: boolean;
}

export interface LinkHostOptions {
	/** By path without its leading slash. */
	files?: Record<string, HostedFile | Buffer>;
	/** Whether Range is honored; default true. */
	range?: boolean;
	port?: number;
	host?: string;
}

export interface LinkRequest {
	method: string;
	path: string;
	range?: string;
	status: number;
	headers: IncomingMessage['headers'];
}

export interface LinkHost {
	/** `http://127.0.0.1:port`. */
	url: string;
	/** The link to a file. */
	link(path: string): string;
	/** Adds a file, or replaces it. */
	put(path: string, file: HostedFile | Buffer): string;
	/** Every request so far, oldest first. */
	requests: LinkRequest[];
	/** How many requests a file got. */
	count(path: string): number;
	close(): Promise<void>;
}

/** A host for links: the CDN in front of which upload_by_url stands. */
export async function startLinkHost(options: LinkHostOptions = {}): Promise<LinkHost> {
	const files = new Map<string, HostedFile>();
	const requests: LinkRequest[] = [];
	const server = new HttpServer(async (request, response) => {
		const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname.slice(1));
		const file = files.get(path);
		const reply = replyFor(file, request, options.range ?? true);
		const { range, ...headers } = request.headers;
		const { method = 'GET' } = request;
		requests.push({ method, path, range, status: reply.status, headers });
		await answer(file, reply, request, response);
	});
	await server.start(options.port, options.host);
	const host: LinkHost = {
		url: server.url,
		requests,
		link: (path) => `${server.url}/${path.split('/').map(encodeURIComponent).join('/')}`,
		put(path, file) {
			files.set(path, Buffer.isBuffer(file) ? { bytes: file } : { ...file });
			return host.link(path);
		},
		count: (path) => requests.filter((request) => request.path === path).length,
		close: async () => await server.stop(),
	};
	for (const [path, file] of Object.entries(options.files ?? {})) host.put(path, file);
	return host;
}

function replyFor(file: HostedFile | undefined, request: IncomingMessage, range: boolean): Reply {
	if (!file || file.status !== undefined) {
		return { status: file?.status ?? 404, headers: {}, body: Buffer.alloc(0) };
	}
	const { bytes, fileName, contentType = contentTypeOf(bytes, fileName) } = file;
	const headers: Record<string, string> = { 'Content-Type': contentType };
	if (fileName !== undefined) {
		headers['Content-Disposition'] = `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`;
	}
	const withoutLength = file.noContentLength;
	if (!(file.range ?? range)) return { status: 200, headers, body: bytes, withoutLength };

	headers['Accept-Ranges'] = 'bytes';
	const wanted = parseRange(request.headers.range, bytes.length);
	if (wanted === undefined) return { status: 200, headers, body: bytes, withoutLength };
	if (wanted === 'unsatisfiable') {
		headers['Content-Range'] = `bytes */${bytes.length}`;
		return { status: 416, headers, body: Buffer.alloc(0) };
	}
	headers['Content-Range'] = `bytes ${wanted.start}-${wanted.end}/${bytes.length}`;
	const body = bytes.subarray(wanted.start, wanted.end + 1);
	return { status: 206, headers, body, withoutLength };
}

async function answer(
	file: HostedFile | undefined,
	reply: Reply,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	request.resume();
	const { delayMs = 0, hold, cutAfterBytes, cutTimes = Infinity } = file ?? {};
	if (delayMs > 0) await new Promise<void>((resolve) => setTimeout(resolve, delayMs).unref());
	await hold;
	if (request.method === 'HEAD') {
		response.writeHead(reply.status, { ...reply.headers, 'Content-Length': reply.body.length });
		response.end();
		return;
	}
	const cut = cutAfterBytes !== undefined && cutTimes > 0;
	if (file && cut) file.cutTimes = cutTimes - 1;
	await sendReply(response, reply, cut ? { cutAfterBytes } : {});
}
