import { NodeConnectionTypes } from 'n8n-workflow';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** What n8n shows of a node that has one credential and does nothing of its own. */
export function noOpDescription(
	name: string,
	credentialType: string,
	properties: INodeProperties[] = [],
): INodeTypeDescription {
	return {
		displayName: 'No Operation',
		name,
		group: ['organization'],
		version: 1,
		description: 'No Operation',
		defaults: { name: 'No Operation' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: credentialType, required: true }],
		properties,
	};
}
