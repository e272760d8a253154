import { Refusal } from './errcodes';
import {
	amrDuration,
	extensionOf,
	pictureSize,
	sniff,
	videoSeconds,
	type FileKind,
} from './fileKinds';
import type { MediaType } from './model';
import type { ReceivedPart } from './multipart';
import type { StrictSwitches } from './strict';
import type { WeComRequest } from './wecomRequest';

const KB = 1024;
const MB = 1024 * KB;

/** What one media type may be. Undefined members are not checked. */
export interface UploadRule {
	maxBytes: number;
	/** Contents taken, and the code for any other. */
	kinds?: FileKind[];
	wrongKind?: number;
	extensions?: string[];
	maxSeconds?: number;
	/** Of a picture: 41081 beyond. */
	pixels?: { longSide: number; shortSide: number };
	/** 41082 beyond. */
	maxVideoSeconds?: number;
}

export type UploadRules = Partial<Record<MediaType, UploadRule>>;

const AMR_VOICE: UploadRule = {
	maxBytes: 2 * MB,
	kinds: ['amr'],
	wrongKind: 301017,
	extensions: ['amr'],
	maxSeconds: 60,
};
const MP4_VIDEO: UploadRule = {
	maxBytes: 10 * MB,
	kinds: ['mp4'],
	wrongKind: 40005,
	extensions: ['mp4'],
};
const CORP_PICTURE: UploadRule = {
	maxBytes: 10 * MB,
	kinds: ['jpeg', 'png'],
	wrongKind: 40123,
	extensions: ['jpg', 'jpeg', 'png'],
};
const ANY_FILE: UploadRule = { maxBytes: 20 * MB };

/** media/upload of a corp (vendor page 90253). */
export const CORP_UPLOAD: UploadRules = {
	image: CORP_PICTURE,
	voice: AMR_VOICE,
	video: MP4_VIDEO,
	file: ANY_FILE,
};

/** webhook/upload_media (vendor page 99110). */
export const ROBOT_UPLOAD: UploadRules = { file: ANY_FILE, voice: AMR_VOICE };

/** media/upload of an Official Account. */
export const ACCOUNT_UPLOAD: UploadRules = {
	image: {
		maxBytes: 10 * MB,
		kinds: ['jpeg', 'png', 'gif'],
		wrongKind: 40005,
		extensions: ['jpg', 'jpeg', 'png', 'gif'],
	},
	voice: {
		maxBytes: 2 * MB,
		kinds: ['amr', 'mp3'],
		wrongKind: 40005,
		extensions: ['amr', 'mp3'],
		maxSeconds: 60,
	},
	video: MP4_VIDEO,
	thumb: { maxBytes: 64 * KB, kinds: ['jpeg'], wrongKind: 40005, extensions: ['jpg', 'jpeg'] },
};

/** material/add_material of an Official Account. */
export const PERMANENT_UPLOAD: UploadRules = {
	image: {
		maxBytes: 10 * MB,
		kinds: ['jpeg', 'png', 'gif', 'bmp'],
		wrongKind: 40005,
		extensions: ['bmp', 'png', 'jpeg', 'jpg', 'gif'],
	},
	voice: {
		maxBytes: 2 * MB,
		kinds: ['amr', 'mp3', 'wav', 'wma'],
		wrongKind: 40005,
		extensions: ['mp3', 'wma', 'wav', 'amr'],
		maxSeconds: 60,
	},
	video: MP4_VIDEO,
	thumb: { maxBytes: 64 * KB, kinds: ['jpeg'], wrongKind: 40005, extensions: ['jpg', 'jpeg'] },
};

/** media/upload_attachment (vendor page 95098), by attachment_type; the page lists files, but no scene takes them. */
export const ATTACHMENT_UPLOAD: Record<string, UploadRules> = {
	'1': {
		image: { ...CORP_PICTURE, pixels: { longSide: 10_800, shortSide: 1080 } },
		video: { ...MP4_VIDEO, wrongKind: 41090, maxVideoSeconds: 30 },
	},
	'2': { image: CORP_PICTURE },
};

/** Files of 5 bytes or fewer are refused; 6 is the smallest (vendor page 90253). */
const TOO_SMALL_BYTES = 5;

/** HTTP 412 is answered by the front server to chunked uploads, before anything is looked at. */
export function refusesChunked(request: WeComRequest): boolean {
	if (!request.call.chunked) return false;
	return request.product === 'officialAccount' || request.state.strict.chunkedIs412;
}

/**
 * The file part of an upload, with its plain file name.
 * @throws Refusal 44001 (Official Account 41005) when there is none, it has no plain name, it is
 * empty, or the form could not be understood
 */
export function filePart(
	request: WeComRequest,
	options: { anyFieldName?: boolean } = {},
): ReceivedPart & { fileName: string } {
	const missing = new Refusal(request.product === 'officialAccount' ? 41005 : 44001);
	const { multipart } = request;
	if (!multipart || multipart.malformed !== undefined) throw missing;
	const anyName = options.anyFieldName ?? request.state.strict.anyFieldName;
	const part = multipart.parts.find(({ name }) => anyName || name === 'media');
	// A part that names its file only as \`filename*\` is empty to the vendor.
	if (!part?.fileName || part.size === 0) throw missing;
	return { ...part, fileName: part.fileName };
}

/** @throws Refusal 40006 or the switched code for the wrong size, the rule's codes for the wrong content */
export function checkFile(
	part: ReceivedPart & { fileName: string },
	rule: UploadRule,
	strict: StrictSwitches,
	options: { extensions?: boolean; minBytes?: number; oversize?: number } = {},
): void {
	const { fileLength, size, bytes } = part;
	if (strict.fileLengthMustMatch && fileLength !== undefined && fileLength !== size) {
		throw new Refusal(40006, `invalid file size, filelength ${fileLength} but ${size} bytes`);
	}
	if (size < (options.minBytes ?? TOO_SMALL_BYTES + 1)) throw new Refusal(40006);
	if (size > rule.maxBytes) throw new Refusal(options.oversize ?? strict.oversizeErrcode);
	if (options.extensions ?? strict.extensionMustMatch) checkExtension(part.fileName, rule);
	const kind = sniff(bytes);
	if (rule.kinds && (kind === undefined || !rule.kinds.includes(kind))) {
		throw new Refusal(rule.wrongKind ?? 40005);
	}
	if (kind === 'amr' && rule.maxSeconds && amrDuration(bytes) > rule.maxSeconds * 1000) {
		throw new Refusal(45007);
	}
	checkScene(bytes, rule);
}

function checkScene(bytes: Buffer, { pixels, maxVideoSeconds }: UploadRule): void {
	const size = pixels && pictureSize(bytes);
	if (size && pixels) {
		const [short, long] = size.sort((a, b) => a - b);
		if (long > pixels.longSide || short > pixels.shortSide) throw new Refusal(41081);
	}
	if (maxVideoSeconds && videoSeconds(bytes) > maxVideoSeconds) throw new Refusal(41082);
}

function checkExtension(fileName: string, rule: UploadRule): void {
	if (!rule.extensions) return;
	const extension = extensionOf(fileName);
	if (extension === '') throw new Refusal(40005);
	if (!rule.extensions.includes(extension)) throw new Refusal(40113);
}
