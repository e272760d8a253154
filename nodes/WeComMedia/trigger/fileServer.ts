/** Serves one stored file to whoever has a valid signed link to it, by Range, streamed. Nothing else is reachable. */
import { sleep } from 'n8n-workflow';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { NodeStream } from '../n8n/binary';
import { Seats } from '../wecom/client/seats';
import { openPart, PART_READ_BYTES } from '../n8n/storedParts';
import type { StoredFile } from '../n8n/storedParts';
import { openSignedLink } from '../wecom/calls/signedLink';
import type { HostedFile } from '../wecom/calls/signedLink';
import { readRange } from '../wecom/calls/ranges';

type Response = ReturnType<IWebhookFunctions['getResponseObject']>;

const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };

/** @returns whether a request is for a hosted file */
export function isFileRequest(query: string): boolean {
	return /(?:^|&)file=/.test(query);
}

/**
 * Who reads hosted files at a time: WeCom fetches a file in a few parts at once, and whoever asks for more must not hold
 * up the other webhooks of this n8n.
 */
const seats = new Seats(4, 16);
/** A reader that takes nothing for this long is ended, looked at this often (ms). */
const PATIENCE_MS = 60_000;
const TICK_MS = 5_000;

/** Unknown, tampered with, expired or deleted: all the same 404. */
export async function serveFile(
	context: IWebhookFunctions,
	query: string,
	key: Buffer,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject();
	const { headers } = context.getRequestObject();
	const file = openSignedLink(query, key, Date.now());
	const stored = file && (await findStored(context, file));
	if (!file || !stored) return notFound(response);
	const etag = `"${file.md5}"`;
	const range = readRange(headers.range, file.size, headers['if-range'] as string, etag);
	if (range.kind === 'unsatisfiable') {
		describe(response, file, etag);
		response.setHeader('content-range', `bytes */${file.size}`);
		response.removeHeader('content-disposition');
		response.status(416).type('text/plain').send('range not satisfiable');
		return ANSWERED;
	}
	const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, file.size - 1];
	const leave = await seats.take(stored.id);
	try {
		if (response.destroyed) return ANSWERED;
		const part = await openPart(stored, start, end).catch(() => undefined);
		if (!part) return notFound(response);
		describe(response, file, etag);
		response.setHeader('content-length', String(end - start + 1));
		if (range.kind === 'part') {
			response.status(206).setHeader('content-range', `bytes ${start}-${end}/${file.size}`);
		}
		await send(response, part);
	} finally {
		leave();
	}
	return ANSWERED;
}

function notFound(response: Response): IWebhookResponseData {
	response.status(404).type('text/plain').send('not found');
	return ANSWERED;
}

/** @returns where the file is, or undefined when it is not there any more, or not the same */
async function findStored(
	context: IWebhookFunctions,
	{ ids, size }: HostedFile,
): Promise<StoredFile | undefined> {
	const { getBinaryMetadata, getBinaryStream } = context.helpers;
	for (const id of ids) {
		const metadata = await getBinaryMetadata(id).catch(() => undefined);
		if (metadata?.fileSize !== size) continue;
		return { id, size, open: async () => await getBinaryStream(id, PART_READ_BYTES) };
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

async function send(response: Response, part: NodeStream): Promise<void> {
	// Who has gone while the file was opened gives no sign of it any more.
	if (response.destroyed) {
		part.destroy();
		return;
	}
	let taken = 0;
	part.on('data', (piece: Buffer) => (taken += piece.length));
	// Headers are out by the time the storage fails; an aborted connection is the only honest answer left.
	part.on('error', () => response.destroy());
	const closed = new Promise<void>((resolve) => {
		response.on('close', () => {
			part.destroy();
			resolve();
		});
	});
	part.pipe(response);
	void endIdleReader(response, () => taken);
	await closed;
}

async function endIdleReader(response: Response, taken: () => number): Promise<void> {
	let idleMs = 0;
	while (idleMs < PATIENCE_MS) {
		const before = taken();
		await sleep(TICK_MS);
		if (response.closed) return;
		idleMs = taken() > before ? 0 : idleMs + TICK_MS;
	}
	response.destroy();
}
