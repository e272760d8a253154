/**
 * One class per layer that can fail. Messages name the call and the code, never a URL, token or key,
 * because every WeCom URL holds a secret.
 */
import type { ErrorHint } from '../hints/errorHints';

abstract class WeComError extends Error {
	/** What to do. */
	abstract readonly hint: string;
	/** Nobody knows whether the call has had its effect, and it must not have it twice. */
	readonly outcomeUnknown: boolean = false;

	constructor(message: string) {
		super(message);
		this.name = new.target.name;
	}
}

/** Something the user gave is wrong; nothing was sent. `field` is the panel's label or the file's name. */
export class WeComInputError extends WeComError {
	constructor(
		message: string,
		readonly hint = '',
		readonly field = '',
	) {
		super(message);
	}
}

/**
 * No usable answer. `reached` tells whether WeCom may have seen the request: only then is repeating it a risk.
 * The message is the reason behind the call's name, where that is known.
 */
export class WeComNetworkError extends WeComError {
	constructor(
		readonly reason: string,
		readonly code: string,
		readonly reached: 'no' | 'maybe',
		readonly hint = '',
		call = '',
	) {
		super(call ? `${call}: ${reason}` : reason);
	}
}

/** The execution was canceled by the user. */
export class WeComCanceledError extends WeComError {
	readonly hint = '';

	constructor() {
		super('The execution was canceled');
	}
}

/** An answer that is not WeCom's: a status other than 2xx or a body that is no JSON object. */
export class WeComHttpError extends WeComError {
	constructor(
		message: string,
		readonly status: number,
		readonly hint = '',
		/** The answer's Content-Range: with status 416 it may say how long the file is. */
		readonly contentRange = '',
	) {
		super(message);
	}
}

/** A file arrived, but not as promised: shorter, longer, changed, or from the wrong byte. */
export class WeComTransferError extends WeComError {
	constructor(
		message: string,
		readonly hint = '',
	) {
		super(message);
	}
}

/** The file became another one while it was being downloaded: from its beginning it may well be had. */
export class WeComChangedError extends WeComTransferError {}

/** WeCom said no: HTTP 200 with a non-zero errcode (vendor page 90313). */
export class WeComApiError extends WeComError {
	readonly hint: string;

	constructor(
		readonly call: string,
		readonly errcode: number,
		/** The vendor's text, with its `hint: […]` and `from ip`, secrets removed. */
		readonly errmsg: string,
		advice: ErrorHint,
	) {
		super(`${call} failed (${errcode}: ${advice.meaning})`);
		this.hint = advice.hint;
	}
}

/** An async job that failed, took too long or could not be followed: the jobid is never lost (vendor page 96219). */
export class WeComJobError extends WeComError {
	constructor(
		message: string,
		readonly jobid: string,
		readonly hint: string,
		readonly errcode?: number,
		readonly errmsg?: string,
	) {
		super(message);
	}
}

export type AnyWeComError =
	| WeComInputError
	| WeComNetworkError
	| WeComCanceledError
	| WeComHttpError
	| WeComTransferError
	| WeComApiError
	| WeComJobError;

/** @returns the same error with other advice; errors may be shared by several items, so it is a copy */
export function withHint(error: AnyWeComError, hint: string): unknown {
	return Object.create(Object.getPrototypeOf(error) as object, {
		...Object.getOwnPropertyDescriptors(error),
		hint: { value: hint, enumerable: true },
	}) as unknown;
}

/** @returns the same error for a call that may have had its effect, with what to do about that */
export function withOutcomeUnknown(error: AnyWeComError, hint: string): unknown {
	const copy = withHint(error, hint) as object;
	return Object.defineProperty(copy, 'outcomeUnknown', { value: true, enumerable: true });
}

/** @returns the same error with more advice, as {@link withHint} */
export function withMoreAdvice(error: unknown, more: string): unknown {
	if (!isWeComError(error) || error instanceof WeComCanceledError) return error;
	return withHint(error, `${error.hint} ${more}`.trim());
}

/** @returns whether the error is one of ours, so its text is safe to show */
export function isWeComError(error: unknown): error is AnyWeComError {
	return error instanceof WeComError;
}
