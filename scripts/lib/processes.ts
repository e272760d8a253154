/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- starting n8n and npm is what this file is for */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './cache';

export interface RunOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** Let the program write to this process's own output instead of handing it over. */
	showOutput?: boolean;
}

export interface RunResult {
	code: number;
	stdout: string;
	stderr: string;
}

const onWindows = process.platform === 'win32';
const leash = join(projectRoot, 'scripts', 'lib', 'leash.mjs');
const running = new Set<ChildProcess>();

/**
 * Starts a program in a process group of its own. Neither it nor anything it starts outlives this
 * process, however that ends.
 */
export function start(command: string, args: string[], options: RunOptions = {}): ChildProcess {
	const { showOutput, ...rest } = options;
	const output = showOutput ? 'inherit' : 'pipe';
	const child = spawn(process.execPath, [leash, command, ...args], {
		...rest,
		detached: !onWindows,
		stdio: ['pipe', output, output],
	});
	running.add(child);
	child.once('close', () => running.delete(child));
	return child;
}

/** Sends a signal to a program and its children, e.g. SIGKILL for a sudden death. */
export function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		if (onWindows) child.kill(name);
		else process.kill(-child.pid, name);
	} catch {
		// The group is already gone.
	}
}

/** Asks a program and its children to end, and makes them after `grace` ms. */
export async function end(child: ChildProcess, grace = 10_000): Promise<void> {
	if (!running.has(child)) return;
	const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
	signal(child, 'SIGTERM');
	const timer = setTimeout(() => signal(child, 'SIGKILL'), grace);
	await closed;
	clearTimeout(timer);
	// The leader has gone; a child of it that ignored the signal has not.
	signal(child, 'SIGKILL');
}

/** Ends a program and its children at once, as a machine that fails does. */
export async function kill(child: ChildProcess): Promise<void> {
	if (!running.has(child)) return;
	const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
	signal(child, 'SIGKILL');
	await closed;
}

/** Ends everything that is still running. */
export async function endAll(): Promise<void> {
	await Promise.all([...running].map((child) => end(child)));
}

/** Runs a program to its end; never throws for an exit code. */
export async function capture(
	command: string,
	args: string[],
	options: RunOptions = {},
): Promise<RunResult> {
	const child = start(command, args, options);
	let stdout = '';
	let stderr = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const code = await new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (exitCode) => resolve(exitCode ?? 1));
	});
	return { code, stdout, stderr };
}

/** Runs a program to its end and gives its output; throws with the output's end if it fails. */
export async function run(
	command: string,
	args: string[],
	options: RunOptions = {},
): Promise<string> {
	const { code, stdout, stderr } = await capture(command, args, options);
	if (code === 0) return stdout;
	const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n');
	throw new Error(`${command} ${args.join(' ')} ended with code ${code}:\n${tail}`);
}

/**
 * The environment for an npm started from an npm script: the outer npm's own settings (its
 * project folder, its ignore-scripts) must not reach the inner one.
 */
export function npmEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
	const outer = /^npm_(package_|lifecycle_|config_(local_prefix|prefix|ignore_scripts)$)/;
	const kept = Object.entries(process.env).filter(([name]) => !outer.test(name.toLowerCase()));
	return { ...Object.fromEntries(kept), ...extra };
}

/** Without what jest, an npm or an n8n around us leave behind: they would steer the programs we start. */
export function ownEnvironment(): NodeJS.ProcessEnv {
	const foreign = /^(npm_.*|N8N_.*|NODE_OPTIONS|NODE_ENV|JEST_WORKER_ID)$/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
