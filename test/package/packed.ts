/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- runs in Node, never inside n8n */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ownEnvironment } from '../../scripts/lib/processes';
import { projectRoot, readManifest } from '../helpers/packageTypes';
import { projectFiles } from './projectFiles';

export interface PackedPackage {
	/** Bytes of the .tgz. */
	size: number;
	/** The unpacked package, in a node_modules folder where only n8n-workflow can be found. */
	folder: string;
	remove(): void;
}

/**
 * Builds a copy of the project, packs it as for publishing and unpacks the result. The copy keeps
 * the project's own dist out of the way of tests that run at the same time.
 */
export function packPackage(): PackedPackage {
	const temporary = mkdtempSync(join(tmpdir(), 'wecom-media-packed-'));
	const copy = join(temporary, 'project');
	for (const path of projectFiles().filter((file) => !/^(test|bench|examples)\//.test(file))) {
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		cpSync(join(projectRoot, path), join(copy, path));
	}
	const installed = join(projectRoot, 'node_modules');
	symlinkSync(installed, join(copy, 'node_modules'), 'junction');
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
	return {
		size: statSync(tarball).size,
		folder,
		remove: () => rmSync(temporary, { recursive: true, force: true }),
	};
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
