import type { AnswerForm } from './answerForm';
import type { DownloadQuirks } from './model';

/**
 * Points on which WeCom's behavior is undocumented, contradictory or rarely met.
 * Every one can be switched; the defaults are what was documented or, failing that, observed.
 */
export interface StrictSwitches {
	/** Refuse chunked uploads with HTTP 412 for corps too. Official Accounts always do. */
	chunkedIs412: boolean;
	/** Lengths of Range chunks (or starts too) must be multiples of 16 for every media. */
	alignedChunks: boolean | 'startAndLength';
	/** Take a file part of any name, as the server was seen to do with `file`. */
	anyFieldName: boolean;
	/** Answer 45033 to a second simultaneous get of one media_id. */
	parallelGetIs45033: boolean;
	/** Answer 40006 when a part's `filelength` is not its real length. */
	fileLengthMustMatch: boolean;
	/** Answer 40005 when the extension does not fit the type. Official Accounts always check. */
	extensionMustMatch: boolean;
	/** Which code an oversize file gets: the vendor names three without telling them apart. */
	oversizeErrcode: 45001 | 40006 | 40009;
	/** Answer to a Range beyond the end of the file: HTTP 416, or an errcode with HTTP 200. */
	unsatisfiableRange: 416 | number;
	/** Compare upload_by_url's md5 as written instead of ignoring its case. */
	md5LowerCaseOnly: boolean;
	/** Bytes of a robot's text: the page says 2048, the server was seen to enforce 5120. */
	robotTextBytes: number;
	/** Count webhook/upload_media into the robot's 20 calls a minute as well. */
	robotUploadsCount: boolean;
	/** Wrong secrets within an hour after which gettoken answers 45009. */
	wrongSecretsPerHour: number;
	/** From when a robot's 20 calls a minute are counted: arrival, or the end of whatever delays a call. */
	robotCountsFrom: 'arrival' | 'handling';
	/** Calls refused with 45009 count into a robot's minute, so that hammering never ends. */
	robotRefusalsCount: boolean;
	/** Drop what goes beyond 30 messages a minute, 1 000 an hour, to one member, and answer 0 (page 90236). */
	dropsBeyondPace: boolean;
	/** Cut texts that are too long and answer 0, in the midst of a character too (pages 90236, 94677, 90248). */
	cutsLongText: boolean;
	/** What becomes of markdown above 2 048 bytes in an app message or an app chat; no page says. */
	longMarkdown: 'whole' | 'cut' | 'refused';
	/** Answer 41011 to a third-party app's message without `agentid` too; pages differ. */
	suiteNeedsAgentId: boolean;
	/** Milliseconds after which a suite gets its next ticket, pushed to its callback URL; 0 for never. */
	suiteTicketEveryMs: number;
	/** Milliseconds a ticket works after the next one was made (page 90628: 30 minutes). */
	suiteTicketGraceMs: number;
	/** How successful answers look, by endpoint; the call has its effect all the same. */
	answers: Record<string, AnswerForm>;
	/** How every download deviates; a media's own quirks come on top. */
	downloads: DownloadQuirks;
	/** Repeat a callback that was answered with another status than 200 (page 90238; 90930 says no). */
	callbackRepeatsOnStatus: boolean;
	/** Encrypt and sign every repeat of a callback anew; whether WeCom does so is not said. */
	callbackRepeatsSealedAnew: boolean;
	/** Repeats of a smart bot's callback that fails: carried over from apps, seen not to happen. */
	botRepeats: 0 | 3;
	/** What an app gets of a file that a member sends it; no page has the kind `file`. */
	appFileMessage: 'file' | 'text' | 'none';
	/** How a text that contains `]]>` stands in an app's XML: in two sections, or as it is (broken). */
	cdataInText: 'split' | 'raw';
	/** Answer to a smart bot's link after its 5 minutes. */
	expiredBotLink: '403Xml' | '403Empty' | '200Html';
	/** Whether a smart bot's link honors Range. */
	botLinkRange: boolean;
	/** Whether a smart bot's message carries `create_time`; the page has none. */
	botCreateTime: boolean;
	/** Answer to a response_url that was used, or is over an hour old: an errcode, HTTP 404, or 0. */
	spentResponseUrl: number | '404' | 'ok';
	/** Entries a page of kf/sync_msg holds at most, whatever `limit` asks for. */
	kfPageEntries: number;
	/** Pages without entries but with `has_more` 1 before every page that holds some. */
	kfEmptyPages: number;
	/** Calls of kf/sync_msg a minute without a token, beyond which 45009; the number is not published. */
	kfTokenlessPerMinute: number;
	/** Calls of one app to the directory under way at the same time, beyond which 45033; the number is not published. */
	directoryCallsAtOnce: number;
	/** Answer to department/list of an app that sees members, but no department. */
	noDepartments: 60011 | 'emptyList';
}

export const DEFAULT_SWITCHES: Readonly<StrictSwitches> = {
	chunkedIs412: false,
	alignedChunks: false,
	anyFieldName: false,
	parallelGetIs45033: true,
	fileLengthMustMatch: true,
	extensionMustMatch: false,
	oversizeErrcode: 45001,
	unsatisfiableRange: 416,
	md5LowerCaseOnly: false,
	robotTextBytes: 5120,
	robotUploadsCount: false,
	wrongSecretsPerHour: 2000,
	robotCountsFrom: 'arrival',
	robotRefusalsCount: false,
	dropsBeyondPace: true,
	cutsLongText: true,
	longMarkdown: 'whole',
	suiteNeedsAgentId: false,
	suiteTicketEveryMs: 0,
	suiteTicketGraceMs: 30 * 60_000,
	answers: {},
	downloads: {},
	callbackRepeatsOnStatus: true,
	callbackRepeatsSealedAnew: false,
	botRepeats: 3,
	appFileMessage: 'file',
	cdataInText: 'split',
	expiredBotLink: '403Xml',
	botLinkRange: true,
	botCreateTime: false,
	spentResponseUrl: 40058,
	kfPageEntries: 1000,
	kfEmptyPages: 0,
	kfTokenlessPerMinute: 10,
	directoryCallsAtOnce: 10,
	noDepartments: 60011,
};
