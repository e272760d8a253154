/** The trigger's credential: what opens its callbacks, and what is wrong with it. */
import { NodeOperationError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { accounts } from '../n8n/accounts';
import type { Account } from '../n8n/accounts';
import { readCallbackSettings } from '../wecom/callback/settings';
import type { CallbackSettings } from '../wecom/callback/settings';

interface TriggerContext {
	getNode(): INode;
	getNodeParameter(name: string, fallback?: unknown): unknown;
	getCredentials(type: string): Promise<ICredentialDataDecryptedObject>;
}

export interface TriggerCredential {
	account: Account;
	data: ICredentialDataDecryptedObject;
}

export interface TriggerAccount extends TriggerCredential {
	settings: CallbackSettings;
}

/** @returns the account the trigger was given, its callback fields unread */
export async function readTriggerAccount(context: TriggerContext): Promise<TriggerCredential> {
	const isSuite = context.getNodeParameter('authentication', 'corpSecret') === 'thirdPartyApp';
	const account = isSuite ? accounts.thirdPartyApp : accounts.corpSecret;
	return { account, data: await context.getCredentials(account.credentialType) };
}

/**
 * @returns the account and its callback settings
 * @throws NodeOperationError that names the field and says where its value stands in the console
 */
export async function openTriggerAccount(context: TriggerContext): Promise<TriggerAccount> {
	const { account, data } = await readTriggerAccount(context);
	const read = readCallbackSettings({
		callbackToken: String(data.callbackToken ?? ''),
		encodingAesKey: String(data.encodingAesKey ?? ''),
		console: account === accounts.thirdPartyApp ? 'provider' : 'company',
		// The data callback of a third-party app names the authorized corp.
		receiveIds: [String(data.authCorpId ?? data.corpId ?? '')],
	});
	if (read.ok) return { account, data, settings: read.settings };
	const [first, ...others] = read.problems.map(({ message }) => message);
	throw new NodeOperationError(context.getNode(), first, { description: others.join(' ') });
}
