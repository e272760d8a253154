// Plain JavaScript with nothing but Node's own modules: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureRoom } from './room.cjs';

const OLDEST_NODE = 20;
const HEARTBEAT_MS = 10_000;
/** How long npm has to end itself once it is asked to, in ms. */
const GRACE_MS = 10_000;
/** Bytes that the development packages take, with what npm needs besides. */
const ROOM = 2e9;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const onWindows = process.platform === 'win32';
const leash = join(dirname(fileURLToPath(import.meta.url)), 'leash.mjs');

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How to start the npm that started us, else the one on the path. */
export function npm(...args) {
	const script = process.env.npm_execpath;
	if (script?.endsWith('.js')) {
		return { command: process.execPath, args: [script, ...args], shell: false };
	}
	return { command: 'npm', args, shell: process.platform === 'win32' }; // a .cmd file there
}

/**
 * Makes sure that node_modules holds what package-lock.json asks for, and installs it if not.
 * Ends the process with one sentence where Node is too old, and with npm's code where npm fails.
 */
export async function ensureInstalled() {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < OLDEST_NODE) {
		console.error(`This needs Node ${OLDEST_NODE} or newer; you have ${process.version}.`);
		process.exit(1);
	}
	const wanted = packagesIn('package-lock.json');
	if (isLinked() || isInstalled(wanted)) return;
	try {
		await ensureRoom(projectRoot, ROOM, 'Free some space, or clone the project to another disk.');
	} catch (error) {
		console.error(error.message);
		process.exit(1);
	}
	console.log(
		'Installing development packages into node_modules; this takes one to three minutes.',
	);
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	// Optional packages are left out: most of them are made for other platforms.
	const expected = Object.keys(wanted).filter((path) => !wanted[path].optional);
	const heartbeat = setInterval(() => {
		const present = expected.filter((path) => existsSync(join(projectRoot, path, 'package.json')));
		console.log(`  … ${present.length} of ${expected.length} packages, ${seconds()} s`);
	}, HEARTBEAT_MS);
	const { code, stopped } = await npmCi();
	clearInterval(heartbeat);
	if (stopped) {
		console.error('Stopped while installing packages; the next start installs them again.');
		process.exit(code);
	}
	if (code !== 0) {
		console.error(`npm could not install the packages (exit code ${code}, see above).`);
		process.exit(code);
	}
	console.log(`Installed in ${seconds()} s.`);
}

/** A linked node_modules is another folder's: npm would empty it before installing. */
function isLinked() {
	const entry = lstatSync(join(projectRoot, 'node_modules'), { throwIfNoEntry: false });
	return entry?.isSymbolicLink() === true;
}

/** npm records what it has installed in node_modules; that file is absent after a broken install. */
function isInstalled(wanted) {
	let installed;
	try {
		installed = packagesIn(join('node_modules', '.package-lock.json'));
	} catch {
		return false;
	}
	return Object.entries(wanted).every(([path, { version, optional }]) => {
		const found = installed[path];
		return found ? found.version === version : optional === true;
	});
}

function packagesIn(lockfile) {
	const { packages } = JSON.parse(readFileSync(join(projectRoot, lockfile), 'utf8'));
	delete packages['']; // the project itself
	return packages;
}

/**
 * Scripts stay off through .npmrc; dev packages are asked for even under NODE_ENV=production. Ends npm and waits for it
 * when this process is told to end: an npm left behind would fill node_modules while the next start empties it.
 */
function npmCi() {
	const { command, args } = npm('ci', '--include=dev', '--no-progress', '--loglevel=error');
	// The leash ends npm also where this process is killed and cannot do so.
	const child = spawn(process.execPath, [leash, command, ...args], {
		cwd: projectRoot,
		stdio: ['pipe', 'inherit', 'inherit'],
		detached: !onWindows,
	});
	const signal = (name) => {
		try {
			if (onWindows) child.kill(name);
			else process.kill(-child.pid, name);
		} catch {
			// It is already gone.
		}
	};
	let stoppedBy;
	const stop = (name) => {
		if (stoppedBy) return signal('SIGKILL'); // asked a second time
		stoppedBy = name;
		signal('SIGTERM');
		setTimeout(() => signal('SIGKILL'), GRACE_MS).unref();
	};
	for (const name of SIGNALS) process.on(name, stop);
	return new Promise((resolve) => {
		const end = (code) => {
			for (const name of SIGNALS) process.off(name, stop);
			resolve(stoppedBy ? { code: 128 + constants.signals[stoppedBy], stopped: true } : { code });
		};
		child.on('error', (error) => {
			console.error(error.message);
			end(127);
		});
		child.on('close', (code) => end(code ?? 1));
	});
}
