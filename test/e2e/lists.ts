/** A list of the panel, as n8n's editor asks for it. */
import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { weComMedia } from './workflowOf';
import type { Accounts, SystemName } from './accounts';
import type { N8nRest } from './rest';

export interface ListOpening {
	system?: SystemName;
	filter?: string;
	page?: string;
}

/** @throws Error with what the editor shows instead of the list */
export async function openList(
	rest: N8nRest,
	accounts: Accounts,
	methodName: string,
	{ system = 'app', filter, page }: ListOpening = {},
): Promise<INodeListSearchResult> {
	const chosen = accounts.chosen(system);
	const parameters = { authentication: 'corpSecret', ...chosen, operation: 'send' };
	const node = weComMedia('Send', accounts.credentials(system), parameters);
	return await rest.list({
		nodeTypeAndVersion: { name: node.type, version: node.typeVersion },
		path: 'parameters.toUser',
		methodName,
		currentNodeParameters: parameters as INodeParameters,
		credentials: node.credentials,
		...(filter ? { filter } : {}),
		...(page ? { paginationToken: page } : {}),
	});
}
