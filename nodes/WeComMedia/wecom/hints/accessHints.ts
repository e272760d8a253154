import type { HintTable } from './types';

/** Who may call: secrets, tokens, ids, permissions, trusted IP addresses, frequency (vendor page 90313). */
export const ACCESS_HINTS: HintTable = {
	[-1]: [
		'WeCom is busy',
		'The call was already repeated where that is safe, so run the workflow again in a few minutes.',
	],
	6000: [
		'Another call changed the same data at the same moment',
		'Run the workflow again, and lower Concurrency if it happens often.',
	],
	40001: [
		'The Secret is not valid',
		'Copy the Secret of this very app again, without spaces (应用管理 → the app → Secret, for Customer Service 微信客服 → API) and check that Corp ID belongs to the same company.',
	],
	40013: ['The Corp ID is not valid', 'Copy it again (我的企业 → 企业信息 → 企业ID).'],
	40014: [
		'The access token is not valid',
		'It was renewed once already, so check that Corp ID and Secret belong to the same app and that Base URL leads to the right WeCom.',
	],
	40035: [
		'A parameter is not valid',
		'Check the values entered in the node, since WeCom could not use one of them.',
	],
	40056: [
		'The Agent ID is not valid',
		'Enter the AgentId of the app whose Secret the credential holds (应用管理 → the app → AgentId).',
	],
	40057: [
		'The callback URL of the app is not valid, or WeCom could not verify it',
		'Check the URL, Token and EncodingAESKey of the app (接收消息 → 设置API接收) while the workflow is active.',
	],
	40058: [
		'A parameter has a value that WeCom does not take',
		"Read WeCom's own text, which names the field that is missing, wrong or too long.",
	],
	40063: ['A required parameter is empty', "Fill in the field that WeCom's own text names."],
	40082: [
		'The suite_access_token is not valid',
		'It was renewed once already, so check Suite ID, Suite Secret and Suite Ticket of the credential.',
	],
	40083: [
		'The Suite ID is not valid',
		'Copy it again from the provider console (服务商后台 → 应用 → SuiteID).',
	],
	40084: [
		'The permanent code is not valid',
		'Use the permanent_code of this company and this app, and let the company authorize the app again if the authorization was canceled.',
	],
	40085: [
		'The Suite Ticket is not valid or too old',
		'Enter the newest suite_ticket: WeCom pushes one every 10 minutes to the command callback (指令回调URL), each valid for 30 minutes.',
	],
	40091: [
		'The Secret does not belong to this Corp ID',
		'Copy Corp ID (我的企业 → 企业信息) and Secret (应用管理 → the app) from the console of the same company.',
	],
	41001: [
		'The access token did not arrive',
		'If Base URL leads to a proxy, make sure that it passes the query string on unchanged.',
	],
	41002: ['The Corp ID is missing', 'Fill in Corp ID in the credential (我的企业 → 企业信息).'],
	41004: ['The Secret is missing', 'Fill in the Secret in the credential (应用管理 → the app).'],
	41011: [
		'The Agent ID is missing',
		'Fill in Agent ID in the credential (应用管理 → the app → AgentId).',
	],
	41021: ['The Suite ID is missing', 'Fill in Suite ID in the third-party app credential.'],
	41022: [
		'The suite_access_token is missing',
		'Check Suite ID, Suite Secret and Suite Ticket in the third-party app credential.',
	],
	42001: [
		'The access token has expired',
		'It was renewed once already, so check that no proxy behind Base URL answers with an old token, and run the workflow again.',
	],
	42009: [
		'The suite_access_token has expired',
		'It was renewed once already, so check that Suite Ticket is the newest one and run the workflow again.',
	],
	43012: [
		'The app has no callback URL',
		'Set one for the app (应用管理 → the app → 接收消息 → 设置API接收).',
	],
	45009: [
		'Too many calls: the limit of this API is used up',
		'Wait a minute or an hour and lower Concurrency, or wait until tomorrow for images (上传图片: 1000 a day and 3000 a month per company).',
	],
	45033: [
		'Too many calls at the same time',
		'Set Concurrency to 1 and do not fetch the same media_id twice at once.',
	],
	48002: [
		'The app may not use this API',
		"Let an administrator give the app the permission; 'Upload Large File' needs the app listed under Customer Contact (客户联系 → 可调用应用).",
	],
	48004: [
		'The authorization of the app was canceled or is not valid',
		'Let an administrator of the company authorize the third-party app again.',
	],
	48005: [
		'WeCom has retired this API',
		'Update this node package, or let an administrator check what replaced the API.',
	],
	48006: [
		'The permission for this API was withdrawn',
		'Let an administrator give the app the permission again (应用管理 → the app).',
	],
	50003: [
		'The app is switched off',
		'Let an administrator switch it on in the console (应用管理 → the app → 启用).',
	],
	60020: [
		'WeCom does not trust the IP address of this n8n',
		'Add {ip} to the trusted IP addresses of the app (应用管理 → the app → 企业可信IP) and try again after a minute.',
	],
	301002: [
		'Agent ID and Secret belong to different apps',
		'Copy both from the same app (应用管理 → the app).',
	],
};

/** Where the self-built app's advice is wrong for a third-party app. */
export const THIRD_PARTY_HINTS: HintTable = {
	40056: [
		'The agentid is not valid',
		'Send with the credential of an app of the company (自建应用, 代开发应用), because this node sends without agentid for a third-party app.',
	],
	40001: [
		'The secret or the permanent code is not valid',
		'Copy Suite Secret from the provider console (服务商后台) and Permanent Code from the authorization of this company again.',
	],
	40013: [
		'The Corp ID is not valid',
		'Enter the corpid of the company that authorized the app, not your own (auth_corpid).',
	],
	40014: [
		'The access token is not valid',
		'It was renewed once already, so check that the company still authorizes the app and that Base URL leads to the right WeCom.',
	],
	40091: [
		'The secret does not belong to this company',
		'Check that Authorized Corp ID and Permanent Code come from the same authorization.',
	],
	41002: ['The Corp ID is missing', 'Fill in Authorized Corp ID in the credential.'],
	41004: ['The secret is missing', 'Fill in Suite Secret and Permanent Code in the credential.'],
	41011: [
		'WeCom wants an agentid',
		"Send with the credential of an app of the company (自建应用, 代开发应用), because WeCom's page asks third-party apps for the agentid of their authorization (获取企业授权信息), which this node does not send.",
	],
	43012: [
		'The app has no callback URL',
		'Set one in the provider console (服务商后台 → the app → 回调配置).',
	],
	48002: [
		'The third-party app may not use this API',
		'Ask for the permission in the provider console (服务商后台) and let the company confirm it.',
	],
	48006: [
		'The permission for this API was withdrawn',
		'Ask for the permission in the provider console (服务商后台) and let the company confirm it.',
	],
	50003: [
		'The app is switched off',
		'Let an administrator of the company switch it on (应用管理 → the app → 启用).',
	],
	60011: [
		'The app may not reach this member or department',
		'Let an administrator of the company widen the visible range of the app (应用管理 → the app → 可见范围).',
	],
	60020: [
		'WeCom does not trust the IP address of this n8n',
		'Add {ip} to the IP whitelist of the app in the provider console (服务商后台 → 服务商信息 → 基本信息 → IP白名单) and try again after a minute.',
	],
	301002: [
		'The agentid belongs to another app',
		'Send with the credential of an app of the company (自建应用, 代开发应用), because this node sends without agentid for a third-party app.',
	],
};
