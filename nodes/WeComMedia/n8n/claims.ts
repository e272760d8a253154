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
/** Before the second look, so that a slower process has written by then. Milliseconds, plus up to as many at random. */
const LOOK_AFTER_MS = 250;
const LOOK_SPREAD_MS = 100;
/** The first row of all is an insert, and of two processes one fails; a busy database fails, too. */
const MAX_TRIES = 5;
const TRY_AGAIN_MS = 20;

/**
 * Between two writes of one process. Each of them reads and writes the whole row (about 8 ms of processor time, see
 * bench/RESULTS.md); events that come meanwhile share one, a single event does not wait. Milliseconds.
 */
const BETWEEN_WRITES_MS = 250;

interface Waiting {
	context: IExecuteFunctions;
	digests: string[];
	/** No other process has received it: this one's memory decides, and the table is written for after a restart. */
	alone: boolean;
	resolve(mine: Set<string>): void;
}

export class TableClaims {
	private readonly queues = new Map<string, Waiting[]>();

	/**
	 * Claims of one node go one after the other in a process; those that come meanwhile are written together.
	 *
	 * @param alone whether the push was received by this very process
	 * @returns the keys that nobody else has, to be given to the workflow. Never throws.
	 */
	async claim(context: IExecuteFunctions, keys: string[], alone: boolean): Promise<Set<string>> {
		const digests = new Map(keys.map((key) => [digestOf(key), key]));
		const scope = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
		const mine = await new Promise<Set<string>>((resolve) => {
			const waiting: Waiting = { context, digests: [...digests.keys()], alone, resolve };
			const queue = this.queues.get(scope);
			if (queue) queue.push(waiting);
			else void this.workOff(scope, [waiting]);
		});
		return new Set([...digests].filter(([digest]) => mine.has(digest)).map(([, key]) => key));
	}

	private async workOff(scope: string, first: Waiting[]): Promise<void> {
		const queue = first;
		this.queues.set(scope, queue);
		while (queue.length > 0) {
			const batch = queue.splice(0);
			const open = await settle(batch[0].context, batch);
			for (const { digests, resolve } of batch) {
				const mine = digests.filter((digest) => open.has(digest));
				// Two executions of one process want the same: the earlier one has it.
				for (const digest of mine) open.delete(digest);
				resolve(new Set(mine));
			}
			await sleep(BETWEEN_WRITES_MS);
		}
		this.queues.delete(scope);
	}
}

/** @returns what of the batch is nobody else's */
async function settle(context: IExecuteFunctions, batch: Waiting[]): Promise<Set<string>> {
	const open = new Set(batch.flatMap(({ digests }) => digests));
	const alone = batch.every((waiting) => waiting.alone);
	for (let round = 0; round < MAX_ROUNDS && open.size > 0; round += 1) {
		const marker = digestOf(randomUUID());
		for (const taken of await recorded(context, [...open, marker])) open.delete(taken);
		if (alone || open.size === 0) break;
		await sleep(LOOK_AFTER_MS + Math.random() * LOOK_SPREAD_MS);
		// This writes the marker where it is not, so the next round needs a new one.
		if ((await recorded(context, [marker])).includes(marker)) break;
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
