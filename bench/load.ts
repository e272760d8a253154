/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- every measurement runs in a process of its own */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage';
import { median } from './statistics';

/** Odd, so that the median is a measured value. */
const ROUNDS = 11;

export interface LoadResult {
	rounds: number;
	/** Milliseconds from starting Node to its end: nothing, the host's n8n-workflow, that and the whole package. */
	empty: number;
	host: number;
	withPackage: number;
	/** Bytes of the tarball. */
	tarball: number;
	/** How many compiled files are read to load everything. */
	files: number;
}

/** Starts the three processes in turn, over and over. */
export function measureLoad({ folder, tarball }: Stage): LoadResult {
	const { n8n } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
		n8n: { nodes: string[]; credentials: string[] };
	};
	const entries = [...n8n.nodes, ...n8n.credentials].map((path) => join(folder, path));
	const load = `for (const path of ${JSON.stringify(entries)}) require(path);`;
	const host = "require('n8n-workflow');";
	const times = [[''], [host], [host + load]].map(([code]) => ({ code, ms: [] as number[] }));
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const { code, ms } of times) ms.push(timed(code, folder));
	}
	const count = `${load} process.stdout.write(String(Object.keys(require.cache).filter((path) => path.includes('/dist/') && !path.includes('node_modules')).length))`;
	const counted = spawnSync(process.execPath, ['-e', count], { cwd: folder, encoding: 'utf8' });
	const [empty, hostOnly, withPackage] = times.map(({ ms }) => median(ms));
	return {
		rounds: ROUNDS,
		empty,
		host: hostOnly,
		withPackage,
		tarball: statSync(tarball).size,
		files: Number(counted.stdout),
	};
}

function timed(code: string, cwd: string): number {
	const startedAt = performance.now();
	const { status } = spawnSync(process.execPath, ['-e', code], { cwd, stdio: 'inherit' });
	if (status !== 0) throw new Error(`The package could not be loaded (exit code ${status})`);
	return performance.now() - startedAt;
}
