import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { weComSmartBotApiTest } from './n8n/smartBotCredential';
import { triggerPanel, triggerProperties, triggerWebhooks } from './trigger/triggerDescription';
import { giveItems } from './trigger/execute';
import { openTriggerAccount } from './trigger/authentications';
import { handleWebhook } from './trigger/webhook';

export class WeComMediaTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WeCom Media Trigger',
		name: 'weComMediaTrigger',
		icon: { light: 'file:weComMedia.svg', dark: 'file:weComMedia.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["events"].map((event) => ({ "*": "Everything", upload_media_job_finish: "Large upload finished", kf_msg_or_event: "Customer message" })[event] ?? event).join(", ") }}',
		// n8n merges node and trigger in its list of nodes and shows this text for both.
		description:
			'Send, upload, download and receive files with WeCom (企业微信): group robots, corp apps, smart bots, WeChat Customer Service and Official Accounts',
		eventTriggerDescription: 'Waiting for WeCom to call the Test URL',
		activationMessage:
			'Now save the Production URL in the WeCom console: an app under 接收消息 → 设置API接收, a smart bot under API模式 → URL回调. WeCom verifies it at once.',
		defaults: { name: 'WeCom Media Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'weComCorpApi',
				required: true,
				// See WeComMedia.node.ts for the `show`.
				displayOptions: {
					show: { '@version': [1] },
					hide: { authentication: ['thirdPartyApp', 'smartBot'] },
				},
			},
			{
				name: 'weComSuiteApi',
				required: true,
				displayOptions: {
					show: { '@version': [1] },
					hide: { authentication: ['corpSecret', 'smartBot'] },
				},
			},
			{
				name: 'weComSmartBotApi',
				required: true,
				testedBy: 'weComSmartBotApiTest',
				displayOptions: {
					show: { '@version': [1] },
					hide: { authentication: ['corpSecret', 'thirdPartyApp'] },
				},
			},
		],
		webhooks: triggerWebhooks,
		triggerPanel,
		properties: triggerProperties,
	};

	methods = { credentialTest: { weComSmartBotApiTest } };

	/** The URL is entered by hand in the console; activating only makes sure that the credential can open what arrives. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				await openTriggerAccount(this);
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	/** Answers WeCom, and gives n8n what it runs {@link execute} with. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await giveItems(this);
	}
}
