/** The credential of a smart bot: how it opens, and what can be said of it without asking WeCom. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { readCallbackSettings } from '../wecom/callback/callbackSettings';
import { WeComInputError } from '../wecom/client/errors';

const LABELS = { callbackToken: 'Callback Token', encodingAesKey: 'EncodingAESKey' };

/**
 * @returns the key of the bot's files, and what must never be shown
 * @throws WeComInputError when EncodingAESKey cannot be one
 */
export function readSmartBotSettings(data: ICredentialDataDecryptedObject) {
	const read = readForms(data);
	if (read.ok) return { aesKey: read.settings.aesKey, secrets: secretsOf(data) };
	const [{ field, message }] = read.problems;
	throw new WeComInputError(message, '', LABELS[field as keyof typeof LABELS]);
}

/**
 * The credential's test. WeCom has no call that would tell whether Token and key are the bot's, so it looks at their form,
 * and says so.
 */
export async function weComSmartBotApiTest(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const read = readForms(data);
	if (!read.ok) {
		return { status: 'Error', message: read.problems.map(({ message }) => message).join(' ') };
	}
	return {
		status: 'OK',
		message:
			'Both have the right form. WeCom has no call to test more: saving the URL of WeCom Media Trigger in the console does.',
	};
}

function readForms({ callbackToken, encodingAesKey }: ICredentialDataDecryptedObject) {
	return readCallbackSettings({
		callbackToken: String(callbackToken ?? ''),
		encodingAesKey: String(encodingAesKey ?? ''),
		console: 'smartBot',
		receiveIds: [],
		allowEmptyReceiveId: true,
	});
}

function secretsOf({ callbackToken, encodingAesKey }: ICredentialDataDecryptedObject): string[] {
	return [callbackToken, encodingAesKey].map((value) => String(value ?? '').trim());
}
