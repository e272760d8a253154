// Breaks the product on purpose, one place at a time, and sees that a test notices: npm run test:mutations [-- <text>]
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './lib/install.mjs';
import { applied, mutations } from './lib/mutations.mjs';
import { tools } from './lib/run.mjs';

await ensureInstalled();

const started = Date.now();
const home = mkdtempSync(join(tmpdir(), 'wecom-media-mutations-'));
const children = new Set();
process.on('exit', () => {
	for (const child of children) child.kill('SIGKILL');
	rmSync(home, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** What the tests need of the tree; the tree itself is never touched. */
const NEEDED = ['credentials', 'nodes', 'test', 'package.json', 'tsconfig.json', 'jest.config.js'];

function copyTree(name) {
	const folder = join(home, name);
	for (const path of NEEDED) {
		cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
	}
	symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
	return folder;
}

/** @returns counts, and the name of the first test that failed */
async function runTests(folder, files) {
	const report = join(folder, 'report.json');
	const { command, args } = tools.jest(...files, '--json', `--outputFile=${report}`, '--silent');
	const child = spawn(command, args, { cwd: folder, stdio: 'ignore' });
	children.add(child);
	await new Promise((resolve) => child.on('close', resolve));
	children.delete(child);
	const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
		readFileSync(report, 'utf8'),
	);
	const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
	const first = tests.find(({ status }) => status === 'failed')?.fullName ?? '';
	return {
		passed: numPassedTests,
		failed: numFailedTests,
		broken: numRuntimeErrorTestSuites,
		first,
	};
}

async function judge(folder, mutation) {
	const { file, test } = mutation;
	const { text, problem } = applied(projectRoot, mutation);
	if (problem) return { caught: false, by: problem };
	const path = join(folder, file);
	writeFileSync(path, text);
	const { failed, broken, first } = await runTests(folder, [test]);
	cpSync(join(projectRoot, file), path);
	// Code that does not even load proves nothing.
	if (broken > 0) return { caught: false, by: 'the test file could not be loaded' };
	return failed > 0 ? { caught: true, by: first } : { caught: false, by: 'no test failed' };
}

const wanted = process.argv[2] ?? '';
const chosen = mutations.filter(({ what, file }) => `${what} ${file}`.includes(wanted));
if (chosen.length === 0) {
	console.log(`No breakage has '${wanted}' in its description or file`);
	process.exit(1);
}
const copies = Array.from(
	{ length: Math.max(1, Math.min(2, availableParallelism())) },
	(_, index) => copyTree(`copy-${index}`),
);

const files = [...new Set(chosen.map(({ test }) => test))];
console.log(`The ${files.length} test files without a breakage …`);
const whole = await runTests(copies[0], files);
console.log(`${whole.passed} passed, ${whole.failed + whole.broken} failed\n`);
if (whole.failed + whole.broken > 0) {
	console.log(`They fail on the product as it is, so they cannot judge: ${whole.first}`);
	process.exit(1);
}

let survivors = 0;
const left = [...chosen];
await Promise.all(
	copies.map(async (folder) => {
		for (let mutation = left.shift(); mutation; mutation = left.shift()) {
			const { caught, by } = await judge(folder, mutation);
			if (!caught) survivors += 1;
			console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutation.what}`);
			console.log(`          ${mutation.file} · ${mutation.test}\n          ${by}`);
		}
	}),
);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n${chosen.length} breakages, ${survivors} survivors, ${seconds} s`);
console.log(`${chosen.length - survivors} passed, ${survivors} failed`);
process.exit(survivors === 0 ? 0 : 1);
