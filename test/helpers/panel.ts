import { NodeHelpers } from 'n8n-workflow';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

const version = { typeVersion: 1 };

/** The panel's values once somebody has chosen these: everything else at its default. */
export function panelOf(
	description: INodeTypeDescription,
	chosen: INodeParameters,
): INodeParameters {
	const { properties } = description;
	return NodeHelpers.getNodeParameters(properties, chosen, true, false, version, description) ?? {};
}

/** The fields that the panel shows for these choices, in its order. */
export function shownFor(
	description: INodeTypeDescription,
	chosen: INodeParameters,
): INodeProperties[] {
	const values = panelOf(description, chosen);
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, version, description),
	);
}

/** The entries of a field that offers a choice; none for other fields. */
export const choices = (property?: INodeProperties) =>
	(property?.options ?? []) as INodePropertyOptions[];

export const named = (properties: INodeProperties[], name: string) =>
	properties.find((property) => property.name === name);

/** Every resource with every operation that it offers. */
export function everyOperation(
	description: INodeTypeDescription,
): Array<{ resource: INodePropertyOptions; operation: INodePropertyOptions }> {
	return choices(named(description.properties, 'resource')).flatMap((resource) => {
		const shown = shownFor(description, { resource: resource.value });
		return choices(named(shown, 'operation')).map((operation) => ({ resource, operation }));
	});
}

/** What Options offers for these choices. */
export function optionsFor(
	description: INodeTypeDescription,
	chosen: INodeParameters,
): INodeProperties[] {
	const values = panelOf(description, chosen);
	const options = named(shownFor(description, chosen), 'options')?.options ?? [];
	return (options as INodeProperties[]).filter((option) =>
		NodeHelpers.displayParameter({}, option, version, description, values),
	);
}
