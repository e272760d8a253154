/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createCipheriv, createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/cache';

export const MIB = 1024 * 1024;

/** A "PDF" whose bytes look random and are the same every time. */
export function pdfOf(size: number): Buffer {
	const keystream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
	const bytes = keystream.update(Buffer.alloc(size));
	bytes.write('%PDF-1.7\n');
	return bytes;
}

/** In hex, as `binarySha256` gives it. */
export function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** One of the small real files of test/fixtures/media. */
export async function sample(name: string): Promise<Buffer> {
	return await readFile(join(projectRoot, 'test', 'fixtures', 'media', name));
}
