/* eslint-disable no-console, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n; its output is what it is started for */
/**
 * The example "Forward a file" in n8n's own engine, which is among the development packages: no n8n needs to be
 * installed for it. Prints the round trips as JSON. A process of its own, because the engine reads its settings from
 * the environment while it is being loaded. Its argument is the folder of the compiled package, by default this one.
 */
import { removeUserFolder } from '../test/helpers/environment';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { ICredentialType, INode, INodeExecutionData, INodeType } from 'n8n-workflow';
import {
	binaryBytes,
	errorOf,
	outputOf,
	runWorkflow,
	TestCredentials,
} from '../test/helpers/engine';
import { sourceOf } from '../test/helpers/runNode';
import { startSimulator } from '../test/simulator';
import { projectRoot } from './lib/cache';
import { instanceFrom } from './lib/compiled';
import { demoCredentials, exampleWorkflows } from './lib/demoWorld';
import { EXAMPLE_ID, sha256, type RoundTrip } from './lib/exampleRun';
import { manifestOf } from './lib/packageTarball';

/** The example's nodes of this package; the others are n8n's, which the engine alone does not have. */
const ROBOT = 'Upload for the Group Robot';
const UPLOAD = 'Upload to the Corp App';
const DOWNLOAD = 'Fetch It Back';

async function main(folder = projectRoot): Promise<RoundTrip[]> {
	// Read when the first service is made, below.
	Object.assign(process.env, {
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		N8N_LOG_LEVEL: 'error',
		N8N_LOG_OUTPUT: 'console',
	});
	await Container.get(BinaryDataService).init();
	const simulator = await startSimulator();
	try {
		const example = (await exampleWorkflows()).find(({ id }) => id === EXAMPLE_ID)!;
		const node = (name: string) => example.nodes.find((one) => one.name === name)!;
		const file = reportOf(node('Write a Report'));

		const { name: packageName, n8n } = await manifestOf(folder);
		const [mediaType] = n8n.nodes.map((path) => instanceFrom<INodeType>(folder, path));
		const types = n8n.credentials.map((path) => instanceFrom<ICredentialType>(folder, path));
		const credentials = new TestCredentials(types);
		const stored = demoCredentials(simulator.demo, simulator.url).map(({ id, type, data }) => {
			return [id, credentials.store(type, data as Record<string, string>)] as const;
		});
		const withCredentials = (name: string) => {
			const used = Object.entries(node(name).credentials ?? {});
			const own = used.map(([type, { id }]) => [type, Object.fromEntries(stored)[id ?? '']]);
			return { ...node(name), credentials: Object.fromEntries(own) } as INode;
		};
		const source = sourceOf([{ binary: { data: { ...file, mimeType: 'text/plain' } } }]);
		const to = (...names: string[]) => ({
			main: [names.map((name) => ({ node: name, type: 'main' as const, index: 0 }))],
		});
		const run = await runWorkflow({
			nodes: [
				{ name: 'File', type: source.description.name },
				...[ROBOT, UPLOAD, DOWNLOAD].map(withCredentials),
			],
			connections: { File: to(ROBOT, UPLOAD), [UPLOAD]: to(DOWNLOAD) },
			nodeTypes: { testSource: source, [`${packageName}.weComMedia`]: mediaType },
			credentials,
		});
		const error = errorOf(run);
		if (error) throw error;

		const [robot] = outputOf(run, ROBOT);
		const [back] = outputOf(run, DOWNLOAD);
		const held = simulator.state.media.get(String(robot.json.media_id));
		const trip = (way: string, { json }: INodeExecutionData, received: Buffer): RoundTrip => ({
			way,
			fileName: String(json.file_name),
			size: Number(json.file_size),
			mediaId: String(json.media_id),
			sent: sha256(Buffer.from(file.bytes)),
			received: sha256(received),
		});
		return [
			trip('group robot', robot, held?.bytes ?? Buffer.alloc(0)),
			trip('corp app and back', back, await binaryBytes(back.binary?.data)),
		];
	} finally {
		await simulator.close();
		removeUserFolder();
	}
}

/** The file that the example makes of two values. */
function reportOf({ parameters }: INode): { fileName: string; bytes: string } {
	const { assignments } = parameters.assignments as {
		assignments: Array<{ name: string; value: string }>;
	};
	const value = (name: string) => assignments.find((entry) => entry.name === name)!.value;
	return { fileName: value('name'), bytes: value('content') };
}

main(process.argv[2]).then(
	(trips) => {
		console.log(JSON.stringify(trips));
		// n8n's services keep timers.
		process.exit(0);
	},
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
