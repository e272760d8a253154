/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { request, type IncomingMessage } from 'node:http';
import { MIB, noise } from '../../wecom/files';
import { until } from '../scene';
import { get, holdPauses, setupHosting, type HeldPauses } from './hosting';

const scene = setupHosting();
/** More than the buffers of a connection hold. */
const bytes = Buffer.from(noise(16 * MIB));
const READERS_OF_A_LINK = 4;
const READERS_ALTOGETHER = 16;

/** After which it is looked whether a reader has taken something; twelve are a minute. */
let ticks: HeldPauses;
let readers: Reader[] = [];
beforeEach(() => (ticks = holdPauses(5_000)));
afterEach(async () => {
	ticks.restore();
	for (const reader of readers) reader.hangUp();
	await until(() => readers.every(({ isOver }) => isOver()));
	readers = [];
});

interface Reader {
	answer(): IncomingMessage | undefined;
	isOver(): boolean;
	hangUp(): void;
}

/** Asks for the whole file and takes nothing of it. */
function idleReader(link: URL): Reader {
	let answer: IncomingMessage | undefined;
	let isOver = false;
	const outgoing = request(link, { agent: false }, (incoming) => {
		answer = incoming;
		incoming.on('error', () => undefined);
	});
	outgoing.on('error', () => undefined);
	outgoing.on('close', () => (isOver = true));
	outgoing.end();
	const reader = {
		answer: () => answer,
		isOver: () => isOver,
		hangUp: () => void outgoing.destroy(),
	};
	readers.push(reader);
	return reader;
}

const answered = () => readers.filter(({ answer }) => answer()).length;
const link = async (n = 0) => await scene.linkTo({ bytes, fileName: `noise-${n}.bin` });
/** Waits until nothing is sent any more: so many looks in a row, however long a busy machine takes for them. */
const QUIET_LOOKS = 50;
async function settle(): Promise<void> {
	let sent = 0;
	let quiet = 0;
	await until(() => {
		const now = scene.trigger.bytesSent();
		quiet = now === sent ? quiet + 1 : 0;
		sent = now;
		return quiet === QUIET_LOOKS;
	});
}

test('four read from a link at a time; the fifth waits until one has gone', async () => {
	const url = await link();
	for (let n = 0; n < 10; n += 1) idleReader(url);
	await until(() => answered() === READERS_OF_A_LINK);
	await settle();
	expect(answered()).toBe(READERS_OF_A_LINK);
	readers.find(({ answer }) => answer())?.hangUp();
	await until(() => answered() === READERS_OF_A_LINK + 1);
});

test('sixteen read from a process at a time', async () => {
	const urls = await Promise.all([0, 1, 2, 3, 4].map(link));
	for (const url of urls) for (let n = 0; n < READERS_OF_A_LINK; n += 1) idleReader(url);
	await until(() => answered() === READERS_ALTOGETHER);
	await settle();
	expect(answered()).toBe(READERS_ALTOGETHER);
});

test('readers of one link leave room for another link', async () => {
	const [busy, other] = [await link(0), await link(1)];
	for (let n = 0; n < 8; n += 1) idleReader(busy);
	await until(() => answered() === READERS_OF_A_LINK);
	expect((await get(other, { range: 'bytes=0-9' })).body.length).toBe(10);
});

test('who waits and hangs up takes no place', async () => {
	const url = await link();
	for (let n = 0; n < READERS_OF_A_LINK; n += 1) idleReader(url);
	await until(() => answered() === READERS_OF_A_LINK);
	const gone = idleReader(url);
	await settle();
	gone.hangUp();
	await until(gone.isOver);
	const waiting = get(url, { range: 'bytes=0-9' });
	readers[0].hangUp();
	expect((await waiting).body.length).toBe(10);
});

test('who takes nothing for a minute is ended, and the next one gets his place', async () => {
	const url = await link();
	for (let n = 0; n < READERS_OF_A_LINK; n += 1) idleReader(url);
	await until(() => answered() === READERS_OF_A_LINK);
	const next = get(url);
	// What fits into the buffers on the way counts as taken.
	await settle();
	await ticks.pass(12);
	await settle();
	expect(readers.some(({ isOver }) => isOver())).toBe(false);
	await ticks.pass();
	expect((await next).body.equals(bytes)).toBe(true);
	for (const { answer } of readers) answer()?.resume();
	await until(() => readers.every(({ isOver }) => isOver()));
	expect(readers.some(({ answer }) => answer()?.complete)).toBe(false);
});

test('who takes a little now and then is not', async () => {
	const reader = idleReader(await link());
	await until(() => reader.answer() !== undefined);
	const incoming = reader.answer()!;
	let received = 0;
	const takeMore = async () => {
		const enough = Math.min(received + 5 * MIB, bytes.length);
		const take = (piece: Buffer) => {
			received += piece.length;
			if (received >= enough) incoming.pause();
		};
		incoming.on('data', take).resume();
		await until(() => received >= enough);
		incoming.off('data', take);
		await settle();
	};
	while (received < bytes.length) {
		await takeMore();
		await ticks.pass(11);
	}
	incoming.resume();
	await until(reader.isOver);
	expect([incoming.complete, received]).toEqual([true, bytes.length]);
});
