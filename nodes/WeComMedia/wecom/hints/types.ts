/** What an errcode means and what the user can do about it, in plain English. */
export interface ErrorHint {
	/** A phrase without a final period: it stands in "media/get failed (40007: …)". */
	meaning: string;
	/** One sentence: the next step. */
	hint: string;
}

/** The system whose call was refused: one errcode can mean different things to them. */
export type SystemId =
	'corpApp' | 'thirdPartyApp' | 'customerService' | 'robot' | 'smartBot' | 'officialAccount';

/**
 * errcode → meaning and hint. `{ip}` in a hint becomes the address that errmsg names. The words of the Chinese
 * admin console stand in brackets where they help to find the place.
 */
export type HintTable = Readonly<Record<number, readonly [meaning: string, hint: string]>>;
