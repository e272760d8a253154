import { NodeApiError } from 'n8n-workflow';
import type { INode, JsonObject } from 'n8n-workflow';
import { toNetworkError } from '../../nodes/WeComMedia/n8n/networkError';
import { WeComCanceledError, WeComNetworkError } from '../../nodes/WeComMedia/wecom/client/errors';

const node: INode = {
	id: '1',
	name: 'WeCom Media',
	type: 'weComMedia',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const request = {
	url: 'https://qyapi.weixin.qq.com/cgi-bin/media/upload?access_token=made-up-token',
	timeoutMs: 60_000,
};

const failure = (code: string) =>
	Object.assign(new Error(`${code} https://host/?access_token=made-up-token`), { code });

/** The three ways in which the code of a failure reaches the node. */
const wrappings: Array<[string, (code: string) => unknown]> = [
	['as the HTTP client threw it', failure],
	['as the cause of another error', (code) => new Error('outer', { cause: failure(code) })],
	[
		"inside n8n's NodeApiError",
		(code) => new NodeApiError(node, failure(code) as unknown as JsonObject),
	],
];

const host = 'qyapi.weixin.qq.com';
const codes: Array<[string, string, 'no' | 'maybe']> = [
	['ENOTFOUND', `${host} cannot be found (DNS) (ENOTFOUND)`, 'no'],
	['ECONNREFUSED', `${host} refuses the connection (ECONNREFUSED)`, 'no'],
	['EHOSTUNREACH', `${host} cannot be reached (EHOSTUNREACH)`, 'no'],
	[
		'CERT_HAS_EXPIRED',
		`${host} shows a certificate that cannot be trusted (CERT_HAS_EXPIRED)`,
		'no',
	],
	[
		'SELF_SIGNED_CERT_IN_CHAIN',
		`${host} shows a certificate that cannot be trusted (SELF_SIGNED_CERT_IN_CHAIN)`,
		'no',
	],
	['ECONNRESET', `${host} broke the connection (ECONNRESET)`, 'maybe'],
	['ERR_BAD_RESPONSE', `${host} broke the connection (ERR_BAD_RESPONSE)`, 'maybe'],
	['EPIPE', `${host} closed the connection while the file was being sent (EPIPE)`, 'maybe'],
	['ECONNABORTED', `${host} did not answer within 60 s`, 'maybe'],
	['ETIMEDOUT', `${host} did not answer within 60 s`, 'maybe'],
	['EMADEUP', `no usable answer from ${host} (EMADEUP)`, 'maybe'],
];

describe.each(wrappings)('a failed connection, %s', (_how, wrap) => {
	test.each(codes)('%s', (code, sentence, reached) => {
		const error = toNetworkError(wrap(code), request);
		expect(error).toBeInstanceOf(WeComNetworkError);
		expect(error).toMatchObject({ message: sentence, reached });
		expect((error as WeComNetworkError).hint).not.toBe('');
		expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toContain(
			'made-up-token',
		);
	});

	test('a stopped execution is no failed connection', () => {
		expect(toNetworkError(wrap('ERR_CANCELED'), request)).toBeInstanceOf(WeComCanceledError);
	});
});

test("n8n's own guard against private networks is explained", () => {
	const blocked = new Error(
		'The request was blocked because it resolves to a restricted IP address',
	);
	expect(toNetworkError(blocked, request)).toMatchObject({
		message: `n8n blocked the request to ${host}, because it leads to a private network`,
		hint: expect.stringContaining('N8N_SSRF_ALLOWED_HOSTNAMES') as string,
		reached: 'no',
	});
});

test.each([undefined, null, 'text', 7, {}])('%p in place of an error is survived', (thrown) => {
	expect(toNetworkError(thrown, request)).toMatchObject({
		message: `no usable answer from ${host} (no code)`,
	});
});
