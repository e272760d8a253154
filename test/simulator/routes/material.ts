/** The permanent library of an Official Account: material/add_material and material/get_material. */
import { randomBytes } from 'node:crypto';

import { recognizeProduct, requireAccount } from '../access';
import { Refusal } from '../errcodes';
import { contentTypeOf } from '../fileKinds';
import type { PermanentMaterial } from '../model';
import { emptyReply, jsonReply, type Reply } from '../reply';
import { checkFile, filePart, PERMANENT_UPLOAD, refusesChunked } from '../uploadRules';
import { isObject, jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';
import { nameParameters } from './download';

/** Answers without errcode, and with a `url` for pictures only. */
function addMaterial(request: WeComRequest): Reply {
	recognizeProduct(request);
	if (refusesChunked(request)) return emptyReply(412);
	const account = requireAccount(request);
	const type = request.query.get('type') as PermanentMaterial['type'] | null;
	const rule = type === null || type === 'news' ? undefined : PERMANENT_UPLOAD[type];
	if (type === null || !rule) throw new Refusal(40004);

	const part = filePart(request);
	checkFile(part, rule, request.state.strict, { extensions: true, oversize: 45001, minBytes: 1 });
	const { bytes, fileName } = part;
	const mediaId = randomBytes(32).toString('base64url');
	const material: PermanentMaterial = { mediaId, owner: account.appId, type, fileName, bytes };
	if (type === 'video') Object.assign(material, descriptionOf(request));
	if (type === 'image') {
		const path = `/mmbiz_png/${randomBytes(20).toString('hex')}/0`;
		request.state.permanentImages.set(path, bytes);
		material.url = `${request.baseUrl}${path}?wx_fmt=png`;
	}
	request.state.materials.set(mediaId, material);
	return jsonReply({ media_id: mediaId, ...(material.url ? { url: material.url } : {}), item: [] });
}

/** A video needs a second part, a text named `description`: JSON with a title and an introduction. */
function descriptionOf({ multipart }: WeComRequest): { title: string; introduction: string } {
	const part = multipart?.parts.find(({ name }) => name === 'description');
	if (!part || part.fileName !== undefined) throw new Refusal(47001, 'data format error');
	const given = parsed(part.bytes.toString('utf8'));
	if (!isObject(given)) throw new Refusal(47001, 'data format error');
	const { title, introduction } = given;
	if (typeof title !== 'string' || title === '' || typeof introduction !== 'string') {
		throw new Refusal(47001, 'data format error');
	}
	return { title, introduction };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Articles and videos are answered with JSON, everything else with the file itself. */
function getMaterial(request: WeComRequest): Reply {
	recognizeProduct(request);
	const account = requireAccount(request);
	const mediaId = requiredText(jsonBody(request), 'media_id', 41006);
	const material = request.state.materials.get(mediaId);
	if (material?.owner !== account.appId) throw new Refusal(40007);
	if (material.type === 'news') return jsonReply({ news_item: material.newsItem ?? [] });
	if (material.type === 'video') {
		const path = `/video/${mediaId}`;
		request.state.permanentImages.set(path, material.bytes);
		const { title, introduction: description } = material;
		return jsonReply({ title, description, down_url: `${request.baseUrl}${path}` });
	}
	const headers = {
		'Content-Type': contentTypeOf(material.bytes, material.fileName),
		'Content-disposition': `attachment; ${nameParameters(material.fileName, {})}`,
	};
	return { status: 200, headers, body: material.bytes };
}

/** Characters of a title, and of the HTML (draft/add). */
const [TITLE_CHARACTERS, CONTENT_CHARACTERS] = [32, 20_000];

/** draft/add: each article needs a title, a content and a cover out of the permanent library. */
function addDraft(request: WeComRequest): Reply {
	recognizeProduct(request);
	const account = requireAccount(request);
	const { articles } = jsonBody(request);
	if (!Array.isArray(articles) || articles.length === 0) throw new Refusal(44003);
	for (const article of articles as unknown[]) {
		if (!isObject(article)) throw new Refusal(47001);
		const title = requiredText(article, 'title', 44004);
		const content = requiredText(article, 'content', 44004);
		if ([...title].length > TITLE_CHARACTERS) throw new Refusal(45003);
		if ([...content].length >= CONTENT_CHARACTERS) throw new Refusal(45002);
		const cover = request.state.materials.get(String(article.thumb_media_id));
		if (cover?.owner !== account.appId || !['image', 'thumb'].includes(cover.type)) {
			throw new Refusal(40007);
		}
	}
	const mediaId = randomBytes(32).toString('base64url');
	request.state.drafts.set(mediaId, { owner: account.appId, articles });
	return jsonReply({ media_id: mediaId });
}

export const MATERIAL_ROUTES: Route[] = [
	{ method: 'POST', path: 'draft/add', handle: addDraft },
	{ method: 'POST', path: 'material/add_material', handle: addMaterial },
	{ method: 'POST', path: 'material/get_material', handle: getMaterial },
];
