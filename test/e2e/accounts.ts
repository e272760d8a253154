import { NodeHelpers } from 'n8n-workflow';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	INodeTypeDescription,
	NodeParameterValueType,
} from 'n8n-workflow';
import { demoCredentials } from '../../scripts/lib/demoWorld';
import type { CredentialReference } from './rest';
import { weComMedia, type Step } from './workflowOf';
import type { World } from './world';

/** What the panel's Resource and Authentication say, and the demo credential that belongs to it. */
const SYSTEMS = {
	app: { chosen: { resource: 'app' }, credential: 'wecomDemoCorpApp' },
	thirdPartyApp: {
		chosen: { resource: 'app', authentication: 'thirdPartyApp' },
		credential: 'wecomDemoSuite01',
	},
	customerService: { chosen: { resource: 'customerService' }, credential: 'wecomDemoService' },
	robot: { chosen: { resource: 'robot' }, credential: 'wecomDemoRobot01' },
	smartBot: { chosen: { resource: 'smartBot' }, credential: 'wecomDemoSmartBt' },
	officialAccount: { chosen: { resource: 'officialAccount' }, credential: 'wecomDemoAccount' },
};

export type SystemName = keyof typeof SYSTEMS;

/** The demo account of every system, saved in n8n. */
export interface Accounts {
	/** For a node's `credentials`: all of these systems, of which the last of one type counts. */
	credentials(...systems: SystemName[]): Record<string, CredentialReference>;
	/** What stands in the panel for a system: Resource, and Authentication where it is not the default. */
	chosen(system: SystemName): { resource: string; authentication?: string };
	/** A WeCom Media node of one system. */
	node(
		name: string,
		system: SystemName,
		operation: string,
		parameters?: Record<string, NodeParameterValueType>,
		settings?: Partial<Step>,
	): Step;
}

export async function saveAccounts({
	rest,
	simulator,
}: Pick<World, 'rest' | 'simulator'>): Promise<Accounts> {
	const saved: Record<string, { type: string; reference: CredentialReference }> = {};
	for (const { id, name, type, data } of demoCredentials(simulator.demo, simulator.url)) {
		saved[id] = { type, reference: await rest.createCredential(type, data, name) };
	}
	const credentials: Accounts['credentials'] = (...systems) =>
		Object.fromEntries(
			systems.map((system) => {
				const { type, reference } = saved[SYSTEMS[system].credential];
				return [type, reference];
			}),
		);
	return {
		credentials,
		chosen: (system) => SYSTEMS[system].chosen,
		node(name, system, operation, parameters = {}, settings = {}) {
			const all = { ...SYSTEMS[system].chosen, operation, options: {}, ...parameters };
			return weComMedia(name, credentials(system), all, settings);
		},
	};
}

/** The description of one of our nodes, as this n8n offers it to its editor. */
export async function descriptionOf(
	{ rest }: Pick<World, 'rest'>,
	node: string,
): Promise<INodeTypeDescription> {
	const listed = await rest.types('nodes');
	const found = listed.find(({ name }) => name === `n8n-nodes-wecom-media.${node}`);
	if (!found) throw new Error(`n8n does not know the node ${node}`);
	return found as unknown as INodeTypeDescription;
}

/** What n8n adds to every node whose credential it can use by itself. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/** Every `resource/operation` that the panel offers of its own. */
export function operationsOf({ properties }: INodeTypeDescription): string[] {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }) =>
			(displayOptions?.show?.resource ?? []).flatMap((resource) =>
				(options as INodePropertyOptions[])
					.filter(({ value }) => value !== CUSTOM_API_CALL)
					.map(({ value }) => `${String(resource)}/${value}`),
			),
		)
		.sort();
}

/** The fields that the panel shows for these values, all others being at their defaults. */
export function shownFields(
	description: INodeTypeDescription,
	values: INodeParameters,
): INodeProperties[] {
	const version = { typeVersion: 1 };
	const { properties } = description;
	const all = NodeHelpers.getNodeParameters(properties, values, true, false, version, description);
	return properties.filter((property) =>
		NodeHelpers.displayParameter(all ?? {}, property, version, description),
	);
}
