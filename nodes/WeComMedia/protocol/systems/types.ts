import type { Content } from '../sniff';
import type { Authorisation } from '../wire';

/** Wire values of `type` (vendor page 90253; `thumb` on the Official Account only). */
export type MediaType = 'image' | 'voice' | 'video' | 'file' | 'thumb';

export type SystemId =
	'corpApp' | 'thirdPartyApp' | 'customerService' | 'robot' | 'officialAccount';

/** What one media type takes. */
export interface MediaRule {
	/** Smallest and largest size in bytes, both allowed. */
	minBytes: number;
	maxBytes: number;
	/** Accepted contents; absent = anything. */
	contents?: readonly Content[];
	/** The same in words: "JPG or PNG". */
	accepts: string;
	/** Longest voice in seconds. */
	maxSeconds?: number;
}

/** Turns an account into the secret in a call's query. */
export interface Authoriser {
	readonly param: Authorisation['param'];
	/** @returns the secret, or '' for a call that needs none */
	authorise(): Promise<string>;
	/** Whether a business call's errcode says that the token has died. */
	isStale(errcode: number): boolean;
	invalidate(secret: string): void;
	/** The account works, but calls are refused (60020): look again before the next use. */
	doubt(): void;
}

/** Whom a client speaks for. */
export interface Account {
	id: SystemId;
	baseUrl: string;
	authoriser: Authoriser;
	/** Strings that must never show up anywhere. */
	secrets: readonly string[];
}

/** One of the four systems, with one account in it: differences are data, upload and download are written once. */
export interface System extends Account {
	/** In messages: "WeCom app". */
	label: string;
	/** Tells accounts apart without revealing anything, for caches and locks. */
	fingerprint: string;
	/** Below /cgi-bin/. */
	uploadPath: string;
	downloadPath?: string;
	types: Partial<Record<MediaType, MediaRule>>;
	/** What `auto` makes of a content, most specific first; contents not named become `file` where the system has it. */
	autoTypes: ReadonlyArray<readonly [Content, MediaType]>;
	uploadImg?: MediaRule;
	/** Pictures that travel inside the message instead of being uploaded (robot, vendor page 99110). */
	inlineImage?: MediaRule;
	/** Those of `secrets` that do not change within hours, for what is derived from them; absent = all. */
	lastingSecrets?: readonly string[];
	/** AgentId of the app; '' where the credential has none, undefined where messages need none. */
	agentId?: string;
}
