/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/**
 * A fixed counterpart in a process of its own: it speaks as much WeCom as an upload, a download and a job result need,
 * keeps nothing, and costs both clients the same. Its order names the latency in ms that every answer waits.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pieces } from './bytes';
import { noCounts } from './spec';

let latencyMs = 0;
let counts = noCounts();

const server = createServer((request, response) => {
	const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench');
	const name = pathname.slice(pathname.lastIndexOf('/') + 1);
	if (name === 'counts') {
		json(response, counts);
		counts = noCounts();
		return;
	}
	counts.requests[name] = (counts.requests[name] ?? 0) + 1;
	let body = '';
	request.on('data', (piece: Buffer) => {
		if (name === 'upload') counts.bytesIn += piece.length;
		else body += piece.toString();
	});
	request.on('end', () => {
		if (name === 'get_upload_by_url_result') {
			const { jobid } = JSON.parse(body) as { jobid: string };
			counts.jobs[jobid] = (counts.jobs[jobid] ?? 0) + 1;
		}
		if (latencyMs === 0) answer(name, request, response, searchParams);
		else setTimeout(() => answer(name, request, response, searchParams), latencyMs);
	});
});

function answer(
	name: string,
	request: IncomingMessage,
	response: ServerResponse,
	query: URLSearchParams,
): void {
	const seconds = Math.floor(Date.now() / 1000);
	if (name === 'get') return sendMedia(request, response, query.get('media_id') ?? '');
	if (name === 'gettoken') {
		return json(response, { errcode: 0, access_token: 'made-up-bench-token', expires_in: 7200 });
	}
	if (name === 'upload') {
		return json(response, { errcode: 0, type: 'file', media_id: 'M1', created_at: `${seconds}` });
	}
	if (name === 'get_upload_by_url_result') {
		const detail = { errcode: 0, errmsg: 'ok', media_id: 'M2', created_at: `${seconds}` };
		return json(response, { errcode: 0, errmsg: 'ok', status: 2, detail });
	}
	return json(response, { errcode: 0, errmsg: 'ok', ip_list: [] });
}

function sendMedia(request: IncomingMessage, response: ServerResponse, mediaId: string): void {
	const total = Number(mediaId.split('-')[1]);
	const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
	const start = range ? Number(range[1]) : 0;
	const end = range ? Math.min(Number(range[2]) + 1, total) : total;
	counts.bytesOut += end - start;
	response.writeHead(range ? 206 : 200, {
		'content-type': 'application/octet-stream',
		'content-disposition': 'attachment; filename="bench.bin"',
		'content-length': end - start,
		...(range ? { 'content-range': `bytes ${start}-${end - 1}/${total}` } : {}),
	});
	const source = pieces(start, end);
	const more = () => {
		for (let next = source.next(); !next.done; next = source.next()) {
			if (!response.write(next.value)) {
				response.once('drain', more);
				return;
			}
		}
		response.end();
	};
	more();
}

function json(response: ServerResponse, body: object): void {
	const text = JSON.stringify(body);
	response.writeHead(200, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
	});
	response.end(text);
}

process.once('disconnect', () => process.exit());
process.once('message', (order: { latencyMs: number }) => {
	({ latencyMs } = order);
	server.listen(0, '127.0.0.1', () => {
		process.send?.({ port: (server.address() as AddressInfo).port });
	});
});
