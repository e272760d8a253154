import { bytesOf, LOOK_BYTES, PEEK_BYTES, readAll, streamOf, watched } from './body';
import type { Call, JsonAnswer } from './call';
import { WeComApiError, WeComCancelledError, WeComHttpError, WeComNetworkError } from './errors';
import { hintFor } from '../hints/errorHints';
import { hintForLink, hintForStatus } from '../hints/status';
import { readErrcode, refuseUnproven, unreadable, withOutcome } from './outcome';
import { redact, redactIn } from './redact';
import { asNetworkError, describeFailure, isPassing, pauseBefore } from './retries';
import type { Caller } from './caller';
import type { ByteStream, WireRequest, WireResponse, World } from './wire';
import { header } from './wire';

export type { Call, JsonAnswer } from './call';

export interface ClientOptions {
	world: World;
	/** Repetitions of a call that failed for a passing reason. */
	maxRetries: number;
	/** Milliseconds. */
	requestTimeoutMs: number;
}

/** A file that WeCom agreed to give, its first bytes looked at. */
export interface FileAnswer extends WireResponse<ByteStream> {
	start: Buffer;
	/** What the connection handed over, untouched. */
	handed: ByteStream;
}

/** An error body is a short JSON text; anything longer is a file. */
const MAX_ERROR_BYTES = 65_536;
const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** A compressed body has other lengths than Content-Range says. */
const PLAIN = { 'accept-encoding': 'identity' };

/**
 * Sends calls for one account: authorises them, reads errcode, refreshes a refused token once, backs off
 * where WeCom says "busy". Knows nothing of single endpoints.
 */
export class WeComClient {
	constructor(
		readonly account: Caller,
		private readonly options: ClientOptions,
	) {}

	get maxRetries(): number {
		return this.options.maxRetries;
	}

	get world(): World {
		return this.options.world;
	}

	/**
	 * A call answered with JSON.
	 *
	 * @returns the whole answer; `errcode` is 0 or absent
	 * @throws WeComApiError, WeComHttpError, WeComNetworkError, WeComCancelledError
	 */
	async call(call: Call): Promise<JsonAnswer> {
		return await this.repeat(call, async (secret) => {
			const response = await this.send(call, secret, 'bytes');
			const answer = parseObject(await readAll(response.body, MAX_JSON_BYTES));
			if (!answer) throw unreadable(call, response.status);
			this.refuse(call, answer, secret);
			refuseUnproven(call, answer, response.status);
			return answer;
		});
	}

	/**
	 * A call answered with a file. Gives the answer once it is certain that it is no refusal: by Content-Disposition
	 * and Error-Code first, by a small JSON body with a non-zero errcode second.
	 *
	 * @throws as {@link call}
	 */
	async open(call: Call): Promise<FileAnswer> {
		return await this.repeat(call, async (secret) => {
			const response = await this.send(call, secret, 'stream');
			return await this.asFile(call, secret, response);
		});
	}

	/**
	 * Like {@link open}, for a small file where a broken connection has to start again: the body is read before
	 * the call counts as done.
	 *
	 * @param limit bytes
	 */
	async openWhole(call: Call, limit: number): Promise<FileAnswer> {
		return await this.repeat(call, async (secret) => {
			const response = await this.send(call, secret, 'stream');
			const answer = await this.asFile(call, secret, response);
			return { ...answer, body: streamOf(await readAll(answer.body, limit)) };
		});
	}

	/** Like {@link open}, for a link outside the API that needs no token (video_url of the Official Account). */
	async openLink(name: string, url: string, range: string): Promise<FileAnswer> {
		const call: Call = { path: name, method: 'GET', repeatable: true, anonymous: true };
		return await this.repeat(call, async () => {
			const response = await this.exchange(name, {
				method: 'GET',
				url,
				query: {},
				headers: range ? { range, ...PLAIN } : PLAIN,
				answer: 'stream',
				timeoutMs: this.options.requestTimeoutMs,
			});
			return await this.peeked(await this.checkStatus(name, response, '', hintForLink));
		});
	}

	private async send(
		call: Call,
		secret: string,
		answer: WireRequest['answer'],
	): Promise<WireResponse> {
		const { authoriser, baseUrl } = this.account;
		const response = await this.exchange(call.path, {
			method: call.method,
			url: call.url ?? `${baseUrl}/cgi-bin/${call.path}`,
			query: call.query ?? {},
			authorisation: secret ? { param: authoriser.param, value: secret } : undefined,
			headers: answer === 'stream' ? { ...call.headers, ...PLAIN } : call.headers,
			body: call.body,
			stream: call.stream,
			answer,
			timeoutMs: this.options.requestTimeoutMs + (call.extraTimeoutMs ?? 0),
		});
		return await this.checkStatus(call.path, response, secret, hintForStatus);
	}

	/** One request; when no answer comes, the failure names the call. */
	private async exchange(name: string, request: WireRequest): Promise<WireResponse> {
		return await this.world.transport(request).catch(async (error: unknown) => {
			if (!(error instanceof WeComNetworkError)) return await Promise.reject(error);
			const { reason, code, reached, hint } = error;
			return await Promise.reject(new WeComNetworkError(reason, code, reached, hint, name));
		});
	}

	private async checkStatus(
		name: string,
		response: WireResponse,
		secret: string,
		hintOf: (status: number) => string,
	): Promise<WireResponse> {
		if (response.status >= 200 && response.status < 300) return response;
		const excerpt = await readAll(this.watched(response), 2_000).then(
			(body) =>
				redact(body.toString('utf8'), this.secretsAnd(secret))
					.replace(/\s+/g, ' ')
					.trim()
					.slice(0, 200),
			() => '',
		);
		const said = excerpt ? `: ${excerpt}` : '';
		throw new WeComHttpError(
			`${name} was answered with HTTP status ${response.status}${said}`,
			response.status,
			hintOf(response.status),
		);
	}

	private async asFile(call: Call, secret: string, response: WireResponse): Promise<FileAnswer> {
		const errorCode = Number(header(response, 'error-code') || 0);
		if (errorCode === 0 && isFileByHeaders(response)) return await this.peeked(response);
		const { start, rest, ended } = await bytesOf(this.watched(response), MAX_ERROR_BYTES);
		const answer = ended ? parseObject(start) : undefined;
		if (answer) this.refuse(call, answer, secret);
		if (errorCode !== 0) {
			rest.destroy?.();
			const errmsg = header(response, 'error-msg');
			this.refuse(call, { errcode: errorCode, errmsg }, secret);
		}
		return await this.peeked(response, rest);
	}

	private refuse(call: Call, answer: JsonAnswer, secret: string): void {
		const errcode = readErrcode(answer) ?? 0;
		if (errcode === 0 || Number.isNaN(errcode)) return;
		throw this.apiError(call.path, errcode, answer, secret);
	}

	private async peeked(
		response: WireResponse,
		body: ByteStream = this.watched(response),
	): Promise<FileAnswer> {
		const { start, rest } = await bytesOf(body, PEEK_BYTES);
		const { status, headers } = response;
		const handed = streamOf(response.body);
		return { status, headers, start: start.subarray(0, LOOK_BYTES), body: rest, handed };
	}

	private watched(response: WireResponse): ByteStream {
		return watched(streamOf(response.body), this.world);
	}

	/** Servers and proxies quote what they refuse, the secret of the call included. */
	private apiError(path: string, errcode: number, refusal: JsonAnswer, secret: string) {
		const answer = redactIn(refusal, this.secretsAnd(secret));
		const errmsg = String(answer.errmsg ?? '');
		return new WeComApiError(
			path,
			errcode,
			errmsg,
			hintFor(errcode, { system: this.account.id, errmsg, call: path }),
			answer,
		);
	}

	private secretsAnd(secret: string): string[] {
		return [...this.account.secrets, secret];
	}

	private async repeat<T>(call: Call, attempt: (secret: string) => Promise<T>): Promise<T> {
		const { authoriser } = this.account;
		let refreshed = false;
		for (let retries = 0; ;) {
			const secret = call.anonymous ? '' : await authoriser.authorise();
			const outcome = await attempt(secret).then(
				(value) => ({ ok: true as const, value }),
				(error: unknown) => ({ ok: false as const, error }),
			);
			if (outcome.ok) return outcome.value;
			const error = asNetworkError(call, outcome.error);
			if (!refreshed && error instanceof WeComApiError && authoriser.isStale(error.errcode)) {
				refreshed = true;
				authoriser.invalidate(secret);
				this.world.log(
					`${call.path}: the access token was refused (${error.errcode}), renewing it`,
				);
				continue;
			}
			if (error instanceof WeComApiError && error.errcode === 60020) authoriser.doubt();
			if (retries >= this.options.maxRetries || !isPassing(error, call))
				throw withOutcome(error, call);
			await this.pause(retries, describeFailure(error));
			retries += 1;
		}
	}

	/**
	 * Waits before the next try.
	 *
	 * @throws WeComCancelledError when the execution is cancelled meanwhile
	 */
	async pause(retries: number, reason: string): Promise<void> {
		const ms = pauseBefore(retries, this.world.random());
		this.world.log(`${reason}; trying again in ${(ms / 1000).toFixed(1)} s`);
		if (!(await this.world.sleep(ms))) throw new WeComCancelledError();
	}
}

function isFileByHeaders(response: WireResponse): boolean {
	return header(response, 'content-disposition') !== '' || response.status === 206;
}

/** @returns the JSON object a body holds, or undefined */
export function parseObject(body: Buffer): JsonAnswer | undefined {
	const text = body.toString('utf8').trim();
	if (!text.startsWith('{')) return undefined;
	try {
		return JSON.parse(text) as JsonAnswer;
	} catch {
		return undefined;
	}
}
