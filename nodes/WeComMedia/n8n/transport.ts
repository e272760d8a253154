/** Our request → n8n's HTTP helper → our answer, so that n8n's proxy and security settings hold. */
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import type {
	Authorisation,
	ByteStream,
	Transport,
	WireRequest,
	WireResponse,
} from '../wecom/client/wire';
import { toNetworkError } from './networkError';
import { openSending } from './sending';

/** n8n's plain HTTP helper, as `preAuthentication` and every node context has it. */
export type HttpRequest = (options: IHttpRequestOptions) => Promise<unknown>;

export interface AuthenticatedContext {
	credentialType: string;
	/** Decrypted, for the item at hand. */
	data: ICredentialDataDecryptedObject;
}

/** Puts the secret where the credential's `authenticate` looks for it, and keeps n8n from fetching one itself. */
const FIELDS_OF: Record<
	Authorisation['param'],
	(secret: string) => ICredentialDataDecryptedObject
> = {
	access_token: (secret) => ({ accessToken: secret }),
	key: (secret) => ({ webhookKey: secret, keyCheck: 'not needed' }),
};

/**
 * @returns a transport without n8n's credential machinery: token calls and their checks, links to files. An
 * authorisation goes into the query as it is.
 */
export function plainTransport(httpRequest: HttpRequest, signal?: AbortSignal): Transport {
	return async (request) => {
		const { authorisation } = request;
		const secret = authorisation ? { [authorisation.param]: authorisation.value } : {};
		return await exchange(
			request,
			async (options) =>
				await httpRequest({
					...options,
					qs: { ...options.qs, ...secret },
					abortSignal: signal,
				}),
		);
	};
}

/**
 * @returns a transport whose authorised calls go through httpRequestWithAuthentication with the credential of the item
 */
export function credentialTransport(
	context: IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions,
	{ credentialType, data }: AuthenticatedContext,
	signal?: AbortSignal,
): Transport {
	const { httpRequest, httpRequestWithAuthentication } = context.helpers;
	const plain = plainTransport(async (options) => await httpRequest(options), signal);
	return async (request) => {
		const { authorisation } = request;
		if (!authorisation) return await plain(request);
		const fields = FIELDS_OF[authorisation.param](authorisation.value);
		return await exchange(
			request,
			async (options) =>
				await httpRequestWithAuthentication.call(context, credentialType, options, {
					credentialsDecrypted: {
						id: '',
						name: credentialType,
						type: credentialType,
						data: { ...data, ...fields },
					},
				}),
		);
	};
}

async function exchange(
	request: WireRequest,
	send: (options: IHttpRequestOptions) => Promise<unknown>,
): Promise<WireResponse> {
	const options = optionsOf(request);
	const sending = request.stream ? await openSending(request.stream) : undefined;
	if (sending) options.body = sending.body;
	const answer = (await send(options)
		.catch((error: unknown) =>
			Promise.reject(sending?.sourceFailure() ?? toNetworkError(error, request)),
		)
		.finally(() => sending?.close())) as IN8nHttpFullResponse;
	return {
		status: answer.statusCode,
		headers: lowerCased(answer.headers),
		body: answer.body as Buffer | ByteStream,
	};
}

function optionsOf(request: WireRequest): IHttpRequestOptions {
	const isJson = request.body !== undefined && !Buffer.isBuffer(request.body);
	return {
		method: request.method,
		url: request.url,
		qs: { ...request.query },
		headers: {
			...(isJson ? { 'content-type': 'application/json' } : {}),
			// Without it a stream goes out chunked, which Official Account hosts refuse with HTTP 412.
			...(request.stream ? { 'content-length': String(request.stream.size) } : {}),
			...request.headers,
		},
		body: isJson ? JSON.stringify(request.body) : (request.body as Buffer | undefined),
		encoding: request.answer === 'stream' ? 'stream' : 'arraybuffer',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A followed redirect keeps a copy of the body and would carry the secret in the query to another host.
		disableFollowRedirect: true,
		timeout: request.timeoutMs,
	};
}

function lowerCased(headers: object): WireResponse['headers'] {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as string]),
	);
}
