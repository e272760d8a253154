/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
// Most test files ask nothing special of n8n: one is started for all of them. A WeCom of its own each file has anyway.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n } from '../../scripts/lib/n8nInstall';
import { packPackage, unpackPackage } from '../../scripts/lib/packageTarball';
import { RealN8n } from './realN8n';

export const N8N_VERSION = process.env.WECOM_E2E_N8N ?? '2.8.4';

/** The account that the tests log in with. */
export const OWNER = { email: 'tester@example.com', password: 'Made-up-1-test' };

const USER_FOLDER = 'WECOM_E2E_SHARED_FOLDER';
const URL = 'WECOM_E2E_SHARED_URL';

let shared: RealN8n | undefined;

/** jest's globalSetup: the folder and address of the shared n8n go to the test files by the environment. */
export async function startShared(): Promise<void> {
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-e2e-shared-'));
	process.env[USER_FOLDER] = userFolder;
	try {
		shared = await startN8n(userFolder);
		process.env[URL] = shared.url;
	} finally {
		if (!process.env[URL]) await stopShared();
	}
}

/** jest's globalTeardown. */
export async function stopShared(): Promise<void> {
	const { [USER_FOLDER]: userFolder } = process.env;
	await shared?.stop();
	if (userFolder) await rm(userFolder, { recursive: true, force: true });
}

/** The n8n that globalSetup started; undefined where there is none. */
export async function sharedN8n(): Promise<RealN8n | undefined> {
	const { [URL]: url, [USER_FOLDER]: userFolder } = process.env;
	if (!url || !userFolder) return undefined;
	const n8n = new RealN8n(await installN8n(N8N_VERSION, () => {}), { userFolder });
	await n8n.join(url, OWNER);
	return n8n;
}

/** An n8n with the packed nodes in an empty folder, its owner logged in; takes about ten seconds. */
export async function startN8n(
	userFolder: string,
	env: NodeJS.ProcessEnv = {},
	version = N8N_VERSION,
): Promise<RealN8n> {
	const installed = await installN8n(version, () => {});
	const tarball = process.env.WECOM_E2E_TARBALL ?? (await packPackage(userFolder));
	await unpackPackage(tarball, userFolder);
	const n8n = new RealN8n(installed, { userFolder, env });
	try {
		await n8n.start();
		await n8n.rest.logIn(OWNER);
	} catch (error) {
		await n8n.stop();
		throw Object.assign(new Error('n8n did not start'), { cause: error });
	}
	return n8n;
}
