/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n } from '../../scripts/lib/n8nInstall';
import { packPackage, unpackPackage } from '../../scripts/lib/packageTarball';
import { startSimulator, type Simulator } from '../simulator';
import { RealN8n } from './realN8n';
import type { N8nRest } from './rest';

export const N8N_VERSION = process.env.WECOM_E2E_N8N ?? '2.8.4';

/** The account that the tests log in with. */
export const OWNER = { email: 'tester@example.com', password: 'Made-up-1-test' };

/** A real n8n with the packed nodes and a WeCom to talk to; each test file has its own. */
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

/** Starts it; takes about ten seconds. The package must be built and n8n installed. */
export async function startWorld(
	env: NodeJS.ProcessEnv = {},
	version = N8N_VERSION,
): Promise<World> {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-'));
	const installed = await installN8n(version, () => {});
	const tarball = process.env.WECOM_E2E_TARBALL ?? (await packPackage(userFolder));
	await unpackPackage(tarball, userFolder);
	const simulator = await startSimulator();
	const n8n = new RealN8n(installed, { userFolder, env });
	const close = async () => {
		await n8n.stop();
		await simulator.close();
		await rm(userFolder, { recursive: true, force: true });
	};
	try {
		await n8n.start();
		await n8n.rest.logIn(OWNER);
	} catch (error) {
		await close();
		throw Object.assign(new Error('The world did not start'), { cause: error });
	}
	return {
		n8n,
		rest: n8n.rest,
		simulator,
		close,
		async addFile(name, bytes) {
			const path = join(n8n.filesFolder, name);
			await writeFile(path, bytes);
			return path;
		},
		async records() {
			const texts = await readAll(join(userFolder, '.n8n'), ['nodes', 'storage', 'binaryData']);
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
