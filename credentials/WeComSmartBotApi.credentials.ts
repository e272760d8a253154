import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** Its test is {@link weComSmartBotApiTest} of the nodes (`testedBy`): WeCom has no call to test it with. */
export class WeComSmartBotApi implements ICredentialType {
	name = 'weComSmartBotApi';

	displayName = 'WeCom Smart Bot (企业微信智能机器人) API';

	icon: Icon = {
		light: 'file:../nodes/WeComMedia/weComMedia.svg',
		dark: 'file:../nodes/WeComMedia/weComMedia.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-wecom-media/n8n-nodes-wecom-media/blob/main/docs/credentials.md#wecom-smart-bot-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Callback Token',
			name: 'callbackToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: '智能机器人 → your bot → API模式 → URL回调 → Token',
			description:
				'WeCom console (管理后台): 智能机器人 → your bot → API模式 → URL回调 → Token. Letters and digits, at most 32.',
		},
		{
			displayName: 'EncodingAESKey',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'On the same page, 43 letters and digits',
			description:
				'On the same page as the Callback Token, 43 letters and digits. It also opens the files that people send to the bot.',
		},
	];
}
