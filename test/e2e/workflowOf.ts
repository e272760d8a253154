import type { IConnections, INode, INodeParameters, NodeParameterValueType } from 'n8n-workflow';
import type { CredentialReference, WorkflowDefinition } from './rest';

export type Step = Omit<INode, 'id' | 'position'>;

const START: Step = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/** A workflow of one line of nodes behind a manual trigger. */
export function workflowOf(name: string, ...steps: Step[]): WorkflowDefinition {
	return lineOf(name, START, ...steps);
}

/** A workflow of one line of nodes, the first of which starts it. */
export function lineOf(name: string, ...steps: Step[]): WorkflowDefinition {
	const nodes = steps.map((step, column) => ({
		...step,
		id: `${column}`,
		position: [column * 220, 0] as [number, number],
	}));
	const connections: IConnections = {};
	nodes.slice(1).forEach((node, index) => {
		connections[nodes[index].name] = { main: [[{ node: node.name, type: 'main', index: 0 }]] };
	});
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** "Read/Write Files from Disk": one item per file the pattern matches, in the field `data`. */
export function readFiles(pattern: string): Step {
	return {
		name: 'Read',
		type: 'n8n-nodes-base.readWriteFile',
		typeVersion: 1,
		parameters: { operation: 'read', fileSelector: pattern, options: {} },
	};
}

/** "Edit Fields": one item with these string fields. */
export function fields(name: string, values: Record<string, string>): Step {
	const assignments = Object.entries(values).map(([field, value]) => ({
		id: field,
		name: field,
		value,
		type: 'string',
	}));
	return {
		name,
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: { mode: 'manual', assignments: { assignments }, options: {} },
	};
}

/** "Edit Fields" and "Split Out": one item per entry. */
export function items(entries: object[]): Step[] {
	return [
		{
			name: 'List',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ entries }), options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'entries', options: {} },
		},
	];
}

/** One WeCom Media node. */
export function weComMedia(
	name: string,
	credentials: Record<string, CredentialReference>,
	parameters: { resource: string; operation: string } & Record<string, NodeParameterValueType>,
	settings: Partial<Step> = {},
): Step {
	return {
		name,
		type: 'n8n-nodes-wecom-media.weComMedia',
		typeVersion: 1,
		parameters: parameters as INodeParameters,
		credentials,
		...settings,
	};
}
