import { isStrictBase64 } from './encryptor';
import { readFields, textField } from './fields';
import { refuse } from './refusals';
import type { Refusal } from './refusals';

/** Bytes. A text message has at most 2048 bytes of content; nothing documented comes near this. */
export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

/** The outer, unencrypted part of a pushed message. Only `encrypt` is covered by the signature. */
export interface Envelope {
	/** corpid, for command callbacks the suite id; empty for smart bots. */
	toUserName: string;
	agentId?: string;
	/** Base64, checked. */
	encrypt: string;
}

/**
 * Reads the body of a push, XML or JSON (vendor pages 90930, 90968, 101033). Fields are found by name; their order differs
 * between senders.
 *
 * @param body the untouched bytes of the request
 * @param maxBytes a longer body is refused before anything of it is read
 */
export function readEnvelope(
	body: unknown,
	maxBytes: number = DEFAULT_MAX_BODY_BYTES,
): { ok: true; envelope: Envelope } | Refusal {
	if (!Buffer.isBuffer(body) || body.length === 0) return refuse('body-missing');
	if (body.length > maxBytes) return refuse('body-too-large', `${body.length} bytes`);

	const outer = readFields(body.toString('utf8'));
	if (!outer.ok) return refuse('envelope-unreadable', outer.problem);
	const encrypt = textField(outer.value, 'Encrypt');
	if (!encrypt) return refuse('encrypt-missing');
	if (!isStrictBase64(encrypt)) return refuse('encrypt-not-base64');

	// Empty and absent mean the same (vendor page 90930).
	const agentId = textField(outer.value, 'AgentID');
	const toUserName = textField(outer.value, 'ToUserName') ?? '';
	return {
		ok: true,
		envelope: agentId ? { toUserName, agentId, encrypt } : { toUserName, encrypt },
	};
}
