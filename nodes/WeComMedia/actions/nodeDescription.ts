/** The whole panel, in the order the editor shows it. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { allOperations, resources } from './resources';

const resource: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: 'app',
	description: 'The system to work with',
	options: Object.entries(resources).map(([value, { name, description }]) => ({
		name,
		value,
		description,
	})),
};

const authentication: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		default: 'corpSecret',
		description: 'Whose app it is',
		displayOptions: { show: { resource: ['app'] } },
		options: [
			{
				name: 'App of My Company',
				value: 'corpSecret',
				description: 'A self-built app (自建应用), or one a provider runs for you (代开发应用)',
			},
			{
				name: 'Third-Party App',
				value: 'thirdPartyApp',
				description: 'An app of a service provider that companies authorize (第三方应用)',
			},
		],
	},
];

const operationFields: INodeProperties[] = Object.entries(resources).map(([value, entry]) => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: defaultOf(entry.operations),
	displayOptions: { show: { resource: [value] } },
	options: entry.operations,
}));

/** Upload, where there is one: saved workflows leave the default out. */
function defaultOf(offered: INodePropertyOptions[]): string {
	return String((offered.find(({ value }) => value === 'upload') ?? offered[0]).value);
}

/**
 * n8n shows a field as soon as it meets a condition on a parameter that holds an expression, whatever conditions come
 * behind. So resource and operation, which hold none, come first: the fields of other operations stay away.
 */
function resourceFirst(field: INodeProperties): INodeProperties {
	const { show, ...others } = field.displayOptions ?? {};
	if (!show) return field;
	const first = { resource: show.resource, operation: show.operation };
	const conditions = Object.entries({ ...first, ...show }).filter(([, values]) => values);
	return { ...field, displayOptions: { ...others, show: Object.fromEntries(conditions) } };
}

export const properties: INodeProperties[] = [
	resource,
	...authentication,
	...operationFields,
	...allOperations().flatMap(({ description }) => description.map(resourceFirst)),
];
