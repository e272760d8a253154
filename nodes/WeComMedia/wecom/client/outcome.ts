/**
 * What has become of a call: done, refused, or maybe. Only an answer that proves it says "done", only WeCom's own
 * refusal or a request that never arrived says "refused"; whatever lies between may have had its effect.
 */
import type { Call, JsonAnswer } from './call';
import {
	isWeComError,
	WeComApiError,
	WeComHttpError,
	WeComNetworkError,
	WeComTransferError,
	withOutcomeUnknown,
} from './errors';

const NOT_WECOM =
	'Check Base URL: it must lead to the WeCom API, not to a web page or a login form.';
const ERRCODE = 'errcode';
/** A gateway that says "the request took too long" may have passed it on before. */
const REQUEST_TIMEOUT = 408;

/** @returns the answer's errcode, undefined where it has none, NaN where it is no whole number */
export function readErrcode({ errcode }: JsonAnswer): number | undefined {
	return errcode === undefined ? undefined : wholeNumber(errcode);
}

/** @returns a number that WeCom writes as one or as a text; NaN for anything else */
export function wholeNumber(value: unknown): number {
	const isNumeric = typeof value === 'number' || /^-?\d+$/.test(textOf(value));
	const number = isNumeric ? Number(value) : Number.NaN;
	return Number.isSafeInteger(number) ? number : Number.NaN;
}

/** @returns the error of a call answered with something that is no answer of WeCom's */
export function unreadable(call: Pick<Call, 'path'>, status: number): WeComHttpError {
	return new WeComHttpError(
		`${call.path} was answered with something that is not JSON`,
		status,
		NOT_WECOM,
	);
}

/**
 * An answer without the member that proves it is none: `{}` is no sent message, `media_id: {}` no upload.
 *
 * @throws WeComHttpError
 */
export function refuseUnproven(call: Call, answer: JsonAnswer, status: number): void {
	const errcode = readErrcode(answer);
	const proofs = call.proof ?? (call.repeatable ? [] : [ERRCODE]);
	const proven = proofs.some((name) =>
		name === ERRCODE ? errcode !== undefined : textIn(answer, [name]) !== '',
	);
	if (!Number.isNaN(errcode) && (proven || proofs.length === 0)) return;
	const missing = Number.isNaN(errcode) ? ERRCODE : proofs[0];
	throw new WeComHttpError(`${call.path} was answered without ${missing}`, status, NOT_WECOM);
}

/** @returns the first of these members that is a text, as ids and links are; '' where none is */
export function textIn(answer: JsonAnswer, names: readonly string[]): string {
	return names.map((name) => textOf(answer[name])).find((text) => text !== '') ?? '';
}

/**
 * For refusals that are an answer.
 *
 * @returns what came of a call, or WeCom's refusal if it is an expected one
 * @throws every other failure
 */
export async function orRefusal<T>(
	call: Promise<T>,
	isExpected: (refusal: WeComApiError) => boolean,
): Promise<T | WeComApiError> {
	try {
		return await call;
	} catch (error) {
		return expected(error, isExpected);
	}
}

function expected(error: unknown, isExpected: (refusal: WeComApiError) => boolean): WeComApiError {
	if (error instanceof WeComApiError && isExpected(error)) return error;
	throw error;
}

/** @returns whether a failed call may have had its effect all the same */
function mayBeDone(error: unknown): boolean {
	if (error instanceof WeComNetworkError) return error.reached === 'maybe';
	if (error instanceof WeComTransferError) return true;
	if (!(error instanceof WeComHttpError)) return false;
	return isSuccess(error.status) || error.status >= 500 || error.status === REQUEST_TIMEOUT;
}

/**
 * For a call whose repetition costs the user something: other advice ("Run it again") would do twice what may have been
 * done. The error says of itself that nobody knows the outcome.
 */
export function withOutcome(error: unknown, call: Call): unknown {
	if (call.repeatable || !isWeComError(error) || !mayBeDone(error)) return error;
	const wrongPlace = error instanceof WeComHttpError && isSuccess(error.status);
	const advice = [call.ifLost, wrongPlace ? `If nothing happened: ${error.hint}` : ''];
	return withOutcomeUnknown(error, advice.filter(Boolean).join(' '));
}

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}
