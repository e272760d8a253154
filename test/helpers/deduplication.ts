/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/**
 * n8n's table of processed data (n8n/dist/deduplication), kept in memory: it reads, thinks, and writes the whole row,
 * without a lock, and the first write of a row is an insert that fails when there is one by then.
 */
import { DataDeduplicationService } from 'n8n-core';

type Data = { mode: string; data: string[] };
type Context = { workflow: { id: string }; node?: { id: string } };
type Options = { mode: string; maxEntries?: number };
type Step = 'read' | 'write';

/** What tests see of the table, and how they disturb it; emptied by {@link clearProcessed}. */
export const processedData: {
	rows: Map<string, Data>;
	/** How often rows were written. */
	writes: number;
	/** Called before each step: to wait in it, or to fail. */
	before?: (step: Step) => Promise<void> | void;
} = { rows: new Map(), writes: 0 };

export function clearProcessed(): void {
	processedData.rows.clear();
	processedData.writes = 0;
	processedData.before = undefined;
}

const turn = async () => await new Promise((resolve) => setImmediate(resolve));

async function checkProcessedAndRecord(
	items: string[],
	scope: string,
	{ workflow, node }: Context,
	{ mode, maxEntries }: Options,
) {
	const { rows } = processedData;
	const key = `${workflow.id} ${scope === 'node' ? `n:${node?.id}` : ''}`;
	await processedData.before?.('read');
	await turn();
	const before = rows.get(key);
	if (before && before.mode !== mode) throw new Error('incompatible mode');
	const data = [...(before?.data ?? [])];
	const known = new Set(data);
	const processed = items.filter((item) => known.has(item));
	const fresh = items.filter((item) => !known.has(item));
	data.push(...fresh);
	if (maxEntries) data.splice(0, data.length - maxEntries);
	await processedData.before?.('write');
	await turn();
	if (!before && rows.has(key)) throw new Error('UNIQUE constraint failed: processed_data');
	rows.set(key, { mode, data });
	processedData.writes += 1;
	return { new: fresh, processed };
}

const unused = async (): Promise<never> => {
	throw new Error('not part of the engine under test');
};

/** The engine takes one table: that of an earlier test file of the same worker has to go. */
export async function initDeduplication(): Promise<void> {
	Object.assign(DataDeduplicationService, { instance: undefined });
	await DataDeduplicationService.init({
		checkProcessedAndRecord: checkProcessedAndRecord as never,
		removeProcessed: unused,
		clearAllProcessedItems: unused,
		getProcessedDataCount: unused,
	});
}
