/** The trigger's authentications: which credential opens its callbacks, what is read of them, and what is wrong with it. */
import { NodeOperationError } from 'n8n-workflow';
import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { accounts } from '../n8n/accounts';
import type { Account } from '../n8n/accounts';
import { botMessage } from '../wecom/callback/botMessage';
import { SUCCESS_REPLY } from '../wecom/callback/callback';
import { APP_LIMITS, BOT_LIMITS } from '../wecom/callback/envelope';
import type { EnvelopeLimits } from '../wecom/callback/envelope';
import type { Received } from '../wecom/callback/events';
import { appMessage } from '../wecom/callback/appMessage';
import type { MessageView } from '../wecom/callback/appMessage';
import { readCallbackSettings } from '../wecom/callback/callbackSettings';
import type { CallbackSettings, CallbackSettingsInput } from '../wecom/callback/callbackSettings';

/** What one value of the parameter `authentication` means. */
interface Authentication extends Pick<CallbackSettingsInput, 'console' | 'allowEmptyReceiveId'> {
	account: Account;
	/** Field of the credential that names whose messages are accepted. */
	receiver?: string;
	limits: EnvelopeLimits;
	/** Body that tells WeCom a push has arrived. */
	reply: string;
	readMessage(received: Received): MessageView;
}

const APP = { limits: APP_LIMITS, reply: SUCCESS_REPLY, readMessage: appMessage };

const AUTHENTICATIONS: Record<string, Authentication> = {
	corpSecret: { ...APP, account: accounts.corpSecret, console: 'company', receiver: 'corpId' },
	// The data callback of a third-party app names the authorized corp.
	thirdPartyApp: {
		...APP,
		account: accounts.thirdPartyApp,
		console: 'provider',
		receiver: 'authCorpId',
	},
	// A bot's messages name no receiver, and it is answered by an empty body (vendor page 101033).
	smartBot: {
		account: accounts.smartBot,
		console: 'smartBot',
		allowEmptyReceiveId: true,
		limits: BOT_LIMITS,
		reply: '',
		readMessage: botMessage,
	},
};

interface TriggerContext {
	getNode(): INode;
	getNodeParameter(name: string, fallback?: unknown): unknown;
	getCredentials(type: string): Promise<ICredentialDataDecryptedObject>;
}

interface TriggerCredential {
	account: Account;
	data: ICredentialDataDecryptedObject;
}

export interface TriggerAccount extends TriggerCredential {
	authentication: Authentication;
	settings: CallbackSettings;
}

/** @returns what the panel's Authentication means */
export function authenticationOf(
	context: Pick<TriggerContext, 'getNodeParameter'>,
): Authentication {
	const chosen = String(context.getNodeParameter('authentication', 'corpSecret'));
	return Object.hasOwn(AUTHENTICATIONS, chosen)
		? AUTHENTICATIONS[chosen]
		: AUTHENTICATIONS.corpSecret;
}

/** @returns the account the trigger was given, its callback fields unread */
export async function readTriggerAccount(context: TriggerContext): Promise<TriggerCredential> {
	const { account } = authenticationOf(context);
	return { account, data: await context.getCredentials(account.credentialType) };
}

/**
 * @returns the account and its callback settings
 * @throws NodeOperationError that names the field and says where its value stands in the console
 */
export async function openTriggerAccount(context: TriggerContext): Promise<TriggerAccount> {
	const { account, data } = await readTriggerAccount(context);
	const authentication = authenticationOf(context);
	const { console, receiver, allowEmptyReceiveId } = authentication;
	const read = readCallbackSettings({
		callbackToken: String(data.callbackToken ?? ''),
		encodingAesKey: String(data.encodingAesKey ?? ''),
		console,
		allowEmptyReceiveId,
		receiveIds: receiver === undefined ? [] : [String(data[receiver] ?? '')],
	});
	if (read.ok) return { account, data, authentication, settings: read.settings };
	const [first, ...others] = read.problems.map(({ message }) => message);
	throw new NodeOperationError(context.getNode(), first, { description: others.join(' ') });
}
