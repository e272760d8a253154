import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import {
	baseUrlExpression,
	baseUrlFields,
	hiddenField,
	preAuthenticationFor,
	tokenInQuery,
} from '../nodes/WeComMedia/n8n/credentialFields';
import { stableTokenSource } from '../nodes/WeComMedia/wecom/accounts/officialAccount';
import {
	OFFICIAL_ACCOUNT_URL,
	readOfficialAccountSettings,
} from '../nodes/WeComMedia/wecom/accounts/accountSettings';

export class WeChatOfficialAccountApi implements ICredentialType {
	name = 'weChatOfficialAccountApi';

	displayName = 'WeChat Official Account (微信公众号) API';

	icon: Icon = {
		light: 'file:../nodes/WeComMedia/weComMedia.svg',
		dark: 'file:../nodes/WeComMedia/weComMedia.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-wecom-media/n8n-nodes-wecom-media/blob/main/docs/credentials.md#wechat-official-account-api';

	properties: INodeProperties[] = [
		{
			displayName: 'App ID',
			name: 'appId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wx0123456789abcdef',
			hint: '设置与开发 → 开发接口管理 → 基本配置 → 开发者ID(AppID)',
			description: '公众平台: 设置与开发 → 开发接口管理 → 基本配置 → 开发者ID(AppID)',
		},
		{
			displayName: 'App Secret',
			name: 'appSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'On the same page: 开发者密码(AppSecret)',
			description:
				'On the same page: 开发者密码(AppSecret). The IP of the n8n server must be listed in IP白名单 there.',
		},
		...baseUrlFields(OFFICIAL_ACCOUNT_URL),
		hiddenField('accessToken', 'Access Token'),
	];

	authenticate = tokenInQuery;

	/** Normal mode gives the token that is already valid, so nothing is disturbed. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(OFFICIAL_ACCOUNT_URL),
			url: '/cgi-bin/stable_token',
			method: 'POST',
			body: {
				grant_type: 'client_credential',
				appid: '={{ $credentials.appId.trim() }}',
				secret: '={{ $credentials.appSecret.trim() }}',
			},
		},
		rules: [40001, 40013, 40125, 40164, 40243].map((errcode) => ({
			type: 'responseSuccessBody',
			properties: {
				key: 'errcode',
				value: errcode,
				message: `WeChat refuses this account (${errcode}). Check App ID, App Secret and IP白名单.`,
			},
		})),
	};

	preAuthentication = preAuthenticationFor('accessToken', (data, world) =>
		stableTokenSource(readOfficialAccountSettings(data), world),
	);
}
