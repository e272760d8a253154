/**
 * Watches over bodies while they arrive: n8n's HTTP client looks at the time only until the headers are there. A
 * connection on which nothing comes, or next to nothing, is given up; a reader that takes its time is no stall.
 */
import { WeComCanceledError } from './errors';
import type { ByteStream, World } from './wire';

/** Milliseconds of waiting within which something must arrive. */
const STALL_MS = 30_000;
const TICK_MS = 5_000;
/** Bytes that must arrive within that time: whoever sends less will not finish. */
export const MIN_PROGRESS = 64 * 1024;

type Clock = Pick<World, 'now' | 'sleep'>;

/** One body: how long its reader has been waiting, and what came of it. */
class Watch {
	private idleMs = 0;
	private periodMs = 0;
	private periodBytes = 0;

	constructor(private readonly stream: ByteStream) {}

	arrived(bytes: number): void {
		this.idleMs = 0;
		this.periodBytes += bytes;
	}

	waited(ms: number): void {
		this.idleMs += ms;
		this.periodMs += ms;
		if (this.idleMs > STALL_MS) return this.end(stalled('nothing arrived for 30 s'));
		if (this.periodMs <= STALL_MS) return;
		if (this.periodBytes < MIN_PROGRESS) {
			return this.end(stalled('less than 64 KB arrived in 30 s'));
		}
		this.periodMs = 0;
		this.periodBytes = 0;
	}

	end(error: Error): void {
		this.stream.destroy?.(error);
	}
}

/** Of each world those whose readers are waiting: one look at the clock serves all of them. */
const waiting = new WeakMap<Clock, Set<Watch>>();

/**
 * The same stream, but broken when somebody waits too long for its next bytes, or waits when the execution is canceled.
 * It closes its source at its end, whichever way it comes.
 *
 * @returns a stream that fails with `code: 'STALLED'` or WeComCanceledError
 */
export function watched(stream: ByteStream, clock: Clock): ByteStream {
	const watch = new Watch(stream);
	let source: AsyncIterator<Uint8Array | string> | undefined;
	let isOver = false;
	const end = async () => {
		isOver = true;
		stream.destroy?.();
		await source?.return?.();
	};
	// No generator: each costs as much for a piece as Node's stream does.
	const iterator: AsyncIterator<Uint8Array | string> = {
		next: async () => {
			if (isOver) return { done: true, value: undefined };
			source ??= stream[Symbol.asyncIterator]();
			const readers = readersOf(clock);
			readers.add(watch);
			let hasCome = false;
			try {
				const next = await source.next();
				if (!next.done) {
					hasCome = true;
					watch.arrived(next.value.length);
				}
				return next;
			} finally {
				readers.delete(watch);
				if (!hasCome) await end();
			}
		},
		return: async () => {
			await end();
			return { done: true, value: undefined };
		},
	};
	return {
		[Symbol.asyncIterator]: () => iterator,
		destroy: (error?: Error) => stream.destroy?.(error),
	};
}

function readersOf(clock: Clock): Set<Watch> {
	const known = waiting.get(clock);
	if (known) return known;
	const readers = new Set<Watch>();
	waiting.set(clock, readers);
	void watchOver(readers, clock);
	return readers;
}

/** Ends by itself while nobody waits, so that a body nobody reads to its end keeps no timer. */
async function watchOver(readers: Set<Watch>, clock: Clock): Promise<void> {
	let before = clock.now();
	do {
		const awake = await clock.sleep(TICK_MS);
		const now = clock.now();
		// A clock that was set, or a machine that slept, says nothing about the connection.
		const ms = Math.min(Math.max(now - before, 0), 2 * TICK_MS);
		before = now;
		for (const watch of readers) {
			if (awake) watch.waited(ms);
			else watch.end(new WeComCanceledError());
		}
	} while (readers.size > 0);
	waiting.delete(clock);
}

function stalled(what: string): Error {
	return Object.assign(new Error(what), { code: 'STALLED' });
}
