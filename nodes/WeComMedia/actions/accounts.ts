/** The table of accounts: which credential type opens which system. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { corpApp, customerService } from '../protocol/systems/corpApp';
import { officialAccount } from '../protocol/systems/officialAccount';
import { robot } from '../protocol/systems/robot';
import {
	readCorpSettings,
	readOfficialAccountSettings,
	readSuiteSettings,
	readWebhookSettings,
} from '../protocol/systems/settings';
import { thirdPartyApp } from '../protocol/systems/thirdPartyApp';
import type { System } from '../protocol/systems/types';
import type { World } from '../protocol/wire';

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
} satisfies Record<string, Account>;
