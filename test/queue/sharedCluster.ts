/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { startCluster, type Cluster } from './cluster';

/**
 * A cluster takes about a minute to start, so all test files use one. It lives outside the world that jest makes for
 * each of them; environment.cjs lets them see it.
 */
const outside = globalThis as {
	sharedCluster?: { get(): Promise<Cluster>; close(): Promise<void> };
};

/** jest's globalSetup: the first file that asks for the cluster starts it. */
export function offerCluster(): void {
	let starting: Promise<Cluster> | undefined;
	outside.sharedCluster = {
		get: async () => await (starting ??= startCluster({ binaryMode: 'filesystem' })),
		// One that did not start has closed itself, and has told the file that asked for it.
		close: async () => await (await starting?.catch(() => undefined))?.close(),
	};
}

/** jest's globalTeardown. */
export async function closeCluster(): Promise<void> {
	await outside.sharedCluster?.close();
}

/** The cluster with all its processes running, whatever the files before have done to them. */
export async function sharedCluster(): Promise<Cluster> {
	if (!outside.sharedCluster) throw new Error('jest was started without test/queue/begin.ts');
	const cluster = await outside.sharedCluster.get();
	await cluster.revive();
	return cluster;
}
