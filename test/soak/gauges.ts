/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { largestOf } from '../../scripts/lib/groupMemory';

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
	const { pid, memory } = (await largestOf(serverPid)) ?? { pid: 0, memory: 0 };
	const handles = (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
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
