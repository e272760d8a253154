/** What Concurrency changes: our node alone, the same files, so many at a time. */
import { measureRow, type ClientResult } from './measureRow';
import type { BenchServer } from './n8nServer';
import { rows, type Row } from './rows';
import { inMb, ms, type Table } from './tables';

const NUMBERS = [1, 3, 8, 16];
const NAMES = ['up-200k', 'up-18m', 'down-200k', 'down-18m'];
/** Milliseconds that the server waits before each answer, as WeCom does. */
const LATENCY_MS = 50;
/** One at a time takes long. */
const MOST_FILES = 100;

interface Measured {
	row: Row;
	result: ClientResult;
}

/** @param rounds for each row and number; their median is taken */
export async function measureConcurrency(
	server: BenchServer,
	rounds: number,
	say: (note: string) => void,
): Promise<Measured[]> {
	const measured: Measured[] = [];
	for (const each of rows.filter(({ name }) => NAMES.includes(name))) {
		for (const concurrency of NUMBERS) {
			say(`${each.name}, ${concurrency} at a time`);
			const files = Math.min(each.files, MOST_FILES);
			const row: Row = { ...each, files, concurrency, latencyMs: LATENCY_MS, clients: ['ours'] };
			const [result] = await measureRow(row, rounds, server);
			measured.push({ row, result });
		}
	}
	return measured;
}

export function concurrencyTable(measured: Measured[]): Table {
	return {
		head: ['row', 'at a time', 'files a second', 'MB/s', 'CPU per file', 'memory rise'],
		rows: measured.map(({ row, result }) => [
			row.name,
			String(row.concurrency),
			((result.speed * 1_000_000) / row.fileBytes).toFixed(1),
			result.speed.toFixed(1),
			ms(result.cpuPerFile),
			inMb(result.rise),
		]),
	};
}
