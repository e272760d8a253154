// The fault matrix: npm run test:faults [-- --tenth] [--only <text>]
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';

await ensureInstalled();

const started = Date.now();
const of = Math.max(1, Math.min(2, availableParallelism()));
const groups = new Map();
const troubles = [];
const failures = [];
let planned = 0;
let done = 0;

function hear(report) {
	if (report.planned !== undefined) planned += report.planned;
	if (report.trouble !== undefined) troubles.push(report.trouble);
	if (report.group === undefined) return;
	const row = groups.get(report.group) ?? { scenarios: 0, succeeded: 0, failed: 0 };
	groups.set(report.group, row);
	row.scenarios += 1;
	if (report.succeeded) row.succeeded += 1;
	if (report.failed !== undefined) {
		row.failed += 1;
		failures.push(report.failed);
	}
	done += 1;
	if (done % 500 === 0) console.log(`  … ${done} of ${planned}, ${failures.length} failed`);
}

async function share(index) {
	const script = join(projectRoot, 'test', 'faults', 'main.ts');
	const child = fork(script, [String(index), String(of), ...process.argv.slice(2)], {
		cwd: projectRoot,
		execArgv: ['--import', 'tsx'],
	});
	const stop = () => child.kill('SIGKILL');
	process.on('exit', stop);
	child.on('message', hear);
	const code = await new Promise((resolve) => child.on('close', resolve));
	if (code !== 0) troubles.push(`a process ended with ${code}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
await Promise.all(Array.from({ length: of }, (_, index) => share(index)));
if (done < planned || planned === 0) troubles.push(`${done} of ${planned} scenarios ran`);

for (const line of failures.sort()) console.log(`  ✗ ${line}`);
for (const line of troubles) console.log(`  ✗ ${line}`);
console.log(`\n${'Group'.padEnd(26)} scenarios  succeeded  right error  failed`);
for (const [group, row] of [...groups].sort()) {
	const errors = row.scenarios - row.succeeded - row.failed;
	const cells = [row.scenarios, row.succeeded, errors, row.failed].map(String);
	const widths = [9, 10, 12, 7];
	console.log(group.padEnd(26) + cells.map((cell, i) => ` ${cell.padStart(widths[i])}`).join(''));
}
const failed = failures.length + troubles.length;
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n${done} scenarios in ${seconds} s`);
console.log(`${done - failures.length} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
