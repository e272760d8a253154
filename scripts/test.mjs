// Everything that must hold before a change is published: npm test [-- <arguments for jest>]
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { run, tools } from './lib/run.mjs';

await ensureInstalled();

const folder = mkdtempSync(join(tmpdir(), 'wecom-media-test-'));
const report = join(folder, 'jest.json');
const jestArguments = ['--json', `--outputFile=${report}`, ...process.argv.slice(2)];
// A checkout may share its packages with others, but not what was found out about its files.
const caches = join(projectRoot, 'node_modules', '.cache', 'wecom-media', hashOf(projectRoot));
const types = (name, config) =>
	tools.tsc('--noEmit', '-p', config, '--incremental', '--tsBuildInfoFile', join(caches, name));
// What n8n's rules say of a file also depends on package.json and on which other files there are; what a file imports
// from another one the compiler checks.
const lintCache = [
	...['--cache', '--cache-strategy', 'content'],
	...['--cache-location', join(caches, `eslint-${hashOf(manifestAndFiles())}`)],
];
const prettierCache = ['--cache', '--cache-location', join(caches, 'prettier')];

/** One after the other, while the tests run. */
const checks = [
	['types of the package', types('package.tsbuildinfo', 'tsconfig.json')],
	['types of tests and scripts', types('tests.tsbuildinfo', join('test', 'tsconfig.json'))],
	["n8n's lint", tools.eslint('.', ...lintCache)],
	['formatting', tools.prettier('--check', '--log-level=warn', ...prettierCache, '.')],
];

const TESTS = 'tests';
const results = [];
async function step(title, command, onOutput) {
	const started = Date.now();
	const code = await run(command, onOutput);
	const seconds = ((Date.now() - started) / 1000).toFixed(1);
	results.push({
		title,
		code,
		line: `${code === 0 ? 'ok    ' : 'FAILED'}  ${title} (${seconds} s)`,
	});
	return code;
}

async function runChecks() {
	for (const [title, command] of checks) {
		const printed = [];
		const code = await step(title, command, (bytes) => printed.push(bytes));
		if (code !== 0) console.log(`\n${title}:\n${Buffer.concat(printed).toString()}`);
	}
}

await Promise.all([runChecks(), step(TESTS, tools.jest(...jestArguments))]);

console.log(`\n${results.map(({ line }) => line).join('\n')}`);
printCounts();
rmSync(folder, { recursive: true, force: true });
process.exit(results.find(({ code }) => code !== 0)?.code ?? 0);

function hashOf(text) {
	return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function manifestAndFiles() {
	const names = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(projectRoot, folder), { recursive: true }).sort(),
	);
	return [readFileSync(join(projectRoot, 'package.json'), 'utf8'), ...names].join('\n');
}

/** A test file that could not even be loaded counts as one failure, and so does a check. */
function printCounts() {
	let totals;
	try {
		totals = JSON.parse(readFileSync(report, 'utf8'));
	} catch {
		console.log('jest ended without a report.');
		return;
	}
	const badChecks = results.filter(({ title, code }) => title !== TESTS && code !== 0);
	const failed = totals.numFailedTests + totals.numRuntimeErrorTestSuites + badChecks.length;
	const seconds = Math.round((Date.now() - totals.startTime) / 1000);
	console.log(
		`Test files: ${totals.numPassedTestSuites} passed of ${totals.numTotalTestSuites}; ` +
			`tests: ${totals.numTotalTests}; ${seconds} s`,
	);
	console.log(`${totals.numPassedTests} passed, ${failed} failed`);
}
