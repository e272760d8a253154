import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import {
	baseUrlFields,
	callbackFields,
	hiddenField,
	preAuthenticationFor,
	tokenInQuery,
	trustedIpTest,
} from '../nodes/WeComMedia/n8n/credentialFields';
import { corpTokenSource } from '../nodes/WeComMedia/wecom/accounts/corpApp';
import { QYAPI_URL, readCorpSettings } from '../nodes/WeComMedia/wecom/accounts/accountSettings';

export class WeComCorpApi implements ICredentialType {
	name = 'weComCorpApi';

	displayName = 'WeCom Corp Secret (企业微信) API';

	icon: Icon = {
		light: 'file:../nodes/WeComMedia/weComMedia.svg',
		dark: 'file:../nodes/WeComMedia/weComMedia.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-wecom-media/n8n-nodes-wecom-media/blob/main/docs/credentials.md#wecom-corp-secret-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Corp ID',
			name: 'corpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ww0123456789abcdef',
			hint: '我的企业 → 企业信息 → 企业ID',
			description:
				'WeCom console (管理后台): 我的企业 → 企业信息 → 企业ID, at the bottom of the page',
		},
		{
			displayName: 'Corp Secret',
			name: 'corpSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: '应用管理 → your app → Secret',
			description:
				'应用管理 → your app → Secret. For WeChat Customer Service the Secret of 微信客服, or of the app that is allowed to call its API.',
		},
		{
			displayName: 'Agent ID',
			name: 'agentId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1000002',
			hint: '应用管理 → your app → AgentId; only to send messages',
			description: '应用管理 → your app → AgentId. Needed only to send messages.',
		},
		...callbackFields('应用管理 → your app → 接收消息 → 设置API接收'),
		...baseUrlFields(QYAPI_URL),
		hiddenField('accessToken', 'Access Token'),
	];

	authenticate = tokenInQuery;

	test: ICredentialTestRequest = trustedIpTest(
		'the WeCom console: 应用管理 → your app → 企业可信IP',
	);

	preAuthentication = preAuthenticationFor('accessToken', (data, world) =>
		corpTokenSource(readCorpSettings(data), world),
	);
}
