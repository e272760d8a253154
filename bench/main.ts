/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { resolve } from 'node:path';
import { endAll } from '../scripts/lib/processes';
import { Steps } from '../scripts/lib/steps';
import { table } from '../scripts/lib/table';
import { measureLoad } from './load';
import { conditions, writeResults, type CaseName } from './results';
import { buildStage, type Stage } from './stage';
import { executionTable, loadTable, transferTable, triggerTable, type Table } from './tables';
import { runTransfer, transferCases, type TransferCase } from './transfers';
import { measureTrigger } from './trigger';

const USAGE = `npm run bench -- [upload] [download] [trigger] [load] [--profile <folder>]

Without a name everything is measured, which takes about ten minutes. --profile leaves CPU profiles
of our processes in the folder and writes nothing to bench/RESULTS.md.`;

type Say = (note: string) => void;

async function main(args: string[]): Promise<void> {
	const at = args.indexOf('--profile');
	const profile = at < 0 ? undefined : resolve(args[at + 1] ?? '.');
	const names = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
	if (names.some((name) => !(name in cases))) {
		console.log(USAGE);
		process.exitCode = names.includes('--help') ? 0 : 1;
		return;
	}
	const chosen = (names.length > 0 ? names : Object.keys(cases)) as CaseName[];
	const steps = new Steps(chosen.length + 1);
	const stage = await steps.run('Build the package', buildStage);
	try {
		for (const name of chosen) {
			const tables = await steps.run(
				`Measure ${name}`,
				async (say) => await cases[name](stage, say, profile),
			);
			for (const { head, rows } of tables) console.log(`\n${table(head, rows)}\n`);
			if (!profile) writeResults(name, tables);
		}
		console.log(conditions());
	} finally {
		await stage.remove();
	}
}

const cases: Record<CaseName, (stage: Stage, say: Say, profile?: string) => Promise<Table[]>> = {
	upload: async (stage, say, profile) => await transfers(transferCases.upload, stage, say, profile),
	download: async (stage, say, profile) =>
		await transfers(transferCases.download, stage, say, profile),
	trigger: async (stage, say) => {
		const result = await measureTrigger(stage, say);
		return [triggerTable(result), executionTable(result)];
	},
	load: async (stage) => [loadTable(measureLoad(stage))],
};

async function transfers(list: TransferCase[], stage: Stage, say: Say, profile?: string) {
	const results = [];
	for (const [index, each] of list.entries()) {
		say(`case ${index + 1} of ${list.length}`);
		results.push(await runTransfer(each, stage.folder, profile));
	}
	return [transferTable(results)];
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(name, () => void endAll().then(() => process.exit(130)));
}
main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
