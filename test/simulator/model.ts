/** What the simulator's world consists of. Times are milliseconds of the simulator's clock. */

export type MediaType = 'image' | 'voice' | 'video' | 'file' | 'thumb';

/** Which product a media_id belongs to: a corp's apps share theirs, a robot and an account do not. */
export type MediaSystem = 'app' | 'robot' | 'officialAccount';

/** Where a media came from. Media of `async` may be fetched and used as welcome material only. */
export type MediaOrigin = 'upload' | 'async' | 'received';

/** What an administrator enters under "receive messages" in the console (vendor page 90930). */
export interface CallbackSettings {
	url?: string;
	token: string;
	encodingAesKey: string;
}

/** Anything that can hold an access_token of a corp: own app, Customer Service, third-party app. */
export interface App {
	corpId: string;
	/** Secret of an own app, permanent_code of a third-party app. */
	secret: string;
	name: string;
	agentId?: number;
	/** Set for third-party apps: their tokens come from get_corp_token instead of gettoken. */
	suiteId?: string;
	/** Built by a provider for this corp: gettoken takes the permanent_code as secret (page 91039). */
	providerDeveloped?: boolean;
	/** Listed under Customer Contact, "callable apps": may upload by URL (page 96219). */
	customerContact: boolean;
	/** May call kf/send_msg (page 94677). */
	customerService: boolean;
	/** Visible range is the root department: may send to app chats (page 90248). */
	rootVisible: boolean;
	/** Visible range, where it is not the root department. */
	range?: VisibleRange;
	/** Names of members and departments are withheld: an app run by a provider without the consent (page 96259). */
	namesWithheld?: boolean;
	enabled: boolean;
	/** False answers 60020 to every business call. */
	ipTrusted: boolean;
	callback?: CallbackSettings;
}

/** Who and what an app may see, as the console sets it (page 90227). */
export interface VisibleRange {
	userIds: string[];
	departments: number[];
	tags: number[];
}

/** Who works at a corp. `users` say who can be reached, this says what they are called (pages 90208, 90200, 90213). */
export interface Directory {
	departments: Array<{ id: number; name: string; parentId: number }>;
	members: Array<{ userId: string; name: string; departments: number[] }>;
	tags: Array<{ id: number; name: string; userIds: string[]; departments: number[] }>;
}

export interface User {
	userId: string;
	/** Inside the visible range of the corp's apps. */
	visible: boolean;
	licensed: boolean;
}

export interface Chat {
	chatId: string;
	/** agentid of the app that created the chat; only this app may send to it. */
	agentId: number;
	name?: string;
	owner?: string;
	members?: string[];
	/** Milliseconds of the simulator's clock. */
	createdAt?: number;
}

/** A customer who has written to a Customer Service account (page 94677). */
export interface Conversation {
	externalUserId: string;
	openKfId: string;
	lastMessageAt: number;
	repliesSince: number;
	condition: 'open' | 'ended' | 'notAllowed';
}

/** Material of externalcontact/group_welcome_template. */
export interface WelcomeTemplate {
	templateId: string;
	/** The request's JSON body. */
	body: Record<string, unknown>;
}

/** Somebody who writes to a Customer Service account (page 95159). */
export interface Customer {
	externalUserId: string;
	nickname: string;
	unionId?: string;
}

/** What kf/sync_msg gives, as it gives it (page 94670). */
export interface InboxEntry {
	openKfId: string;
	at: number;
	entry: Record<string, unknown>;
	/** media_id of the same voice in Silk, where it is one. */
	silkMediaId?: string;
}

export interface Corp {
	corpId: string;
	users: User[];
	directory: Directory;
	departments: string[];
	tags: string[];
	chats: Chat[];
	openKfIds: string[];
	/** Names of the accounts of `openKfIds`; one without a name goes by its id. */
	kfNames: Record<string, string>;
	/** Accounts that no app may manage: they can neither be synced nor written from. */
	unmanagedKfIds: string[];
	customers: Customer[];
	/** Everything said to and by the Customer Service accounts, oldest first. */
	inbox: InboxEntry[];
	conversations: Conversation[];
	/** Times of accepted uploadimg calls, for the daily and the monthly quota. */
	imageUploads: number[];
	welcomeTemplates: WelcomeTemplate[];
}

export interface Suite {
	suiteId: string;
	suiteSecret: string;
	suiteTicket: string;
	/** When the ticket was made; undefined before the first one of `suiteTicketEveryMs`. */
	ticketMadeAt?: number;
	/** Older tickets and when each stops working. */
	earlierTickets: Array<{ ticket: string; until: number }>;
	/** Undefined: the ticket never ends, so that a demo credential keeps working. */
	ticketExpiresAt?: number;
	/** receiveid of the command callback's URL verification (section "receiveid" of page 90968). */
	providerCorpId: string;
	callback: CallbackSettings;
}

/** An intelligent robot of a corp, in webhook mode (vendor page 101039). */
export interface SmartBot {
	aibotId: string;
	corpId: string;
	name: string;
	callback: CallbackSettings;
}

export interface Robot {
	webhookKey: string;
	name: string;
	condition: 'ok' | 'disabled' | 'notInGroup';
	chatIds: string[];
	/** Times of counted sends, for the limit of 20 a minute. */
	sentAt: number[];
}

export interface OfficialAccount {
	appId: string;
	appSecret: string;
	ipTrusted: boolean;
	frozen: boolean;
	/** Open ids that may receive a message. */
	followers: string[];
	/** Times of cgi-bin/token calls and of forced stable_token refreshes, for their daily quotas. */
	tokenCalls: number[];
	forcedRefreshes: number[];
}

/** What lies in the permanent library of an Official Account (永久素材). */
export interface PermanentMaterial {
	mediaId: string;
	/** appid of the account. */
	owner: string;
	type: 'image' | 'voice' | 'video' | 'thumb' | 'news';
	fileName: string;
	bytes: Buffer;
	/** Of a video. */
	title?: string;
	introduction?: string;
	/** Of a picture. */
	url?: string;
	/** Of articles. */
	newsItem?: Array<Record<string, unknown>>;
}

/** How a download may deviate from the documented form; unset members mean "as documented". */
export interface DownloadQuirks {
	/** Answer 200 with everything although a Range was asked for. */
	ignoreRange?: boolean;
	/** Content-Range total as `*`, or growing by one byte with every chunk. */
	total?: '*' | 'changes';
	/** Answer a chunk that begins this many bytes after the one asked for. */
	startShift?: number;
	noContentDisposition?: boolean;
	/** Header names in lower case. */
	lowerCaseHeaders?: boolean;
	/** Content-Type instead of the real one, e.g. `text/plain`. */
	contentType?: string;
	/** Stored encrypted: chunk lengths must be multiples of 16 bytes. */
	encrypted?: boolean;
	/** Name only as `filename="<raw UTF-8>"`, without `filename*`. */
	plainNameOnly?: boolean;
	/** A proxy answers any Range with at most this many bytes. */
	maxPieceBytes?: number;
	/** ETag and Last-Modified; `changesOnce` differs from the second answer on, `changes` each time. */
	version?: 'fixed' | 'changesOnce' | 'changes';
	/** Which of the two is sent; default both. */
	versionHeader?: 'ETag' | 'Last-Modified';
	/** Bytes of the file from its second answer on; of the same length, as after a replacement. */
	replacedBy?: Buffer;
	/** No Content-Length: the body ends with the connection or comes chunked. */
	noContentLength?: boolean;
}

export interface StoredMedia {
	mediaId: string;
	bytes: Buffer;
	fileName: string;
	type: MediaType;
	contentType: string;
	createdAt: number;
	system: MediaSystem;
	/** corpid, webhook key or appid, by `system`. */
	owner: string;
	origin: MediaOrigin;
	/** Lower-case hex. */
	md5: string;
	/** Speex bytes of a voice recorded with the JS-SDK; only such media have an HD form. */
	hdVoice?: Buffer;
	quirks?: DownloadQuirks;
	/** How often its bytes were given so far. */
	answers?: number;
	/** Path under which an Official Account's video is served after media/get. */
	videoPath?: string;
}

/** A message that reached somebody. */
export interface DeliveredMessage {
	at: number;
	via: 'robot' | 'app' | 'appChat' | 'customerService' | 'officialAccount' | 'smartBot';
	to: string[];
	msgtype: string;
	/** The request's JSON body, with its texts as cut by WeCom. */
	body: Record<string, unknown>;
	/** The file that was sent, where there was one. */
	media?: StoredMedia;
	/** Raw bytes of a robot's inline image. */
	image?: Buffer;
	msgid?: string;
}
