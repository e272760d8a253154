// A node, a trigger and a credential that know nothing of WeCom: they prove the test engine itself.
import { NodeConnectionTypes, NodeOperationError, sleep } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IExecuteFunctions,
	IHttpRequestHelper,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

/** Fetches a pass from `<baseUrl>/pass` with its secret, then sends the pass with each request. */
export class DummyApi implements ICredentialType {
	name = 'dummyApi';

	displayName = 'Dummy API';

	properties: ICredentialType['properties'] = [
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{ displayName: 'Realm', name: 'realm', type: 'string', default: 'default-realm' },
		{
			displayName: 'Pass',
			name: 'pass',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
		},
	];

	authenticate: ICredentialType['authenticate'] = {
		type: 'generic',
		properties: {
			qs: { pass: '={{$credentials.pass}}' },
			headers: { 'x-realm': '={{$credentials.realm}}' },
		},
	};

	test: ICredentialType['test'] = {
		request: { baseURL: '={{$credentials.baseUrl}}', url: '/whoami' },
		rules: [
			{
				type: 'responseSuccessBody',
				properties: { key: 'errcode', value: 40014, message: 'The pass is not valid' },
			},
		],
	};

	/** How often a pass was fetched; a test resets it. */
	static fetches = 0;

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject) {
		DummyApi.fetches += 1;
		const reply = (await this.helpers.httpRequest({
			url: `${String(credentials.baseUrl)}/pass`,
			qs: { secret: credentials.secret },
		})) as { pass?: string; errmsg?: string };
		if (!reply.pass) throw new Error(`no pass: ${reply.errmsg}`);
		credentials.pass = reply.pass;
		return {};
	}
}

/** The same credential authenticating with a function. */
export class DummyFunctionApi extends DummyApi {
	name = 'dummyFunctionApi';

	authenticate: ICredentialType['authenticate'] = async (credentials, request) => ({
		...request,
		headers: { ...request.headers, 'x-pass': String(credentials.pass) },
	});
}

const properties: INodeTypeDescription['properties'] = [
	{ displayName: 'Do', name: 'do', type: 'string', default: 'request' },
	{ displayName: 'Path', name: 'path', type: 'string', default: '/echo' },
	{ displayName: 'Credential', name: 'credentialType', type: 'string', default: 'dummyApi' },
];

const operations: Record<
	string,
	(context: IExecuteFunctions, index: number) => Promise<INodeExecutionData>
> = {
	async request(context, index) {
		const type = context.getNodeParameter('credentialType', index) as string;
		const { baseUrl } = await context.getCredentials(type, index);
		const path = context.getNodeParameter('path', index) as string;
		const options = { url: `${String(baseUrl)}${path}`, json: true };
		const json = await context.helpers.httpRequestWithAuthentication.call(context, type, options);
		return { json };
	},
	async upper(context, index) {
		const { fileName, mimeType } = context.helpers.assertBinaryData(index, 'data');
		const bytes = await context.helpers.getBinaryDataBuffer(index, 'data');
		const text = Buffer.from(bytes.toString('utf8').toUpperCase());
		const data = await context.helpers.prepareBinaryData(text, fileName, mimeType);
		return { json: { bytes: bytes.length }, binary: { data } };
	},
	async realm(context, index) {
		const { realm } = await context.getCredentials('dummyApi', index);
		return { json: { realm } };
	},
	async wait(context) {
		DummyNode.onWaiting();
		while (!context.getExecutionCancelSignal()?.aborted) await sleep(5);
		return { json: {} };
	},
	async log(context) {
		context.logger.info('the node says hello', { detail: 'made-up-detail-of-the-line' });
		return { json: {} };
	},
	/** What a node must never do: the error holds the whole request. */
	async leak(context, index) {
		const { baseUrl, secret } = await context.getCredentials('dummyApi', index);
		const url = `${String(baseUrl)}/broken`;
		return await context.helpers.httpRequest({ url, qs: { secret } });
	},
	async fail(context, itemIndex) {
		throw new NodeOperationError(context.getNode(), 'it did not work', { itemIndex });
	},
};

export class DummyNode implements INodeType {
	/** Called when `wait` has begun. */
	static onWaiting: () => void = () => {};

	description: INodeTypeDescription = {
		displayName: 'Dummy',
		name: 'dummy',
		group: ['transform'],
		version: 1,
		description: 'Does one of several simple things',
		defaults: { name: 'Dummy' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dummyApi' }, { name: 'dummyFunctionApi' }],
		properties,
	};

	async execute(this: IExecuteFunctions) {
		const results: INodeExecutionData[] = [];
		for (const index of this.getInputData().keys()) {
			const operation = operations[this.getNodeParameter('do', index) as string];
			const item = await operation(this, index).catch((error: Error) => {
				if (this.continueOnFail()) return { json: { error: error.message } };
				throw error;
			});
			results.push({ ...item, pairedItem: index });
		}
		return [results];
	}
}

/** GET answers the query's echo, POST starts an execution with what was posted. */
export class DummyTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dummy Trigger',
		name: 'dummyTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Starts the workflow',
		defaults: { name: 'Dummy Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'dummyApi' }],
		webhooks: [
			{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', path: 'dummy' },
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'dummy',
			},
		],
		properties: [],
	};

	webhookMethods = {
		default: {
			checkExists: async () => true,
			create: async () => true,
			delete: async () => true,
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const response = this.getResponseObject();
		if (this.getWebhookName() === 'setup') {
			const { echo } = this.getQueryData() as { echo: string };
			response.status(200).type('text/plain').send(echo);
			return { noWebhookResponse: true };
		}
		const { realm } = await this.getCredentials('dummyApi');
		const text = this.getRequestObject().rawBody.toString('utf8');
		if (text === 'refuse me') {
			response.status(403).end();
			return { noWebhookResponse: true };
		}
		if (text === 'break') throw new NodeOperationError(this.getNode(), 'cannot read this');
		const staticData = this.getWorkflowStaticData('node') as { seen?: string[] };
		staticData.seen = [...(staticData.seen ?? []), text];
		const url = this.getNodeWebhookUrl('default');
		return {
			webhookResponse: 'success',
			workflowData: [[{ json: { text, realm, url } }]],
		};
	}
}
