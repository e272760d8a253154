/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/** One process of the fault matrix: node … main.ts <share> <of> [--tenth] [--only <text>]; its parent adds up. */
import './sourcesFirst';
import { parseArgs } from 'node:util';

import { leaks, logText, startEngine, stopEngine } from '../helpers/engine';
import { clearLogs } from '../helpers/logs';
import { FaultClock } from './clock';
import { plan, tenthOf } from './plan';
import { describe, play, type Scenario } from './scenario';

/** Scenarios at a time, and how many between two looks at the logs. */
const AT_ONCE = 24;
const BATCH = 240;

/** What a process tells its parent, one JSON object a line. */
export type Report =
	| { planned: number }
	| { group: string; succeeded: boolean; failed?: string }
	| { trouble: string };

const tell = (report: Report) => process.send?.(report);

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { tenth: { type: 'boolean' }, only: { type: 'string' } },
	});
	const [share, of] = positionals.map(Number);
	process.env.N8N_DEFAULT_BINARY_DATA_MODE = share % 2 === 0 ? 'filesystem' : 'default';
	const running = new Set<Scenario>();
	const trouble = (what: string) => (error: unknown) => {
		const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
		tell({
			trouble: `${what}: ${stack}\n  while: ${[...running].map(describe).join('\n         ')}`,
		});
	};
	process.on('unhandledRejection', trouble('unhandled rejection'));
	process.on('uncaughtException', trouble('uncaught exception'));
	// The parent is gone, whatever became of it.
	const orphaned = () => process.exit(1);
	process.on('disconnect', orphaned);

	await startEngine();
	const clock = new FaultClock();
	clock.install();
	const all = await plan(clock, share % 2 === 0);
	const chosen = (values.tenth ? tenthOf(all) : all).filter((scenario) =>
		describe(scenario).includes(values.only ?? ''),
	);
	const mine = chosen.filter(({ work }, index) => work.onDisk === true || index % of === share);
	tell({ planned: mine.length });
	for (let at = 0; at < mine.length; at += BATCH) {
		const secrets = new Set<string>();
		const left = mine.slice(at, at + BATCH);
		const worker = async () => {
			for (let scenario = left.shift(); scenario; scenario = left.shift()) {
				running.add(scenario);
				const { group } = scenario.target.fault;
				try {
					const verdict = await play(scenario, clock);
					for (const secret of verdict.secrets) secrets.add(secret);
					const failed = verdict.complaints.join('; ');
					tell({
						group,
						succeeded: verdict.succeeded,
						...(failed
							? { failed: `${describe(scenario)} [${scenario.onError}]\n      ${failed}` }
							: {}),
					});
				} catch (error) {
					tell({
						group,
						succeeded: false,
						failed: `${describe(scenario)}\n      ${String((error as Error).stack)}`,
					});
				}
				running.delete(scenario);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
		const shown = leaks([...secrets], logText());
		if (shown.length > 0) tell({ trouble: `the log shows ${shown.join(', ')}` });
		clearLogs();
	}
	stopEngine();
	process.off('disconnect', orphaned);
	process.disconnect?.();
}

main().catch((error: unknown) => {
	tell({ trouble: error instanceof Error ? (error.stack ?? error.message) : String(error) });
	process.exitCode = 1;
	process.disconnect?.();
});
