import type { INode } from 'n8n-workflow';
import type { RealN8n } from '../test/e2e/realN8n';
import { pause, type N8nRest, type SavedWorkflow, type WorkflowDefinition } from '../test/e2e/rest';
import { receiver } from './callbacks';

export type ReceiverName = 'trigger' | 'webhook';

export interface Receiver {
	url: string;
	workflow: SavedWorkflow;
}

interface Counted {
	data: { count: number };
}

/** How often n8n is asked whether it is done, and for how long nothing may have changed then; ms. */
const INTERVAL = 250;
const QUIET = 3_000;

/** Two active workflows of two nodes each: our trigger, and n8n's Webhook node, before a node that does nothing. */
export async function activate(
	{ rest, url }: RealN8n,
	baseUrl: string,
): Promise<Record<ReceiverName, Receiver>> {
	const weComCorpApi = await rest.createCredential('weComCorpApi', { ...receiver, baseUrl });
	const start = async (node: Pick<INode, 'type'> & Partial<INode>, path: string) => {
		const workflow = await rest.createWorkflow(workflowOf(node));
		await rest.activate(workflow);
		return { url: `${url}/webhook/${path}`, workflow };
	};
	return {
		trigger: await start(
			{
				type: 'n8n-nodes-wecom-media.weComMediaTrigger',
				typeVersion: 1,
				webhookId: 'bench-trigger',
				parameters: { events: ['upload_media_job_finish', 'image'] },
				credentials: { weComCorpApi },
			},
			'bench-trigger/wecom-media',
		),
		webhook: await start(
			{
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2.1,
				webhookId: 'bench-webhook',
				// Answers when n8n has stored the execution, as our trigger does.
				parameters: { httpMethod: 'POST', path: 'bench-webhook', responseMode: 'onReceived' },
			},
			'bench-webhook',
		),
	};
}

/** How many executions of a workflow have ended, once none runs and no more come. */
export async function finishedExecutions(
	rest: N8nRest,
	{ workflow }: Pick<Receiver, 'workflow'>,
): Promise<number> {
	let count = -1;
	for (let quiet = 0; quiet < QUIET; quiet += INTERVAL) {
		const [ended, running] = await Promise.all([
			countOf(rest, workflow.id, ['success', 'error', 'crashed']),
			countOf(rest, workflow.id, ['new', 'running']),
		]);
		if (ended === undefined || ended !== count || running !== 0) quiet = 0;
		count = ended ?? count;
		await pause(INTERVAL);
	}
	return count;
}

/** @returns undefined while n8n is too busy to tell (503) */
async function countOf(
	rest: N8nRest,
	workflowId: string,
	status: string[],
): Promise<number | undefined> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
	const answer = await rest.text(`rest/executions?limit=1&filter=${filter}`).catch(() => undefined);
	return answer ? (JSON.parse(answer) as Counted).data.count : undefined;
}

function workflowOf(node: Pick<INode, 'type'> & Partial<INode>): WorkflowDefinition {
	return {
		name: node.type,
		nodes: [
			{ id: '0', name: 'Receive', position: [0, 0], typeVersion: 1, parameters: {}, ...node },
			{
				id: '1',
				name: 'Nothing',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { Receive: { main: [[{ node: 'Nothing', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}
