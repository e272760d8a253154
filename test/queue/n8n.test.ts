import { activate, webhook } from '../e2e/activeWorkflow';
import { outputOf } from '../e2e/rest';
import { N8N_VERSION } from '../e2e/world';
import { startScene, type Scene } from './scene';

let scene: Scene;
beforeAll(async () => {
	scene = await startScene();
});
afterAll(async () => await scene?.close());

/** n8n's own behavior, without any node of this package: what the package has to live with. */
describe(`n8n ${N8N_VERSION} by itself, in queue mode`, () => {
	const keepsStaticData = N8N_VERSION.startsWith('2.8.');
	const counted = keepsStaticData ? [1, 2, 3, 4, 5] : [1, 1, 1, 1, 1];

	test(`a Code node that counts in static data counts ${counted.join(' ')}`, async () => {
		const { outside } = scene;
		const counting = await activate(outside, 'Count', webhook(), {
			name: 'Count',
			type: 'n8n-nodes-base.code',
			typeVersion: 2,
			parameters: {
				jsCode:
					"const data = $getWorkflowStaticData('global');\ndata.count = (data.count ?? 0) + 1;\nreturn [{ json: { count: data.count } }];",
			},
		});
		const counts: unknown[] = [];
		for (let call = 1; call <= 5; call += 1) {
			await (await fetch(counting.url, { method: 'POST' })).text();
			const executions = await counting.executions(call);
			counts.push(outputOf(executions[call - 1], 'Count')[0]?.json.count);
		}
		expect(counts).toEqual(counted);
	});
});
