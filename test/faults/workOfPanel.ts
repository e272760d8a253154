/** What n8n's editor asks for: the lists of the panel, and the tests of credentials. */
import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { testCredential } from '../helpers/credentialTest';
import { TestCredentials } from '../helpers/credentials';
import { openList } from '../helpers/lists';
import type { NodeRun } from '../helpers/runNode';
import { allSystems, credentialTypes, type AccountKind, type AnySystemName } from '../nodes/scene';
import type { Stage } from './stage';
import { complain, type OtherWork } from './work';

const node = new WeComMedia();

/** What the editor shows: entries, or one text that holds what happened and what to do. */
function shown(values: string[], failure?: string): NodeRun {
	const [message, ...advice] = (failure ?? '').split(/(?<=[.!?])\s+(?=\S)/);
	const error = failure === undefined ? undefined : { message, description: advice.join(' ') };
	return {
		run: {} as IRun,
		items: values.map((value) => ({ json: { value } })),
		errorItems: [],
		error: error as NodeRun['error'],
		credentials: new TestCredentials([]),
	};
}

interface ListTask {
	name: string;
	system: AnySystemName;
	method: string;
	parameters?: INodeParameters;
	credential?(stage: Stage): IDataObject;
	/** What the list must hold. */
	holds: string[];
	tokens?: boolean;
}

const list = ({ name, system, method, credential, holds, tokens }: ListTask): OtherWork => ({
	name: `list: ${name}`,
	effects: 0,
	tokens,
	perform: async (stage) => {
		const { parameters, account } = allSystems[system];
		const outcome = await openList({
			type: node,
			parameters: { ...parameters, operation: 'send' },
			credentialType: credentialTypes[account],
			credential: stage.credential(account, credential?.(stage)),
			method,
		}).then(
			({ results }) => shown(results.map(({ value }) => String(value))),
			(error: Error) => shown([], error.message),
		);
		return outcome;
	},
	check: (_stage, { items }) => {
		const values = items.map(({ json }) => String(json.value)).sort();
		return complain(
			values.length > 0 && holds.every((value) => values.includes(value)),
			`the list holds ${values.join()}`,
		);
	},
});

const agent = ({ simulator }: Stage) => ({ agentId: String(simulator.demo.corp.agentId) });

const lists: OtherWork[] = [
	list({
		name: 'members',
		system: 'app',
		method: 'searchMembers',
		credential: agent,
		holds: ['LiSi', 'WangWu', 'ZhangSan'],
		tokens: true,
	}),
	list({
		name: 'members, Agent ID unknown',
		system: 'app',
		method: 'searchMembers',
		holds: ['LiSi', 'WangWu', 'ZhangSan'],
	}),
	list({
		name: 'departments',
		system: 'app',
		method: 'searchDepartments',
		credential: agent,
		holds: ['1', '2'],
	}),
	list({ name: 'tags', system: 'app', method: 'searchTags', credential: agent, holds: ['1'] }),
	list({
		name: 'service accounts',
		system: 'customerService',
		method: 'searchServiceAccounts',
		credential: ({ simulator }) => ({ corpSecret: simulator.demo.corp.customerServiceSecret }),
		holds: ['wkdemo'],
	}),
];

const credentialTest = (account: AccountKind, ours: number): OtherWork => ({
	name: `credential test: ${account}`,
	effects: 0,
	tokens: true,
	ours,
	perform: async (stage) => {
		const { status, message } = await testCredential(
			credentialTypes[account],
			stage.credential(account),
		);
		return status === 'OK' ? shown([message]) : shown([], message);
	},
	check: ({ simulator }, { items }) => [
		...complain(items.length === 1, 'no answer'),
		...complain(simulator.state.messages.length === 0, 'something was posted'),
	],
});

export const panelWorks: OtherWork[] = [
	...lists,
	credentialTest('corp', 2),
	credentialTest('suite', 3),
	credentialTest('robot', 1),
	credentialTest('officialAccount', 1),
];
