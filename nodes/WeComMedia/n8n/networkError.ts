/** Turns what n8n's HTTP helper throws into our network error: own words only, since its texts may hold the URL. */
import { WeComCanceledError, WeComNetworkError } from '../wecom/client/errors';
import { BROKEN_HINT } from '../wecom/client/retries';
import type { WireRequest } from '../wecom/client/wire';

interface Explanation {
	what: string;
	hint: string;
	/** Whether WeCom may have seen the request. */
	reached: 'no' | 'maybe';
}

const UNREACHABLE = 'Check Base URL, the network of the n8n server and its proxy settings.';
const CERTIFICATE: Explanation = {
	what: 'shows a certificate that cannot be trusted',
	hint: 'A proxy may replace the certificate. Have its root certificate added to the n8n server (NODE_EXTRA_CA_CERTS).',
	reached: 'no',
};

const BROKEN: Explanation = {
	what: 'broke the connection',
	hint: BROKEN_HINT,
	reached: 'maybe',
};

const FALSELY_PACKED: Explanation = {
	what: 'sent an answer that says it is compressed and cannot be unpacked',
	hint: 'A proxy between n8n and WeCom damages the answers. Exclude this host from compression.',
	reached: 'maybe',
};

const BY_CODE: Record<string, Explanation> = {
	ENOTFOUND: { what: 'cannot be found (DNS)', hint: UNREACHABLE, reached: 'no' },
	EAI_AGAIN: { what: 'cannot be found (DNS)', hint: UNREACHABLE, reached: 'no' },
	ECONNREFUSED: { what: 'refuses the connection', hint: UNREACHABLE, reached: 'no' },
	EHOSTUNREACH: { what: 'cannot be reached', hint: UNREACHABLE, reached: 'no' },
	ENETUNREACH: { what: 'cannot be reached', hint: UNREACHABLE, reached: 'no' },
	CERT_HAS_EXPIRED: CERTIFICATE,
	DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
	SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
	ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
	ECONNRESET: BROKEN,
	ERR_STREAM_PREMATURE_CLOSE: BROKEN,
	ERR_BAD_RESPONSE: BROKEN,
	Z_DATA_ERROR: FALSELY_PACKED,
	Z_BUF_ERROR: FALSELY_PACKED,
	EPIPE: {
		what: 'closed the connection while the file was being sent',
		hint: 'A proxy between n8n and WeCom may limit the size of uploads.',
		reached: 'maybe',
	},
};

const TIMEOUT_CODES = new Set(['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']);
const CANCEL_CODES = new Set(['ERR_CANCELED', 'ABORT_ERR']);

/**
 * @param isOverdue whether the request was ended because its time was over
 * @returns the error to throw; names the host, the client adds the call. It never holds the original one, whose request
 * would hold the secret.
 */
export function toNetworkError(
	error: unknown,
	request: Pick<WireRequest, 'url' | 'timeoutMs'>,
	isOverdue = false,
): WeComNetworkError | WeComCanceledError {
	const code = isOverdue ? 'ETIMEDOUT' : codeOf(error);
	if (CANCEL_CODES.has(code)) return new WeComCanceledError();
	const host = hostOf(request.url);
	if (TIMEOUT_CODES.has(code)) {
		return new WeComNetworkError(
			`${host} did not answer within ${Math.round(request.timeoutMs / 1000)} s`,
			code,
			'maybe',
			"Raise 'Request Timeout' in the options, or check the network of the n8n server.",
		);
	}
	const known = BY_CODE[code];
	if (known) {
		return new WeComNetworkError(
			`${host} ${known.what} (${code})`,
			code,
			known.reached,
			known.hint,
		);
	}
	if (/restricted IP/i.test(textOf(error))) {
		return new WeComNetworkError(
			`n8n blocked the request to ${host}, because it leads to a private network`,
			'BLOCKED',
			'no',
			'Allow the gateway with N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
		);
	}
	const named = code || 'no code';
	return new WeComNetworkError(
		`no usable answer from ${host} (${named})`,
		code,
		'maybe',
		UNREACHABLE,
	);
}

interface ErrorLayer {
	code?: unknown;
	httpCode?: unknown;
	name?: unknown;
	cause?: unknown;
	errorResponse?: unknown;
}

/** n8n wraps the HTTP client's error once or twice; the code sits on one of the layers, on NodeApiError as httpCode. */
function codeOf(error: unknown): string {
	let layer = error;
	for (let depth = 0; typeof layer === 'object' && layer !== null && depth < 5; depth += 1) {
		const { code, httpCode, name, cause, errorResponse } = layer as ErrorLayer;
		const named = [code, httpCode].find(
			(value) => typeof value === 'string' && /^[A-Z]/.test(value),
		);
		if (named !== undefined) return named as string;
		if (name === 'CanceledError' || name === 'AbortError') return 'ERR_CANCELED';
		layer = cause ?? errorResponse;
	}
	return '';
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : '';
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : 'the server';
}
