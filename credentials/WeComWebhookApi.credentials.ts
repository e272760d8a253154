import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import {
	baseUrlExpression,
	baseUrlFields,
	hiddenField,
	preAuthenticationFor,
} from '../nodes/WeComMedia/n8n/credentialFields';
import { webhookKeyCheck } from '../nodes/WeComMedia/wecom/accounts/robots';
import { QYAPI_URL, readWebhookSettings } from '../nodes/WeComMedia/wecom/accounts/accountSettings';

export class WeComWebhookApi implements ICredentialType {
	name = 'weComWebhookApi';

	displayName = 'WeCom Group Robot Webhook (企业微信群机器人) API';

	icon: Icon = {
		light: 'file:../nodes/WeComMedia/weComMedia.svg',
		dark: 'file:../nodes/WeComMedia/weComMedia.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-wecom-media/n8n-nodes-wecom-media/blob/main/docs/credentials.md#wecom-group-robot-webhook-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Webhook Key',
			name: 'webhookKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
			hint: '群机器人 (消息推送) → Webhook地址, whole or only its key',
			description:
				'The webhook address of the robot, whole or only its key: open the group → 群机器人 (消息推送) → the robot → Webhook地址',
		},
		...baseUrlFields(QYAPI_URL),
		hiddenField('keyCheck', 'Key Check'),
	];

	/** The key may have been pasted as a whole address, which then also says where the test goes. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { baseUrl, webhookKey } = readWebhookSettings(credentials);
		requestOptions.qs = { ...requestOptions.qs, key: webhookKey };
		if (requestOptions.baseURL) requestOptions.baseURL = baseUrl;
		return requestOptions;
	}

	/** The same call that `preAuthentication` judges: an empty text, which WeCom refuses without posting anything. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(QYAPI_URL),
			url: '/cgi-bin/webhook/send',
			method: 'POST',
			body: { msgtype: 'text', text: { content: '' } },
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'errcode',
					value: 93000,
					message: 'WeCom does not know this webhook key. Copy the webhook address again.',
				},
			},
		],
	};

	preAuthentication = preAuthenticationFor('keyCheck', (data, world) =>
		webhookKeyCheck(readWebhookSettings(data), world),
	);
}
