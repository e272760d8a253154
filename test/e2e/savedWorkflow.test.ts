/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { join } from 'node:path';
import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { projectRoot } from '../../scripts/lib/cache';
import { demoCredentials, readWorkflow } from '../../scripts/lib/demoWorld';
import { placesOf } from '../../scripts/lib/examples';
import { activateTrigger, startedBy } from '../../scripts/lib/largeFiles';
import { startLinkHost, type LinkHost } from '../simulator';
import { descriptionOf, operationsOf } from './accounts';
import { sample } from './files';
import { outputOf, type Execution, type SavedWorkflow } from './rest';
import { N8N_VERSION, startWorld, type World } from './world';

/** In the form n8n exports: with the few parameters that differ from their defaults. */
const FILE = join(projectRoot, 'test', 'fixtures', 'saved-workflow-0.1.0.json');
const PACKAGE = 'n8n-nodes-wecom-media.';
const OUR_OPERATIONS = 15;

let world: World;
let host: LinkHost;
let asSaved: Awaited<ReturnType<typeof readWorkflow>>;
let opened: SavedWorkflow;
let descriptions: Record<string, INodeTypeDescription>;
beforeAll(async () => {
	world = await startWorld();
	const { n8n, simulator, rest } = world;
	for (const name of ['report.pdf', 'picture.png']) await world.addFile(name, await sample(name));
	host = await startLinkHost({ files: { 'report.pdf': await sample('report.pdf') } });
	const stage = { n8n, simulator, links: { host, sums: {} } };
	asSaved = await readWorkflow(FILE, placesOf(stage, n8n.url));
	await n8n.importCredentials(demoCredentials(simulator.demo, simulator.url));
	await n8n.importWorkflows([asSaved]);
	opened = await rest.workflow(asSaved.id);
	descriptions = {
		weComMedia: await descriptionOf(world, 'weComMedia'),
		weComMediaTrigger: await descriptionOf(world, 'weComMediaTrigger'),
	};
});
afterAll(async () => {
	await host?.close();
	await world?.close();
});

/** Our nodes with their descriptions as this n8n has them now. */
const ours = () =>
	opened.nodes
		.filter(({ type }) => type.startsWith(PACKAGE))
		.map((node) => ({ node, description: descriptions[node.type.slice(PACKAGE.length)] }));

/** A node's parameters as the panel reads them, with or without those at their defaults. */
function panelOf(node: INode, description: INodeTypeDescription, withDefaults: boolean) {
	const { properties } = description;
	const { parameters } = node;
	return NodeHelpers.getNodeParameters(
		properties,
		parameters,
		withDefaults,
		false,
		node,
		description,
	);
}

describe(`a workflow that was saved with version 0.1.0, imported into n8n ${N8N_VERSION}`, () => {
	test('holds both nodes and all operations there were', () => {
		const used = ours().flatMap(({ node, description }) => {
			const all = panelOf(node, description, true);
			return all?.operation ? [`${String(all.resource)}/${String(all.operation)}`] : [];
		});
		expect(new Set(used).size).toBe(OUR_OPERATIONS);
		expect(operationsOf(descriptions.weComMedia)).toEqual(expect.arrayContaining(used));
		expect(ours().map(({ node }) => node.type)).toContain(`${PACKAGE}weComMediaTrigger`);
	});

	test('opens with the parameters, credentials and connections it was saved with', () => {
		expect(opened.nodes).toEqual(asSaved.nodes);
		expect(opened.connections).toEqual(asSaved.connections);
	});

	test('shows no issue, and holds nothing that the panel does not know', () => {
		for (const { node, description } of ours()) {
			const parameters = panelOf(node, description, true) ?? {};
			const filled = { ...node, parameters };
			const issues = NodeHelpers.getNodeParametersIssues(
				description.properties,
				filled,
				description,
			);
			expect({ name: node.name, issues }).toEqual({ name: node.name, issues: null });
			const known = panelOf(node, description, false);
			expect({ name: node.name, known }).toEqual({ name: node.name, known: node.parameters });
		}
	});

	test('runs: every node puts out its item, and its trigger starts when WeCom has finished', async () => {
		const { n8n, simulator, rest } = world;
		simulator.state.addMedia({
			mediaId: 'made-up-hd-voice',
			bytes: await sample('voice.amr'),
			hdVoice: Buffer.from('Speex   and so on'),
		});
		await activateTrigger(n8n, simulator, opened.id);
		let manual: Execution | undefined;
		const id = await startedBy(n8n, opened.id, async () => {
			manual = await rest.run(opened, 'Start');
			return manual.id;
		});
		const triggered = await rest.finished(id);

		expect([manual?.error, triggered.error]).toEqual([undefined, undefined]);
		const runData = { ...manual?.runData, ...triggered.runData };
		const items = Object.entries(runData).map(([name, [{ data }]]) => [
			name,
			data?.main[0]?.length,
		]);
		expect(Object.fromEntries(items)).toEqual(
			Object.fromEntries(opened.nodes.map(({ name }) => [name, 1])),
		);
		await expectFiles(manual, {
			'App Download': ['data', 'report.pdf'],
			'Customer Service Download': ['file', 'report.pdf'],
			'Official Account Download': ['data', 'picture.png'],
		});
		await expectFiles(triggered, { 'Finished Download': ['data', 'report.pdf'] });
		const sent = simulator.state.messages.map(({ via, msgtype }) => `${via} ${msgtype}`);
		expect(sent.sort()).toEqual([
			'app file',
			'app text',
			'appChat text',
			'customerService image',
			'officialAccount image',
			'robot file',
			'robot file',
			'robot text',
		]);
	});
});

/** By node: the binary field, and the file of test/fixtures/media that it holds. */
async function expectFiles(
	execution: Execution | undefined,
	expected: Record<string, [field: string, original: string]>,
): Promise<void> {
	for (const [node, [field, original]] of Object.entries(expected)) {
		const [item] = execution ? outputOf(execution, node) : [];
		const bytes = await world.rest.binary(item?.binary?.[field]?.id ?? '');
		expect({ node, same: bytes.equals(await sample(original)) }).toEqual({ node, same: true });
	}
}
