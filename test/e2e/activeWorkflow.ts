import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { CredentialReference, Execution, N8nRest, SavedWorkflow } from './rest';
import { lineOf, type Step } from './workflowOf';

/** An n8n, or several behind one address. */
export interface Host {
	rest: N8nRest;
	/** Where webhooks are called. */
	n8n: { url: string };
}

/** A saved workflow that n8n starts by itself when its production URL is called. */
export interface ActiveWorkflow {
	workflow: SavedWorkflow;
	/** The production URL of its first node. */
	url: string;
	/** Waits until there are so many executions at least and all have ended; oldest first. */
	executions(atLeast: number): Promise<Execution[]>;
}

/** The trigger of this package. */
export function weComMediaTrigger(
	credentials: Record<string, CredentialReference>,
	parameters: INodeParameters = {},
): Step {
	return {
		name: 'WeCom Media Trigger',
		type: 'n8n-nodes-wecom-media.weComMediaTrigger',
		typeVersion: 1,
		webhookId: randomUUID(),
		parameters: { events: ['upload_media_job_finish'], options: {}, ...parameters },
		credentials,
	};
}

/** n8n's own Webhook node, which answers when the workflow has ended. */
export function webhook(): Step {
	const path = randomUUID();
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
	};
}

/** Saves a line of nodes that begins with one of the two above, and activates it. */
export async function activate(
	world: Host,
	name: string,
	first: Step,
	...steps: Step[]
): Promise<ActiveWorkflow> {
	const { rest, n8n } = world;
	const workflow = await rest.createWorkflow(lineOf(name, first, ...steps));
	await rest.activate(workflow);
	const isTrigger = first.type.endsWith('weComMediaTrigger');
	const path = isTrigger ? `${first.webhookId}/wecom-media` : String(first.parameters.path);
	const url = `${n8n.url}/webhook/${path}`;
	await untilServed(world, url);
	const executions = async (atLeast: number) =>
		await rest.until(`${atLeast} executions of "${name}"`, async () => {
			const ids = await rest.executionIds(workflow.id);
			if (ids.length < atLeast) return undefined;
			return await Promise.all(ids.reverse().map(async (id) => await rest.finished(id)));
		});
	return { workflow, url, executions };
}

/** n8n takes up its active workflows shortly after it has started. */
export async function untilServed({ rest }: Host, url: string): Promise<void> {
	// n8n names a URL's methods to other origins only; without one, it answers for any URL.
	const headers = { origin: 'http://example.com', connection: 'close' };
	await rest.until(`${url} to be served`, async () => {
		const response = await fetch(url, { method: 'OPTIONS', headers });
		const methods = response.headers.get('access-control-allow-methods') ?? '';
		return methods.includes('POST') ? true : undefined;
	});
}
