/** The table of accounts: which credential type opens which system. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { corpApp, customerService } from '../wecom/accounts/corpApp';
import { officialAccount } from '../wecom/accounts/officialAccount';
import { robot, smartBot } from '../wecom/accounts/robots';
import {
	readCorpSettings,
	readOfficialAccountSettings,
	readSuiteSettings,
	readWebhookSettings,
} from '../wecom/accounts/accountSettings';
import { thirdPartyApp } from '../wecom/accounts/thirdPartyApp';
import type { System } from '../wecom/accounts/system';
import type { World } from '../wecom/client/wire';
import { readSmartBotSettings } from './smartBotCredential';

/** How a credential becomes a system. */
export interface Account {
	credentialType: string;
	open(data: ICredentialDataDecryptedObject, world: World): System;
}

export const accounts = {
	corpSecret: {
		credentialType: 'weComCorpApi',
		open: (data, world) => corpApp(readCorpSettings(data), world),
	},
	thirdPartyApp: {
		credentialType: 'weComSuiteApi',
		open: (data, world) => thirdPartyApp(readSuiteSettings(data), world),
	},
	customerService: {
		credentialType: 'weComCorpApi',
		open: (data, world) => customerService(readCorpSettings(data), world),
	},
	robot: {
		credentialType: 'weComWebhookApi',
		open: (data) => robot(readWebhookSettings(data)),
	},
	officialAccount: {
		credentialType: 'weChatOfficialAccountApi',
		open: (data, world) => officialAccount(readOfficialAccountSettings(data), world),
	},
	smartBot: {
		credentialType: 'weComSmartBotApi',
		open: (data) => smartBot(readSmartBotSettings(data)),
	},
} satisfies Record<string, Account>;
