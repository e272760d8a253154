/**
 * Parts of stored files, each byte read about once, however many parts a file is fetched in.
 *
 * n8n gives a stored file only from its beginning. In file-system mode the stream it hands over is one of a file, and
 * another of the same class begins at the part. Database mode hands over the whole file as one piece, which is kept for
 * the parts to come. Any other storage is read on where the part before has ended.
 */
import { sleep } from 'n8n-workflow';

import { streamLike, toBuffer } from '../wecom/client/body';
import type { ByteStream } from '../wecom/client/wire';
import type { NodeStream } from './binary';
import { KeyedLock } from './parallel';
import { isFileStream } from './sending';

/** A file in n8n's storage. */
export interface StoredFile {
	id: string;
	/** Bytes. */
	size: number;
	/** Opens it from the beginning. */
	open(): Promise<NodeStream>;
}

/** Bytes read, and handed on, at a time. */
export const PART_READ_BYTES = 256 * 1024;
/** How long (ms) what is open or in memory waits for the next part. */
const KEPT_MS = 30_000;
/** How much of it a process keeps at most, in files. */
const MAX_KEPT = 4;

/** What parts can be taken from: a whole file in memory, or a stream that stands somewhere in it. */
interface Source {
	id: string;
	handed: ByteStream;
	/** The whole file; else `rest` is what was read and not used yet. */
	whole?: Buffer;
	pieces: AsyncIterator<Uint8Array | string>;
	/** Where `rest` begins in the file. */
	position: number;
	rest: Buffer;
	/** How often it was kept. */
	times: number;
}

/** Oldest first. A whole file serves any number of parts, so it stays here; a stream is taken out while it is read. */
const kept = new Set<Source>();
const opening = new KeyedLock();

/**
 * @param start first byte of the part
 * @param end last byte, inclusive
 * @returns a stream of the part alone; whoever does not read it to its end destroys it
 * @throws what n8n's storage throws
 */
export async function openPart(file: StoredFile, start: number, end: number): Promise<NodeStream> {
	const known = takeKept(file.id, start);
	if (known) return partOf(known, start, end);
	// Of several that begin at once the first one reads the file into memory for all, where the storage wants it so.
	return await opening.run(file.id, async () => {
		const meanwhile = takeKept(file.id, start);
		if (meanwhile) return partOf(meanwhile, start, end);
		const handed = await file.open();
		return (
			offsetStream(handed, file.size, start, end) ??
			partOf(await sourceOf(file, handed), start, end)
		);
	});
}

interface FileStreamClass {
	new (path: string, options: { start: number; end: number; highWaterMark: number }): NodeStream;
}

/** @returns a stream of the part, if the one that n8n handed over is of a file; that one is then closed */
function offsetStream(
	handed: NodeStream,
	size: number,
	start: number,
	end: number,
): NodeStream | undefined {
	const { path } = handed as { path?: unknown };
	const FileStream = handed.constructor as unknown as FileStreamClass;
	if (typeof path !== 'string' || !isFileStream(handed)) return undefined;
	if (start === 0 && end === size - 1) return handed;
	close(handed);
	return new FileStream(path, { start, end, highWaterMark: PART_READ_BYTES });
}

async function sourceOf({ id, size }: StoredFile, handed: ByteStream): Promise<Source> {
	const pieces = handed[Symbol.asyncIterator]();
	const first = await pieces.next();
	const rest = first.done ? Buffer.alloc(0) : toBuffer(first.value);
	const source: Source = { id, handed, pieces, position: 0, rest, times: 0 };
	if (rest.length < size) return source;
	close(handed);
	source.whole = rest;
	keep(source);
	return source;
}

function partOf(source: Source, start: number, end: number): NodeStream {
	let isComplete = false;
	async function* pieces(): AsyncGenerator<Uint8Array> {
		yield* source.whole
			? slices(source.whole.subarray(start, end + 1))
			: readOn(source, start, end);
		isComplete = true;
	}
	const part = streamLike(source.handed, pieces()) as NodeStream | undefined;
	if (!part) throw new TypeError('The storage of n8n handed over something else than a stream');
	part.once('close', () => {
		if (source.whole || isComplete) keep(source);
		else close(source.handed);
	});
	return part;
}

function* slices(bytes: Buffer): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += PART_READ_BYTES) {
		yield bytes.subarray(at, at + PART_READ_BYTES);
	}
}

/** Reads from where the stream stands, and drops what is before the part. */
async function* readOn(source: Source, start: number, end: number): AsyncGenerator<Buffer> {
	while (source.position <= end) {
		const from = Math.max(0, start - source.position);
		const part = source.rest.subarray(from, end + 1 - source.position);
		const used = Math.min(source.rest.length, end + 1 - source.position);
		source.rest = source.rest.subarray(used);
		source.position += used;
		if (part.length > 0) yield* slices(part);
		if (source.position > end) return;
		const next = await source.pieces.next();
		if (next.done) throw new RangeError('The stored file is shorter than it was');
		source.rest = toBuffer(next.value);
	}
}

/** @returns what serves a part that begins there: of several streams the one that has least to drop */
function takeKept(id: string, start: number): Source | undefined {
	let best: Source | undefined;
	for (const source of kept) {
		if (source.id !== id) continue;
		if (source.whole) return source;
		if (source.position <= start && source.position >= (best?.position ?? 0)) best = source;
	}
	if (best) kept.delete(best);
	return best;
}

function keep(source: Source): void {
	const times = (source.times += 1);
	kept.delete(source);
	kept.add(source);
	for (const oldest of kept) {
		if (kept.size <= MAX_KEPT) break;
		drop(oldest);
	}
	void sleep(KEPT_MS).then(() => {
		if (source.times === times && kept.has(source)) drop(source);
	});
}

function drop(source: Source): void {
	kept.delete(source);
	close(source.handed);
}

function close(stream: ByteStream): void {
	// What it has to say when it fails now concerns nobody, but unheard it would end the process.
	(stream as NodeStream).on('error', () => undefined);
	stream.destroy?.();
}
