/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- starts the script as a person does */
import { spawn } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, projectRoot } from '../../scripts/lib/cache';
import { until } from '../nodes/scene';

/** Stands for npm: says who it is and installs for ever, as npm does for a minute. */
const NPM = `
require('node:fs').writeFileSync('npm.pid', String(process.pid));
process.on('SIGINT', () => {});
setInterval(() => {}, 1000);`;

let clone: string;
beforeEach(() => {
	clone = mkdtempSync(join(tmpdir(), 'wecom-media-clone-'));
	mkdirSync(join(clone, 'scripts'));
	cpSync(join(projectRoot, 'scripts', 'lib'), join(clone, 'scripts', 'lib'), { recursive: true });
	// How full this machine's temporary folder is has nothing to do with it.
	const room = 'exports.ensureRoom = async () => {};';
	writeFileSync(join(clone, 'scripts', 'lib', 'room.cjs'), room);
	writeFileSync(join(clone, 'npm.js'), NPM);
	writeFileSync(
		join(clone, 'package-lock.json'),
		'{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0" } } }',
	);
	writeFileSync(
		join(clone, 'scripts', 'start.mjs'),
		"import { ensureInstalled } from './lib/install.mjs'; await ensureInstalled();",
	);
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** Starts the copied script in a process group of its own, as a terminal does. */
function start() {
	const child = spawn(process.execPath, [join('scripts', 'start.mjs')], {
		cwd: clone,
		env: { ...process.env, npm_execpath: join(clone, 'npm.js') },
		detached: true,
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	return { child, ended, output: () => output };
}

async function pidOfNpm(): Promise<number> {
	const file = join(clone, 'npm.pid');
	await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
	return Number(readFileSync(file, 'utf8'));
}

test.each([
	['SIGINT', 130],
	['SIGTERM', 143],
] as const)('%s while packages are installed ends npm first and says so', async (signal, code) => {
	const { child, ended, output } = start();
	const npm = await pidOfNpm();
	// A terminal's Ctrl-C reaches the whole group.
	process.kill(-child.pid!, signal);
	expect(await ended).toBe(code);
	expect(isRunning(npm)).toBe(false);
	expect(output()).toContain(
		'Stopped while installing packages; the next start installs them again.',
	);
});

test('a start that is killed leaves no npm behind', async () => {
	const { child, ended } = start();
	const npm = await pidOfNpm();
	child.kill('SIGKILL');
	await ended;
	await until(() => !isRunning(npm));
});
