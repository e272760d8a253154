/** Serves one stored file to whoever has a valid signed link to it, by Range, streamed. Nothing else is reachable. */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { READ_BYTES } from '../n8n/binary';
import type { NodeStream } from '../n8n/binary';
import { toBuffer } from '../wecom/client/body';
import { openSignedLink } from '../wecom/calls/hostedFile';
import type { HostedFile } from '../wecom/calls/hostedFile';
import { streamLike } from '../wecom/client/nodeStream';
import { readRange } from '../wecom/calls/rangeRequest';
import type { ByteStream } from '../wecom/client/wire';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };

/** @returns whether a request is for a hosted file */
export function isFileRequest(query: string): boolean {
	return /(?:^|&)file=/.test(query);
}

/** Unknown, tampered with, expired or deleted: all the same 404. */
export async function serveFile(
	context: IWebhookFunctions,
	query: string,
	key: Buffer,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const file = openSignedLink(query, key, Date.now());
	const stored = file && (await openStored(context, file));
	if (!file || !stored) {
		response.status(404).type('text/plain').send('not found');
		return ANSWERED;
	}
	const { headers } = context.getRequestObject();
	const etag = `"${file.md5}"`;
	const range = readRange(headers.range, file.size, headers['if-range'] as string, etag);
	describe(response, file, etag);
	if (range.kind === 'unsatisfiable') {
		stored.destroy();
		response.setHeader('content-range', `bytes */${file.size}`);
		response.removeHeader('content-disposition');
		response.status(416).type('text/plain').send('range not satisfiable');
		return ANSWERED;
	}
	const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, file.size - 1];
	response.setHeader('content-length', String(end - start + 1));
	if (range.kind === 'part') {
		response.status(206).setHeader('content-range', `bytes ${start}-${end}/${file.size}`);
	}
	await send(response, stored, start, end);
	return ANSWERED;
}

/** @returns the file's bytes, or undefined when it is not there any more, or not the same */
async function openStored(
	context: IWebhookFunctions,
	{ ids, size }: HostedFile,
): Promise<NodeStream | undefined> {
	const { getBinaryMetadata, getBinaryStream } = context.helpers;
	for (const id of ids) {
		const stored = await getBinaryMetadata(id)
			.then(async ({ fileSize }) =>
				fileSize === size ? await getBinaryStream(id, READ_BYTES) : undefined,
			)
			.catch(() => undefined);
		if (stored) return stored;
	}
	return undefined;
}

function describe(response: Response, file: HostedFile, etag: string): void {
	response.setHeader('content-type', file.mimeType || 'application/octet-stream');
	response.setHeader('accept-ranges', 'bytes');
	response.setHeader('etag', etag);
	// Compressing on the way would make the announced lengths wrong.
	response.setHeader('cache-control', 'private, no-transform');
	response.setHeader('x-content-type-options', 'nosniff');
	const encoded = encodeURIComponent(file.fileName).replace(
		/['()*]/g,
		(char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encoded}`);
}

async function send(
	response: Response,
	stored: NodeStream,
	start: number,
	end: number,
): Promise<void> {
	const body = streamLike(stored as ByteStream, slice(stored as ByteStream, start, end)) as
		NodeStream | undefined;
	// Who has gone while the file was opened gives no sign of it any more.
	if (!body || response.destroyed) {
		stored.destroy();
		response.destroy();
		return;
	}
	await new Promise<void>((resolve) => {
		// Headers are out by the time the storage fails; an aborted connection is the only honest answer left.
		body.on('error', () => response.destroy());
		response.on('close', () => {
			body.destroy();
			stored.destroy();
			resolve();
		});
		body.pipe(response);
	});
}

/** n8n's storage streams have no offset, so what stands before the part is read and dropped. */
async function* slice(source: ByteStream, start: number, end: number): AsyncGenerator<Uint8Array> {
	let position = 0;
	for await (const piece of source) {
		const bytes = toBuffer(piece);
		const from = Math.max(0, start - position);
		const to = Math.min(bytes.length, end + 1 - position);
		position += bytes.length;
		if (to > from) yield bytes.subarray(from, to);
		if (position > end) return;
	}
}
