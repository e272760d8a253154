import { createHash } from 'node:crypto';

import { Refusal } from './errcodes';
import { exchange } from './outgoing';

const MB = 1024 * 1024;

/** Smallest and largest file of upload_by_url, bytes (vendor page 96219). */
const MIN_BYTES = 6;
const MAX_BYTES = 200 * MB;

export interface FetchOptions {
	/** Bytes asked for at a time. */
	chunkBytes: number;
	/** Milliseconds one piece may take, real time. */
	timeoutMs: number;
	signal: AbortSignal;
}

export interface FetchedFile {
	bytes: Buffer;
	/** Lower-case hex. */
	md5: string;
}

/**
 * Fetches a link piece by piece with Range, as WeCom does for upload_by_url.
 * @throws Refusal 830001 when the link ignores Range, 830003 when it cannot be fetched, 45001 for a
 * size outside 6 bytes to 200 MB
 */
export async function fetchLink(url: string, options: FetchOptions): Promise<FetchedFile> {
	const hash = createHash('md5');
	let file: Buffer | undefined;
	let offset = 0;
	do {
		const piece = await fetchPiece(url, offset, options);
		file ??= Buffer.allocUnsafe(checkedTotal(piece.total));
		if (piece.total !== file.length || piece.start !== offset || piece.body.length === 0) {
			throw new Refusal(830001, 'invalid url, Content-Range does not fit the Range asked for');
		}
		piece.body.copy(file, offset);
		hash.update(piece.body);
		offset += piece.body.length;
	} while (offset < file.length);
	return { bytes: file, md5: hash.digest('hex') };
}

async function fetchPiece(url: string, offset: number, options: FetchOptions) {
	const { chunkBytes, timeoutMs, signal } = options;
	const range = `bytes=${offset}-${offset + chunkBytes - 1}`;
	const wanted = { headers: { Range: range }, timeoutMs, signal, maxBytes: MAX_BYTES };
	const answer = await exchange(url, wanted).catch((error: Error) => {
		throw new Refusal(830003, `download failed, ${error.message}`);
	});
	const { status, headers, body } = answer;
	// An empty file has no satisfiable range.
	if (status === 416) throw new Refusal(45001);
	if (status === 200) throw new Refusal(830001, 'invalid url, Range is not supported');
	if (status !== 206) throw new Refusal(830003, `download failed, HTTP ${status}`);
	const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
	if (!match) throw new Refusal(830001, 'invalid url, no Content-Range');
	return { start: Number(match[1]), total: Number(match[2]), body };
}

function checkedTotal(total: number): number {
	if (total < MIN_BYTES || total > MAX_BYTES) throw new Refusal(45001);
	return total;
}
