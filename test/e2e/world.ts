/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../simulator';
import type { RealN8n } from './realN8n';
import type { N8nRest } from './rest';
import { N8N_VERSION, OWNER, sharedN8n, startN8n } from './sharedN8n';

export { N8N_VERSION, OWNER };

/** A real n8n with the packed nodes and a WeCom to talk to. */
export interface World {
	n8n: RealN8n;
	rest: N8nRest;
	simulator: Simulator;
	/** Puts a file where "Read/Write Files from Disk" may read it; gives its path. */
	addFile(name: string, bytes: Buffer): Promise<string>;
	/** Everything n8n keeps on disk (database, logs, settings), without the files it carries. */
	records(): Promise<string>;
	close(): Promise<void>;
}

/** In the n8n that test files share, where there is one; what this file saved in it goes when the world is closed. */
export async function startWorld(): Promise<World> {
	const n8n = await sharedN8n();
	if (!n8n) return await startOwnWorld();
	return await worldOf(n8n, async () => await n8n.rest.removeAll());
}

/** With an n8n that nobody else uses: for files that stop it, or start it with settings. */
export async function startOwnWorld(
	env: NodeJS.ProcessEnv = {},
	version = N8N_VERSION,
): Promise<World> {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-'));
	const remove = async () => await rm(userFolder, { recursive: true, force: true });
	let world: World | undefined;
	try {
		const n8n = await startN8n(userFolder, env, version);
		world = await worldOf(n8n, async () => {
			await n8n.stop();
			await remove();
		});
		return world;
	} finally {
		if (!world) await remove();
	}
}

async function worldOf(n8n: RealN8n, leave: () => Promise<void>): Promise<World> {
	const simulator = await startSimulator();
	return {
		n8n,
		rest: n8n.rest,
		simulator,
		async close() {
			await leave();
			await simulator.close();
		},
		async addFile(name, bytes) {
			const path = join(n8n.filesFolder, name);
			await writeFile(path, bytes);
			return path;
		},
		async records() {
			const texts = await readAll(join(n8n.userFolder, '.n8n'), ['nodes', 'storage', 'binaryData']);
			return [await n8n.log(), ...texts].join('\n');
		},
	};
}

async function readAll(folder: string, except: string[]): Promise<string[]> {
	const texts: string[] = [];
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		if (except.includes(entry.name)) continue;
		const path = join(folder, entry.name);
		if (entry.isDirectory()) texts.push(...(await readAll(path, [])));
		else if (entry.isFile()) texts.push(await readFile(path, 'utf8'));
	}
	return texts;
}
