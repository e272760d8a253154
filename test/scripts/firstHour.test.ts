/** What somebody meets who types `npm start` for the first time. */
import { demoCredentials, exampleWorkflows } from '../../scripts/lib/demoWorld';
import { GROUP_ID } from '../../scripts/lib/smallExamples';
import { startSimulator, type Simulator } from '../simulator';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

const credentials = () => demoCredentials(simulator.demo, simulator.url);

test('the editor opens with a workflow that sends each new file to a group', async () => {
	const opened = (await exampleWorkflows()).find(({ id }) => id === GROUP_ID);
	expect(opened?.name).toBe('Send every new file to a WeCom group');
	const sending = opened?.nodes.find(({ type }) => type === 'n8n-nodes-wecom-media.weComMedia');
	expect(sending?.parameters).toMatchObject({ resource: 'robot', operation: 'send' });
});

test('n8n preselects the newest credential, so the corp app comes last', () => {
	expect(credentials().at(-1)).toMatchObject({
		type: 'weComCorpApi',
		name: 'WeCom demo: corp app',
		data: { corpSecret: simulator.demo.corp.corpSecret, agentId: expect.stringMatching(/^\d+$/) },
	});
});

test('every value of every demo credential can be copied from a page of the simulator', async () => {
	const html = await (await fetch(`${simulator.url}/_simulator/credentials`)).text();
	const values = credentials().flatMap(({ data }) => Object.values(data).map(String));
	expect(values.filter((value) => !html.includes(`<code>${value}</code>`))).toEqual([]);
});

test('every credential that an example names is imported', async () => {
	const named = (await exampleWorkflows())
		.flatMap(({ nodes }) => nodes)
		.flatMap((node) => Object.values(node.credentials ?? {}).map(({ id }) => id));
	const imported = credentials().map(({ id }) => id);
	expect(named.filter((id) => !imported.includes(String(id)))).toEqual([]);
});
