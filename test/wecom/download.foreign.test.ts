/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Downloads from somebody else's server: Express sends files with its own Range, ETag, If-Range and 416. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';

import { againIfChanged, downloadLink } from '../../nodes/WeComMedia/wecom/calls/download';
import { inspectLink } from '../../nodes/WeComMedia/wecom/calls/link';
import { md5OfLink } from '../../nodes/WeComMedia/wecom/calls/linkDigest';
import { WeComChangedError, WeComHttpError } from '../../nodes/WeComMedia/wecom/client/errors';
import { noise } from './files';
import { bytesIn, failureOf, PIECE, pieceFrom, usePieces, useScene } from './scene';

const scene = useScene({ speed: 1 });
usePieces();
const folder = mkdtempSync(join(tmpdir(), 'wecom-media-foreign-'));
let server: Server;
let url: string;
let ranges: Array<string | undefined>;

beforeAll(async () => {
	const app = express();
	app.get('/film', (request, response) => {
		ranges.push(request.headers.range);
		response.sendFile('film.bin', { root: folder, headers: { Connection: 'close' } });
	});
	await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', () => resolve())));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film`;
});
beforeEach(() => (ranges = []));
afterAll(async () => {
	rmSync(folder, { recursive: true });
	await new Promise((resolve) => server.close(resolve));
});

/** Puts a file on the server, as old as said. */
function put(bytes: Buffer, changedAt = '2023-01-02T03:04:05Z'): void {
	const path = join(folder, 'film.bin');
	writeFileSync(path, bytes);
	utimesSync(path, new Date(changedAt), new Date(changedAt));
}

const download = async () => await downloadLink(scene.app().client, 'film', url);

test.each([1, 15, 16, 30_001, PIECE, PIECE + 1])('%d bytes arrive as they are', async (size) => {
	const bytes = noise(size);
	put(bytes);
	const film = await download();
	expect((await bytesIn(film)).equals(bytes)).toBe(true);
	expect(film.size).toBe(size);
});

test('a large file comes in three parts, and their MD5 is right', async () => {
	const bytes = noise(2 * PIECE + 5_000);
	put(bytes);
	const { client } = scene.app();
	expect(await md5OfLink(client, url)).toMatchObject({
		md5: createHash('md5').update(bytes).digest('hex'),
		size: bytes.length,
	});
	expect(ranges).toEqual([0, PIECE, 2 * PIECE].map(pieceFrom));
	expect(await inspectLink(client, url, 'file')).toMatchObject({ size: bytes.length });
});

test('an empty file is refused', async () => {
	put(Buffer.alloc(0));
	expect(await failureOf(download(), WeComHttpError)).toMatchObject({ status: 416 });
});

describe('a file that is replaced between two parts', () => {
	const old = noise(PIECE + 2_048);

	/** Reads the first part, replaces the file, and reads on. */
	async function replaced(by: Buffer): Promise<Buffer> {
		const film = await download();
		const pieces: Uint8Array[] = [];
		for await (const piece of film.bytes) {
			if (pieces.length === 0 && ranges.length === 1) put(by, '2023-01-02T03:04:06Z');
			pieces.push(piece);
		}
		return Buffer.concat(pieces);
	}

	test.each([
		['one of the same size', Buffer.from(noise(PIECE + 2_048)).reverse()],
		['a longer one', noise(PIECE + 4_096)],
		['a shorter one', noise(PIECE / 4)],
	])('by %s is an error at first, and the new file after one more try', async (_what, other) => {
		put(old);
		await failureOf(replaced(other), WeComChangedError);
		put(old);
		ranges = [];
		const { client } = scene.app();
		const bytes = await againIfChanged(client, async () => await replaced(other));
		expect(bytes.equals(other)).toBe(true);
	});
});
