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
	Authorization,
	ByteStream,
	Transport,
	WireRequest,
	WireResponse,
} from '../wecom/client/wire';
import { BACKSTOP_MS, deadlineIn } from './deadline';
import type { Deadline } from './deadline';
import { toNetworkError } from './networkError';
import { openSending } from './sending';
import { isStreamed, streamOf } from '../wecom/client/body';

/** n8n's plain HTTP helper, as `preAuthentication` and every node context has it. */
export type HttpRequest = (options: IHttpRequestOptions) => Promise<unknown>;

interface AuthenticatedContext {
	credentialType: string;
	/** Decrypted, for the item at hand. */
	data: ICredentialDataDecryptedObject;
}

/** Puts the secret where the credential's `authenticate` looks for it, and keeps n8n from fetching one itself. */
const FIELDS_OF: Record<
	Authorization['param'],
	(secret: string) => ICredentialDataDecryptedObject
> = {
	access_token: (secret) => ({ accessToken: secret }),
	key: (secret) => ({ webhookKey: secret, keyCheck: 'not needed' }),
};

/**
 * @returns a transport without n8n's credential machinery: token calls and their checks, links to files. An
 * authorization goes into the query as it is.
 */
export function plainTransport(httpRequest: HttpRequest, canceled?: AbortSignal): Transport {
	return async (request) => {
		const { authorization } = request;
		const secret = authorization ? { [authorization.param]: authorization.value } : {};
		return await exchange(request, canceled, async (options, abortSignal) => {
			const qs = { ...options.qs, ...secret };
			return await httpRequest({ ...options, qs, abortSignal });
		});
	};
}

/**
 * @returns a transport whose authorized calls go through httpRequestWithAuthentication with the credential of the item
 */
export function credentialTransport(
	context: IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions,
	{ credentialType, data }: AuthenticatedContext,
	canceled?: AbortSignal,
): Transport {
	const { httpRequest, httpRequestWithAuthentication } = context.helpers;
	const plain = plainTransport(async (options) => await httpRequest(options), canceled);
	return async (request) => {
		const { authorization } = request;
		if (!authorization) return await plain(request);
		const fields = FIELDS_OF[authorization.param](authorization.value);
		return await exchange(
			request,
			canceled,
			async (options, abortSignal) =>
				await httpRequestWithAuthentication.call(
					endingWith(context, abortSignal),
					credentialType,
					// Where a context has no signal of its own, n8n takes this one.
					{ ...options, abortSignal },
					{
						credentialsDecrypted: {
							id: '',
							name: credentialType,
							type: credentialType,
							data: { ...data, ...fields },
						},
					},
				),
		);
	};
}

/** The same context, but n8n, which sets its own signal for such a request whatever the options say, finds ours there. */
function endingWith<Context extends object>(context: Context, signal: AbortSignal): Context {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as Context;
}

async function exchange(
	request: WireRequest,
	canceled: AbortSignal | undefined,
	send: (options: IHttpRequestOptions, signal: AbortSignal) => Promise<unknown>,
): Promise<WireResponse> {
	const options = requestOptionsOf(request);
	const sending = isStreamed(request.body) ? await openSending(request.body) : undefined;
	if (sending) options.body = sending.body;
	const deadline = deadlineIn(request.timeoutMs, canceled);
	const failure = (error: unknown) =>
		sending?.sourceFailure() ?? toNetworkError(error, request, deadline.isOver());
	try {
		const answer = (await send(options, deadline.signal)) as IN8nHttpFullResponse;
		const { statusCode: status, body } = answer;
		const stream = streamOf(body as Buffer | ByteStream);
		const headers = lowerCased(answer.headers);
		if (request.answer === 'bytes') {
			return { status, headers, body: timed(stream, deadline, failure) };
		}
		deadline.lift();
		return { status, headers, body: closable(stream, deadline), handed: stream };
	} catch (error) {
		deadline.close();
		throw failure(error);
	} finally {
		sending?.close();
	}
}

/** A body that must be there within the time, its failures told like those of the request. */
function timed(
	stream: ByteStream,
	deadline: Deadline,
	failure: (error: unknown) => unknown,
): ByteStream {
	const { destroy } = closable(stream, deadline);
	async function* pieces(): AsyncGenerator<Uint8Array | string> {
		let isWhole = false;
		try {
			yield* stream;
			isWhole = true;
		} catch (error) {
			throw failure(error);
		} finally {
			if (isWhole) deadline.release();
			else destroy?.();
		}
	}
	return Object.assign(pieces(), { destroy });
}

/** A body whose destruction closes the connection, whatever n8n's HTTP client has put between. */
function closable(stream: ByteStream, deadline: Deadline): ByteStream {
	return {
		[Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
		destroy: (error) => {
			// Before the signal, whose own error would come first otherwise.
			stream.destroy?.(error);
			if (hasArrived(stream)) deadline.release();
			else deadline.close();
		},
	};
}

/** Whether all of an answer has come: ending a request that is over costs as much as reading a small file. */
function hasArrived(stream: ByteStream): boolean {
	return (stream as { complete?: unknown }).complete === true;
}

function requestOptionsOf(request: WireRequest): IHttpRequestOptions {
	const { body } = request;
	const streamed = isStreamed(body) ? body : undefined;
	const isJson = body !== undefined && !streamed && !Buffer.isBuffer(body);
	return {
		method: request.method,
		url: request.url,
		qs: { ...request.query },
		headers: {
			...(isJson ? { 'content-type': 'application/json' } : {}),
			// Without it a stream goes out chunked, which Official Account hosts refuse with HTTP 412.
			...(streamed ? { 'content-length': String(streamed.size) } : {}),
			...request.headers,
		},
		body: isJson ? JSON.stringify(body) : (body as Buffer | undefined),
		// Also where the body is small: only so does n8n's HTTP client leave the limits of size and time to us.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A followed redirect keeps a copy of the body and would carry the secret in the query to another host.
		disableFollowRedirect: true,
		timeout: request.timeoutMs + BACKSTOP_MS,
	};
}

function lowerCased(headers: object): WireResponse['headers'] {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value as string]),
	);
}
