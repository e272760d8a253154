import { randomBytes, randomInt } from 'node:crypto';

import { encrypt, getSignature } from '@wecom/crypto';

import type { App, CallbackSettings, SmartBot, Suite } from './model';
import { exchange } from './outgoing';
import type { SimulatorState } from './state';

/** Whose settings page a callback belongs to. */
export type CallbackTarget = App | Suite | SmartBot;

/** Deviations for one push: forged, stale, misdirected or otherwise odd envelopes. */
export interface PushOptions {
	/** Unix seconds in the query; default now. */
	timestamp?: number;
	nonce?: string;
	/** Sent instead of the right signature. */
	signature?: string;
	/** Sent (and signed) instead of the encrypted event. */
	encrypted?: string;
	/** Used instead of the receiver the event is meant for. */
	receiveId?: string;
	/** Used instead of the settings of the target. */
	token?: string;
	encodingAesKey?: string;
	/** Form of the envelope; JSON appears in vendor page 90968, and is a smart bot's only one. */
	format?: 'xml' | 'json';
	/** Leave AgentID out of the envelope. */
	withoutAgentId?: boolean;
}

export interface CallbackAttempt {
	/** Absent when no answer came in time. */
	status?: number;
	body?: string;
	error?: string;
}

/** One push with all its attempts. */
export interface SentCallback {
	at: number;
	/** The event before encryption. */
	message: string;
	attempts: CallbackAttempt[];
	delivered: boolean;
	/** Attempts are still being made. */
	open: boolean;
}

/** What the console says after "save". */
export interface VerificationResult {
	ok: boolean;
	status?: number;
	/** The body as it came; only the bare echo is right. */
	body?: string;
	/** Why it failed, in a sentence. */
	reason?: string;
}

/** Encrypts, signs and posts events the way WeCom does. */
export class CallbackSender {
	/** Milliseconds an answer may take (vendor page 90930). */
	timeoutMs = 5000;
	/** How often a failed push is repeated. */
	repeats = 3;
	/** Pause before a repeat. */
	pauseMs = 5000;
	/** Milliseconds an event is under way before its first attempt. */
	delayMs = 0;
	/** Milliseconds the answer to a URL verification may take. */
	verificationTimeoutMs = 1000;
	/** Every push so far. */
	readonly sent: SentCallback[] = [];

	constructor(
		private readonly state: SimulatorState,
		private readonly sleep: (milliseconds: number) => Promise<void>,
		private readonly signal: AbortSignal,
	) {}

	/**
	 * Pushes an event to the target's URL, repeated until it is answered with 200.
	 * @param message the event before encryption, XML as a rule
	 * @throws when the target has no callback URL
	 */
	async push(
		target: CallbackTarget,
		message: string,
		options: PushOptions = {},
	): Promise<SentCallback> {
		const { url } = settingsOf(target);
		if (!url) throw new Error('the target has no callback URL');
		const { strict } = this.state;
		let envelope = this.envelope(target, message, options);
		const sent: SentCallback = {
			at: this.state.now(),
			message,
			attempts: [],
			delivered: false,
			open: true,
		};
		this.sent.push(sent);
		const repeats = isBot(target) ? Math.min(this.repeats, strict.botRepeats) : this.repeats;
		if (this.delayMs > 0) await this.sleep(this.delayMs);
		for (let attempt = 0; attempt <= repeats && !this.signal.aborted; attempt += 1) {
			if (attempt > 0) await this.sleep(this.pauseMs);
			if (attempt > 0 && strict.callbackRepeatsSealedAnew) {
				envelope = this.envelope(target, message, options);
			}
			const { query, body, contentType } = envelope;
			const result = await this.attempt(withQuery(url, query), body, contentType);
			sent.attempts.push(result);
			sent.delivered = result.status === 200;
			const received = result.status !== undefined && !strict.callbackRepeatsOnStatus;
			if (sent.delivered || received) break;
		}
		sent.open = false;
		return sent;
	}

	/** The GET of the console's "save": the answer must be the bare echo, within a second. */
	async verify(
		target: CallbackTarget,
		url: string,
		options: PushOptions = {},
	): Promise<VerificationResult> {
		const echo = String(randomInt(1e12, 9e12));
		const receiveId = isSuite(target) ? target.providerCorpId : receiverOf(target);
		const sealed = this.seal(target, echo, { receiveId, ...options });
		const query = { ...sealed.query, echostr: sealed.encrypted };
		const timeoutMs = this.verificationTimeoutMs;
		try {
			const answer = await exchange(withQuery(url, query), { timeoutMs, signal: this.signal });
			const body = answer.body.toString('utf8');
			const { status } = answer;
			if (status !== 200) return { ok: false, status, body, reason: `HTTP status ${status}` };
			if (body !== echo)
				return { ok: false, status, body, reason: 'the echo is not the bare text' };
			return { ok: true, status, body };
		} catch (error) {
			return { ok: false, reason: error instanceof Error ? error.message : String(error) };
		}
	}

	/** The whole of "save": a URL that verifies becomes the target's callback URL. */
	async save(target: CallbackTarget, url: string): Promise<VerificationResult> {
		const result = await this.verify(target, url);
		if (result.ok) settingsOf(target).url = url;
		return result;
	}

	/** Encrypted and signed, ready to be posted. */
	envelope(target: CallbackTarget, message: string, options: PushOptions = {}) {
		const toUserName = receiverOf(target);
		const { query, encrypted } = this.seal(target, message, { receiveId: toUserName, ...options });
		if (isBot(target)) {
			const body = JSON.stringify({ encrypt: encrypted });
			return { query, body, contentType: 'application/json' };
		}
		const agentId =
			'agentId' in target && !options.withoutAgentId ? String(target.agentId) : undefined;
		if (options.format === 'json') {
			const body = JSON.stringify({ tousername: toUserName, encrypt: encrypted, agentid: agentId });
			return { query, body, contentType: 'application/json' };
		}
		const body =
			`<xml><ToUserName><![CDATA[${toUserName}]]></ToUserName>` +
			(agentId === undefined ? '' : `<AgentID><![CDATA[${agentId}]]></AgentID>`) +
			`<Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
		return { query, body, contentType: 'text/xml' };
	}

	private seal(
		target: CallbackTarget,
		message: string,
		options: PushOptions & { receiveId: string },
	) {
		const { token, encodingAesKey } = { ...settingsOf(target), ...defined(options) };
		const encrypted =
			options.encrypted ?? encrypt(encodingAesKey, message, options.receiveId, randomBytes(16));
		const timestamp = String(options.timestamp ?? Math.floor(this.state.now() / 1000));
		const nonce = options.nonce ?? String(randomInt(1e9, 9e9));
		const signature = options.signature ?? getSignature(token, timestamp, nonce, encrypted);
		return { query: { msg_signature: signature, timestamp, nonce }, encrypted };
	}

	private async attempt(url: string, body: string, contentType: string): Promise<CallbackAttempt> {
		const headers = {
			'Content-Type': contentType,
			'Content-Length': String(Buffer.byteLength(body)),
		};
		const { timeoutMs, signal } = this;
		try {
			const answer = await exchange(url, { method: 'POST', headers, body, timeoutMs, signal });
			return { status: answer.status, body: answer.body.toString('utf8') };
		} catch (error) {
			return { error: error instanceof Error ? error.message : String(error) };
		}
	}
}

/** Fields of an event or a message; a msgid is too long for a number. */
export type EventFields = Record<string, string | number | bigint>;

/** An event as XML: texts in CDATA, numbers bare, as in the vendor's samples. */
export function eventXml(fields: EventFields): string {
	const elements = Object.entries(fields).map(([name, value]) =>
		typeof value === 'string'
			? `<${name}><![CDATA[${value}]]></${name}>`
			: `<${name}>${value}</${name}>`,
	);
	return `<xml>${elements.join('')}</xml>`;
}

function isBot(target: CallbackTarget): target is SmartBot {
	return 'aibotId' in target;
}

function isSuite(target: CallbackTarget): target is Suite {
	return 'suiteSecret' in target;
}

/** The receiver inside the envelope: of a corp's own smart bot it is empty (vendor page 101033). */
function receiverOf(target: CallbackTarget): string {
	if (isBot(target)) return '';
	return isSuite(target) ? target.suiteId : target.corpId;
}

function settingsOf(target: CallbackTarget): CallbackSettings {
	if (!target.callback) throw new Error('the target has no callback settings');
	return target.callback;
}

function defined(options: PushOptions): { token?: string; encodingAesKey?: string } {
	const { token, encodingAesKey } = options;
	return {
		...(token === undefined ? {} : { token }),
		...(encodingAesKey === undefined ? {} : { encodingAesKey }),
	};
}

/** Percent-encoded, so that the + of a Base64 echostr survives. */
function withQuery(url: string, query: Record<string, string>): string {
	const pairs = Object.entries(query).map(
		([name, value]) => `${name}=${encodeURIComponent(value)}`,
	);
	return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}
