/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { BinaryDataService } from 'n8n-core';
import { MIB, noise } from '../../wecom/files';
import { until } from '../scene';
import { get, setupHosting } from './hosting';

const scene = setupHosting();
/** More than the buffers of a connection hold. */
const bytes = Buffer.from(noise(16 * MIB));
const { getAsStream } = BinaryDataService.prototype;
let opened: Readable[];
let link: URL;

/** Collects the streams that are opened from now on; `before` happens while one is being opened. */
function watchStorage(before: () => Promise<void> = async () => {}): void {
	opened = [];
	jest.spyOn(BinaryDataService.prototype, 'getAsStream').mockImplementation(async function (
		this: BinaryDataService,
		...args
	) {
		await before();
		const stream = await getAsStream.apply(this, args);
		opened.push(stream);
		return stream;
	});
}

beforeEach(async () => {
	link = await scene.linkTo({ bytes, fileName: 'noise.bin' });
	watchStorage();
});
afterEach(() => jest.restoreAllMocks());

/** Asks for the file and hangs up after the first bytes. */
async function hangUp(headers: Record<string, string> = {}): Promise<void> {
	await new Promise<void>((resolve) => {
		const outgoing = request(link, { headers, agent: false }, (incoming) => {
			incoming.once('data', () => {
				outgoing.destroy();
				resolve();
			});
		});
		outgoing.on('error', () => undefined);
		outgoing.end();
	});
}
const allClosed = () => opened.length > 0 && opened.every(({ closed }) => closed);

test.each([
	['the whole file', {}],
	['a part', { range: 'bytes=5000000-' }],
])('who hangs up while %s comes leaves no open file behind', async (_, headers) => {
	await hangUp(headers);
	await until(allClosed);
	expect(opened).toHaveLength(1);
});

test('fifty who hang up leave no open file behind, and the next one gets the whole', async () => {
	await Promise.all(Array.from({ length: 50 }, async () => await hangUp()));
	await until(allClosed);
	expect(opened).toHaveLength(50);
	expect((await get(link)).body.equals(bytes)).toBe(true);
});

test('who hangs up before the file is even open leaves none open either', async () => {
	let go = () => {};
	const gone = new Promise<void>((resolve) => (go = resolve));
	let asked = false;
	watchStorage(async () => {
		asked = true;
		await gone;
	});
	const outgoing = request(link, { agent: false });
	outgoing.on('error', () => undefined);
	outgoing.end();
	await until(() => asked);
	outgoing.destroy();
	await new Promise((resolve) => setTimeout(resolve, 50));
	go();
	await until(allClosed);
});

test('a part that ends early closes the file without reading the rest', async () => {
	const { body } = await get(link, { range: 'bytes=0-9' });
	expect(body.equals(bytes.subarray(0, 10))).toBe(true);
	await until(allClosed);
	const [file] = opened as Array<Readable & { bytesRead: number }>;
	expect(file.bytesRead).toBeLessThan(2 * MIB);
});

test('a range beyond the end opens no file', async () => {
	expect((await get(link, { range: `bytes=${bytes.length}-` })).status).toBe(416);
	expect(opened).toEqual([]);
});

test('a slow reader holds the storage back: the file is not read ahead of him', async () => {
	const incoming = await new Promise<Readable>((resolve) => {
		request(link, { agent: false }, resolve).end();
	});
	incoming.pause();
	await new Promise((resolve) => setTimeout(resolve, 200));
	const [file] = opened as Array<Readable & { bytesRead: number }>;
	expect(file.bytesRead).toBeLessThan(14 * MIB);
	incoming.destroy();
	await until(allClosed);
});

test('a storage that fails midway breaks the connection, so that nobody takes half for the whole', async () => {
	const incoming = await new Promise<IncomingMessage>((resolve) => {
		request(link, { agent: false }, resolve).end();
	});
	incoming.on('error', () => undefined);
	let received = 0;
	incoming.on('data', (piece: Buffer) => {
		if (received === 0) opened[0].destroy(new Error('the disk is gone'));
		received += piece.length;
	});
	await until(() => incoming.closed);
	expect([incoming.statusCode, incoming.complete]).toEqual([200, false]);
	expect(received).toBeLessThan(14 * MIB);
});

test('one kept-alive connection serves part after part', async () => {
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	const part = async (range: string) =>
		await new Promise<Buffer>((resolve) => {
			const pieces: Buffer[] = [];
			request(link, { agent, headers: { range } }, (incoming) => {
				incoming.on('data', (piece: Buffer) => pieces.push(piece));
				incoming.on('end', () => resolve(Buffer.concat(pieces)));
			}).end();
		});
	const parts = [
		await part('bytes=0-99'),
		await part('bytes=100-199'),
		await part('bytes=200-299'),
	];
	agent.destroy();
	expect(Buffer.concat(parts).equals(bytes.subarray(0, 300))).toBe(true);
	await until(allClosed);
});
