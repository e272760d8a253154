/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdir, readFile, writeFile } from 'node:fs/promises';

/** The process of a group that holds the most memory: n8n beside what started it. Linux only. */
export interface LargestProcess {
	pid: number;
	/** MB of resident memory: now, and the most so far or since {@link forgetPeak}. */
	memory: number;
	peak: number;
	/** Milliseconds of processor time so far, in steps of 10. */
	cpuMs: number;
}

const TICK_MS = 10;

/** @param leader the group's process id. @returns undefined where nothing of the group runs, or the system is another */
export async function largestOf(leader: number | undefined): Promise<LargestProcess | undefined> {
	let largest: LargestProcess | undefined;
	for (const entry of await readdir('/proc').catch(() => [])) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		// Behind the name in brackets: state, parent, process group, and from the twelfth on the ticks of user and system.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		if (Number(fields[2]) !== leader) continue;
		const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
		const inMb = (name: string) =>
			Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
		const memory = inMb('VmRSS');
		if (largest && memory <= largest.memory) continue;
		const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
		largest = { pid: Number(entry), memory, peak: inMb('VmHWM'), cpuMs };
	}
	return largest;
}

/** From now on `peak` counts anew. */
export async function forgetPeak({ pid }: LargestProcess): Promise<void> {
	await writeFile(`/proc/${pid}/clear_refs`, '5');
}
