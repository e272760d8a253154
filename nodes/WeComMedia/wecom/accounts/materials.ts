/** What lies beside temporary media, as data: files for a scene, pictures with a link, the permanent library. */
import { formatBytes, MIB } from '../client/bytes';
import type { MediaRule, MediaTypes } from '../files/mediaRule';
import { OFFICIAL_ACCOUNT_TYPES, WECOM_IMAGE, WECOM_UPLOADIMG, WECOM_VIDEO } from './rules';
import type { ImageLinks, System } from './system';

/** What an uploaded file is for, beside messages. */
type AttachmentPurpose = 'moments' | 'catalog';

interface Attachment extends MediaTypes {
	label: string;
	/** Wire value. */
	attachmentType: string;
}

const PICTURES: MediaTypes['autoTypes'] = [
	['jpeg', 'image'],
	['png', 'image'],
];

/** media/upload_attachment (vendor page 95098). It also names files, which no scene takes. */
export const ATTACHMENTS: Record<AttachmentPurpose, Attachment> = {
	moments: {
		label: 'WeCom app for Moments (朋友圈)',
		attachmentType: '1',
		types: {
			image: { ...WECOM_IMAGE, maxPixels: { longSide: 10_800, shortSide: 1080 } },
			video: { ...WECOM_VIDEO, maxSeconds: 30 },
		},
		autoTypes: [...PICTURES, ['mp4', 'video']],
	},
	catalog: {
		label: 'WeCom app for the product catalog (商品图册)',
		attachmentType: '2',
		types: { image: WECOM_IMAGE },
		autoTypes: PICTURES,
	},
};

/** @returns whether the value of Purpose names an upload of its own; `temporary` does not */
export function isAttachmentPurpose(value: string): value is AttachmentPurpose {
	return Object.hasOwn(ATTACHMENTS, value);
}

/** @returns the system with the upload for a scene; a media_id of it serves that scene only, so caches keep it apart */
export function forPurpose(system: System, purpose: AttachmentPurpose): System {
	const { label, attachmentType, types, autoTypes } = ATTACHMENTS[purpose];
	return {
		...system,
		label,
		types,
		autoTypes,
		fingerprint: `${system.fingerprint} attachment ${attachmentType}`,
		uploadPath: 'media/upload_attachment',
		uploadTypeParam: 'media_type',
		uploadQuery: { attachment_type: attachmentType },
	};
}

/** media/uploadimg of WeCom (vendor page 90256). */
export const WECOM_IMAGE_LINKS: ImageLinks = {
	rule: WECOM_UPLOADIMG,
	advice: `Save it as JPG or PNG of at most ${formatBytes(WECOM_UPLOADIMG.maxBytes)}.`,
	ifLost:
		'WeCom may have stored the image all the same. It then counts toward the 1,000 a day and 3,000 a month of the company, and its link is lost, so it was not uploaded again. Run the item again if the quota allows one more.',
};

/** media/uploadimg of an Official Account: pictures for articles, "below 1 MB", not counted in the library. */
export const OFFICIAL_ACCOUNT_IMAGE_LINKS: ImageLinks = {
	rule: {
		minBytes: 1,
		maxBytes: MIB - 1,
		contents: ['jpeg', 'png'],
		accepts: 'JPG or PNG',
	},
	advice: 'Save it as JPG or PNG of less than 1 MB.',
	ifLost:
		'WeChat may have stored the image all the same, but its link is lost, so it was not uploaded again. Run the item again for a new link.',
};

const [IMAGE, VOICE] = [OFFICIAL_ACCOUNT_TYPES.image, OFFICIAL_ACCOUNT_TYPES.voice] as MediaRule[];

/** material/add_material: no smallest size is documented. */
export const PERMANENT_MATERIAL: MediaTypes = {
	types: {
		...OFFICIAL_ACCOUNT_TYPES,
		image: {
			...IMAGE,
			minBytes: 1,
			contents: ['jpeg', 'png', 'gif', 'bmp'],
			accepts: 'JPG, PNG, GIF or BMP',
		},
		voice: {
			...VOICE,
			minBytes: 1,
			contents: ['amr', 'mp3', 'wav', 'wmv'],
			accepts: 'AMR, MP3, WAV or WMA',
		},
	},
	autoTypes: [
		...PICTURES,
		['gif', 'image'],
		['bmp', 'image'],
		['amr', 'voice'],
		['mp3', 'voice'],
		['wav', 'voice'],
		['mp4', 'video'],
	],
};
