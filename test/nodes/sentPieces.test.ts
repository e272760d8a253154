/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/** What has been sent takes no memory any more: Node itself would keep it until V8 collects its whole heap. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as requestTls } from 'node:https';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, pipeline, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openSending } from '../../nodes/WeComMedia/n8n/sending';
import type { ByteStream } from '../../nodes/WeComMedia/wecom/client/wire';

const PIECE = 64 * 1024;
const COUNT = 20;
const bytes = Buffer.from(Array.from({ length: COUNT * PIECE }, (_, at) => (at * 31) % 251));
const folder = mkdtempSync(join(tmpdir(), 'wecom-media-sent-'));
const path = join(folder, 'made-up.bin');

beforeAll(() => writeFileSync(path, bytes));
afterAll(() => rmSync(folder, { recursive: true }));

/** Pieces as they were read, and the body of a request over them. */
async function sendingOf(source: Readable = createReadStream(path, { highWaterMark: PIECE })) {
	const pieces: Buffer[] = [];
	async function* noted() {
		for await (const piece of source as AsyncIterable<Buffer>) {
			pieces.push(piece);
			yield piece;
		}
	}
	const open = async () => Object.assign(noted(), { handed: source as ByteStream });
	const { body, close } = await openSending({ size: bytes.length, open });
	return { pieces, body: body as unknown as Readable, close };
}

async function returnBody(message: IncomingMessage, answer: ServerResponse): Promise<void> {
	answer.end(await buffer(message));
}

/** A server that gives back what each request brought, once it has it whole. */
async function withServer(
	use: (port: number) => Promise<void>,
	server: Server | TlsServer = createServer(returnBody),
) {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await use((server.address() as AddressInfo).port);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

const to = (port: number) => ({
	...{ host: '127.0.0.1', port, method: 'POST', agent: false as const },
	headers: { 'content-length': bytes.length },
});
const post = (port: number) => request(to(port));

const answerTo = async (sent: ClientRequest) =>
	await new Promise<Buffer>((resolve, reject) => {
		sent.once('error', reject).once('response', (answer) => resolve(buffer(answer)));
	});

const left = (pieces: Buffer[]) => pieces.filter(({ length }) => length > 0).length;

/** Sends a file: it must arrive whole, and none of its pieces take memory afterwards. */
async function expectGivenBack(source?: Readable): Promise<void> {
	await withServer(async (port) => {
		const { pieces, body } = await sendingOf(source);
		const sent = post(port);
		body.pipe(sent);
		expect((await answerTo(sent)).equals(bytes)).toBe(true);
		expect([pieces.length, left(pieces)]).toEqual([COUNT, 0]);
	});
}

test.each([
	['opened by its path', async () => createReadStream(path, { highWaterMark: PIECE })],
	[
		'opened before, as n8n 2.41 does',
		async () => (await openFile(path)).createReadStream({ highWaterMark: PIECE }),
	],
])('pieces of a file %s arrive whole, and take no memory afterwards', async (_how, opened) => {
	await expectGivenBack(await opened());
});

test('where Node can free memory at once, as from 22 on, it is asked to', async () => {
	const memory = Object.getPrototypeOf(Buffer.allocUnsafeSlow(1).buffer) as { transfer?: unknown };
	const before = Object.getOwnPropertyDescriptor(memory, 'transfer');
	const lengths: number[] = [];
	const transfer = function (this: ArrayBuffer, length: number) {
		lengths.push(length);
		return structuredClone(new ArrayBuffer(0), { transfer: [this] });
	};
	Object.defineProperty(memory, 'transfer', { value: transfer, configurable: true });
	try {
		await expectGivenBack();
	} finally {
		delete memory.transfer;
		if (before) Object.defineProperty(memory, 'transfer', before);
	}
	expect(lengths).toEqual(Array(COUNT).fill(0));
});

test('also over TLS', async () => {
	// A shared key instead of a certificate, which would have to be kept and would end.
	const psk = Buffer.alloc(16, 'made-up');
	const tls = { ciphers: 'PSK', maxVersion: 'TLSv1.2' as const };
	const server = createTlsServer({ ...tls, pskCallback: () => psk }, returnBody);
	await withServer(async (port) => {
		const { pieces, body } = await sendingOf();
		const client = { ...tls, pskCallback: () => ({ psk, identity: 'made-up' }) };
		const sent = requestTls({
			...to(port),
			...client,
			checkServerIdentity: () => undefined,
		});
		body.pipe(sent);
		expect((await answerTo(sent)).equals(bytes)).toBe(true);
		expect([pieces.length, left(pieces)]).toEqual([COUNT, 0]);
	}, server);
});

test('also where an HTTP client puts a stream of its own in between', async () => {
	await withServer(async (port) => {
		const { pieces, body } = await sendingOf();
		const sent = post(port);
		const answer = answerTo(sent);
		pipeline(body, new PassThrough(), () => undefined).pipe(sent);
		expect((await answer).equals(bytes)).toBe(true);
		expect([pieces.length, left(pieces)]).toEqual([COUNT, 0]);
	});
});

test('pieces on their way to something else stay as they are: it may keep them', async () => {
	const { pieces, body } = await sendingOf();
	const kept: Buffer[] = [];
	const write = (piece: Buffer, _encoding: string, done: () => void) => {
		kept.push(piece);
		done();
	};
	await new Promise((resolve) => body.pipe(new Writable({ write })).once('finish', resolve));
	expect(Buffer.concat(kept).equals(bytes)).toBe(true);
	expect(left(pieces)).toBe(COUNT);
});

test('pieces of a storage that keeps no files stay as they are: it may keep them too', async () => {
	const parts = Array.from({ length: COUNT }, (_, at) =>
		Buffer.from(bytes.subarray(at * PIECE, (at + 1) * PIECE)),
	);
	await withServer(async (port) => {
		const { pieces, body } = await sendingOf(Readable.from(parts));
		const sent = post(port);
		body.pipe(sent);
		expect((await answerTo(sent)).equals(bytes)).toBe(true);
		expect(left(pieces)).toBe(COUNT);
	});
});

/** Stands for the stream of a file. */
function partsLikeFile(parts: Buffer[]): Readable {
	class ReadStream extends Readable {
		readonly bytesRead = bytes.length;
	}
	return new ReadStream({
		read() {
			this.push(parts.shift() ?? null);
		},
	});
}

/** Stands for a request. */
const requestThat = (
	write: (piece: Buffer, encoding: string, done: (error?: Error) => void) => void,
) => Object.assign(new Writable({ write }), { reusedSocket: false });

test('parts of a larger piece of memory keep it for their neighbours', async () => {
	const whole = Buffer.from(bytes);
	const parts = [whole.subarray(0, PIECE), whole.subarray(PIECE)];
	const { body } = await sendingOf(partsLikeFile(parts));
	const sent = requestThat((_piece, _encoding, done) => done());
	await new Promise((resolve) => body.pipe(sent).once('finish', resolve));
	expect(whole.equals(bytes)).toBe(true);
});

test('a piece that could not be sent keeps its bytes', async () => {
	const { pieces, body, close } = await sendingOf();
	const broken = requestThat((_piece, _encoding, done) => done(new Error('made-up: cut')));
	const failure = new Promise((resolve) => broken.once('error', resolve));
	body.pipe(broken);
	expect(await failure).toMatchObject({ message: 'made-up: cut' });
	close();
	expect(pieces.length).toBeGreaterThan(0);
	expect(left(pieces)).toBe(pieces.length);
});
