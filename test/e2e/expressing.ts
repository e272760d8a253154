import type { INodeProperties, NodeParameterValueType } from 'n8n-workflow';
import { descriptionOf, type Accounts, type SystemName } from './accounts';
import { sample } from './files';
import type { Execution } from './rest';
import { items, workflowOf, type Step } from './workflowOf';
import type { World } from './world';

/** One item: the value of every parameter by its name, that of an option as `options.name`. */
export type Row = Record<string, NodeParameterValueType>;

export interface Source {
	/** A file of test/fixtures/media. */
	file?: string;
	/** The binary field the file is put in. */
	field?: string;
}

/** Names of everything a person can fill in for an operation, whatever is chosen elsewhere in the panel. */
function parametersOf(
	properties: INodeProperties[],
	resource: string,
	operation: string,
): string[] {
	const fields = properties.filter(({ name, type, displayOptions }) => {
		const { resource: resources = [resource], operation: operations = [operation] } =
			displayOptions?.show ?? {};
		const belongs = resources.includes(resource) && operations.includes(operation);
		return belongs && type !== 'notice' && name !== 'resource' && name !== 'operation';
	});
	const names = fields.flatMap(({ name, type, options }) =>
		type === 'collection'
			? (options as INodeProperties[]).map((option) => `${name}.${option.name}`)
			: [name],
	);
	return [...new Set(names)].sort();
}

export interface ItemOfValues {
	source?: Source;
	values: Row;
}

/**
 * Runs a node that takes every parameter from its item by an expression.
 *
 * @param rows the items; each gives every parameter of the panel a value, and no parameter has the same in all
 */
export async function runByExpressions(
	world: World,
	accounts: Accounts,
	operation: string,
	systems: SystemName[],
	rows: ItemOfValues[],
): Promise<Execution> {
	const { resource } = accounts.chosen(systems[0]);
	const { properties } = await descriptionOf(world, 'weComMedia');
	const names = parametersOf(properties, resource, operation);
	for (const { values } of rows) expect(Object.keys(values).sort()).toEqual(names);
	for (const name of names) {
		const different = new Set(rows.map(({ values }) => JSON.stringify(values[name])));
		expect({ name, differs: different.size > 1 }).toEqual({ name, differs: true });
	}

	const expression = (name: string) => `={{ $json.values["${name}"] }}`;
	const isOption = (name: string) => name.startsWith('options.');
	const own = names.filter((name) => !isOption(name));
	const node = accounts.node('Node', systems[0], operation, {
		...Object.fromEntries(own.map((name) => [name, expression(name)])),
		options: Object.fromEntries(
			names.filter(isOption).map((name) => [name.slice('options.'.length), expression(name)]),
		),
	});
	const execution = await world.rest.run(
		await world.rest.createWorkflow(
			workflowOf(
				`${resource} ${operation} by expressions`,
				...(await itemsWithFiles(world, rows)),
				{
					...node,
					credentials: accounts.credentials(...systems),
				},
			),
		),
	);
	expect(execution.error).toBeUndefined();
	return execution;
}

/** Items with a file each and the values beside it. */
async function itemsWithFiles(world: World, rows: ItemOfValues[]): Promise<Step[]> {
	const entries = await Promise.all(
		rows.map(async ({ source: { file = 'report.pdf', field = 'data' } = {}, values }) => ({
			path: await world.addFile(file, await sample(file)),
			field,
			values,
		})),
	);
	return [
		...items(entries),
		{
			name: 'Read',
			type: 'n8n-nodes-base.readWriteFile',
			typeVersion: 1,
			parameters: {
				operation: 'read',
				fileSelector: '={{ $json.path }}',
				options: { dataPropertyName: '={{ $json.field }}' },
			},
		},
		{
			name: 'Values',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				mode: 'raw',
				// Without the fields of the item its file is dropped too.
				includeOtherFields: true,
				jsonOutput: '={{ $("Items").item.json }}',
				options: { stripBinary: false },
			},
		},
	];
}

/** Those of the options that all operations share; the first item's concurrency counts. */
export const common = (position: number): Row => ({
	'options.concurrency': position + 1,
	'options.maxRetries': position,
	'options.requestTimeout': 30 + position,
});
