import { encrypt } from './seal';
import * as callback from '../../../nodes/WeComMedia/wecom/callback/callback';
import { decodeEncodingAesKey } from '../../../nodes/WeComMedia/wecom/callback/encryptor';
import type { CallbackSettings } from '../../../nodes/WeComMedia/wecom/callback/callbackSettings';
import { readCallbackSettings } from '../../../nodes/WeComMedia/wecom/callback/callbackSettings';
import { sign } from '../../../nodes/WeComMedia/wecom/callback/signature';
import fixture from '../../fixtures/callback-vectors.json';

export interface Vector {
	id: string;
	kind: string;
	token: string;
	encodingAESKey: string;
	receiveId: string;
	timestamp: string;
	nonce: string;
	encrypt: string;
	msgSignature: string;
	randomHex: string;
	plaintext: string;
	paddingLength: number;
	httpRequest?: { rawQuery: string; body?: string; expectedResponseBody?: string };
}

export interface NegativeVector {
	id: string;
	basedOn: string;
	override: Partial<Vector>;
	expect: string;
}

export const vectors = fixture.vectors as Vector[];
export const negatives = fixture.negative as NegativeVector[];

export function vector(id: string): Vector {
	const found = vectors.find((candidate) => candidate.id === id);
	if (!found) throw new Error(`no vector ${id}`);
	return found;
}

/** The made-up corp of the synthetic vectors. */
const job = vector('synthetic-upload-media-job-finish');
export const token = job.token;
export const encodingAesKey = job.encodingAESKey;
export const corpId = job.receiveId;
export const aesKey = decodeEncodingAesKey(encodingAesKey);
export const settings: CallbackSettings = { token, aesKey, receiveIds: [corpId] };
export const timestamp = '1700000001';
export const now = 1_700_000_001_000;
export const nonce = '1597212914';
export const jobXml = job.plaintext;

/** Settings as a user with this vector's credential would have them. */
export function settingsOf(source: Vector): CallbackSettings {
	const read = readCallbackSettings({
		callbackToken: source.token,
		encodingAesKey: source.encodingAESKey,
		receiveIds: [source.receiveId],
		allowEmptyReceiveId: source.receiveId === '',
	});
	if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join(' '));
	return read.settings;
}

export function envelopeXml(sealed: string): Buffer {
	return Buffer.from(
		`<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
	);
}

/** A correctly signed push of an arbitrary ciphertext. */
export function pushOf(sealed: string): { query: Record<string, string>; body: Buffer } {
	return {
		query: { msg_signature: sign(token, timestamp, nonce, sealed), timestamp, nonce },
		body: envelopeXml(sealed),
	};
}

/** A correctly sealed and signed push. */
export function push(message: string | Buffer, receiveId: string = corpId) {
	return pushOf(encrypt(aesKey, { message, receiveId }));
}

/** A correctly signed URL verification of an arbitrary ciphertext. */
export function verificationOf(echostr: string): Record<string, string> {
	return {
		msg_signature: sign(token, timestamp, nonce, echostr),
		timestamp,
		nonce,
		echostr,
	};
}

/** A query as it stands in a URL, or its parameters; what is undefined is left out. */
type Query = string | Record<string, string | undefined>;

function urlQuery(query: Query): string {
	if (typeof query === 'string') return query;
	const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
	return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join('&');
}

type Options = Parameters<typeof callback.openMessage>[3];

export function openMessage(
	using: CallbackSettings,
	query: Query,
	body: unknown,
	options: Options,
) {
	return callback.openMessage(using, urlQuery(query), body, options);
}

export function openVerification(using: CallbackSettings, query: Query, options: Options) {
	return callback.openVerification(using, urlQuery(query), options);
}
