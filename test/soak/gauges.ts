/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What must not grow while the same kind of work goes on. */
export interface Gauge {
	/** MB of resident memory of n8n's process. */
	memory: number;
	/** Open files and sockets. */
	handles: number;
	/** Files of n8n's binary storage that belong to no finished execution yet. */
	temporary: number;
}

/** @param serverPid the leader of n8n's process group; Linux only */
export async function gauge(serverPid: number, userFolder: string): Promise<Gauge> {
	let [memory, handles] = [0, 0];
	for (const entry of await readdir('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		// Behind the name in brackets: state, parent, process group.
		const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
		if (group !== serverPid) continue;
		const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
		const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
		if (resident <= memory) continue;
		memory = resident;
		handles = (await readdir(`/proc/${entry}/fd`).catch(() => [])).length;
	}
	const storage = join(userFolder, '.n8n', 'storage');
	const files = await readdir(storage, { recursive: true }).catch(() => [] as string[]);
	return {
		memory: Math.round(memory),
		handles,
		temporary: files.filter((path) => path.includes('temp')).length,
	};
}

/** The middle one of a quarter of the run, by which two quarters are compared. */
export function median(gauges: Gauge[]): Gauge {
	const middle = (pick: (gauge: Gauge) => number) =>
		gauges.map(pick).sort((a, b) => a - b)[Math.floor(gauges.length / 2)] ?? 0;
	return {
		memory: middle((each) => each.memory),
		handles: middle((each) => each.handles),
		temporary: middle((each) => each.temporary),
	};
}
