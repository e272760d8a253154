/** Fills the lists of the panel with names: members, departments, tags, service accounts. */
import { NodeOperationError } from 'n8n-workflow';
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { connect } from '../n8n/connect';
import { sentenceOf } from '../n8n/nodeErrors';
import { searchDirectory } from '../wecom/calls/directoryCache';
import type { DirectoryEntry, DirectoryKind } from '../wecom/calls/directory';
import type { ListMethod } from './pickers';
import { resources } from './resources';
import type { Resource } from './operation';

/** A list that does not come soon is closed again. */
const OPTIONS = { maxRetries: 2, requestTimeoutMs: 20_000, plain: true };

type ListSearch = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

/** By the names that the fields call them by. */
export const listSearch: Record<ListMethod, ListSearch> = {
	searchDepartments: search('departments'),
	searchMembers: search('members'),
	searchServiceAccounts: search('serviceAccounts'),
	searchTags: search('tags'),
};

function search(kind: DirectoryKind): ListSearch {
	return async function (filter = '', paginationToken = '') {
		const part = { text: filter, from: Number(paginationToken) || 0 };
		const { entries, next } = await open(this, kind, part);
		const results = entries.map((entry) => ({ name: shown(entry), value: entry.id }));
		return { results, ...(next ? { paginationToken: String(next) } : {}) };
	};
}

/** The credential is read once for each list: on n8n 2.41 every reading costs what ten calls do. */
async function open(
	context: ILoadOptionsFunctions,
	kind: DirectoryKind,
	part: { text: string; from: number },
): ReturnType<typeof searchDirectory> {
	try {
		const value = (name: string) => String(context.getCurrentNodeParameter(name) ?? '');
		const account = resources[value('resource') as Resource].account(value('authentication'));
		const data = await context.getCredentials(account.credentialType);
		const { client, system } = connect(context, account, data, OPTIONS);
		return await searchDirectory(client, system, kind, part);
	} catch (error) {
		// The editor shows the message of what a list throws, and of that some eight lines: WeCom's own words would be cut off.
		throw new NodeOperationError(
			context.getNode(),
			sentenceOf(error, ({ hint }) => hint),
		);
	}
}

/** An entry shows one line; where WeCom gives no name the ID stands for it. */
function shown({ id, name }: DirectoryEntry): string {
	return name === id ? id : `${name} (${id})`;
}
