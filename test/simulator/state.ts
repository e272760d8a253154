import { Clock } from './clock';
import type { AsyncJob } from './asyncJobs';
import type { KfCursor } from './inbox/customerService';
import type { BotFile, ResponseCode } from './inbox/smartBot';
import { MediaStore, type NewMedia } from './mediaStore';
import type {
	App,
	Corp,
	DeliveredMessage,
	OfficialAccount,
	PermanentMaterial,
	Robot,
	SmartBot,
	StoredMedia,
	Suite,
} from './model';
import { DEFAULT_SWITCHES, type StrictSwitches } from './strict';
import { TokenStore } from './tokens';

export interface StateOptions {
	now?: () => number;
	strict?: Partial<StrictSwitches>;
	mediaStoreBytes?: number;
}

const GIBIBYTE = 1024 ** 3;

/** The simulated world: who exists, what they hold, what arrived. Tests may change anything in it. */
export class SimulatorState {
	readonly clock: Clock;
	readonly strict: StrictSwitches;
	readonly tokens: TokenStore;
	readonly media: MediaStore;
	readonly corps: Corp[] = [];
	readonly apps: App[] = [];
	readonly suites: Suite[] = [];
	readonly robots: Robot[] = [];
	readonly smartBots: SmartBot[] = [];
	readonly officialAccounts: OfficialAccount[] = [];
	readonly jobs = new Map<string, AsyncJob>();
	readonly messages: DeliveredMessage[] = [];
	/** Messages that were answered with 0 and reached nobody. */
	readonly dropped: DeliveredMessage[] = [];
	/** When each member got messages of each app, for the silent limit. */
	readonly memberPace = new Map<string, number[]>();
	/** Files behind the encrypted links of smart bots, by their key. */
	readonly botFiles = new Map<string, BotFile>();
	/** Links for answering a smart bot's message, by their response_code. */
	readonly responseCodes = new Map<string, ResponseCode>();
	/** Cursors of kf/sync_msg and the tokens of its events. */
	readonly kfCursors = new Map<string, KfCursor>();
	readonly kfTokens = new Map<string, { openKfId: string; at: number }>();
	/** Times of kf/sync_msg calls without a token, by account. */
	readonly kfTokenless = new Map<string, number[]>();
	/** Latest time and msgid of every message, for message/send's duplicate check. */
	readonly recentMessages = new Map<string, { at: number; msgid: string }>();
	/** Permanent images of uploadimg, by the path they are served under. */
	readonly permanentImages = new Map<string, Buffer>();
	/** The libraries of all Official Accounts, by media_id. */
	readonly materials = new Map<string, PermanentMaterial>();
	/** Drafts of Official Accounts, by media_id. */
	readonly drafts = new Map<string, { owner: string; articles: unknown[] }>();
	/** The caller's address in `errmsg`; undefined means the real one. */
	clientIp?: string;
	/** Times of gettoken calls with a wrong secret. */
	readonly wrongSecrets: number[] = [];

	constructor(options: StateOptions = {}) {
		this.clock = new Clock(options.now);
		this.strict = { ...structuredClone(DEFAULT_SWITCHES), ...options.strict };
		this.tokens = new TokenStore(() => this.now());
		this.media = new MediaStore(() => this.now(), options.mediaStoreBytes ?? GIBIBYTE);
	}

	/** Milliseconds since 1970 by the simulator's clock. */
	now(): number {
		return this.clock.now();
	}

	/** Ends every token at its time: business calls answer 42001 until a new one is fetched. */
	expireTokens(): void {
		this.tokens.expire();
	}

	/** Withdraws every token early: business calls answer 40014 until a new one is fetched. */
	revokeTokens(): void {
		this.tokens.revoke();
	}

	/** Puts the caller's IP on, or off, the lists of all apps and accounts (60020 and 40164). */
	trustIp(trusted: boolean): void {
		for (const app of this.apps) app.ipTrusted = trusted;
		for (const account of this.officialAccounts) account.ipTrusted = trusted;
	}

	/**
	 * Stores a file as if it had been uploaded or received. Without `owner` it belongs to the first
	 * corp, robot or account, by `system`.
	 * @returns its media_id
	 */
	addMedia(entry: Omit<NewMedia, 'owner'> & { owner?: string }): string {
		const first = {
			app: this.corps[0]?.corpId,
			robot: this.robots[0]?.webhookKey,
			officialAccount: this.officialAccounts[0]?.appId,
		}[entry.system ?? 'app'];
		return this.media.add({ ...entry, owner: entry.owner ?? first }).mediaId;
	}

	addCorp(corp: Partial<Corp> & { corpId: string }): Corp {
		const added: Corp = {
			users: [],
			directory: { departments: [], members: [], tags: [] },
			departments: ['1'],
			tags: [],
			chats: [],
			openKfIds: [],
			kfNames: {},
			unmanagedKfIds: [],
			customers: [],
			inbox: [],
			conversations: [],
			imageUploads: [],
			welcomeTemplates: [],
			...corp,
		};
		this.corps.push(added);
		return added;
	}

	addApp(app: Partial<App> & { corpId: string; secret: string }): App {
		const added: App = {
			name: 'app',
			customerContact: true,
			customerService: false,
			rootVisible: true,
			enabled: true,
			ipTrusted: true,
			...app,
		};
		this.apps.push(added);
		return added;
	}

	addRobot(robot: Partial<Robot> & { webhookKey: string }): Robot {
		const added: Robot = { name: 'robot', condition: 'ok', chatIds: [], sentAt: [], ...robot };
		this.robots.push(added);
		return added;
	}

	addOfficialAccount(
		account: Partial<OfficialAccount> & { appId: string; appSecret: string },
	): OfficialAccount {
		const added: OfficialAccount = {
			ipTrusted: true,
			frozen: false,
			followers: [],
			tokenCalls: [],
			forcedRefreshes: [],
			...account,
		};
		this.officialAccounts.push(added);
		return added;
	}

	corp(corpId: string): Corp | undefined {
		return this.corps.find((corp) => corp.corpId === corpId);
	}

	/**
	 * A media_id as a business call sees it: unknown, foreign and expired ones look the same (40007).
	 */
	usableMedia(
		mediaId: unknown,
		system: StoredMedia['system'],
		owner: string,
	): StoredMedia | undefined {
		const media = typeof mediaId === 'string' ? this.media.get(mediaId) : undefined;
		if (!media || media.system !== system || media.owner !== owner) return undefined;
		return this.media.isExpired(media) ? undefined : media;
	}
}
