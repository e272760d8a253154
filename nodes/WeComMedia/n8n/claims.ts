/**
 * Who may give an event to the workflow, when several processes have received it. n8n's deduplication table is durable
 * and common to all, but has no lock, and each write replaces the whole row. So a claim is written and then looked for:
 * whoever's marker is still in the row has written last, and the keys it wrote with it are its own.
 */
import { randomUUID } from 'crypto';
import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

import { digestOf } from './seen';

/** Keys and markers one trigger node remembers; a full row is about 160 KB. */
const MAX_ENTRIES = 6000;
/** How often a claim that was written over is written again; then the event goes out, rather than being lost. */
const MAX_ROUNDS = 6;
/**
 * Before the second look, so that a slower process has written by then: at least so long, and twice as long as a write has
 * lately lasted here, since what slows this process mostly slows the others. Milliseconds, plus up to as many at random.
 */
const LOOK_AFTER_MS = 250;
const LOOK_SPREAD_MS = 100;
/** What writes are taken to last before the first: code and connections are cold, and the other processes' often, too (ms). */
const FIRST_WRITE_MS = 500;
/** Where every write takes seconds, to wait for all of them would hold up a worker's executions for minutes (ms). */
const MOST_WRITE_MS = 1_500;
/** What is left of a slow write's weight after each further one. */
const FADING = 0.8;
/** The first row of all is an insert, and of two processes one fails; a busy database fails, too. */
const MAX_TRIES = 5;
const TRY_AGAIN_MS = 20;

/**
 * Between two writes of one process. Each of them reads and writes the whole row (about 8 ms of processor time, see
 * bench/RESULTS.md), so events share one, as long as there are executions under way that could bring more. Milliseconds.
 */
const BETWEEN_WRITES_MS = 250;

interface Waiting {
	context: IExecuteFunctions;
	digests: string[];
	/** No other process has received it: this one's memory decides, and the table is written for after a restart. */
	alone: boolean;
	resolve(mine: Set<string>): void;
}

/** The executions of one node in this process. */
class Group {
	/** Those that have begun and have no claim yet. */
	underWay = 0;
	isWriting = false;
	readonly queue: Waiting[] = [];
	private wake = () => {};

	/** Writes at once where everybody is there who could share. */
	look(): void {
		if (this.queue.length >= this.underWay) this.wake();
	}

	/** Waits for company. */
	async pause(): Promise<void> {
		const complete = new Promise<void>((resolve) => (this.wake = resolve));
		this.look();
		await Promise.race([complete, sleep(BETWEEN_WRITES_MS)]);
		this.wake = () => {};
	}
}

/** How long reading and writing the table lasts in this process. */
class WriteTimes {
	private slowest = FIRST_WRITE_MS;

	/** Writes, and notes how long that took. @returns as {@link recorded} */
	async recorded(context: IExecuteFunctions, digests: string[]): Promise<string[]> {
		const startedAt = Date.now();
		const taken = await recorded(context, digests);
		const ms = Math.min(Date.now() - startedAt, MOST_WRITE_MS);
		this.slowest = Math.max(ms, this.slowest * FADING);
		return taken;
	}

	/** Until every process that read before this one wrote has written, too. */
	async pause(): Promise<void> {
		const ms = Math.max(LOOK_AFTER_MS, 2 * this.slowest);
		await sleep(ms + Math.random() * LOOK_SPREAD_MS);
	}
}

export class TableClaims {
	/** By node; there are few, and they are small. */
	private readonly groups = new Map<string, Group>();
	private readonly times = new WriteTimes();

	/**
	 * Does the work of one execution, at whose end it claims. Claims of one node go one after the other in a process;
	 * those that come meanwhile are written together.
	 *
	 * @param work gets what claims, to be called once at most; it gives the keys that nobody else has, to be given to the
	 * workflow, and never throws. `alone` is whether the push was received by this very process
	 * @throws what the work throws
	 */
	async during<T>(
		context: IExecuteFunctions,
		work: (claim: (keys: string[], alone: boolean) => Promise<Set<string>>) => Promise<T>,
	): Promise<T> {
		const scope = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
		const group = this.groups.get(scope) ?? new Group();
		this.groups.set(scope, group);
		group.underWay += 1;
		let isUnderWay = true;
		const leave = () => {
			if (!isUnderWay) return;
			isUnderWay = false;
			group.underWay -= 1;
			group.look();
		};
		try {
			return await work(async (keys, alone) => {
				const digests = new Map(keys.map((key) => [digestOf(key), key]));
				const mine = await new Promise<Set<string>>((resolve) => {
					group.queue.push({ context, digests: [...digests.keys()], alone, resolve });
					group.look();
					void this.workOff(group);
				});
				leave();
				return new Set([...digests].filter(([digest]) => mine.has(digest)).map(([, key]) => key));
			});
		} finally {
			leave();
		}
	}

	private async workOff(group: Group): Promise<void> {
		if (group.isWriting) return;
		group.isWriting = true;
		while (group.queue.length > 0) {
			const batch = group.queue.splice(0);
			const open = await settle(batch[0].context, batch, this.times);
			for (const { digests, resolve } of batch) {
				const mine = digests.filter((digest) => open.has(digest));
				// Two executions of one process want the same: the earlier one has it.
				for (const digest of mine) open.delete(digest);
				resolve(new Set(mine));
			}
			await group.pause();
		}
		group.isWriting = false;
	}
}

/** @returns what of the batch is nobody else's */
async function settle(
	context: IExecuteFunctions,
	batch: Waiting[],
	times: WriteTimes,
): Promise<Set<string>> {
	const open = new Set(batch.flatMap(({ digests }) => digests));
	const alone = batch.every((waiting) => waiting.alone);
	for (let round = 0; round < MAX_ROUNDS && open.size > 0; round += 1) {
		const marker = digestOf(randomUUID());
		const written = alone ? [...open] : [...open, marker];
		for (const taken of await times.recorded(context, written)) open.delete(taken);
		if (alone || open.size === 0) break;
		await times.pause();
		// This writes the marker where it is not, so the next round needs a new one.
		if ((await times.recorded(context, [marker])).includes(marker)) break;
	}
	return open;
}

/** Writes what is not in the table yet. @returns what was */
async function recorded(context: IExecuteFunctions, digests: string[]): Promise<string[]> {
	for (let tries = 1; ; tries += 1) {
		try {
			const options = { mode: 'entries', maxEntries: MAX_ENTRIES } as const;
			const { processed } = await context.helpers.checkProcessedAndRecord(digests, 'node', options);
			return processed.map(String);
		} catch (error) {
			if (tries >= MAX_TRIES) {
				// An event that may come twice is better than one that is lost.
				context.logger.warn(
					`WeCom Media Trigger: n8n's deduplication table cannot be written (${(error as Error).message}), so a repeated push may start the workflow again`,
				);
				return [];
			}
		}
		await sleep(TRY_AGAIN_MS * tries * (1 + Math.random()));
	}
}
