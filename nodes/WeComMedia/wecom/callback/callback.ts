import { decrypt } from './encryptor';
import { readEnvelope } from './envelope';
import type { EnvelopeLimits } from './envelope';
import { readReceived } from './events';
import type { Received } from './events';
import { readQuery } from './query';
import type { Refusal } from './refusals';
import { refuse } from './refusals';
import type { CallbackSettings } from './callbackSettings';
import { sameBytes, verify } from './signature';

/** The body that tells WeCom a push has arrived; a command callback takes nothing else (vendor page 97172). */
export const SUCCESS_REPLY = 'success';

/**
 * How old a push may be, in seconds. WeCom gives up after 5 s and repeats up to three times (vendor page 90930); a repeat
 * may carry the first timestamp, so less than `min` would refuse it.
 */
export const MAX_AGE_SECONDS = { min: 30, max: 86_400, default: 600 } as const;
/** How far the sender's clock may be ahead of ours. Seconds. */
export const MAX_CLOCK_SKEW_SECONDS = 300;
/** What WeCom asks to echo is a number, in all samples of 19 to 23 digits (vendor pages 90930, 90968). */
const ECHO = /^\d{1,64}$/;

interface OpenOptions {
	/** The present, ms since 1970. */
	now: number;
	/** Older requests are refused; brought into the range of {@link MAX_AGE_SECONDS}. */
	maxAgeSeconds?: number;
	/** How large a push may be; default that of an app. */
	limits?: EnvelopeLimits;
	/**
	 * Accept any receiver. For URL verification of a third-party app only, which may name the provider's corpid (vendor page
	 * 90968): what is echoed is no message, and signature and key already prove who asks.
	 */
	anyReceiver?: boolean;
}

/** `echo` is to be sent back bare: no quotes, no newline, within one second (vendor page 90930). */
type Verification = { ok: true; echo: string } | Refusal;

interface OpenedMessage {
	ok: true;
	received: Received;
	/** Seconds since what was sealed was made, where that is longer than the accepted age: a recorded push, played again. */
	staleSeconds?: number;
}

interface Sealed {
	signature: string;
	timestamp: string;
	nonce: string;
	encrypt: string;
}

/**
 * Answers WeCom's check of a callback URL, `GET ?msg_signature=&timestamp=&nonce=&echostr=` (vendor pages 90930, 90968).
 *
 * @param query as it stood in the URL
 * @returns the text to echo, or the refusal. Never throws, whatever arrives.
 */
export function openVerification(
	settings: CallbackSettings,
	query: string,
	options: OpenOptions,
): Verification {
	const read = readQuery(query, ['msg_signature', 'timestamp', 'nonce', 'echostr']);
	if (!read.ok) return read;
	const { msg_signature: signature, timestamp, nonce, echostr: encrypt } = read.values;
	const opened = unseal(settings, { signature, timestamp, nonce, encrypt }, options);
	if (!opened.ok) return opened;
	// A recorded push is signed the same way as an echo, and whoever knows the token can sign parts of one. Echoing those
	// would decrypt them.
	const echo = opened.message.toString('latin1');
	return ECHO.test(echo) ? { ok: true, echo } : refuse('echo-is-none');
}

/**
 * Opens a pushed message or event, `POST ?msg_signature=&timestamp=&nonce=` (vendor pages 90930, 90968).
 *
 * @param query as it stood in the URL
 * @param body the untouched bytes
 * @returns the event, or the refusal. Never throws, whatever arrives.
 */
export function openMessage(
	settings: CallbackSettings,
	query: string,
	body: unknown,
	options: OpenOptions,
): OpenedMessage | Refusal {
	const read = readQuery(query, ['msg_signature', 'timestamp', 'nonce']);
	if (!read.ok) return read;
	const { msg_signature: signature, timestamp, nonce } = read.values;
	const envelope = readEnvelope(body, options.limits);
	if (!envelope.ok) return envelope;
	const { encrypt } = envelope;

	const opened = unseal(settings, { signature, timestamp, nonce, encrypt }, options);
	if (!opened.ok) return opened;
	const received = readReceived(opened.message);
	// Swapping timestamp and nonce keeps the signature, so the sealed time is looked at as well.
	const age = options.now / 1000 - (received.createTime ?? Infinity);
	if (!(age > maxAgeOf(options))) return { ok: true, received };
	return { ok: true, received, staleSeconds: Math.round(age) };
}

function unseal(
	settings: CallbackSettings,
	sealed: Sealed,
	options: OpenOptions,
): { ok: true; message: Buffer } | Refusal {
	const { signature, timestamp, nonce, encrypt } = sealed;
	// Ten digits from 2001 to 2286. The fixed form also narrows what can be signed once and read in two ways.
	if (!/^\d{10}$/.test(timestamp)) return refuse('timestamp-malformed');
	if (!verify(signature, settings.token, timestamp, nonce, encrypt)) {
		return refuse('signature-mismatch');
	}
	const age = options.now / 1000 - Number(timestamp);
	const maxAge = maxAgeOf(options);
	// Written so that a clock that is not a number refuses.
	if (!(age <= maxAge && age >= -MAX_CLOCK_SKEW_SECONDS)) {
		return refuse('not-fresh', `${Math.round(age)} s old, at most ${maxAge} s accepted`);
	}

	const opened = decrypt(settings.aesKey, encrypt);
	// Compared even when there is nothing to compare: a failure takes as long as a wrong receiver.
	const isForUs = isReceiver(opened?.receiveId ?? Buffer.alloc(0), settings.receiveIds);
	if (!opened) return refuse('decrypt-failed');
	if (!isForUs && !options.anyReceiver) return refuse('receiver-mismatch');
	return { ok: true, message: opened.message };
}

function maxAgeOf({ maxAgeSeconds }: OpenOptions): number {
	const { min, max, default: usual } = MAX_AGE_SECONDS;
	if (maxAgeSeconds === undefined || Number.isNaN(maxAgeSeconds)) return usual;
	return Math.min(Math.max(maxAgeSeconds, min), max);
}

/** Compares with all expected receivers, not only up to the first that fits. */
function isReceiver(received: Buffer, expected: readonly string[]): boolean {
	return expected.map((each) => sameBytes(received, Buffer.from(each, 'utf8'))).includes(true);
}
