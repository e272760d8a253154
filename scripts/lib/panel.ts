import type {
	ICredentialType,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

/** What a saved workflow or credential keeps of one field, or relies on. */
export interface Field {
	type: string;
	/** n8n does not save a value that equals the default. */
	default: unknown;
	required?: true;
	/** Values of a list, sorted. */
	options?: unknown[];
}

/** By name; a field inside a collection as `options.fileName`. */
export type Fields = Record<string, Field>;

export interface NodePanel {
	typeVersions: number[];
	/** Whether AI agents can have it as a tool. */
	usableAsTool?: true;
	credentials: string[];
	/** `GET wecom-media`: part of addresses that were entered in consoles. */
	webhooks: string[];
	/** Fields of a node without resources; else only the resource itself. */
	fields: Fields;
	/** By resource. */
	resources: Record<string, ResourcePanel>;
}

export interface ResourcePanel {
	/** The operation of a node that says none. */
	defaultOperation: unknown;
	/** By operation. */
	operations: Record<string, Fields>;
}

/** Everything that saved workflows and credentials hold of this package, by type name. */
export interface Panel {
	nodes: Record<string, NodePanel>;
	credentials: Record<string, Fields>;
}

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

/** Reads the panel out of what the package tells n8n about itself. */
export function panelOf(
	nodes: INodeTypeDescription[],
	credentials: Array<Pick<ICredentialType, 'name' | 'properties'>>,
): Panel {
	return {
		nodes: Object.fromEntries(nodes.map((node) => [node.name, nodePanelOf(node)])),
		credentials: Object.fromEntries(
			credentials.map(({ name, properties }) => [name, fieldsOf(properties)]),
		),
	};
}

function nodePanelOf(node: INodeTypeDescription): NodePanel {
	const { properties } = node;
	const resource = properties.find(({ name }) => name === 'resource');
	const resources = valuesOf(resource).map(String);
	return {
		typeVersions: [node.version].flat(),
		...(node.usableAsTool ? { usableAsTool: true } : {}),
		credentials: (node.credentials ?? []).map(({ name }) => name),
		webhooks: (node.webhooks ?? []).map(
			({ httpMethod = 'GET', path }) => `${String(httpMethod)} ${path}`,
		),
		fields: fieldsOf(resource ? [resource] : properties),
		resources: Object.fromEntries(
			resources.map((value) => [value, resourcePanelOf(properties, value)]),
		),
	};
}

function resourcePanelOf(properties: INodeProperties[], resource: string): ResourcePanel {
	const ofResource = properties.filter((property) => mayShow(property, 'resource', resource));
	const operation = ofResource.find(({ name }) => name === 'operation');
	const fieldsFor = (value: string) =>
		ofResource.filter(
			(property) =>
				!['resource', 'operation'].includes(property.name) && mayShow(property, 'operation', value),
		);
	return {
		defaultOperation: operation?.default,
		operations: Object.fromEntries(
			valuesOf(operation).map((value) => [String(value), fieldsOf(fieldsFor(String(value)))]),
		),
	};
}

/** Whether a field can be shown for this resource or operation, whatever else it depends on. */
function mayShow({ displayOptions }: INodeProperties, name: string, value: string): boolean {
	const { show, hide } = displayOptions ?? {};
	return (show?.[name]?.includes(value) ?? true) && !hide?.[name]?.includes(value);
}

function fieldsOf(properties: INodeProperties[], prefix = ''): Fields {
	const fields: Fields = {};
	for (const property of properties.filter(({ type }) => type !== 'notice')) {
		const name = prefix + property.name;
		const field = fieldOf(property);
		const known = fields[name];
		fields[name] = known ? both(name, known, field) : field;
		Object.assign(fields, fieldsOf(innerFieldsOf(property), `${name}.`));
	}
	return fields;
}

/** One field that is shown in two ways, depending on others: a saved workflow may hold what either offers. */
function both(name: string, one: Field, other: Field): Field {
	if (one.type !== other.type || one.required !== other.required) {
		throw new Error(`Two fields of one operation are called ${name} and differ`);
	}
	const union = (a: unknown, b: unknown) => [...new Set([a, b].flat())];
	const defaults = union(one.default, other.default);
	const options = union(one.options ?? [], other.options ?? []).sort();
	return {
		...one,
		default: defaults.length > 1 ? defaults : one.default,
		...(options.length > 0 ? { options } : {}),
	};
}

function fieldOf(property: INodeProperties): Field {
	const options = valuesOf(property);
	return {
		type: property.type,
		default: property.default,
		...(property.required ? { required: true } : {}),
		...(options.length > 0 ? { options } : {}),
	};
}

/** The fields of a collection, and those of the groups of a fixedCollection. */
function innerFieldsOf({ options = [] }: INodeProperties): INodeProperties[] {
	return (options as Option[]).flatMap((option) => {
		if ('type' in option) return [option];
		if (!('values' in option)) return [];
		return option.values.map((value) => ({ ...value, name: `${option.name}.${value.name}` }));
	});
}

function valuesOf(property: INodeProperties | undefined): unknown[] {
	return ((property?.options ?? []) as Option[])
		.flatMap((option) => ('value' in option ? [option.value] : []))
		.sort();
}
