/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
// n8n's real engine without its server and database: executions, contexts, expressions, HTTP
// helpers, credential encryption and binary storage are n8n-core's own.
import 'reflect-metadata';
import { removeUserFolder } from './environment';
import { Container } from '@n8n/di';
import {
	BinaryDataService,
	ExecutionLifecycleHooks,
	ExternalSecretsProxy,
	WorkflowExecute,
} from 'n8n-core';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';
import { NodeHelpers, Workflow, createRunExecutionData } from 'n8n-workflow';
import type {
	ExecutionError,
	IBinaryData,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeType,
	INodeTypes,
	IRun,
	IVersionedNodeType,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { TestCredentials } from './credentials';
import { clearProcessed, initDeduplication } from './deduplication';
import { clearLogs, startCapture, stopCapture } from './logs';

export { TestCredentials } from './credentials';
export { leaks, serialize } from './leaks';
export { logLines, logText } from './logs';

/** `filesystem`: files on disk, items hold ids (n8n's default). `default`: Base64 in the item. */
export type BinaryMode = 'filesystem' | 'default';

/**
 * Starts the engine for one test file and shuts it down after the file's last test. To be called
 * once, outside any test. Collected log lines are cleared before each test.
 */
export function setupEngine({ binaryMode = 'filesystem' as BinaryMode } = {}): void {
	process.env.N8N_DEFAULT_BINARY_DATA_MODE = binaryMode;
	beforeAll(startEngine);
	beforeEach(() => {
		clearLogs();
		clearProcessed();
	});
	afterAll(stopEngine);
}

/** Starts the engine where no test runner does; N8N_DEFAULT_BINARY_DATA_MODE says where files go. */
export async function startEngine(): Promise<void> {
	await Container.get(BinaryDataService).init();
	await initDeduplication();
	startCapture();
}

export function stopEngine(): void {
	stopCapture();
	// Its cleanup interval of 60 s would keep the process from ending.
	Container.get(SSHClientsManager).onShutdown();
	removeUserFolder();
}

/** Node types by `description.name`, or by any key a workflow uses for them. */
export type NodeTypeSet = INodeType[] | Record<string, INodeType | IVersionedNodeType>;

/** A node as a test writes it; id, version, position and parameters have defaults. */
export type NodeSketch = Pick<INode, 'name' | 'type'> & Partial<INode>;

export interface RunningHandle {
	executionId: string;
	/** What pressing "Stop" does. */
	cancel(): void;
}

export interface WorkflowRun {
	/** Of the workflow; the same for all tests that do not say. */
	id?: string;
	nodes: NodeSketch[];
	/** Without connections the nodes form a chain in the order given. */
	connections?: IConnections;
	nodeTypes: NodeTypeSet;
	credentials?: TestCredentials;
	settings?: IWorkflowSettings;
	/** `manual` (default) is "Execute workflow" in the editor. */
	mode?: WorkflowExecuteMode;
	staticData?: IDataObject;
	/** First node to run; default the first one listed. */
	startNode?: string;
	/** What a trigger emitted at the start node, which then does not run itself. */
	triggerOutput?: INodeExecutionData[][];
	/** Called as soon as the execution is under way. */
	onRunning?(handle: RunningHandle): void;
}

/** The addresses n8n hands to nodes; nothing listens there. */
const urls = {
	restApiUrl: 'http://localhost:5678/rest',
	instanceBaseUrl: 'http://localhost:5678/',
	webhookBaseUrl: 'http://localhost:5678/webhook',
	webhookTestBaseUrl: 'http://localhost:5678/webhook-test',
	webhookWaitingBaseUrl: 'http://localhost:5678/webhook-waiting',
	formWaitingBaseUrl: 'http://localhost:5678/form-waiting',
};

const notHere = (what: string) => () => {
	throw new Error(`${what} is not part of the engine under test`);
};

/** What n8n's server would add to an execution or a webhook call. */
export function additionalDataFor(
	credentialsHelper: TestCredentials,
	extra: Partial<IWorkflowExecuteAdditionalData> = {},
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		currentNodeExecutionIndex: 0,
		variables: {},
		...urls,
		executeWorkflow: notHere('A sub-workflow'),
		getRunExecutionData: notHere('A stored execution'),
		logAiEvent: () => {},
		startRunnerTask: notHere('A task runner'),
		setExecutionStatus: () => {},
		...extra,
	};
}

export function nodeTypesOf(set: NodeTypeSet): INodeTypes {
	const types: Record<string, INodeType | IVersionedNodeType> = Array.isArray(set)
		? Object.fromEntries(set.map((type) => [type.description.name, type]))
		: set;
	const known = (name: string) => {
		const type = types[name];
		if (!type) throw new Error(`The node type "${name}" is not known to this run`);
		return type;
	};
	return {
		getByName: known,
		getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(known(name), version),
		getKnownTypes: () => ({}),
	};
}

function complete(sketch: NodeSketch, index: number, types: INodeTypes): INode {
	const { description } = types.getByName(sketch.type);
	const { version } = description as { version?: number | number[] };
	const newest = Math.max(...[version ?? 1].flat());
	return {
		id: `node-${index + 1}`,
		typeVersion: description.defaultVersion ?? newest,
		position: [index * 200, 0],
		parameters: {},
		...sketch,
	};
}

function chain(nodes: INode[]): IConnections {
	return Object.fromEntries(
		nodes
			.slice(1)
			.map((node, i) => [
				nodes[i].name,
				{ main: [[{ node: node.name, type: 'main' as const, index: 0 }]] },
			]),
	);
}

export function workflowOf(
	run: Pick<WorkflowRun, 'id' | 'nodes' | 'connections' | 'nodeTypes' | 'settings' | 'staticData'>,
	active = false,
): Workflow {
	const nodeTypes = nodeTypesOf(run.nodeTypes);
	const nodes = run.nodes.map((sketch, index) => complete(sketch, index, nodeTypes));
	return new Workflow({
		id: run.id ?? 'workflow-under-test',
		name: 'Workflow under test',
		nodes,
		connections: run.connections ?? chain(nodes),
		active,
		nodeTypes,
		staticData: run.staticData,
		settings: { executionOrder: 'v1', ...run.settings },
	});
}

let executions = 0;

/**
 * Runs a workflow in n8n's engine. A failing node does not reject: as in n8n the error is part of
 * the run (`errorOf`). A canceled run has `status: 'canceled'`.
 */
export async function runWorkflow(run: WorkflowRun): Promise<IRun> {
	const workflow = workflowOf(run);
	const startNode = workflow.getNode(run.startNode ?? run.nodes[0].name)!;
	const executionId = String((executions += 1));
	const mode = run.mode ?? 'manual';
	const hooks = new ExecutionLifecycleHooks(mode, executionId, {
		id: workflow.id,
		name: workflow.name ?? '',
		active: false,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		nodes: Object.values(workflow.nodes),
		connections: workflow.connectionsBySourceNode,
		activeVersionId: null,
	});
	const additionalData = additionalDataFor(run.credentials ?? new TestCredentials([]), {
		executionId,
		hooks,
	});
	const start = run.triggerOutput
		? { executionData: startedBy(startNode, run.triggerOutput) }
		: undefined;
	const execute = new WorkflowExecute(additionalData, mode, createRunExecutionData(start));
	const running = start
		? execute.processRunExecutionData(workflow)
		: execute.run({ workflow, startNode });
	run.onRunning?.({ executionId, cancel: () => running.cancel() });
	return await running;
}

function startedBy(node: INode, output: INodeExecutionData[][]) {
	return {
		nodeExecutionStack: [{ node, data: { main: output }, source: null }],
		waitingExecution: {},
		waitingExecutionSource: {},
		metadata: {},
	};
}

/** Items of a node's last run on one of its outputs; throws if the node did not run. */
export function outputOf(run: IRun, nodeName: string, output = 0): INodeExecutionData[] {
	const tasks = run.data.resultData.runData[nodeName];
	if (!tasks?.length) throw new Error(`The node "${nodeName}" did not run`);
	return tasks[tasks.length - 1].data?.main[output] ?? [];
}

/** The error that ended the run, as the editor shows it; undefined if it succeeded. */
export function errorOf(run: IRun): ExecutionError | undefined {
	return run.data.resultData.error;
}

/** The bytes behind a binary field, wherever the engine keeps them. */
export async function binaryBytes(binary: IBinaryData | undefined): Promise<Buffer> {
	if (!binary) throw new Error('The item has no such binary field');
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}
