/** Which failures pass, and how long to wait for that. */
import type { Call } from './call';
import {
	isWeComError,
	WeComApiError,
	WeComCanceledError,
	WeComHttpError,
	WeComNetworkError,
	WeComTransferError,
} from './errors';

/** Business refusals that pass by themselves (vendor page 90313): busy, data conflict, concurrency. */
const TRANSIENT_CODES = new Set([-1, 6000, 45033]);
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** @returns milliseconds before the next try: 1 s, 2 s, 4 s … with jitter, 30 s at most */
export function pauseBefore(retries: number, random: number): number {
	const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries);
	return Math.round(full * (0.5 + random / 2));
}

/** n8n's HTTP client unpacks what a server packed against our wish; these are what it says when that fails. */
const UNPACKING = /^(?:Z_|ERR_+(?:ERROR_FORMAT|BROTLI|ZLIB|ZSTD)|ZSTD_)/;
const CANCELED = new Set(['ERR_CANCELED', 'ABORT_ERR']);

/** After a connection that broke. */
export const BROKEN_HINT =
	'Run it again. If it stays, check the network and the proxy of the n8n server.';

/** A stream that breaks while it is read throws Node's own error; those, and only those, carry a code. */
export function asNetworkError({ path }: Pick<Call, 'path'>, error: unknown): unknown {
	if (error instanceof WeComNetworkError && error.message === error.reason) {
		const { reason, code, reached, hint } = error;
		return new WeComNetworkError(reason, code, reached, hint, path);
	}
	if (isWeComError(error) || typeof error !== 'object' || error === null) return error;
	const { code } = error as { code?: unknown };
	if (typeof code !== 'string') return error;
	if (CANCELED.has(code)) return new WeComCanceledError();
	if (UNPACKING.test(code)) return compressed(path);
	const reason = code === 'STALLED' ? (error as Error).message : 'the connection broke';
	return new WeComNetworkError(`${reason} (${code})`, code, 'maybe', BROKEN_HINT, path);
}

/** @returns the error of an answer that came compressed, so that its lengths and parts mean nothing */
export function compressed(name: string): WeComTransferError {
	return new WeComTransferError(
		`${name} was answered in compressed form, although it was asked for as it is`,
		'A proxy between n8n and WeCom compresses the answers. Except this host from that.',
	);
}

/** @returns whether a failure passes by itself, so that the call may be repeated */
export function isPassing(error: unknown, call: Pick<Call, 'repeatable'>): boolean {
	if (error instanceof WeComApiError) return TRANSIENT_CODES.has(error.errcode);
	if (error instanceof WeComNetworkError) return call.repeatable || error.reached === 'no';
	return error instanceof WeComHttpError && error.status >= 500 && call.repeatable;
}

/** @returns one line for the log that holds no secret */
export function describeFailure(error: unknown): string {
	return isWeComError(error) ? error.message : 'failed';
}
