/** Fields and hooks the credential types share. */
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { QYAPI_URL } from '../wecom/accounts/accountSettings';
import { sharedTokens } from '../wecom/accounts/tokens';
import type { TokenSource } from '../wecom/accounts/tokens';
import type { World } from '../wecom/client/wire';
import { sentenceOf } from './nodeErrors';
import type { HttpRequest } from './transport';
import { accountWorld } from './world';

/** n8n hands `preAuthentication` nothing but its HTTP helper. */
export interface PreAuthenticationContext {
	helpers: { httpRequest: HttpRequest };
}

/**
 * How old (ms) a check of the token may be when the credential test or the HTTP Request node asks. n8n renews tokens on
 * HTTP 401 only, and WeCom says "dead token" with HTTP 200, so a refused token stays in use for at most this long.
 */
const CHECK_AGE_MS = 60_000;

/** @returns Base URL and its opt-in for plain http */
export function baseUrlFields(defaultUrl: string): INodeProperties[] {
	return [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: defaultUrl,
			placeholder: `e.g. ${defaultUrl}`,
			description:
				'Change it only for a private deployment (私有化部署) or a proxy with a fixed IP; a path before /cgi-bin is kept',
		},
		{
			displayName: 'Allow Insecure HTTP',
			name: 'allowInsecureHttp',
			type: 'boolean',
			default: false,
			description:
				'Whether a Base URL with plain http is accepted for hosts other than this machine. Secrets then travel unencrypted.',
		},
	];
}

/** @returns Token and EncodingAESKey of the callback; `where` is the console page that shows both */
export function callbackFields(where: string): INodeProperties[] {
	return [
		{
			displayName: 'Callback Token',
			name: 'callbackToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Only for WeCom Media Trigger',
			description: `${where} → Token. Needed only for WeCom Media Trigger.`,
		},
		{
			displayName: 'EncodingAESKey',
			name: 'encodingAesKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Only for WeCom Media Trigger',
			description:
				'On the same page as the Callback Token, 43 letters and digits. Needed only for WeCom Media Trigger.',
		},
	];
}

/**
 * Puts the checked token into the query, the only place where WeCom looks for it (41001 otherwise). A function, since n8n
 * starts its expression engine for anything else at every request.
 */
export async function tokenInQuery(
	{ accessToken }: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	return { ...request, qs: { ...request.qs, access_token: accessToken } };
}

/**
 * The hidden field that makes n8n call `preAuthentication`. It is never stored: the token lives in this process's cache,
 * where parallel requests share one fetch and a changed secret is a new entry.
 */
export function hiddenField(name: string, displayName: string): INodeProperties {
	return {
		displayName,
		name,
		type: 'hidden',
		typeOptions: { expirable: true, password: true },
		default: '',
	};
}

/** What n8n calls before it uses or tests a credential. */
type PreAuthentication = (
	this: PreAuthenticationContext,
	credentials: ICredentialDataDecryptedObject,
) => Promise<ICredentialDataDecryptedObject>;

/**
 * @param field the hidden one, see {@link hiddenField}
 * @returns a function that puts a checked token into the credentials n8n is about to use, and gives n8n nothing to store.
 * It throws an Error with the sentence the credential test shows.
 */
export function preAuthenticationFor(
	field: string,
	sourceOf: (data: ICredentialDataDecryptedObject, world: World) => TokenSource,
): PreAuthentication {
	return async function (credentials) {
		const world = accountWorld(async (options) => await this.helpers.httpRequest(options));
		try {
			const source = sourceOf(credentials, world);
			credentials[field] = await sharedTokens.getVerified(source, CHECK_AGE_MS);
		} catch (error) {
			throw asShown(error);
		}
		return {};
	};
}

function asShown(error: unknown): Error {
	return new Error(sentenceOf(error));
}

/** An expression for declarative requests: the Base URL as the node itself would normalize it. */
export function baseUrlExpression(defaultUrl: string): string {
	return `={{ ($credentials.baseUrl || '${defaultUrl}').trim().replace(/\\/+$/, '').replace(/\\/cgi-bin$/, '') }}`;
}

/**
 * The test of an app's credential: `preAuthentication` has fetched a token by then, so what is left to be wrong is the IP.
 *
 * @param where to add it in the console
 */
export function trustedIpTest(where: string): ICredentialTestRequest {
	const message = `The IP of this n8n server is not trusted. Add it in ${where}.`;
	return {
		request: { baseURL: baseUrlExpression(QYAPI_URL), url: '/cgi-bin/get_api_domain_ip' },
		rules: [{ type: 'responseSuccessBody', properties: { key: 'errcode', value: 60020, message } }],
	};
}
