import type { Call } from './proxy';
import type { Answer, RequestHead, Step } from './wire';

/** What a fault knows of the call it strikes, besides WeCom's answer. */
export interface Struck {
	head: RequestHead;
	/** The proxy's own. */
	origin: string;
}

/** One kind of harm. Everything about it is data; which calls it strikes follows from `strikes`. */
export interface Fault {
	/** Line of the printed table. */
	group: string;
	name: string;
	/** Default: every call. */
	strikes?(call: Call): boolean;
	/** Nobody listens. */
	refused?: boolean;
	/** The request is cut off when this share of it (0 to 1) has arrived; WeCom never sees it. */
	request?: { after: number; steps?: Step[]; then: Step };
	/** False: the request is read and WeCom never sees it. */
	reaches?: boolean;
	/** What comes instead of WeCom's answer. */
	answer?(real: Answer, struck: Struck): Iterable<Step>;
	/**
	 * `harmless`: the call must succeed all the same. `passing`: once is no reason to fail for a call that may be
	 * repeated. `fatal`: the call must not succeed.
	 */
	means?: 'harmless' | 'passing' | 'fatal';
	/** For good it would leave nothing to go on with. */
	onlyOnce?: boolean;
}

export const isJson = (call: Call): boolean => call.answer?.isJson === true;
export const isFile = (call: Call): boolean => call.answer?.isJson === false;
/** A piece of a file. */
export const isPart = (call: Call): boolean => call.answer?.status === 206;
export const isLaterPart = (call: Call): boolean => isPart(call) && call.nth > 1;
