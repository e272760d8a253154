/** Limits of the vendor's upload pages: 90253 (WeCom), 99110 (robot), temporary media of the Official Account. */
import type { Content } from '../files/sniff';
import type { MediaRule, MediaType } from '../files/mediaRule';

const MIB = 1024 * 1024;
/** "More than 5 bytes" (vendor page 90253): 5 bytes are refused. */
const MIN_BYTES = 6;

export const WECOM_IMAGE: MediaRule = {
	minBytes: MIN_BYTES,
	maxBytes: 10 * MIB,
	contents: ['jpeg', 'png'],
	accepts: 'JPG or PNG',
};

export const WECOM_VOICE: MediaRule = {
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

export const WECOM_FILE: MediaRule = {
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
