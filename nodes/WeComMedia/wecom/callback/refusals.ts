interface PublicAnswer {
	status: 400 | 401 | 403 | 413;
	text: string;
}

const MALFORMED: PublicAnswer = { status: 400, text: 'bad request' };
const NOT_FRESH: PublicAnswer = { status: 401, text: 'request is not fresh' };
/** One answer for a wrong signature and for everything found behind it: telling them apart would make an oracle. */
const NOT_GENUINE: PublicAnswer = { status: 403, text: 'forbidden' };
const TOO_LARGE: PublicAnswer = { status: 413, text: 'body too large' };

const ANSWERS = {
	'query-too-long': MALFORMED,
	'query-unreadable': MALFORMED,
	'parameter-missing': MALFORMED,
	'parameter-repeated': MALFORMED,
	'timestamp-malformed': MALFORMED,
	'body-missing': MALFORMED,
	'body-too-large': TOO_LARGE,
	'envelope-unreadable': MALFORMED,
	'encrypt-missing': MALFORMED,
	'encrypt-not-base64': MALFORMED,
	'signature-mismatch': NOT_GENUINE,
	'not-fresh': NOT_FRESH,
	'decrypt-failed': NOT_GENUINE,
	'receiver-mismatch': NOT_GENUINE,
	'echo-is-none': NOT_GENUINE,
} as const satisfies Record<string, PublicAnswer>;

type RefusalReason = keyof typeof ANSWERS;

/**
 * A request that is not answered with success. `status` and `text` are for the sender; `reason` and `detail` are for the
 * log only and hold no secret and nothing of the message.
 */
export interface Refusal extends PublicAnswer {
	ok: false;
	reason: RefusalReason;
	detail?: string;
}

/** @param detail for the log: numbers and names of parameters, nothing that was sent */
export function refuse(reason: RefusalReason, detail?: string): Refusal {
	const { status, text } = ANSWERS[reason];
	return { ok: false, status, text, reason, ...(detail === undefined ? {} : { detail }) };
}
