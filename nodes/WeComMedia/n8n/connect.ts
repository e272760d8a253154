import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { accountWorld, executionWorld, untilCanceled } from './world';
import { WeComClient } from '../wecom/client/client';
import type { System } from '../wecom/accounts/system';
import { credentialTransport, plainTransport } from './transport';
import type { HttpRequest } from './transport';
import type { Account } from './accounts';

/** An account ready for calls. */
export interface Connection {
	system: System;
	client: WeComClient;
}

interface ConnectOptions {
	maxRetries: number;
	/** Milliseconds. */
	requestTimeoutMs: number;
	/** Ends calls and pauses when the execution is canceled. */
	signal?: AbortSignal;
	/** Past n8n's credential helper, which a list with its hundreds of small calls would pay for with each of them. */
	plain?: boolean;
}

/**
 * Opens an account with its decrypted credential.
 *
 * @throws WeComInputError when a field of the credential is wrong
 */
export function connect(
	context: IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions,
	account: Account,
	data: ICredentialDataDecryptedObject,
	options: ConnectOptions,
): Connection {
	const { maxRetries, requestTimeoutMs, signal, plain } = options;
	const httpRequest: HttpRequest = async (request) => await context.helpers.httpRequest(request);
	const shared = accountWorld(
		httpRequest,
		(line) => context.logger.info(`WeCom Media: ${line}`),
		requestTimeoutMs,
	);
	const opened = account.open(data, shared);
	const { authorizer } = opened;
	const authorize = async () => await untilCanceled(authorizer.authorize(), signal);
	const system: System = { ...opened, authorizer: { ...authorizer, authorize } };
	const { credentialType } = account;
	const transport = plain
		? plainTransport(httpRequest, signal)
		: credentialTransport(context, { credentialType, data }, signal);
	const world = executionWorld(context, transport, signal);
	return { system, client: new WeComClient(system, { world, maxRetries, requestTimeoutMs }) };
}
