import { Refusal } from './errcodes';
import { extensionOf } from './fileKinds';
import type { StoredMedia } from './model';
import { isObject, type WeComRequest } from './wecomRequest';

const MEDIA_TYPES = ['image', 'voice', 'video', 'file'];

/** Fields that must not be empty, by msgtype of a message without a file. */
const REQUIRED_FIELDS: Partial<Record<string, string[]>> = {
	text: ['content'],
	markdown: ['content'],
	textcard: ['title', 'description', 'url'],
	news: ['articles'],
	mpnews: ['articles'],
	miniprogram_notice: ['appid', 'title'],
	template_card: ['card_type'],
	link: ['title', 'url', 'thumb_media_id'],
};

/** `file` may be confidential only for these (vendor page 90236). */
const SAFE_EXTENSIONS = [
	...['txt', 'pdf', 'doc', 'docx', 'ppt', 'pptx', 'xls', 'xlsx'],
	...['xml', 'jpg', 'jpeg', 'png', 'bmp', 'gif'],
];

/**
 * Checks what a message consists of.
 * @throws Refusal 40008, 44004, 40058, or 40007 for a media_id that is expired, of another corp, of
 * another type, or from the async upload
 */
export function messageContent(
	request: WeComRequest,
	corpId: string,
	body: Record<string, unknown>,
): { msgtype: string; media?: StoredMedia } {
	const msgtype = String(body.msgtype);
	const required = Object.hasOwn(REQUIRED_FIELDS, msgtype) ? REQUIRED_FIELDS[msgtype] : undefined;
	const carriesFile = MEDIA_TYPES.includes(msgtype);
	if (!required && !carriesFile) throw new Refusal(40008);
	const content = body[msgtype];
	if (!isObject(content)) throw new Refusal(40058, `${msgtype} missing`);
	if (carriesFile) {
		const mediaId = content.media_id;
		if (typeof mediaId === 'string' && Buffer.byteLength(mediaId) > 128) throw new Refusal(40058);
		const media = request.state.usableMedia(mediaId, 'app', corpId);
		if (media?.type !== msgtype || media.origin === 'async') throw new Refusal(40007);
		return { msgtype, media };
	}
	for (const name of required ?? []) {
		const value = content[name];
		if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
			throw new Refusal(name === 'content' ? 44004 : 40058, `${msgtype}.${name} is empty`);
		}
	}
	const { articles } = content;
	if (Array.isArray(articles) && articles.length > 8) throw new Refusal(45008);
	return { msgtype };
}

/** `safe`: 2 is for mpnews only, and of files only some kinds can be confidential. */
export function checkSafe(
	body: Record<string, unknown>,
	msgtype: string,
	media: StoredMedia | undefined,
): void {
	const { safe } = body;
	if (safe === undefined || safe === 0) return;
	const wrong =
		(safe !== 1 && !(safe === 2 && msgtype === 'mpnews')) ||
		(msgtype === 'file' && !SAFE_EXTENSIONS.includes(extensionOf(media?.fileName ?? '')));
	if (wrong) throw new Refusal(40058, 'invalid safe');
}
