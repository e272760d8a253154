// Everything that must hold before a change is published: npm test [-- <arguments for jest>]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();

const folder = mkdtempSync(join(tmpdir(), 'wecom-media-test-'));
const report = join(folder, 'jest.json');
const jestArguments = ['--json', `--outputFile=${report}`, ...process.argv.slice(2)];

const steps = [
	['types', tools.script('typecheck')],
	['lint and formatting', tools.script('lint')],
	['build', tools.build()],
	['tests', tools.jest(...jestArguments)],
];

const results = [];
let exitCode = 0;
for (const [title, command] of steps) {
	console.log(`\n[${results.length + 1}/${steps.length}] ${title}`);
	const started = Date.now();
	exitCode = await run(command);
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	results.push(`${exitCode === 0 ? 'ok    ' : 'FAILED'}  ${title} (${seconds} s)`);
	if (exitCode !== 0) break;
}

console.log(`\n${results.join('\n')}`);
if (results.length < steps.length) console.log('The tests did not run.');
else printCounts();
rmSync(folder, { recursive: true, force: true });
process.exit(exitCode);

/** A test file that could not even be loaded counts as one failure. */
function printCounts() {
	let totals;
	try {
		totals = JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		console.log('jest ended without a report.');
		return;
	}
	const failed = totals.numFailedTests + totals.numRuntimeErrorTestSuites;
	const seconds = Math.round((Date.now() - totals.startTime) / 1000);
	console.log(
		`Test files: ${totals.numPassedTestSuites} passed of ${totals.numTotalTestSuites}; ` +
			`tests: ${totals.numTotalTests}; ${seconds} s`,
	);
	console.log(`${totals.numPassedTests} passed, ${failed} failed`);
}
