/** Requests as WeCom, or somebody who poses as WeCom, sends them; sealed with Tencent's way of doing it, not with ours. */
import { createCipheriv, randomBytes } from 'node:crypto';
import { encrypt, getSignature } from '@wecom/crypto';

/** What seals and signs a request; by default the demo app's settings. */
export interface Sender {
	callbackToken: string;
	encodingAesKey: string;
	/** The receiver that is sealed in. */
	corpId: string;
}

export interface Query {
	[name: string]: string;
	msg_signature: string;
	timestamp: string;
	nonce: string;
}

export interface Answer {
	status: number;
	text: string;
	type: string;
}

/** Unix seconds, so many seconds ago, as the query has them. */
export const secondsAgo = (seconds: number): string =>
	String(Math.floor(Date.now() / 1000) - seconds);

/** @returns the message in WeCom's own sealing, Base64 */
export const seal = (sender: Sender, message: string): string =>
	encrypt(sender.encodingAesKey, message, sender.corpId, randomBytes(16));

/**
 * Seals bytes that hold everything, the padding included, so that all of it can be wrong.
 *
 * @param content a multiple of 16 bytes
 */
export function sealBytes(sender: Sender, content: Buffer): string {
	const key = Buffer.from(`${sender.encodingAesKey}=`, 'base64');
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([cipher.update(content), cipher.final()]).toString('base64');
}

/** random(16), length(4), message, receiver: what is padded and sealed. */
export function contentOf(
	sender: Sender,
	message: string,
	length = Buffer.byteLength(message),
): Buffer {
	const size = Buffer.alloc(4);
	size.writeUInt32BE(length);
	return Buffer.concat([randomBytes(16), size, Buffer.from(message), Buffer.from(sender.corpId)]);
}

/** The query of a request that is signed as it should be. */
export function signed(sender: Sender, sealed: string, timestamp = secondsAgo(0)): Query {
	const nonce = '1597212914';
	const signature = getSignature(sender.callbackToken, timestamp, nonce, sealed);
	return { msg_signature: signature, timestamp, nonce };
}

export const envelope = (sealed: string): string =>
	`<xml><ToUserName><![CDATA[wwdemocorp]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;

/** @returns the query as it stands in a URL; `echostr` last, so that it may be left as it is */
export const queryText = (query: Record<string, string>): string =>
	Object.entries(query)
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join('&');

export async function get(url: string, query: string): Promise<Answer> {
	return await answered(fetch(`${url}?${query}`, { redirect: 'manual' }));
}

/** Posts bytes that no framework looks into, unless a type is given. */
export async function post(
	url: string,
	query: string,
	body: string | Buffer,
	type = 'application/octet-stream',
): Promise<Answer> {
	const headers = { 'content-type': type };
	return await answered(
		fetch(`${url}?${query}`, { method: 'POST', headers, body: body as BodyInit }),
	);
}

async function answered(request: Promise<Response>): Promise<Answer> {
	const response = await request;
	const type = response.headers.get('content-type') ?? '';
	return { status: response.status, text: await response.text(), type };
}
