// Runs a program and ends it, with everything it has started, once the process that asked for it
// is gone: the pipe to our stdin closes however that process ends, even by SIGKILL.
import { spawn } from 'node:child_process';

const GRACE_MS = 5_000;
const onWindows = process.platform === 'win32';
const [command, ...args] = process.argv.slice(2);

const child = spawn(command, args, {
	stdio: ['ignore', 'inherit', 'inherit'],
	// npm is a script there, and scripts only run through the shell.
	shell: onWindows && command === 'npm',
});
child.on('error', (error) => {
	console.error(error.message);
	process.exit(127);
});
child.on('close', (code) => process.exit(code ?? 1));

// Whoever ends us signals the whole group: the child has it too, so only wait for the child.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});

function endGroup(signal) {
	if (onWindows) child.kill(signal);
	else process.kill(-process.pid, signal);
}

process.stdin.resume();
process.stdin.on('error', () => {});
process.stdin.on('close', () => {
	endGroup('SIGTERM');
	setTimeout(() => endGroup('SIGKILL'), GRACE_MS);
});
