/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from '../scripts/lib/packageTarball';
import { endAll } from '../scripts/lib/processes';
import { Steps } from '../scripts/lib/steps';
import { table } from '../scripts/lib/table';
import { concurrencyTable, measureConcurrency } from './concurrency';
import { measureLoad } from './load';
import { measureRow } from './measureRow';
import { startN8n, type BenchServer } from './n8nServer';
import { conditions, USUAL_N8N, writeResults, type CaseName } from './results';
import { rows } from './rows';
import { buildStage, type Stage } from './stage';
import { executionTable, loadTable, transferTable, triggerTable } from './tables';
import type { RowResult, Table } from './tables';
import { measureTrigger } from './trigger';
import { measureReceiving } from './receiving';
import { receivingTables } from './receivingTables';

const USAGE = `npm run bench -- [transfers] [concurrency] [trigger] [receiving] [load] [--row <name>] [--rounds 3] [--n8n 2.8.4] [--steady] [--profile <folder>]

transfers run in a real n8n server; --row measures one row of its table, more than one may be named.
Without a name everything is measured, which takes about half an hour. --profile leaves CPU profiles of
what runs in n8n in the folder. --steady measures transfers only, and keeps V8 from taking short-lived
objects for long-lived, which else makes the same run cost up to five times as much, for each node alike.
With --row or --profile nothing is written to bench/RESULTS.md.

Rows: ${rows.map(({ name }) => name).join(', ')}`;

/** What receiving needs is stated for both. */
const RECEIVING_VERSIONS = ['2.8.4', '2.41.1'];

type Say = (note: string) => void;

interface Options {
	chosen: CaseName[];
	row: string[];
	rounds: number;
	n8n: string;
	steady: boolean;
	profile?: string;
}

async function main(args: string[]): Promise<void> {
	if (args.includes('--help')) return console.log(USAGE);
	const options = readOptions(args);
	const { chosen, row, n8n, steady, profile } = options;
	if (profile) mkdirSync(profile, { recursive: true });
	const steps = new Steps(chosen.length + 1);
	const stage = await steps.run('Build the package', buildStage);
	try {
		for (const name of chosen) {
			const tables = await steps.run(
				`Measure ${name}`,
				async (say) => await cases[name](stage, say, options),
			);
			for (const { head, rows: lines } of tables) console.log(`\n${table(head, lines)}\n`);
			console.log(conditions(name, n8n, steady));
			if (!profile && row.length === 0) writeResults(name, tables, n8n, steady);
		}
	} finally {
		await stage.remove();
	}
}

function readOptions(args: string[]): Options {
	const { values, positionals } = parseArgs({
		args,
		options: {
			row: { type: 'string', multiple: true, default: [] },
			rounds: { type: 'string', default: '3' },
			n8n: { type: 'string', default: USUAL_N8N },
			steady: { type: 'boolean', default: false },
			profile: { type: 'string' },
		},
		allowPositionals: true,
	});
	const { row, n8n, steady, profile } = values;
	const unknown = [
		...positionals.filter((name) => !(name in cases) || (steady && name !== 'transfers')),
		...row.filter((name) => rows.every((each) => each.name !== name)),
	];
	const rounds = Number(values.rounds);
	if (unknown.length > 0 || !(rounds >= 1)) throw new Error(USAGE);
	const all = row.length > 0 || steady ? ['transfers'] : Object.keys(cases);
	const chosen = (positionals.length > 0 ? positionals : all) as CaseName[];
	return { chosen, row, rounds, n8n, steady, profile: profile && resolve(profile) };
}

const cases: Record<CaseName, (stage: Stage, say: Say, options: Options) => Promise<Table[]>> = {
	transfers: async (_stage, say, options) => [transferTable(await transfers(say, options))],
	concurrency: async (_stage, say, options) => [
		concurrencyTable(
			await inN8n(
				options,
				say,
				async (server) => await measureConcurrency(server, options.rounds, say),
			),
		),
	],
	trigger: async (stage, say, { n8n }) => {
		const result = await measureTrigger(stage, n8n, say);
		return [triggerTable(result), executionTable(result)];
	},
	receiving: async (_stage, say) => {
		await buildPackage();
		return receivingTables(await measureReceiving(say, RECEIVING_VERSIONS));
	},
	load: async (stage) => [loadTable(measureLoad(stage))],
};

async function transfers(say: Say, options: Options): Promise<RowResult[]> {
	const { row, rounds, profile } = options;
	const chosen = rows.filter(({ name }) => row.length === 0 || row.includes(name));
	return await inN8n(options, say, async (server) => {
		const results: RowResult[] = [];
		for (const each of chosen) {
			say(`${each.name}, ${rounds} rounds`);
			results.push({ row: each, clients: await measureRow(each, rounds, server, profile) });
		}
		return results;
	});
}

async function inN8n<T>(
	{ n8n, steady }: Options,
	say: Say,
	measure: (server: BenchServer) => Promise<T>,
): Promise<T> {
	say('starting n8n');
	await buildPackage();
	const server = await startN8n(n8n, steady);
	try {
		return await measure(server);
	} finally {
		await server.stop();
	}
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(name, () => void endAll().then(() => process.exit(130)));
}
main(process.argv.slice(2)).catch((error: unknown) => {
	for (let each: unknown = error; each; each = (each as Error).cause) {
		console.error(each instanceof Error ? each.message : each);
	}
	process.exitCode = 1;
});
