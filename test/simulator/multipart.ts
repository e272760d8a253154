/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import busboy from 'busboy';

import { PartHeaderTap } from './partHeaderTap';
import type { RecordedPart } from './record';

/** A decoded part: what is recorded of it, and its bytes. */
export interface ReceivedPart extends RecordedPart {
	bytes: Buffer;
}

export interface ReceivedMultipart {
	parts: ReceivedPart[];
	bodyBytes: number;
	/** Why the body could not be understood to its end. */
	malformed?: string;
}

/** More than any upload may have; bytes beyond are counted and dropped. */
const KEPT_BYTES = 256 * 1024 * 1024;

/**
 * Decodes a multipart body with busboy, somebody else's parser, and keeps each part's raw header
 * beside it. Whatever is wrong with the form is reported in `malformed`, not thrown.
 * @throws when the connection ends before the body does
 */
export async function receiveMultipart(request: IncomingMessage): Promise<ReceivedMultipart> {
	const contentLength = Number(request.headers['content-length'] ?? NaN);
	const result: ReceivedMultipart = { parts: [], bodyBytes: 0 };
	const tap = new PartHeaderTap(request.headers['content-type'] ?? '');
	const pending: Array<Promise<void>> = [];
	let order = 0;

	let parser: busboy.Busboy | undefined;
	try {
		// preservePath: tests want to see the name as sent, also a hostile one.
		parser = busboy({ headers: request.headers, defParamCharset: 'utf8', preservePath: true });
	} catch (error) {
		result.malformed = error instanceof Error ? error.message : String(error);
	}
	const parsed = new Promise<void>((resolve) => {
		if (!parser) return resolve();
		parser.on('error', (error) => {
			result.malformed ??= error instanceof Error ? error.message : String(error);
			resolve();
		});
		parser.on('close', resolve);
	});

	const keep = (index: number, name: string, mimeType: string, decodedName: string | undefined) => {
		const header = parseHeader(tap.headers[index] ?? Buffer.alloc(0));
		// busboy prefers `filename*`; WeCom does not know it. With the plain form alone they agree.
		const fileName = header.extendedFileName === undefined ? decodedName : header.fileName;
		const empty = Buffer.alloc(0);
		const part = {
			...header,
			name,
			fileName,
			contentType: mimeType,
			size: 0,
			md5: '',
			bytes: empty,
		};
		result.parts[index] = part;
		return part;
	};
	parser?.on('file', (name, stream, info) => {
		const part = keep(order++, name, info.mimeType, info.filename);
		const collector = new Collector(result.parts.length === 1 ? contentLength : NaN);
		stream.on('data', (chunk: Buffer) => collector.push(chunk));
		// A form that breaks off fails its file stream first, then the parser.
		stream.on('error', (error: Error) => (result.malformed ??= error.message));
		pending.push(
			new Promise((resolve) => {
				stream.on('close', () => {
					Object.assign(part, collector.result());
					resolve();
				});
			}),
		);
	});
	parser?.on('field', (name, value, info) => {
		const part = keep(order++, name, info.mimeType, undefined);
		const collector = new Collector(NaN);
		collector.push(Buffer.from(value));
		Object.assign(part, collector.result());
	});

	for await (const chunk of request as AsyncIterable<Buffer>) {
		result.bodyBytes += chunk.length;
		tap.push(chunk);
		if (parser && result.malformed === undefined) parser.write(chunk);
	}
	if (result.malformed === undefined) parser?.end();
	await parsed;
	if (result.malformed === undefined) await Promise.all(pending);
	return result;
}

/** Gathers a part's bytes in one allocation where the request's length is known, and hashes them. */
class Collector {
	private readonly hash = createHash('md5');
	private readonly target?: Buffer;
	private readonly chunks: Buffer[] = [];
	private size = 0;

	constructor(expectedBytes: number) {
		if (expectedBytes <= KEPT_BYTES) this.target = Buffer.allocUnsafe(expectedBytes);
	}

	push(chunk: Buffer): void {
		this.hash.update(chunk);
		if (this.target) chunk.copy(this.target, this.size);
		else if (this.size < KEPT_BYTES) this.chunks.push(chunk);
		this.size += chunk.length;
	}

	result(): { bytes: Buffer; size: number; md5: string } {
		const bytes = this.target?.subarray(0, this.size) ?? Buffer.concat(this.chunks);
		return { bytes, size: this.size, md5: this.hash.digest('hex') };
	}
}

function parseHeader(rawHeader: Buffer) {
	const text = rawHeader.toString('utf8');
	const plain = /[;\s]filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/i.exec(text);
	const extended = /[;\s]filename\*=([^;\r\n]+)/i.exec(text);
	const length = /[;\s]filelength="?(\d+)"?/i.exec(text);
	return {
		rawHeader,
		fileName: plain ? (plain[1] ?? plain[2]).replace(/\\(.)/g, '$1') : undefined,
		extendedFileName: extended?.[1].trim(),
		fileLength: length ? Number(length[1]) : undefined,
	};
}
