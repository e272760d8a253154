/** Reads what came back from a call: JSON, a file, or a reason why it is neither. */
import { isFileByHeaders, isSuccess, parseObject, quotation, refusePage } from './answerKind';
import { beginningOf, bytesOf, LOOK_BYTES, PEEK_BYTES, readAll, streamOf } from './body';
import type { Call, Caller, JsonAnswer } from './call';
import { WeComApiError, WeComHttpError } from './errors';
import { hintFor, hintForLink, hintForStatus } from '../hints/errorHints';
import { readErrcode, refuseUnproven, unreadable, textIn } from './outcome';
import { redact } from './redact';
import { watched } from './watch';
import type { ByteStream, WireResponse, World } from './wire';
import { header } from './wire';

/** A file that WeCom agreed to give, its first bytes looked at. */
export interface FileAnswer extends WireResponse<ByteStream> {
	start: Buffer;
	/** What the connection handed over, untouched. */
	handed: ByteStream;
}

/** An error body is a short JSON text; anything longer is none. */
const MAX_ERROR_BYTES = 65_536;
const MAX_JSON_BYTES = 4 * 1024 * 1024;
/** Of an answer that is refused this much is read, to quote its beginning. */
const QUOTED_BYTES = 2_000;

/** Reads the answers one account gets; each either is what was asked for, or an error, and then its connection is closed. */
export class AnswerReader {
	constructor(
		private readonly account: Pick<Caller, 'id' | 'secrets'>,
		private readonly world: Pick<World, 'now' | 'sleep'>,
	) {}

	/**
	 * @param secret what the call was authorized with: servers and proxies quote what they refuse
	 * @returns the whole answer; `errcode` is 0 or absent
	 * @throws WeComApiError, WeComHttpError, WeComTransferError
	 */
	async object(call: Call, response: WireResponse, secret: string): Promise<JsonAnswer> {
		await this.refuseStatus(call.path, response, secret);
		const answer = parseObject(await readAll(response.body, MAX_JSON_BYTES, call.path));
		if (!answer) throw unreadable(call, response.status);
		this.refuse(call, answer, secret);
		refuseUnproven(call, answer, response.status);
		return answer;
	}

	/**
	 * An answer that should be a file. Refusals show by Error-Code or as a small JSON body with a non-zero errcode; what
	 * neither Content-Disposition nor status 206 declares to be a file, and is JSON or a web page, comes from elsewhere.
	 *
	 * @param read what the call may say in JSON instead of giving a file; undefined where it says something else
	 * @throws as {@link object}
	 */
	async file<T>(
		call: Call,
		response: WireResponse,
		secret: string,
		read: (answer: JsonAnswer) => T | undefined,
	): Promise<FileAnswer | T> {
		await this.refuseStatus(call.path, response, secret);
		const errorCode = Number(header(response, 'error-code') || 0);
		const isFile = isFileByHeaders(response);
		if (errorCode === 0 && isFile) return await this.peeked(response);
		const body = await bytesOf(this.watched(response), call.maxJsonBytes ?? MAX_ERROR_BYTES);
		const judge = (): T | undefined => {
			const answer = body.ended ? parseObject(body.start) : undefined;
			if (answer) this.refuse(call, answer, secret);
			const errmsg = header(response, 'error-msg');
			if (errorCode !== 0) this.refuse(call, { errcode: errorCode, errmsg }, secret);
			if (isFile) return undefined;
			const said = answer && read(answer);
			const quoted = this.quote(body.start.subarray(0, QUOTED_BYTES), secret);
			if (said === undefined) refusePage(call.path, response, body.start, quoted);
			return said;
		};
		const said = closedIfRefused(body.rest, judge);
		return said ?? (await this.peeked(response, body.rest));
	}

	/**
	 * The answer of a link outside the API. Nothing of it is quoted: the link may lead into the network of the server,
	 * and messages are read elsewhere.
	 *
	 * @param mayBePage the file may itself be a web page or JSON, whatever the server says of it
	 * @param lookAt bytes of the beginning that are read
	 * @throws WeComHttpError
	 */
	async linkedFile(
		name: string,
		response: WireResponse,
		{ mayBePage = false, lookAt }: { mayBePage?: boolean; lookAt?: number },
	): Promise<FileAnswer> {
		await this.refuseStatus(name, response, undefined);
		if (mayBePage || isFileByHeaders(response)) {
			return await this.peeked(response, undefined, lookAt);
		}
		const { start, rest } = await bytesOf(this.watched(response), QUOTED_BYTES);
		closedIfRefused(rest, () => refusePage(name, response, start));
		return await this.peeked(response, rest, lookAt);
	}

	/** @param secret undefined for a link */
	private async refuseStatus(
		name: string,
		response: WireResponse,
		secret: string | undefined,
	): Promise<void> {
		if (isSuccess(response)) return;
		const start = await beginningOf(this.watched(response), QUOTED_BYTES);
		const quoted = secret === undefined ? '' : this.quote(start, secret);
		throw new WeComHttpError(
			`${name} was answered with HTTP status ${response.status}${quoted}`,
			response.status,
			(secret === undefined ? hintForLink : hintForStatus)(response.status),
			header(response, 'content-range'),
		);
	}

	private refuse(call: Call, refusal: JsonAnswer, secret: string): void {
		const errcode = readErrcode(refusal) ?? 0;
		if (errcode === 0 || Number.isNaN(errcode)) return;
		const errmsg = redact(textIn(refusal, ['errmsg']), [...this.account.secrets, secret]);
		const advice = hintFor(errcode, { system: this.account.id, errmsg, call: call.path });
		throw new WeComApiError(call.path, errcode, errmsg, advice);
	}

	private async peeked(
		response: WireResponse,
		body: ByteStream = this.watched(response),
		lookAt: number = PEEK_BYTES,
	): Promise<FileAnswer> {
		const { start, rest } = await bytesOf(body, lookAt - 1);
		const { status, headers, handed = streamOf(response.body) } = response;
		return { status, headers, start: start.subarray(0, LOOK_BYTES), body: rest, handed };
	}

	private watched({ body }: WireResponse): ByteStream {
		return watched(streamOf(body), this.world);
	}

	private quote(start: Buffer, secret: string): string {
		return quotation(start, [...this.account.secrets, secret]);
	}
}

/** @returns what `judge` gives; when it throws, the body is closed */
function closedIfRefused<T>(body: ByteStream, judge: () => T): T {
	let isAccepted = false;
	try {
		const verdict = judge();
		isAccepted = true;
		return verdict;
	} finally {
		if (!isAccepted) body.destroy?.();
	}
}
