/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- runs in Node, never inside n8n */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ownEnvironment } from '../../scripts/lib/processes';
import { projectRoot, readManifest } from '../helpers/packageTypes';
import { runFolder, SHARED } from '../setup/runFolder';
import { projectFiles } from './projectFiles';

export interface PackedPackage {
	/** Bytes of the .tgz. */
	size: number;
	/** The unpacked package, in a node_modules folder where only n8n-workflow can be found. */
	folder: string;
	remove(): void;
}

/**
 * Builds a copy of the project, packs it as for publishing and unpacks the result, once in a run of jest. The copy keeps
 * the project's own dist out of the way of tests that run at the same time.
 */
export function packPackage(): PackedPackage {
	const shared = runFolder();
	if (shared === undefined) {
		const own = mkdtempSync(join(tmpdir(), 'wecom-media-packed-'));
		return { ...packInto(own), remove: () => rmSync(own, { recursive: true, force: true }) };
	}
	const folder = join(shared, SHARED, 'packed');
	const outcome = join(folder, 'outcome.json');
	mkdirSync(dirname(folder), { recursive: true });
	if (isFirst(folder)) writeOutcome(outcome, folder);
	while (!existsSync(outcome)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
	const { problem, ...packed } = JSON.parse(readFileSync(outcome, 'utf8')) as Outcome;
	if (problem !== undefined) throw new Error(problem);
	return { ...packed, remove: () => undefined };
}

type Packed = Omit<PackedPackage, 'remove'>;
type Outcome = Packed & { problem?: string };

/** Of all processes only one makes a folder. */
function isFirst(folder: string): boolean {
	try {
		mkdirSync(folder);
		return true;
	} catch {
		return false;
	}
}

/** Those who wait must hear of a failure, too. The file appears at once with all it says. */
function writeOutcome(path: string, folder: string): void {
	let outcome: Partial<Outcome>;
	try {
		outcome = packInto(folder);
	} catch (error) {
		outcome = { problem: String(error) };
	}
	writeFileSync(`${path}.new`, JSON.stringify(outcome));
	renameSync(`${path}.new`, path);
}

function packInto(temporary: string): Packed {
	const copy = join(temporary, 'project');
	for (const path of projectFiles().filter((file) => !/^(test|bench|examples)\//.test(file))) {
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		cpSync(join(projectRoot, path), join(copy, path));
	}
	const installed = join(projectRoot, 'node_modules');
	symlinkSync(installed, join(copy, 'node_modules'), 'junction');
	// npm would build by itself before it packs, but .npmrc keeps scripts off.
	run(process.execPath, [join('scripts', 'build.mjs')], copy);
	run('npm', ['pack', '--silent', '--offline', '--pack-destination', temporary], copy);
	const tarball = join(
		temporary,
		readdirSync(temporary).find((name) => name.endsWith('.tgz'))!,
	);

	const modules = join(temporary, 'n8n', 'node_modules');
	const folder = join(modules, readManifest().name);
	mkdirSync(folder, { recursive: true });
	// tar of Windows takes "C:" in a path for a remote host.
	run('tar', ['-xzf', basename(tarball), '--strip-components=1', '-C', folder], temporary);
	symlinkSync(join(installed, 'n8n-workflow'), join(modules, 'n8n-workflow'), 'junction');
	return { size: statSync(tarball).size, folder };
}

/** Runs a command and gives what it printed; whatever it said is in the error if it fails. */
export function run(command: string, args: string[], cwd: string, env = {}): string {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: command === 'npm' && process.platform === 'win32',
		env: { ...ownEnvironment(), ...env },
	});
	if (error) throw error;
	if (status !== 0) {
		throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
	}
	return stdout;
}
