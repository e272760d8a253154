/** Opens a list of the panel as n8n's editor does. */
import { LoadOptionsContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { additionalDataFor, TestCredentials, workflowOf } from './engine';

export interface ListRequest {
	type: INodeType;
	/** Values of the panel. */
	parameters: INodeParameters;
	credentialType: ICredentialType;
	/** Its fields; undefined where none has been chosen yet. */
	credential?: ICredentialDataDecryptedObject;
	method: string;
	filter?: string;
	paginationToken?: string;
}

export async function openList(request: ListRequest): Promise<INodeListSearchResult> {
	const { type, parameters, credentialType, credential } = request;
	const credentials = new TestCredentials([credentialType]);
	const { name } = credentialType;
	const workflow = workflowOf({
		nodes: [
			{
				name: 'Node under test',
				type: type.description.name,
				parameters,
				...(credential ? { credentials: { [name]: credentials.store(name, credential) } } : {}),
			},
		],
		nodeTypes: [type],
	});
	const node = workflow.getNode('Node under test')!;
	const extra = { currentNodeParameters: parameters };
	const context = new LoadOptionsContext(
		workflow,
		node,
		additionalDataFor(credentials, extra),
		'parameters',
	);
	const method = type.methods?.listSearch?.[request.method];
	if (!method) throw new Error(`The node has no list "${request.method}"`);
	return await method.call(context, request.filter, request.paginationToken);
}
