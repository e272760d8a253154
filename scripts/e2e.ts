/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findServices } from '../test/queue/services';
import { findChromium, NO_CHROMIUM } from './lib/browser';
import { projectRoot } from './lib/cache';
import { installN8n } from './lib/n8nInstall';
import { buildPackage, packPackage } from './lib/packageTarball';
import { capture, endAll } from './lib/processes';
import { Steps } from './lib/steps';
import { table } from './lib/table';

const USAGE = `npm run test:e2e -- [--browser | --queue [--full]] [--n8n 2.8.4] [file or title pattern of jest …]
--browser runs the tests of test/browser instead, in n8n's editor; it needs Chromium.
What WECOM_E2E_TARBALL names is tested; without it the nodes are built and packed.
--queue runs those of test/queue, in n8n's queue mode; it needs PostgreSQL, Redis and nginx. --full takes longer;
--possible only says whether they can be had.`;

/** What jest's --json holds, as far as it is used here. */
interface JestReport {
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ fullName: string; status: string; duration?: number | null }>;
	}>;
}

type Suite = 'e2e' | 'browser' | 'queue';

/** Runs the tests of test/e2e, test/browser or test/queue in a real n8n and ends with `N passed, N failed`. */
async function main(args: string[]): Promise<void> {
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => void endAll().then(() => process.exit(130)));
	}
	if (args.includes('--help')) {
		console.log(USAGE);
		return;
	}
	const { values, positionals } = parseArgs({
		args,
		options: {
			browser: { type: 'boolean', default: false },
			queue: { type: 'boolean', default: false },
			full: { type: 'boolean', default: false },
			possible: { type: 'boolean', default: false },
			n8n: { type: 'string', default: '2.8.4' },
		},
		allowPositionals: true,
	});
	try {
		if (values.browser && !findChromium()) throw new Error(NO_CHROMIUM);
		if (values.queue) {
			const services = await findServices();
			if (values.possible) {
				if ('missing' in services) console.log(services.missing);
				process.exitCode = 'missing' in services ? 1 : 0;
				return;
			}
			if ('missing' in services) throw new Error(services.missing);
		}
		const suite: Suite = values.browser ? 'browser' : values.queue ? 'queue' : 'e2e';
		if (values.full) process.env.WECOM_QUEUE_FULL = '1';
		const { passed, failed } = await testWith(suite, values.n8n, positionals);
		console.log(`\n${passed} passed, ${failed} failed`);
		process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		console.log('\n0 passed, 1 failed');
		process.exitCode = 1;
	}
}

async function testWith(suite: Suite, version: string, patterns: string[]) {
	const { WECOM_E2E_TARBALL: given } = process.env;
	const steps = new Steps(given ? 1 : 3);
	await steps.run(
		`Get n8n ${version} ready`,
		async (progress) => void (await installN8n(version, progress)),
	);
	const folder = await mkdtemp(join(tmpdir(), 'wecom-media-e2e-report-'));
	try {
		const tarball = given ?? (await buildAndPack(steps, folder));
		const reportFile = join(folder, 'report.json');
		await capture(
			process.execPath,
			[
				join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js'),
				...['--config', join(projectRoot, 'test', suite, 'jest.config.js')],
				...['--json', '--outputFile', reportFile],
				...patterns,
			],
			{
				cwd: projectRoot,
				env: { ...process.env, WECOM_E2E_N8N: version, WECOM_E2E_TARBALL: tarball },
				showOutput: true,
			},
		);
		return summarize(JSON.parse(await readFile(reportFile, 'utf8')) as JestReport, version);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function buildAndPack(steps: Steps, folder: string): Promise<string> {
	await steps.run('Build the nodes', buildPackage);
	return await steps.run('Pack the nodes as for npm', async () => await packPackage(folder));
}

function summarize({ testResults }: JestReport, version: string) {
	const rows: string[][] = [];
	let failed = 0;
	for (const { name, assertionResults, message } of testResults) {
		const file = basename(name, '.test.ts');
		// A file that cannot even be loaded has no tests that could fail.
		if (assertionResults.length === 0) {
			failed += 1;
			rows.push([file, message.split('\n')[0], '', '✗']);
		}
		for (const { fullName, status, duration } of assertionResults) {
			if (status !== 'passed') failed += 1;
			const seconds = `${((duration ?? 0) / 1000).toFixed(1)} s`;
			rows.push([file, fullName, seconds, status === 'passed' ? '✓' : '✗']);
		}
	}
	console.log(
		`\n${table(['file', `in n8n ${version}`, 'time', ''], rows, process.stdout.columns)}`,
	);
	return { passed: rows.length - failed, failed };
}

void main(process.argv.slice(2));
