/** Limits of the vendor's upload pages: 90253 (WeCom), 99110 (robot), temporary media of the Official Account. */
import { MIB } from '../client/bytes';
import type { Content } from '../files/sniff';
import type { MediaRule, MediaType } from '../files/mediaRule';

/** "More than 5 bytes" (vendor page 90253): 5 bytes are refused. */
const MIN_BYTES = 6;

export const WECOM_IMAGE: MediaRule = {
	minBytes: MIN_BYTES,
	maxBytes: 10 * MIB,
	contents: ['jpeg', 'png'],
	accepts: 'JPG or PNG',
};

const WECOM_VOICE: MediaRule = {
	minBytes: MIN_BYTES,
	maxBytes: 2 * MIB,
	contents: ['amr'],
	accepts: 'AMR (narrow-band)',
	maxSeconds: 60,
};

export const WECOM_VIDEO: MediaRule = {
	minBytes: MIN_BYTES,
	maxBytes: 10 * MIB,
	contents: ['mp4'],
	accepts: 'MP4',
};

const WECOM_FILE: MediaRule = {
	minBytes: MIN_BYTES,
	maxBytes: 20 * MIB,
	accepts: 'any file',
};

/** Permanent image (vendor page 90256): here 5 bytes are allowed. */
export const WECOM_UPLOADIMG: MediaRule = {
	minBytes: 5,
	maxBytes: 2 * MIB,
	contents: ['jpeg', 'png'],
	accepts: 'JPG or PNG',
};

export const WECOM_TYPES: Partial<Record<MediaType, MediaRule>> = {
	image: WECOM_IMAGE,
	voice: WECOM_VOICE,
	video: WECOM_VIDEO,
	file: WECOM_FILE,
};

export const WECOM_AUTO_TYPES: ReadonlyArray<readonly [Content, MediaType]> = [
	['jpeg', 'image'],
	['png', 'image'],
	['amr', 'voice'],
	['mp4', 'video'],
];

export const ROBOT_TYPES: Partial<Record<MediaType, MediaRule>> = {
	voice: WECOM_VOICE,
	file: WECOM_FILE,
};

export const ROBOT_AUTO_TYPES: ReadonlyArray<readonly [Content, MediaType]> = [['amr', 'voice']];

/** Pictures go into the robot's message itself, at most 2 MB before Base64 (vendor page 99110). */
export const ROBOT_INLINE_IMAGE: MediaRule = { ...WECOM_IMAGE, maxBytes: 2 * MIB };

export const OFFICIAL_ACCOUNT_TYPES: Partial<Record<MediaType, MediaRule>> = {
	image: {
		minBytes: MIN_BYTES,
		maxBytes: 10 * MIB,
		contents: ['jpeg', 'png', 'gif'],
		accepts: 'JPG, PNG or GIF',
	},
	voice: {
		minBytes: MIN_BYTES,
		maxBytes: 2 * MIB,
		contents: ['amr', 'mp3'],
		accepts: 'AMR or MP3',
		maxSeconds: 60,
	},
	video: WECOM_VIDEO,
	thumb: {
		minBytes: MIN_BYTES,
		maxBytes: 64 * 1024,
		contents: ['jpeg'],
		accepts: 'JPG',
	},
};

export const OFFICIAL_ACCOUNT_AUTO_TYPES: ReadonlyArray<readonly [Content, MediaType]> = [
	['jpeg', 'image'],
	['png', 'image'],
	['gif', 'image'],
	['amr', 'voice'],
	['mp3', 'voice'],
	['mp4', 'video'],
];

/** What WeCom fetches from a link (vendor page 96219). */
export const LINK_TYPES: Record<'file' | 'video', MediaRule> = {
	file: { minBytes: MIN_BYTES, maxBytes: 200 * MIB, accepts: 'any file' },
	video: { minBytes: MIN_BYTES, maxBytes: 200 * MIB, contents: ['mp4'], accepts: 'MP4' },
};

/** A download comes in pieces (vendor page 90254). */
export const DOWNLOADS = {
	/** The most that may come at once: below 20 MB under both readings of MB, and a multiple of 16. */
	pieceBytes: 19_999_984,
};

/** What a text can be, by its wire name (vendor page 99110; `markdown_v2` on robots only). */
export type TextKind = 'text' | 'markdown' | 'markdown_v2';

/** How long a text may be, in UTF-8 bytes. */
export interface TextRule {
	/** More is refused here: most channels cut it silently and answer ok. */
	maxBytes: number;
	/** A split text's parts have at most this many; absent = `maxBytes`. */
	partBytes?: number;
}

export type TextRules = Partial<Record<TextKind, TextRule>>;

const UP_TO_2048: TextRule = { maxBytes: 2048 };
const UP_TO_4096: TextRule = { maxBytes: 4096 };

/** Every channel's texts. */
export const TEXT_RULES = {
	/** Vendor page 90236: longer ones are cut. */
	members: { text: UP_TO_2048, markdown: UP_TO_2048 },
	/** Vendor page 90248: longer ones are cut. */
	appChat: { text: UP_TO_2048, markdown: UP_TO_2048 },
	/** Vendor page 94677: longer ones are cut. */
	customerService: { text: UP_TO_2048 },
	/** Not documented; 2048 bytes were measured, more is refused with 45002. */
	officialAccount: { text: UP_TO_2048 },
	/**
	 * Vendor page 99110 says 2048 for a text, the server was seen to take 5120 and to refuse more (40058). What it takes
	 * is sent; parts keep to the page, so that they fit whichever holds.
	 */
	robot: {
		text: { maxBytes: 5120, partBytes: 2048 },
		markdown: UP_TO_4096,
		markdown_v2: UP_TO_4096,
	},
	/** Vendor page 92366. */
	welcomeMaterial: { text: { maxBytes: 3000 } },
	/** Vendor page 101138: Markdown through `response_url`. */
	smartBot: { markdown: { maxBytes: 20_480 } },
} satisfies Record<string, TextRules>;

/** Title and description of a video, in UTF-8 bytes: longer ones are cut (vendor page 90236). */
export const VIDEO_TEXTS = { title: 128, description: 512 } as const;

/** How often one receiver may be written to. */
export interface PaceRule {
	/** Most messages in so many milliseconds. */
	windows: ReadonlyArray<{ most: number; ms: number }>;
	/** errcode of a message that is refused because there were too many; absent where WeCom drops it and answers ok. */
	refusal?: number;
	/** Half a sentence for people. */
	says: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const PACES = {
	/** Vendor page 99110. */
	robot: {
		windows: [{ most: 20, ms: MINUTE_MS }],
		refusal: 45009,
		says: 'WeCom takes 20 messages a minute from a robot',
	},
	/** Vendor pages 90454, 90236: what is above is dropped. */
	members: {
		windows: [
			{ most: 30, ms: MINUTE_MS },
			{ most: 1000, ms: HOUR_MS },
		],
		says: 'WeCom delivers 30 messages a minute and 1,000 an hour of an app to one member',
	},
	/** Vendor page 90248: a member gets 200 a minute and 10,000 a day, the rest is dropped. */
	appChat: {
		windows: [
			{ most: 200, ms: MINUTE_MS },
			{ most: 10_000, ms: 24 * HOUR_MS },
		],
		refusal: 45009,
		says: 'WeCom delivers 200 messages a minute and 10,000 a day to one member of an app chat',
	},
	/** Only what is refused is waited for. */
	officialAccount: {
		windows: [],
		refusal: 45011,
		says: 'WeChat takes only so many calls of an Official Account a minute',
	},
} satisfies Record<string, PaceRule>;

/** An app chat (vendor page 90245): a longer name is cut, the owner is one of the members. */
export const CHAT_RULES = {
	nameCharacters: 50,
	members: { fewest: 2, most: 2000 },
	chatId: /^[0-9a-zA-Z]{1,32}$/,
} as const;

/** Files that welcome material can hold (vendor page 92366). */
export const WELCOME_TYPES = ['image', 'video', 'file'] as const;
