import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { properties } from './actions/nodeDescription';
import { listSearch } from './actions/lists';
import { route } from './actions/router';
import { weComSmartBotApiTest } from './n8n/smartBotCredential';

export class WeComMedia implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Media',
		name: 'weComMedia',
		icon: { light: 'file:weComMedia.svg', dark: 'file:weComMedia.dark.svg' },
		group: ['transform'],
		version: 1,
		// Short: the canvas cuts off what is longer than about 27 letters.
		subtitle:
			'={{ { addWelcomeMaterial: "Welcome material", asyncResult: "Upload result", asyncUpload: "Upload large file", createChat: "Create chat", get: "Download", getPermanent: "Get material", getHdVoice: "Download HD voice", reply: "Reply", send: "Send", upload: "Upload", uploadImg: "Upload image", uploadPermanent: "Add material" }[$parameter["operation"]] + ": " + { app: "Corp App", customerService: "Customer Service", officialAccount: "Official Account", robot: "Group Robot", smartBot: "Smart Bot" }[$parameter["resource"]] }}',
		description:
			'Send, upload, download and receive files with WeCom (企业微信): group robots, corp apps, smart bots, WeChat Customer Service and Official Accounts',
		defaults: { name: 'WeCom Media' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// `hide` chooses, not `show`: the editor takes every field named in a credential's `show` for part of the
		// authentication and hides it from the panel. But a credential without any `show` it opens for every system, so
		// that "Create new credential" led to the first one: hence a `show` that names no field and is always true.
		credentials: [
			{
				name: 'weComCorpApi',
				required: true,
				// One entry for two resources: n8n uses only the first entry of a credential type.
				displayOptions: {
					show: { '@version': [1] },
					hide: {
						resource: ['robot', 'smartBot', 'officialAccount'],
						authentication: ['thirdPartyApp'],
					},
				},
			},
			{
				name: 'weComSuiteApi',
				required: true,
				displayOptions: {
					show: { '@version': [1] },
					hide: {
						resource: ['robot', 'smartBot', 'officialAccount', 'customerService'],
						authentication: ['corpSecret'],
					},
				},
			},
			{
				name: 'weComWebhookApi',
				required: true,
				displayOptions: {
					show: { '@version': [1] },
					hide: { resource: ['app', 'customerService', 'smartBot', 'officialAccount'] },
				},
			},
			{
				name: 'weChatOfficialAccountApi',
				required: true,
				displayOptions: {
					show: { '@version': [1] },
					hide: { resource: ['app', 'customerService', 'robot', 'smartBot'] },
				},
			},
			{
				name: 'weComSmartBotApi',
				required: true,
				testedBy: 'weComSmartBotApiTest',
				displayOptions: {
					show: { '@version': [1] },
					hide: { resource: ['app', 'customerService', 'robot', 'officialAccount'] },
				},
			},
		],
		properties,
	};

	methods = { credentialTest: { weComSmartBotApiTest }, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}
}
