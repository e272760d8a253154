/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealN8n } from '../../test/e2e/realN8n';
import { DEMO_OWNER } from './demoWorld';
import { installN8n } from './n8nInstall';
import { unpackPackage } from './packageTarball';
import type { Progress } from './steps';

export interface Offered {
	/** The Node that n8n ran on. */
	node: number;
	/** Names as in saved workflows. */
	nodes: string[];
	credentials: string[];
}

/** What a real n8n offers of a packed package, from the tarball. Takes about ten seconds once n8n is installed. */
export async function offeredBy(
	version: string,
	tarball: string,
	packageName: string,
	progress: Progress,
): Promise<Offered> {
	const installed = await installN8n(version, progress);
	const userFolder = await mkdtemp(join(tmpdir(), 'wecom-media-release-'));
	const n8n = new RealN8n(installed, { userFolder });
	try {
		await unpackPackage(tarball, userFolder);
		await n8n.start();
		await n8n.rest.logIn(DEMO_OWNER);
		const namesOf = async (kind: 'nodes' | 'credentials') =>
			(await n8n.rest.types(kind)).map(({ name }) => name);
		const prefix = `${packageName}.`;
		return {
			node: installed.node.major,
			nodes: (await namesOf('nodes'))
				.filter((name) => name.startsWith(prefix))
				.map((name) => name.slice(prefix.length)),
			credentials: await namesOf('credentials'),
		};
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}
