/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage } from 'node:http';

import type { World } from './dispatcher';
import { contentTypeOf } from './fileKinds';
import { credentialsPage, livePart, wholePage } from './page';
import { isRecipient, targetNamed } from './pageForms';
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
	if (path === '/_simulator/credentials') return htmlReply(credentialsPage(world));
	if (path === '/_simulator/live') return htmlReply(livePart(world));
	if (path === '/_simulator/callback-url' && request.method === 'POST') {
		return await saveCallbackUrl(world, request);
	}
	if (path === '/_simulator/say' && request.method === 'POST') {
		return await say(world, request);
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

/** `POST /_simulator/callback-url` with `{"url":"…"}`, and `target` for another than the demo app. */
async function saveCallbackUrl(world: World, request: IncomingMessage): Promise<Reply> {
	const body = await readAll(request);
	const form = JSON.parse(body.toString('utf8')) as { url: string; target?: string };
	const target = targetNamed(world.state, form.target ?? 'app');
	if (!target) return plainJson({ ok: false, reason: 'There is no such target.' });
	const result = await world.callbacks.save(target, form.url);
	return plainJson({
		...result,
		...(result.ok
			? { done: 'Saved: the URL answered with the bare echo.' }
			: { reason: `Not saved: ${result.reason}` }),
	});
}

/**
 * `POST /_simulator/say?to=app&text=…&fileName=…` with the file as body: somebody writes a message.
 * Answers as soon as the push begins.
 */
async function say(world: World, request: IncomingMessage): Promise<Reply> {
	const { searchParams } = new URL(request.url ?? '/', 'http://simulator');
	const bytes = await readAll(request);
	const to = searchParams.get('to');
	const text = searchParams.get('text') ?? '';
	const fileName = searchParams.get('fileName') ?? '';
	const attached = fileName === '' ? {} : { file: { bytes, fileName } };
	if (!isRecipient(to)) return plainJson({ ok: false, reason: 'There is nobody of that name.' });
	if (!targetNamed(world.state, to)?.callback?.url) {
		return plainJson({ ok: false, reason: 'Save a callback URL for this recipient first.' });
	}
	if (text === '' && fileName === '') {
		return plainJson({ ok: false, reason: 'Write something, or attach a file.' });
	}
	const { people } = world;
	// A client sends a text beside a file as a message of its own.
	const messages = [...(fileName === '' ? [] : [attached]), ...(text === '' ? [] : [{ text }])];
	for (const message of messages) {
		void {
			app: async () => await people.writeToApp(message),
			bot: async () => await people.writeToBot(message),
			customerService: async () => await people.customerService.write(message),
		}[to]();
	}
	return plainJson({ ok: true, done: 'On its way: see "Callbacks pushed" below.' });
}

function plainJson(value: Record<string, unknown>): Reply {
	return {
		status: 200,
		headers: { 'Content-Type': 'application/json' },
		body: Buffer.from(JSON.stringify(value)),
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
