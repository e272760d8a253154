import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import {
	baseUrlFields,
	callbackFields,
	hiddenField,
	preAuthenticationFor,
	tokenInQuery,
	trustedIpTest,
} from '../nodes/WeComMedia/n8n/credentialFields';
import { QYAPI_URL, readSuiteSettings } from '../nodes/WeComMedia/wecom/accounts/accountSettings';
import { suiteCorpTokenSource } from '../nodes/WeComMedia/wecom/accounts/thirdPartyApp';

export class WeComSuiteApi implements ICredentialType {
	name = 'weComSuiteApi';

	displayName = 'WeCom Third-Party App (企业微信第三方应用) API';

	icon: Icon = {
		light: 'file:../nodes/WeComMedia/weComMedia.svg',
		dark: 'file:../nodes/WeComMedia/weComMedia.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-wecom-media/n8n-nodes-wecom-media/blob/main/docs/credentials.md#wecom-third-party-app-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Suite ID',
			name: 'suiteId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ww4asffe99e54c0f4c',
			hint: '应用管理 → the app → 基本信息 → SuiteID',
			description: 'Provider console (服务商后台): 应用管理 → the app → 基本信息 → SuiteID',
		},
		{
			displayName: 'Suite Secret',
			name: 'suiteSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: '应用管理 → the app → 基本信息 → Secret',
			description: 'On the same page as the Suite ID',
		},
		{
			displayName: 'Suite Ticket',
			name: 'suiteTicket',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Pushed to 指令回调URL every 10 minutes: use an expression that reads the latest',
			description:
				'The latest suite_ticket, which WeCom pushes every 10 minutes to 指令回调URL and which is valid for 30 minutes. An expression that reads it from where your receiver stores it keeps it fresh.',
		},
		{
			displayName: 'Authorized Corp ID',
			name: 'authCorpId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ww0123456789abcdef',
			hint: 'The corpid that get_permanent_code gave',
			description: 'The corpid of the company that authorized the app, from get_permanent_code',
		},
		{
			displayName: 'Permanent Code',
			name: 'permanentCode',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'The permanent_code (永久授权码) that get_permanent_code gave',
			description: 'The permanent_code of that authorization, from get_permanent_code',
		},
		...callbackFields('回调配置 → 数据回调URL of the app'),
		...baseUrlFields(QYAPI_URL),
		hiddenField('accessToken', 'Access Token'),
	];

	authenticate = tokenInQuery;

	test: ICredentialTestRequest = trustedIpTest(
		'the provider console: 服务商信息 → 基本信息 → IP白名单',
	);

	preAuthentication = preAuthenticationFor('accessToken', (data, world) =>
		suiteCorpTokenSource(readSuiteSettings(data), world),
	);
}
