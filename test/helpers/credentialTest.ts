import { ExecuteContext, RoutingNode } from 'n8n-core';
import { createEmptyRunExecutionData } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	INodeType,
} from 'n8n-workflow';
import { TestCredentials, additionalDataFor, workflowOf } from './engine';
import { noOpDescription } from './noOp';

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	/** What the person who pressed "Retry" or "Save" reads. */
	message: string;
}

/**
 * Runs a credential's declarative `test` as n8n's CredentialsTester does: as the only request of a
 * no-op node, so that `preAuthentication` and `authenticate` take part.
 */
export async function testCredential(
	type: ICredentialType,
	data: ICredentialDataDecryptedObject,
): Promise<CredentialTestResult> {
	if (!type.test) throw new Error(`${type.name} has no declarative test`);
	const credentials = new TestCredentials([type]);
	const additionalData = additionalDataFor(credentials);
	const decrypted = credentials.applyDefaults(additionalData, data, type.name, 'internal');
	const testNode = testNodeOf(type, type.test);
	const workflow = workflowOf({
		nodes: [{ id: 'temp', name: 'Temp-Node', type: testNode.description.name }],
		nodeTypes: [testNode],
	});
	const node = workflow.nodes['Temp-Node'];
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const details = { id: 'under-test', name: 'Under test', type: type.name, data: decrypted };
	try {
		const output = await new RoutingNode(context, testNode, details).runNode();
		return judgeReply(type.test, output?.[0]?.[0]?.json);
	} catch (error) {
		// n8n's tester first looks for a status in the error's cause; NodeApiError of 2.8 keeps none.
		return { status: 'Error', message: (error as Error).message };
	}
}

/** The name is the one by which helpers recognize a credential test. */
function testNodeOf(type: ICredentialType, { request }: ICredentialTestRequest): INodeType {
	return {
		description: noOpDescription('n8n-nodes-base.noOp', type.name, [
			{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } },
		]),
	};
}

function judgeReply({ rules = [] }: ICredentialTestRequest, reply: unknown): CredentialTestResult {
	for (const rule of rules) {
		if (rule.type !== 'responseSuccessBody') continue;
		const { key, value, message } = rule.properties;
		const found = key
			.split('.')
			.reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], reply);
		if (found === value) return { status: 'Error', message };
	}
	return { status: 'OK', message: 'Connection successful!' };
}
