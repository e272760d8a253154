/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebhookContext } from 'n8n-core';
import { deepCopy } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
	IWebhookData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { parseBody } from './webhookBody';
import {
	TestCredentials,
	additionalDataFor,
	errorOf,
	nodeTypesOf,
	outputOf,
	runWorkflow,
	workflowOf,
} from './engine';
import type { NodeTypeSet, WorkflowRun } from './engine';

export interface WebhookOptions {
	node: Partial<Pick<INode, 'name' | 'webhookId' | 'typeVersion'>> & {
		type: INodeType;
		parameters?: INodeParameters;
		/** Field values by credential type; they are stored encrypted. */
		credentials?: Record<string, ICredentialDataDecryptedObject>;
	};
	credentialTypes?: ICredentialType[];
	/** Nodes that a started execution runs after the trigger, in the order given. */
	then?: { nodes: WorkflowRun['nodes']; nodeTypes: NodeTypeSet };
	/** What earlier requests left behind, by `node:<name>` or `global`. */
	staticData?: IDataObject;
	/** Runs `execute()` where another process than the one with the webhook does: its own copy of the node. */
	worker?: INodeType;
	/** Executions start without static data and store theirs over it, as on workers of n8n 2.41. */
	workersForget?: boolean;
	/** Mode of the executions; default `webhook`. */
	mode?: WorkflowExecuteMode;
	/** What keeps n8n from storing an execution; it then answers 500. */
	storing?: () => Promise<void> | void;
}

export interface StartedExecution {
	/** What the trigger emitted; one empty item if `webhook()` threw, as in n8n. */
	items: INodeExecutionData[];
	/** What the trigger threw: n8n records a failed execution. */
	error?: Error;
	/** Settles when the nodes given as `then` have run; undefined without such nodes. */
	run?: Promise<IRun>;
}

export interface ServedWebhook {
	/** Production address of the node's webhook. */
	url: string;
	/**
	 * Executions so far, in the order of their requests. Those of a node with an `execute()` stand here once that has
	 * run, and not at all where it gave nothing: n8n then runs no other node.
	 */
	executions: StartedExecution[];
	/** How many were started, with items or without. */
	started(): number;
	/** Bytes given to the network so far, over all connections. */
	bytesSent(): number;
	/** Waits until no execution runs. */
	idle(): Promise<void>;
	/** Runs an execution that was started before once more, as n8n's Retry does. */
	retry(index: number): Promise<INodeExecutionData[]>;
	/** The workflow's static data as n8n would have saved it. */
	savedStaticData(): IDataObject;
	close(): Promise<void>;
}

/** The parts of express that are used; its types are those n8n-workflow refers to. */
type Request = ReturnType<IWebhookFunctions['getRequestObject']>;
type Response = ReturnType<IWebhookFunctions['getResponseObject']>;
type Express = RequestListener & {
	all(path: string, handler: (request: Request, response: Response) => Promise<void>): void;
};

/** The path of a workflow whose trigger was given this id by the editor. */
const defaultWebhookId = '00000000-0000-4000-8000-000000000001';

/**
 * Serves a node's `webhook()` over express on a free loopback port, the way n8n serves production
 * webhooks: body read into `rawBody` first, static data loaded and saved per request, an execution
 * only where the node returned `workflowData`, answers as n8n's response modes give them.
 */
export async function serveWebhook(options: WebhookOptions): Promise<ServedWebhook> {
	const { default: express } = (await import('express')) as unknown as { default: () => Express };
	const app = express();
	const server = createServer(app);
	const sockets: Socket[] = [];
	server.on('connection', (socket: Socket) => sockets.push(socket));
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;

	const webhook = new WebhookUnderTest(options, base);
	app.all(new URL(webhook.url).pathname, async (request, response) => {
		await webhook.handle(request, response);
	});
	return {
		url: webhook.url,
		executions: webhook.executions,
		started: () => webhook.handed.length,
		bytesSent: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
		idle: async () => await webhook.idle(),
		retry: async (index) => (await webhook.execute(webhook.handed[index], 'retry')).items,
		savedStaticData: () => webhook.staticData,
		close: async () => {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}

class WebhookUnderTest {
	readonly executions: StartedExecution[] = [];

	/** What `webhook()` gave for each execution. */
	readonly handed: INodeExecutionData[][][] = [];

	private readonly running = new Set<Promise<unknown>>();

	readonly url: string;

	staticData: IDataObject;

	private readonly credentials: TestCredentials;

	private readonly node: WorkflowRun['nodes'][number];

	private readonly nodeTypes: NodeTypeSet;

	constructor(
		private readonly options: WebhookOptions,
		private readonly base: string,
	) {
		const { type, credentials: values = {}, ...node } = options.node;
		this.staticData = options.staticData ?? {};
		this.credentials = new TestCredentials(options.credentialTypes ?? []);
		const references = Object.entries(values).map(
			([name, data]) => [name, this.credentials.store(name, data)] as const,
		);
		this.node = {
			name: 'Trigger',
			webhookId: defaultWebhookId,
			...node,
			type: type.description.name,
			credentials: Object.fromEntries(references),
		};
		const others = nodeTypesOf(options.then?.nodeTypes ?? []);
		const otherNames = options.then?.nodes.map((other) => other.type) ?? [];
		this.nodeTypes = Object.fromEntries(otherNames.map((name) => [name, others.getByName(name)]));
		this.nodeTypes[type.description.name] = type;
		const [{ path }] = this.webhooks;
		this.url = `${base}/${this.node.webhookId}/${path}`;
	}

	private get webhooks(): IWebhookDescription[] {
		return this.options.node.type.description.webhooks ?? [];
	}

	async handle(request: Request, response: Response): Promise<void> {
		await readRawBody(request);
		const webhook = this.webhookFor(request.method);
		if (!webhook) {
			response.status(404).json({ code: 404, message: 'The requested webhook is not registered' });
			return;
		}
		if (!parseBody(request)) {
			response.status(422).json({ code: 422, message: 'Failed to parse request body' });
			return;
		}
		const workflow = this.loadWorkflow();
		const result = await this.callNode(workflow, webhook, request, response);
		if (!result) {
			const message = 'Workflow Webhook Error: Workflow could not be started!';
			response.status(500).json({ code: 0, message });
			return;
		}
		if (workflow.staticData.__dataChanged === true) {
			this.staticData = deepCopy(workflow.staticData);
		}
		if (result.workflowData) {
			try {
				await this.options.storing?.();
			} catch {
				response
					.status(500)
					.json({ code: 0, message: 'There was a problem executing the workflow' });
				return;
			}
			this.start(result.workflowData);
		}
		if (result.noWebhookResponse) return;
		const body = answerOf(webhook, result);
		response.status(200);
		if (typeof body === 'string') response.send(body);
		else response.json(body);
	}

	/** `httpMethod` may be an expression that gives several, separated by commas. */
	private webhookFor(method: string): IWebhookDescription | undefined {
		return this.webhooks.find(({ httpMethod }) =>
			httpMethod.replace(/^=/, '').split(',').includes(method),
		);
	}

	private loadWorkflow(): Workflow {
		const { nodes = [] } = this.options.then ?? {};
		const staticData = deepCopy(this.staticData);
		return workflowOf(
			{ nodes: [this.node, ...nodes], nodeTypes: this.nodeTypes, staticData },
			true,
		);
	}

	/** Gives nothing if the node threw; the error is recorded as n8n would. */
	private async callNode(
		workflow: Workflow,
		webhookDescription: IWebhookDescription,
		httpRequest: Request,
		httpResponse: Response,
	): Promise<IWebhookResponseData | undefined> {
		const node = workflow.getNode(this.node.name)!;
		const additionalData = additionalDataFor(this.credentials, {
			httpRequest,
			httpResponse,
			webhookBaseUrl: this.base,
		});
		const data: IWebhookData = {
			httpMethod: httpRequest.method as IWebhookData['httpMethod'],
			node: node.name,
			path: webhookDescription.path,
			webhookDescription,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: additionalData,
			webhookId: node.webhookId,
		};
		const context = new WebhookContext(workflow, node, additionalData, 'webhook', data, [], null);
		try {
			return await this.options.node.type.webhook!.call(context);
		} catch (error) {
			this.executions.push({ items: [{ json: {} }], error: error as Error });
			return undefined;
		}
	}

	private start(triggerOutput: INodeExecutionData[][]) {
		this.handed.push(triggerOutput);
		if (this.options.node.type.execute) {
			const running = this.execute(triggerOutput, this.options.mode ?? 'webhook');
			this.running.add(running);
			void running.then((execution) => {
				this.running.delete(running);
				if (execution.error || execution.items.length > 0) this.executions.push(execution);
			});
			return;
		}
		const { then } = this.options;
		const run = then && { run: this.runWorkflow(triggerOutput, 'webhook') };
		this.executions.push({ items: triggerOutput[0] ?? [], ...run });
	}

	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}

	/** Runs `execute()` and what follows, on what `webhook()` gave; static data is saved at the end, as a whole. */
	async execute(
		triggerOutput: INodeExecutionData[][],
		mode: WorkflowExecuteMode,
	): Promise<StartedExecution> {
		const staticData = this.options.workersForget ? {} : deepCopy(this.staticData);
		const run = await this.runWorkflow(triggerOutput, mode, staticData);
		if (staticData.__dataChanged === true && mode !== 'manual') {
			this.staticData = deepCopy(staticData);
		}
		const error = errorOf(run);
		if (error) return { items: [], error, run: Promise.resolve(run) };
		return { items: outputOf(run, this.node.name), run: Promise.resolve(run) };
	}

	private async runWorkflow(
		triggerOutput: INodeExecutionData[][],
		mode: WorkflowExecuteMode,
		staticData?: IDataObject,
	): Promise<IRun> {
		const { then, worker } = this.options;
		return await runWorkflow({
			nodes: [this.node, ...(then?.nodes ?? [])],
			nodeTypes: { ...this.nodeTypes, ...(worker && { [worker.description.name]: worker }) },
			credentials: this.credentials,
			mode,
			staticData,
			triggerOutput: deepCopy(triggerOutput),
		});
	}
}

async function readRawBody(request: IncomingMessage): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	request.rawBody = Buffer.concat(chunks);
}

/**
 * n8n's answer in response mode "onReceived". A description without `responseData` gets the literal
 * default of that setting, whatever the node returned as `webhookResponse`.
 */
function answerOf(webhook: IWebhookDescription, result: IWebhookResponseData): unknown {
	if (!result.workflowData) return result.webhookResponse ?? { message: 'Webhook call received' };
	const responseData = webhook.responseData ?? 'firstEntryJson';
	if (responseData) return responseData;
	return result.webhookResponse ?? { message: 'Workflow was started' };
}
