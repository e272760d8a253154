import { AnswerReader } from './answers';
import type { FileAnswer } from './answers';
import { readAll, streamOf } from './body';
import type { Call, Caller, JsonAnswer } from './call';
import { WeComApiError, WeComCanceledError } from './errors';
import { withOutcome } from './outcome';
import { asNetworkError, describeFailure, isPassing, pauseBefore } from './retries';
import type { WireRequest, WireResponse, World } from './wire';

export type { FileAnswer } from './answers';
export type { Call, JsonAnswer } from './call';

interface ClientOptions {
	world: World;
	/** Repetitions of a call that failed for a passing reason. */
	maxRetries: number;
	/** Milliseconds. */
	requestTimeoutMs: number;
}

interface LinkOptions {
	/** Range and the like. */
	headers: Record<string, string>;
	/** The file may itself be a web page or JSON, whatever the server says of it. */
	mayBePage?: boolean;
	/** Bytes of the beginning that must be there before the call counts as done; by default a few. */
	lookAt?: number;
}

/** A compressed body has other lengths than Content-Range says. */
const PLAIN = { 'accept-encoding': 'identity' };

/**
 * Sends calls for one account: authorizes them, has their answers read, refreshes a refused token once, backs off
 * where WeCom says "busy". Knows nothing of single endpoints.
 */
export class WeComClient {
	private readonly answers: AnswerReader;

	constructor(
		readonly account: Caller,
		private readonly options: ClientOptions,
	) {
		this.answers = new AnswerReader(account, options.world);
	}

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
	 * @throws WeComApiError, WeComHttpError, WeComNetworkError, WeComTransferError, WeComCanceledError
	 */
	async call(call: Call): Promise<JsonAnswer> {
		return await this.repeat(
			call,
			async (secret) =>
				await this.answers.object(call, await this.send(call, secret, 'bytes'), secret),
		);
	}

	/**
	 * A call answered with a file.
	 *
	 * @throws as {@link call}
	 */
	async open(call: Call): Promise<FileAnswer> {
		return await this.openOr<never>(call, () => undefined);
	}

	/**
	 * Like {@link open}, for a call that may as well be answered with JSON.
	 *
	 * @param read what the JSON says; undefined where it says something else
	 */
	async openOr<T>(
		call: Call,
		read: (answer: JsonAnswer) => T | undefined,
	): Promise<FileAnswer | T> {
		return await this.repeat(
			call,
			async (secret) =>
				await this.answers.file(call, await this.send(call, secret, 'stream'), secret, read),
		);
	}

	/**
	 * Like {@link open}, for a small file where a broken connection has to start again: the body is read before
	 * the call counts as done.
	 *
	 * @param limit bytes of the file
	 */
	async openWhole(call: Call, limit: number): Promise<FileAnswer> {
		return await this.openWholeOr<never>(call, limit, () => undefined);
	}

	/** Both {@link openWhole} and {@link openOr}. */
	async openWholeOr<T>(
		call: Call,
		limit: number,
		read: (answer: JsonAnswer) => T | undefined,
	): Promise<FileAnswer | T> {
		const wrapped = (answer: JsonAnswer) => {
			const said = read(answer);
			return said === undefined ? undefined : { said };
		};
		return await this.repeat(call, async (secret) => {
			const response = await this.send(call, secret, 'stream');
			const answer = await this.answers.file<{ said: T }>(call, response, secret, wrapped);
			if ('said' in answer) return answer.said;
			return { ...answer, body: streamOf(await readAll(answer.body, limit, call.path)) };
		});
	}

	/** Like {@link open}, for a link outside the API that needs no token (video_url of the Official Account). */
	async openLink(name: string, url: string, options: LinkOptions): Promise<FileAnswer> {
		const call: Call = { path: name, method: 'GET', repeatable: true, anonymous: true };
		return await this.repeat(call, async () => {
			const response = await this.world.transport({
				method: 'GET',
				url,
				query: {},
				headers: { ...options.headers, ...PLAIN },
				answer: 'stream',
				timeoutMs: this.options.requestTimeoutMs,
			});
			return await this.answers.linkedFile(name, response, options);
		});
	}

	private async send(
		call: Call,
		secret: string,
		answer: WireRequest['answer'],
	): Promise<WireResponse> {
		const { authorizer, baseUrl } = this.account;
		return await this.world.transport({
			method: call.method,
			url: call.url ?? `${baseUrl}/cgi-bin/${call.path}`,
			query: call.query ?? {},
			authorization: secret ? { param: authorizer.param, value: secret } : undefined,
			headers: answer === 'stream' ? { ...call.headers, ...PLAIN } : call.headers,
			body: call.body,
			answer,
			timeoutMs: this.options.requestTimeoutMs + (call.extraTimeoutMs ?? 0),
		});
	}

	private async repeat<T>(call: Call, attempt: (secret: string) => Promise<T>): Promise<T> {
		const { authorizer } = this.account;
		let refreshed = false;
		for (let retries = 0; ;) {
			const secret = call.anonymous ? '' : await authorizer.authorize();
			const outcome = await attempt(secret).then(
				(value) => ({ ok: true as const, value }),
				(error: unknown) => ({ ok: false as const, error }),
			);
			if (outcome.ok) return outcome.value;
			const error = asNetworkError(call, outcome.error);
			if (!refreshed && error instanceof WeComApiError && authorizer.isStale(error.errcode)) {
				refreshed = true;
				authorizer.invalidate(secret);
				this.world.log(
					`${call.path}: the access token was refused (${error.errcode}), renewing it`,
				);
				continue;
			}
			if (error instanceof WeComApiError && error.errcode === 60020) authorizer.doubt();
			if (retries >= this.options.maxRetries || !isPassing(error, call))
				throw withOutcome(error, call);
			await this.pause(retries, describeFailure(error));
			retries += 1;
		}
	}

	/**
	 * Waits before the next try.
	 *
	 * @throws WeComCanceledError when the execution is canceled meanwhile
	 */
	async pause(retries: number, reason: string): Promise<void> {
		const ms = pauseBefore(retries, this.world.random());
		this.world.log(`${reason}; trying again in ${(ms / 1000).toFixed(1)} s`);
		if (!(await this.world.sleep(ms))) throw new WeComCanceledError();
	}
}
