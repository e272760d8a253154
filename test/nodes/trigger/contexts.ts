/** The trigger's contexts as n8n makes them, where no web server is needed: test mode, activation, several nodes. */
import { HookContext, WebhookContext } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookData,
	IWebhookResponseData,
	Workflow,
} from 'n8n-workflow';

import { WeComMediaTrigger } from '../../../nodes/WeComMedia/WeComMediaTrigger.node';
import {
	additionalDataFor,
	errorOf,
	outputOf,
	runWorkflow,
	TestCredentials,
	workflowOf,
} from '../../helpers/engine';
import { credentialTypes } from '../scene';

export interface TriggerNode {
	/** Fields of the credential, or none where the user has not chosen one. */
	credential?: IDataObject;
	thirdPartyApp?: boolean;
	parameters?: IDataObject;
	nodeId?: string;
	staticData?: IDataObject;
}

const type = new WeComMediaTrigger();

function workflowWith(options: TriggerNode): { workflow: Workflow; credentials: TestCredentials } {
	const { name } = credentialTypes[options.thirdPartyApp ? 'suite' : 'corp'];
	const credentials = new TestCredentials([credentialTypes.corp, credentialTypes.suite]);
	const stored = options.credential && credentials.store(name, options.credential as never);
	const workflow = workflowOf({
		nodes: [
			{
				name: 'Trigger',
				type: type.description.name,
				id: options.nodeId ?? 'node-1',
				webhookId: '00000000-0000-4000-8000-000000000001',
				parameters: {
					authentication: options.thirdPartyApp ? 'thirdPartyApp' : 'corpSecret',
					...(options.parameters as object),
				},
				credentials: stored ? { [name]: stored } : {},
			},
		],
		nodeTypes: [type],
		staticData: options.staticData,
	});
	return { workflow, credentials };
}

/** What n8n does when the workflow is activated. @returns whether the URL counts as set up */
export async function activate(options: TriggerNode): Promise<boolean> {
	const { workflow, credentials } = workflowWith(options);
	const context = new HookContext(
		workflow,
		workflow.getNode('Trigger')!,
		additionalDataFor(credentials),
		'trigger',
		'activate',
	);
	const { checkExists, create } = type.webhookMethods.default;
	return (await checkExists.call(context)) || (await create.call(context));
}

/** What arrives, as express hands it over. */
export interface Arrived {
	query: string;
	body: string;
}

export interface Handled {
	status?: number;
	text?: string;
	/** What the webhook half gave n8n. */
	result: IWebhookResponseData;
	/** What the execute half then gave the workflow. */
	items: INodeExecutionData[];
	staticData: IDataObject;
}

/** Hands one push to the trigger; `manual` is "Listen for test event" in the editor. */
export async function handle(
	options: TriggerNode,
	arrived: Arrived,
	mode: 'manual' | 'webhook',
): Promise<Handled> {
	const { workflow, credentials } = workflowWith(options);
	const handled: Partial<Handled> = {};
	const response = {
		status: (status: number) => Object.assign(response, void (handled.status = status)),
		type: () => response,
		send: (text: string) => Object.assign(response, void (handled.text = text)),
		statusCode: 200,
		once: (event: string, listener: () => void) => {
			if (event === 'finish') finish = listener;
			return response;
		},
	};
	let finish = () => {};
	const request = {
		method: 'POST',
		originalUrl: `/webhook/wecom-media?${arrived.query}`,
		headers: {},
		rawBody: Buffer.from(arrived.body),
	};
	const description = type.description.webhooks!.find(({ name }) => name === 'default')!;
	const additionalData = additionalDataFor(credentials, {
		httpRequest: request as never,
		httpResponse: response as never,
	});
	const node = workflow.getNode('Trigger')!;
	const data: IWebhookData = {
		httpMethod: 'POST',
		node: node.name,
		path: description.path,
		webhookDescription: description,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additionalData,
		webhookId: node.webhookId,
	};
	const context = new WebhookContext(workflow, node, additionalData, mode, data, [], null);
	const result = await type.webhook.call(context);
	// n8n's answer, on which the next push depends.
	if (result.webhookResponse !== undefined) finish();
	const items = result.workflowData
		? await itemsOf(workflow, credentials, result.workflowData, mode)
		: [];
	return { ...handled, result, items, staticData: { ...workflow.staticData } };
}

async function itemsOf(
	workflow: Workflow,
	credentials: TestCredentials,
	triggerOutput: INodeExecutionData[][],
	mode: 'manual' | 'webhook',
): Promise<INodeExecutionData[]> {
	const run = await runWorkflow({
		nodes: Object.values(workflow.nodes),
		nodeTypes: [type],
		credentials,
		mode,
		triggerOutput,
	});
	expect(errorOf(run)).toBeUndefined();
	return outputOf(run, 'Trigger');
}
