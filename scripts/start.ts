/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealN8n } from '../test/e2e/realN8n';
import { startSimulator } from '../test/simulator';
import { cacheFolder, isRunning, projectRoot, shortHash } from './lib/cache';
import { DEMO_OWNER, demoCredentials, importDemo } from './lib/demoWorld';
import { describeRoundTrips, isIdentical } from './lib/exampleRun';
import type { RoundTrip } from './lib/exampleRun';
import { EXAMPLE_RUNS, placesOf } from './lib/examples';
import { startExampleHost } from './lib/largeFiles';
import { beforeInstall, installN8n } from './lib/n8nInstall';
import { buildPackage, packPackage, unpackPackage } from './lib/packageTarball';
import { freePort } from './lib/ports';
import { endAll, run } from './lib/processes';
import { GROUP_ID } from './lib/smallExamples';
import { Steps } from './lib/steps';

const N8N_VERSION = '2.8.4';
const EDITOR_PORT = 5678;
const SIMULATOR_PORT = 5690;
/** Stays the same between starts, so that the imported examples keep naming the right address. */
const LINK_PORT = 5691;

const USAGE = `npm start             the demo: a first round trip in n8n's engine, then simulator, n8n with the nodes, every
                      example run once, editor open
npm start -- --once   the same, but stops after the runs; exit code 0 if every checksum matches`;

/** Prepares everything, runs the examples once and, without --once, leaves the editor running. */
async function main(args: string[]): Promise<void> {
	const once = args.includes('--once');
	const unknown = args.filter((arg) => arg !== '--once');
	if (unknown.length > 0) {
		console.log(USAGE);
		process.exit(unknown.every((arg) => arg === '--help' || arg === '-h') ? 0 : 2);
	}
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => void stop(name === 'SIGINT' ? 130 : 143));
	}
	try {
		const demo = await start(once);
		if (once) return await stop(demo.identical ? 0 : 1);
		demo.announce();
		await demo.n8n.ended();
		if (!stopping) throw new Error(`n8n ended by itself; see ${demo.n8n.logFile}`);
	} catch (error) {
		if (stopping) return;
		console.error(`\n${error instanceof Error ? error.message : String(error)}`);
		await stop(1);
	}
}

let stopping = false;

async function stop(code: number): Promise<void> {
	if (stopping) return;
	stopping = true;
	await endAll();
	process.exit(code);
}

async function start(once: boolean) {
	const remarks = await beforeInstall(N8N_VERSION);
	const steps = new Steps(7 + EXAMPLE_RUNS.length);
	const userFolder = once ? throwawayFolder() : await demoFolder();

	await steps.run('Build the nodes', buildPackage);
	const first = await steps.run("Forward a file in n8n's engine", firstProof);
	report(first);
	for (const remark of remarks) console.log(`${remark}\n`);
	const installed = await steps.run(
		`Get n8n ${N8N_VERSION} ready`,
		async (progress) => await installN8n(N8N_VERSION, progress),
	);
	await steps.run('Pack the nodes as for npm and unpack them into n8n', async () => {
		await unpackPackage(await packPackage(throwawayFolder()), userFolder);
	});
	const simulator = await steps.run('Start the WeCom simulator', async () => {
		return await startSimulator({ port: await freePort(SIMULATOR_PORT) });
	});
	const links = await startExampleHost(await freePort(LINK_PORT));
	const editorPort = await freePort(EDITOR_PORT);
	const n8n = new RealN8n(installed, { userFolder, preferredPort: editorPort });
	const world = { n8n, simulator, links };
	await steps.run('Import demo credentials and example workflows', async () => {
		const credentials = demoCredentials(simulator.demo, simulator.url);
		const places = placesOf(world, `http://127.0.0.1:${editorPort}`);
		return await importDemo(n8n, userFolder, credentials, places);
	});
	await steps.run('Start n8n', async () => {
		await n8n.start();
		await n8n.rest.logIn(DEMO_OWNER);
		return n8n.url;
	});
	const trips: RoundTrip[] = [];
	for (const { title, run } of EXAMPLE_RUNS) {
		await steps.run(`Run the example "${title}"`, async () => {
			trips.push(...(await run(world)));
		});
	}

	report(trips);
	const identical = [...first, ...trips].every(isIdentical);
	if (!once) await remember(userFolder, n8n.url);
	const announce = () =>
		console.log(`
Editor     ${n8n.url}/workflow/${GROUP_ID}
Login      ${DEMO_OWNER.email} / ${DEMO_OWNER.password}
Simulator  ${simulator.url}
n8n's log  ${n8n.logFile}

Ctrl-C stops everything.`);
	return { n8n, identical, announce };
}

/** What can be shown before n8n itself is there; a process of its own, see scripts/firstProof.ts. */
async function firstProof(): Promise<RoundTrip[]> {
	const script = join(projectRoot, 'scripts', 'firstProof.ts');
	const printed = await run(process.execPath, ['--import', 'tsx', script], { cwd: projectRoot });
	return JSON.parse(printed) as RoundTrip[];
}

function report(trips: RoundTrip[]): void {
	console.log(`\n${describeRoundTrips(trips)}\n`);
	console.log(
		trips.every(isIdentical)
			? 'Every file arrived with its name and every byte.\n'
			: 'A file did not arrive as it was sent: see the rows marked ✗.\n',
	);
}

/** A folder of this run alone, gone with the process. */
function throwawayFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-media-demo-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** The user folder that the demo of this clone keeps, so that work in the editor survives. */
async function demoFolder(): Promise<string> {
	const folder = join(cacheFolder(), `demo-n8n-${N8N_VERSION}-${shortHash(projectRoot)}`);
	await mkdir(folder, { recursive: true });
	const other = await running(folder);
	if (other) {
		throw new Error(
			`The demo of this folder is already running (process ${other.pid}, ${other.url}). ` +
				'Use it, or stop it with Ctrl-C where it was started.',
		);
	}
	await remember(folder, STILL_STARTING);
	process.on('exit', () => rmSync(runningFile(folder), { force: true }));
	return folder;
}

const STILL_STARTING = 'still starting';

const runningFile = (folder: string): string => join(folder, 'running.json');

async function remember(folder: string, url: string): Promise<void> {
	await writeFile(runningFile(folder), JSON.stringify({ pid: process.pid, url }));
}

async function running(folder: string): Promise<{ pid: number; url: string } | undefined> {
	try {
		const entry = JSON.parse(readFileSync(runningFile(folder), 'utf8')) as {
			pid: number;
			url: string;
		};
		if (!isRunning(entry.pid)) return undefined;
		// The id may have gone to another program since (after a reboot): ask the editor itself.
		if (entry.url !== STILL_STARTING) await fetch(`${entry.url}/healthz`);
		return entry;
	} catch {
		return undefined;
	}
}

void main(process.argv.slice(2));
