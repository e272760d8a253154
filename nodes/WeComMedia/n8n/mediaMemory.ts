/**
 * Remembers which content has which media_id: in this process, and across restarts in the workflow's static data, which
 * n8n keeps for active workflows.
 *
 * n8n stores static data when an execution ends, as a whole, and of parallel executions the last one wins. So all of
 * them hold the same list, the process's own: whichever ends last stores what all have added. The process is also asked
 * first, since n8n 2.41 starts executions on a worker without static data. Looking something up writes nothing, for
 * storing would put back what other nodes, such as a trigger, had in the static data when the execution began.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

interface Remembered {
	id: string;
	/** Unix seconds. */
	at: number;
	until: number;
}

const FIELD = 'reusableMedia';
const MAX_REMEMBERED = 200;
const MAX_NODES = 500;
const MAX_FORGOTTEN = 1_000;
/** A media_id this close to its end (s) is not given out any more: the next nodes need it for a while. */
const MARGIN_S = 2 * 3600;

/** Each entry is a line, not an object: n8n puts every object in static data behind one more proxy each time it loads it. */
type Lines = Record<string, string>;

/** What this process knows, by node. */
const nodes = new Map<string, Lines>();
/** media_ids that WeCom no longer knows; the static data of executions that began earlier may still hold them. */
const forgotten = new Set<string>();

export class MediaMemory {
	/**
	 * @param lines what this process knows
	 * @param stored the node's static data
	 */
	constructor(
		private readonly lines: Lines,
		private readonly stored: IDataObject,
	) {}

	/** @returns the entry, unless it ends soon */
	find(key: string, nowS: number): Remembered | undefined {
		const known = readLine(this.lines[key]);
		const stored = this.storedEntries().get(key);
		const newest = !known || (stored && stored.at > known.at) ? stored : known;
		if (!newest || !isUsable(newest, nowS)) return undefined;
		this.lines[key] = lineOf(newest);
		return newest;
	}

	/** Remembers an entry for this process and in the static data, the newest 200 of both. */
	keep(key: string, entry: Remembered, nowS: number): void {
		const all = this.storedEntries();
		for (const [other, line] of Object.entries(this.lines)) {
			const known = readLine(line);
			const stored = all.get(other);
			if (known && !(stored && stored.at > known.at)) all.set(other, known);
		}
		all.delete(key);
		const newest = [...all, [key, entry] as const]
			.filter(([, each]) => isUsable(each, nowS))
			.sort(([, a], [, b]) => a.at - b.at)
			.slice(-MAX_REMEMBERED);
		for (const other of Object.keys(this.lines)) delete this.lines[other];
		for (const [other, each] of newest) this.lines[other] = lineOf(each);
		this.stored[FIELD] = this.lines;
	}

	/** Never gives this media_id again, whoever still has it stored. */
	forget(key: string, mediaId: string): void {
		bounded(forgotten, MAX_FORGOTTEN).add(mediaId);
		if (readLine(this.lines[key])?.id === mediaId) delete this.lines[key];
	}

	private storedEntries(): Map<string, Remembered> {
		const entries = new Map<string, Remembered>();
		const field = this.stored[FIELD];
		if (!field || typeof field !== 'object') return entries;
		for (const [key, value] of Object.entries(field)) {
			const entry = readLine(value);
			if (entry && !forgotten.has(entry.id)) entries.set(key, entry);
		}
		return entries;
	}
}

/** @returns the memory of the node that runs; in a manual run it lasts as long as the execution */
export function mediaMemoryOf(context: IExecuteFunctions): MediaMemory {
	const { id } = context.getWorkflow();
	const scope =
		context.getMode() === 'manual' || !id
			? ['execution', context.getExecutionId()]
			: ['workflow', id];
	const key = JSON.stringify([...scope, context.getNode().id]);
	const lines = nodes.get(key) ?? {};
	nodes.delete(key);
	bounded(nodes, MAX_NODES).set(key, lines);
	return new MediaMemory(lines, context.getWorkflowStaticData('node'));
}

function isUsable({ until }: Remembered, nowS: number): boolean {
	return until - MARGIN_S > nowS;
}

function lineOf({ id, at, until }: Remembered): string {
	return `${Math.floor(at)} ${Math.floor(until)} ${id}`;
}

/** Also reads the objects that 0.1.0 has stored. */
function readLine(value: unknown): Remembered | undefined {
	const object = value as Partial<Remembered> | null | undefined;
	const line =
		object && typeof object === 'object' ? `${object.at} ${object.until} ${object.id}` : value;
	const parts = /^(\d+) (\d+) (\S+)$/.exec(typeof line === 'string' ? line : '');
	return parts ? { id: parts[3], at: Number(parts[1]), until: Number(parts[2]) } : undefined;
}

/** Makes room for one more: the oldest goes. */
function bounded<T extends Map<string, unknown> | Set<string>>(all: T, most: number): T {
	const oldest = all.keys().next();
	if (all.size >= most && !oldest.done) all.delete(oldest.value);
	return all;
}
