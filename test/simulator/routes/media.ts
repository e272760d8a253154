import { randomBytes } from 'node:crypto';

import { mediaScope, recognizeProduct, requireCaller, type Caller } from '../access';
import { startOfDay, startOfMonth } from '../clock';
import { Refusal } from '../errcodes';
import type { Corp, MediaType } from '../model';
import { emptyReply, jsonReply, type Reply } from '../reply';
import {
	ACCOUNT_UPLOAD,
	ATTACHMENT_UPLOAD,
	checkFile,
	CORP_UPLOAD,
	filePart,
	refusesChunked,
	type UploadRule,
} from '../uploadRules';
import type { Route, WeComRequest } from '../wecomRequest';

/** media/upload (vendor page 90253) of a corp and of an Official Account. */
function upload(request: WeComRequest): Reply {
	recognizeProduct(request);
	if (refusesChunked(request)) return emptyReply(412);
	const caller = requireCaller(request);
	const rules = caller.kind === 'app' ? CORP_UPLOAD : ACCOUNT_UPLOAD;
	const type = request.query.get('type') as MediaType | null;
	const rule = type === null ? undefined : rules[type];
	if (type === null || !rule) throw new Refusal(40004);

	const part = filePart(request);
	const { strict, media } = request.state;
	const account = caller.kind === 'officialAccount';
	// Seen on Official Accounts: 45001 for an oversize image, 40005 for a name without extension.
	const options = account ? { extensions: true, oversize: 45001 } : {};
	checkFile(part, rule, strict, options);
	const { bytes, fileName, md5 } = part;
	const stored = media.add({ bytes, fileName, md5, type, ...mediaScope(caller) });
	const createdAt = Math.floor(stored.createdAt / 1000);
	if (!account) {
		return jsonReply({
			errcode: 0,
			errmsg: '',
			type,
			media_id: stored.mediaId,
			// A string here, a number for Official Accounts.
			created_at: String(createdAt),
		});
	}
	const idName = type === 'thumb' ? 'thumb_media_id' : 'media_id';
	return jsonReply({ type, [idName]: stored.mediaId, created_at: createdAt });
}

/** media/upload_attachment (vendor page 95098): for Moments (1) or the product catalog (2). */
function uploadAttachment(request: WeComRequest): Reply {
	recognizeProduct(request);
	if (refusesChunked(request)) return emptyReply(412);
	const caller = requireCaller(request);
	if (caller.kind !== 'app') throw new Refusal(40014);
	if (!caller.app.customerContact) throw new Refusal(48002);
	const rules = ATTACHMENT_UPLOAD[request.query.get('attachment_type') ?? ''];
	if (!rules) throw new Refusal(40058, 'invalid attachment_type');
	const type = request.query.get('media_type') as MediaType | null;
	if (type !== 'image' && type !== 'video' && type !== 'file') throw new Refusal(40004);
	const rule = rules[type];
	if (!rule) throw new Refusal(41072);
	const part = filePart(request);
	checkFile(part, rule, request.state.strict, { oversize: 41080 });
	const { bytes, fileName, md5 } = part;
	const stored = request.state.media.add({ bytes, fileName, md5, type, ...mediaScope(caller) });
	return jsonReply({
		errcode: 0,
		errmsg: '',
		type,
		media_id: stored.mediaId,
		created_at: Math.floor(stored.createdAt / 1000),
	});
}

const CORP_IMAGE: UploadRule = {
	maxBytes: 2 * 1024 * 1024,
	kinds: ['jpeg', 'png'],
	wrongKind: 40123,
};

/** "Below 1 MB". */
const ACCOUNT_IMAGE: UploadRule = {
	maxBytes: 1024 * 1024 - 1,
	kinds: ['jpeg', 'png'],
	wrongKind: 40005,
};

/** media/uploadimg (vendor page 90256): 5 bytes to 2 MB, a part of any name. */
function uploadImage(request: WeComRequest): Reply {
	recognizeProduct(request);
	if (refusesChunked(request)) return emptyReply(412);
	const caller = requireCaller(request);
	const rule = caller.kind === 'app' ? CORP_IMAGE : ACCOUNT_IMAGE;
	const part = filePart(request, { anyFieldName: true });
	checkFile(part, rule, request.state.strict, { minBytes: 5, oversize: 40009, extensions: false });
	if (caller.kind === 'app') countImage(request, caller.corp);

	const path = imagePath(caller);
	request.state.permanentImages.set(path, part.bytes);
	// Served by the simulator instead of p.qpic.cn; like there: http, and no extension.
	const url = `${request.baseUrl}${path}`;
	return jsonReply(caller.kind === 'app' ? { errcode: 0, errmsg: '', url } : { url });
}

/** 1 000 a day and 3 000 a month for each corp. */
function countImage(request: WeComRequest, corp: Corp): void {
	const now = request.state.now();
	const since = (start: number) => corp.imageUploads.filter((at) => at >= start).length;
	if (since(startOfDay(now)) >= 1000 || since(startOfMonth(now)) >= 3000) throw new Refusal(45009);
	corp.imageUploads.push(now);
}

function imagePath(caller: Caller): string {
	const place = caller.kind === 'app' ? 'pic_wework' : 'mmbiz';
	return `/${place}/${randomBytes(20).toString('hex')}/0`;
}

export const MEDIA_ROUTES: Route[] = [
	{ method: 'POST', path: 'media/upload', handle: upload },
	{ method: 'POST', path: 'media/upload_attachment', handle: uploadAttachment },
	{
		method: 'POST',
		path: 'media/uploadimg',
		handle: uploadImage,
		fieldsOfFailure: { url: '' },
	},
];
