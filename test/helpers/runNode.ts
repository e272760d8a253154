import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	ExecutionError,
	IBinaryData,
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeCredentials,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRun,
} from 'n8n-workflow';
import { TestCredentials, errorOf, runWorkflow, type WorkflowRun } from './engine';

export interface TestFile {
	/** A stream is stored without being held in memory. */
	bytes: Buffer | string | Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;
	fileName?: string;
	mimeType?: string;
	/** What the item says of its size in bytes, where that is not the truth. */
	saidBytes?: number;
	/** Base64 in the item without an id, as pinned data has it, whatever the binary mode. */
	pinned?: boolean;
	/** How its Base64 is written, for `pinned`; default as Node writes it. */
	encode?: (bytes: Buffer) => string;
}

export interface TestItem {
	json?: IDataObject;
	binary?: Record<string, TestFile>;
}

export interface NodeRunOptions extends Pick<WorkflowRun, 'settings' | 'onRunning' | 'mode'> {
	node: Partial<Omit<INode, 'type' | 'credentials' | 'parameters'>> & {
		type: INodeType;
		parameters?: INodeParameters;
		/** Field values by credential type; they are stored encrypted before the run. */
		credentials?: Record<string, ICredentialDataDecryptedObject>;
	};
	/** Default: one item without fields. */
	items?: TestItem[];
	credentialTypes?: ICredentialType[];
}

export interface NodeRun {
	run: IRun;
	/** Items of the node's first output; none if it failed. */
	items: INodeExecutionData[];
	/** Items of its second output ("continue using error output"). */
	errorItems: INodeExecutionData[];
	error: ExecutionError | undefined;
	credentials: TestCredentials;
}

const nameUnderTest = 'Node under test';

/** Runs one node behind a stub that puts the given items and files into n8n's storage. */
export async function runNode(options: NodeRunOptions): Promise<NodeRun> {
	const { type, credentials: values = {}, ...node } = options.node;
	const credentials = new TestCredentials(options.credentialTypes ?? []);
	const references: INodeCredentials = Object.fromEntries(
		Object.entries(values).map(([name, data]) => [name, credentials.store(name, data)]),
	);
	const name = node.name ?? nameUnderTest;
	const source = sourceOf(options.items ?? [{}]);
	const run = await runWorkflow({
		...options,
		nodes: [
			{ name: 'Source', type: source.description.name },
			{ ...node, name, type: type.description.name, credentials: references },
		],
		nodeTypes: [source, type],
		credentials,
	});
	const tasks = run.data.resultData.runData[name];
	const main = tasks?.[tasks.length - 1]?.data?.main ?? [];
	return {
		run,
		items: main[0] ?? [],
		errorItems: main[1] ?? [],
		error: errorOf(run),
		credentials,
	};
}

/** A node type that emits the given items, their files stored the way any n8n node stores them. */
export function sourceOf(items: TestItem[]): INodeType {
	return {
		description: {
			displayName: 'Source',
			name: 'testSource',
			group: ['input'],
			version: 1,
			description: 'Emits the items of a test',
			defaults: { name: 'Source' },
			inputs: [],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute() {
			const emitted: INodeExecutionData[] = [];
			for (const { json = {}, binary } of items) {
				emitted.push({ json, ...(binary && { binary: await prepare(this, binary) }) });
			}
			return [emitted];
		},
	};
}

async function prepare(context: IExecuteFunctions, files: Record<string, TestFile>) {
	const prepared: IBinaryKeyData = {};
	for (const [field, file] of Object.entries(files)) {
		const { bytes, fileName, mimeType, saidBytes, pinned, encode } = file;
		const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
		prepared[field] =
			pinned && Buffer.isBuffer(content)
				? inline(encode?.(content) ?? content.toString('base64'), fileName, mimeType)
				: await context.helpers.prepareBinaryData(content, fileName, mimeType);
		if (saidBytes !== undefined) prepared[field].bytes = saidBytes;
	}
	return prepared;
}

function inline(data: string, fileName?: string, mimeType = 'text/plain'): IBinaryData {
	return { data, mimeType, fileName };
}
