import { refuse } from './refusals';
import type { Refusal } from './refusals';

/** How a push is wrapped: apps send XML (vendor page 90930), smart bots JSON (page 101033). Bytes. */
export interface EnvelopeLimits {
	xml: number;
	json: number;
}

/** A text has at most 2,048 bytes of content, an event a few KiB: nothing an app is sent comes near this. */
export const APP_LIMITS: EnvelopeLimits = { xml: 64 * 1024, json: 64 * 1024 };
/** What a bot is sent quotes whole messages and is Base64 of Base64; Tencent's own plugin takes as much. */
export const BOT_LIMITS: EnvelopeLimits = { xml: 64 * 1024, json: 1024 * 1024 };

const XML_ROOT = /^<(?:\?xml[^>]{0,100}\?>\s{0,10}<)?xml>/;
const CDATA_START = '<![CDATA[';
const CDATA_END = ']]>';
const [BACKSLASH, SLASH] = [0x5c, 0x2f];
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Finds the sealed text in the body of a push, XML or JSON. Nothing else of the body is covered by the signature, and
 * anybody can send one, so nothing else is read: a few searches through the bytes, no parser.
 *
 * @param body the untouched bytes of the request
 * @param limits a longer body is refused before anything of it is read
 * @returns Base64 by its alphabet; what else it must be is found out behind the signature
 */
export function readEnvelope(
	body: unknown,
	limits: EnvelopeLimits = APP_LIMITS,
): { ok: true; encrypt: string } | Refusal {
	if (!Buffer.isBuffer(body) || body.length === 0) return refuse('body-missing');
	const largest = Math.max(limits.xml, limits.json);
	if (body.length > largest) return refuse('body-too-large', `${body.length} bytes`);

	// One byte is one character, so that the work does not depend on what the bytes mean.
	const text = body
		.toString('latin1')
		.replace(/^\u00EF\u00BB\u00BF/, '')
		.trim();
	const isJson = text.startsWith('{');
	if (body.length > (isJson ? limits.json : limits.xml)) {
		return refuse('body-too-large', `${body.length} bytes`);
	}
	return isJson ? fromJson(text) : fromXml(text);
}

function fromXml(text: string): ReturnType<typeof readEnvelope> {
	if (!XML_ROOT.test(text) || !text.endsWith('</xml>')) return refuse('envelope-unreadable');
	const content = between(text, '<Encrypt>', '</Encrypt>');
	if (content === undefined) return refuse('encrypt-missing');
	const bare = content.trim();
	const isCdata = bare.startsWith(CDATA_START) && bare.endsWith(CDATA_END);
	return checked(isCdata ? bare.slice(CDATA_START.length, -CDATA_END.length).trim() : bare);
}

/** Vendor pages write `encrypt`, Tencent's own plugin reads `Encrypt` as well. PHP writes `\/` for a slash. */
function fromJson(text: string): ReturnType<typeof readEnvelope> {
	if (!text.endsWith('}')) return refuse('envelope-unreadable');
	const key = text.includes('"encrypt"') ? '"encrypt"' : '"Encrypt"';
	const from = text.indexOf(key);
	if (from < 0 || text.includes(key, from + 1)) return refuse('encrypt-missing');
	const value = text.slice(from + key.length).trimStart();
	const start = value.startsWith(':') ? value.slice(1).trimStart() : '';
	const end = start.startsWith('"') ? start.indexOf('"', 1) : -1;
	if (end < 0) return refuse('encrypt-missing');
	return checked(withoutEscapes(start.slice(1, end)));
}

/** Byte by byte: half a million escaped slashes would otherwise be half a million strings. */
function withoutEscapes(text: string): string {
	if (!text.includes('\\/')) return text;
	const bytes = Buffer.from(text, 'latin1');
	let length = 0;
	for (let at = 0; at < bytes.length; at += 1) {
		if (bytes[at] === BACKSLASH && bytes[at + 1] === SLASH) continue;
		bytes[length] = bytes[at];
		length += 1;
	}
	return bytes.toString('latin1', 0, length);
}

/** @returns undefined unless both stand there exactly once, in this order */
function between(text: string, open: string, close: string): string | undefined {
	const from = text.indexOf(open);
	const to = text.indexOf(close, from);
	const isOnce = !text.includes(open, from + 1) && !text.includes(close, to + 1);
	return from >= 0 && to >= 0 && isOnce ? text.slice(from + open.length, to) : undefined;
}

function checked(encrypt: string): ReturnType<typeof readEnvelope> {
	if (encrypt === '') return refuse('encrypt-missing');
	const isBase64 = encrypt.length % 4 === 0 && BASE64.test(encrypt);
	return isBase64 ? { ok: true, encrypt } : refuse('encrypt-not-base64');
}
