import './environment';
import { Credentials } from 'n8n-core';
import { ICredentialsHelper, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	ICredentialsExpressionResolveValues,
	IExecuteData,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeProperties,
	INodeTypes,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { getAdditionalKeys } from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-additional-keys';

interface Row {
	name: string;
	type: string;
	/** As n8n's database holds it: AES-encrypted with N8N_ENCRYPTION_KEY, in Base64. */
	data: string;
}

/** n8n resolves expressions in credential fields inside a workflow of one nameless node. */
const nowhere: INode = {
	id: 'mock',
	name: 'mock',
	type: 'mock',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const nowhereTypes = {
	getByName: () => ({ description: { properties: [] } }),
	getByNameAndVersion: () => ({ description: { properties: [] } }),
	getKnownTypes: () => ({}),
} as unknown as INodeTypes;

/**
 * n8n's CredentialsHelper without its database. That class lives in the `n8n` package and needs a
 * database, so what it does with credential types is repeated here; encryption is n8n-core's.
 */
export class TestCredentials extends ICredentialsHelper {
	private readonly types = new Map<string, ICredentialType>();

	private readonly rows = new Map<string, Row>();

	constructor(types: ICredentialType[]) {
		super();
		for (const type of types) this.types.set(type.name, type);
	}

	/** Saves a credential as n8n does (encrypted) and gives what a node's `credentials` refers to. */
	store(
		type: string,
		data: ICredentialDataDecryptedObject,
		name = `${type} account`,
	): INodeCredentialsDetails {
		this.typeOf(type);
		const id = `credential-${this.rows.size + 1}`;
		this.rows.set(id, { name, type, data: '' });
		this.save(id, data);
		return { id, name };
	}

	/** The row as it lies in the database. */
	atRest(details: INodeCredentialsDetails): Readonly<Row> {
		const row = this.rows.get(details.id ?? '');
		if (!row) throw new Error(`Credential with ID "${details.id}" does not exist`);
		return row;
	}

	getParentTypes(type: string): string[] {
		const parents = this.typeOf(type).extends ?? [];
		return [...parents, ...parents.flatMap((parent) => this.getParentTypes(parent))];
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		const { extends: parents = [], properties } = this.typeOf(type);
		const combined: INodeProperties[] = [];
		for (const parent of parents) {
			NodeHelpers.mergeNodeProperties(combined, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(combined, properties);
		return combined;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow: Workflow,
		node: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeOf(typeName);
		const request = requestOptions as IHttpRequestOptions;
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		if (authenticate) addGenericAuth(authenticate, credentials, request, workflow, node);
		return request;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.typeOf(typeName);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		);
		if (!expirable || !type.preAuthentication) return undefined;
		const isCredentialTest = node.type === 'n8n-nodes-base.noOp' && node.parameters.temp === '';
		if (credentials[expirable.name] !== '' && !credentialsExpired && !isCredentialTest) {
			return undefined;
		}
		const output = await type.preAuthentication.call(helpers, credentials);
		if (output[expirable.name] === undefined || !node.credentials) return undefined;
		Object.assign(credentials, output);
		await this.updateCredentials(node.credentials[type.name], type.name, credentials);
		return credentials;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string): Promise<Credentials> {
		const row = this.atRest(details);
		if (row.type !== type) {
			throw new Error(`Credential with ID "${details.id}" does not exist for type "${type}"`);
		}
		return new Credentials({ id: details.id, name: row.name }, type, row.data);
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		where?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = (await this.getCredentials(details, type)).getData();
		if (raw) return stored;
		return this.applyDefaults(additionalData, stored, type, mode, executeData, where);
	}

	/** Fills in the type's defaults and resolves expressions, as before a request or a test. */
	applyDefaults(
		additionalData: IWorkflowExecuteAdditionalData,
		stored: ICredentialDataDecryptedObject,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		where?: ICredentialsExpressionResolveValues,
	): ICredentialDataDecryptedObject {
		const data = NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			stored as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
		const keys = getAdditionalKeys(additionalData, mode, null);
		if (where) {
			return where.workflow.expression.getParameterValue(
				data as INodeParameters,
				where.runExecutionData,
				where.runIndex,
				where.itemIndex,
				where.node.name,
				where.connectionInputData,
				mode,
				keys,
				executeData,
				false,
				data,
			) as ICredentialDataDecryptedObject;
		}
		const workflow = new Workflow({
			nodes: [nowhere],
			connections: {},
			active: false,
			nodeTypes: nowhereTypes,
		});
		return workflow.expression.getComplexParameterValue(
			nowhere,
			data as INodeParameters,
			mode,
			keys,
			undefined,
			undefined,
			data,
		) as ICredentialDataDecryptedObject;
	}

	async updateCredentials(
		details: INodeCredentialsDetails,
		_type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.atRest(details);
		this.save(details.id ?? '', data);
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw new Error('No credential of this package uses OAuth');
	}

	typeOf(name: string): ICredentialType {
		const type = this.types.get(name);
		if (!type) throw new Error(`The credential type "${name}" is not known to this run`);
		return type;
	}

	private save(id: string, data: ICredentialDataDecryptedObject) {
		const row = this.rows.get(id)!;
		const encrypted = new Credentials({ id, name: row.name }, row.type);
		encrypted.setData(data);
		row.data = encrypted.data!;
	}
}

function addGenericAuth(
	{ properties }: IAuthenticateGeneric,
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	workflow: Workflow,
	node: INode,
) {
	const resolve = (value: string) => {
		if (!value.startsWith('=')) return value;
		const keys = { $credentials: credentials } as never; // n8n passes this key without a type
		const found = workflow.expression.getSimpleParameterValue(
			node,
			value,
			'internal',
			keys,
			undefined,
			'',
		);
		return found ? found.toString() : '';
	};
	request.headers ??= {};
	for (const [part, values] of Object.entries(properties)) {
		const target = ((request as unknown as Record<string, Record<string, string>>)[part] ??= {});
		for (const [key, value] of Object.entries(values as Record<string, string>)) {
			target[resolve(key)] = resolve(value);
		}
	}
}
