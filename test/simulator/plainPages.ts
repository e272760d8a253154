/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage } from 'node:http';

import type { World } from './dispatcher';
import { contentTypeOf } from './fileKinds';
import { livePart, wholePage } from './page';
import { readAll } from './receive';
import { emptyReply, type Reply } from './reply';
import { parseRange } from './routes/download';

/**
 * What is served beside WeCom's API, without being recorded: permanent images, videos of Official
 * Accounts, the human page and the little it needs. Undefined when the path is none of these.
 */
export async function plainPages(
	world: World,
	request: IncomingMessage,
	path: string,
): Promise<Reply | undefined> {
	const { state } = world;
	const image = state.permanentImages.get(path);
	if (image) return fileReply(image, request.headers.range);
	const video = state.media.byVideoPath(path);
	if (video) return fileReply(video.bytes, request.headers.range);

	if (path === '/favicon.ico') return emptyReply(204);
	if (path === '' || path === '/') return htmlReply(wholePage(world));
	if (path === '/_simulator/live') return htmlReply(livePart(world));
	if (path === '/_simulator/callback-url' && request.method === 'POST') {
		return await saveCallbackUrl(world, request);
	}
	const mediaId = /^\/_simulator\/media\/(.+)$/.exec(path)?.[1];
	const media = mediaId && state.media.get(decodeURIComponent(mediaId));
	if (!media) return undefined;
	const reply = fileReply(media.bytes, request.headers.range);
	// Uploaded HTML must not run on this page's origin.
	if (!media.contentType.startsWith('image/')) reply.headers['Content-Disposition'] = 'attachment';
	reply.headers['X-Content-Type-Options'] = 'nosniff';
	return reply;
}

/** `POST /_simulator/callback-url` with `{"url":"…"}`: the console's "save" for the demo app. */
async function saveCallbackUrl(world: World, request: IncomingMessage): Promise<Reply> {
	const body = await readAll(request);
	const { url } = JSON.parse(body.toString('utf8')) as { url: string };
	const result = await world.callbacks.save(world.state.apps[0], url);
	return {
		status: 200,
		headers: { 'Content-Type': 'application/json' },
		body: Buffer.from(JSON.stringify(result)),
	};
}

function htmlReply(html: string): Reply {
	return {
		status: 200,
		headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
		body: Buffer.from(html),
	};
}

function fileReply(bytes: Buffer, rangeHeader: string | undefined): Reply {
	const headers: Record<string, string> = {
		'Content-Type': contentTypeOf(bytes),
		'Accept-Ranges': 'bytes',
	};
	const range = parseRange(rangeHeader, bytes.length);
	if (range === undefined) return { status: 200, headers, body: bytes };
	if (range === 'unsatisfiable') {
		headers['Content-Range'] = `bytes */${bytes.length}`;
		return { status: 416, headers, body: Buffer.alloc(0) };
	}
	headers['Content-Range'] = `bytes ${range.start}-${range.end}/${bytes.length}`;
	return { status: 206, headers, body: bytes.subarray(range.start, range.end + 1) };
}
