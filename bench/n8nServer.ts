/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** A real n8n with our package as a user has it and the nodes of bench/floor, run through its production webhooks. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../scripts/lib/cache';
import { installN8n } from '../scripts/lib/n8nInstall';
import { packPackage, unpackPackage } from '../scripts/lib/packageTarball';
import { activate, webhook } from '../test/e2e/activeWorkflow';
import { RealN8n } from '../test/e2e/realN8n';
import type { CredentialReference } from '../test/e2e/rest';
import type { Step } from '../test/e2e/workflowOf';
import type { TransferSpec } from './spec';

const FLOOR = 'n8n-nodes-bench-floor';
const OWNER = { email: 'bench@example.com', password: 'Made-up-1-bench' };

/** Keeps V8 from taking short-lived objects for long-lived; why that matters stands in bench/RESULTS.md. */
export const STEADY_FLAG = '--no-allocation-site-pretenuring';

/** What the meter node says of one run. */
export interface Measured {
	/** Milliseconds, by the clock and of the processor, of the whole n8n process. */
	ms: number;
	cpuMs: number;
	/** Of it, milliseconds of garbage collection. */
	gcMs: number;
	/** Bytes of resident memory at most, over the start of the run. */
	rise: number;
	items: number;
}

/** What one run moves. */
export interface Files {
	files: number;
	/** Bytes of each. */
	bytes: number;
	/** Path of a CPU profile to write; '' for none. */
	profile: string;
}

export interface BenchServer {
	/** Saved credentials by type. */
	credentials: Record<string, CredentialReference>;
	saveCredential(type: string, data: object): Promise<void>;
	/** Activates a workflow: files → meter → the measured node → meter. @returns what runs it with these files */
	workflow(
		name: string,
		direction: TransferSpec['direction'],
		measured: Step,
	): Promise<(files: Files) => Promise<Measured>>;
	stop(): Promise<void>;
}

/**
 * Starts it; takes about ten seconds. The package must be built.
 *
 * @param steady with {@link STEADY_FLAG}
 */
export async function startN8n(version: string, steady: boolean): Promise<BenchServer> {
	const userFolder = await mkdtemp(join(tmpdir(), 'wecom-media-bench-n8n-'));
	const installed = await installN8n(version, () => {});
	await unpackPackage(await packPackage(userFolder), userFolder);
	await installFloor(userFolder);
	const env = {
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		...(steady ? { BENCH_V8_FLAGS: STEADY_FLAG } : {}),
	};
	const n8n = new RealN8n(installed, { userFolder, env });
	const stop = async () => {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	};
	try {
		await n8n.start();
		await n8n.rest.logIn(OWNER);
	} catch (error) {
		await stop();
		throw Object.assign(new Error('n8n did not start'), { cause: error });
	}
	const credentials: BenchServer['credentials'] = {};
	return {
		credentials,
		saveCredential: async (type, data) => {
			credentials[type] = await n8n.rest.createCredential(type, data);
		},
		workflow: async (name, direction, measured) => {
			const asked = (field: keyof Files) => `={{ $('Webhook').first().json.body.${field} }}`;
			const { url } = await activate(
				{ rest: n8n.rest, n8n },
				name,
				webhook(),
				benchStep('Files', 'benchFiles', {
					...{ direction, files: asked('files'), bytes: asked('bytes') },
				}),
				benchStep('Start', 'benchMeter', { moment: 'start', profile: asked('profile') }),
				measured,
				benchStep('Stop', 'benchMeter', { moment: 'stop' }),
			);
			return async (files) => await called(url, files);
		},
		stop,
	};
}

/** A node of bench/floor. */
export function benchStep(
	name: string,
	type: string,
	parameters: Step['parameters'],
	credentials?: Step['credentials'],
): Step {
	return { name, type: `${FLOOR}.${type}`, typeVersion: 1, parameters, credentials };
}

async function called(url: string, files: Files): Promise<Measured> {
	const headers = { connection: 'close', 'content-type': 'application/json' };
	const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(files) });
	const text = await response.text();
	if (!response.ok) throw new Error(`A measured workflow failed: ${text}`);
	const measured = JSON.parse(text) as Measured;
	if (typeof measured.ms !== 'number') throw new Error(`A measured workflow said: ${text}`);
	return measured;
}

async function installFloor(userFolder: string): Promise<void> {
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', FLOOR);
	await mkdir(folder, { recursive: true });
	await cp(join(projectRoot, 'bench', 'floor'), folder, { recursive: true });
	const manifest = {
		name: FLOOR,
		version: '1.0.0',
		n8n: {
			n8nNodesApiVersion: 1,
			credentials: ['BenchFloorApi.credentials.js'],
			nodes: ['BenchFloor.node.js', 'BenchFiles.node.js', 'BenchMeter.node.js'],
		},
	};
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
