import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { npm, projectRoot } from './install.mjs';

/** The script behind an installed command, such as `tsc` of the package `typescript`. */
function commandScript(packageName, command = packageName) {
	const folder = join(projectRoot, 'node_modules', packageName);
	const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

const node = (...args) => ({ command: process.execPath, args, shell: false });

/** The tools of this project as commands for `run`. */
export const tools = {
	build: () => node(join('scripts', 'build.mjs')),
	tsc: (...args) => node(commandScript('typescript', 'tsc'), ...args),
	eslint: (...args) => node(commandScript('eslint'), ...args),
	prettier: (...args) => node(commandScript('prettier'), ...args),
	gulp: (...args) => node(commandScript('gulp'), ...args),
	jest: (...args) => node(commandScript('jest'), ...args),
	tsx: (...args) => node('--import', 'tsx', ...args),
	/** A script of package.json. */
	script: (name) => npm('run', '--silent', name),
};

/**
 * Runs a command in the project's folder, its output streamed. SIGTERM and SIGHUP are passed on;
 * SIGINT only where no terminal does so by itself.
 *
 * @param onOutput takes what it prints, where that is not to be seen at once
 * @returns the exit code; 128 + n for signal n.
 */
export function run({ command, args, shell }, onOutput) {
	const stdio = onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit';
	const child = spawn(command, args, { cwd: projectRoot, stdio, shell });
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
	const passOn = (signal) => {
		if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of signals) process.on(signal, passOn);
	return new Promise((resolve) => {
		child.on('close', (code, signal) => {
			for (const name of signals) process.off(name, passOn);
			resolve(code ?? 128 + constants.signals[signal]);
		});
	});
}
