import { randomBytes } from 'node:crypto';

import { requireApp } from '../access';
import { Refusal } from '../errcodes';
import { jsonReply, type Reply } from '../reply';
import { isObject, jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

const MAX_TEMPLATES = 100;
const TEXT_BYTES = 3000;
const FILE_KINDS = ['image', 'file', 'video'] as const;

/** externalcontact/group_welcome_template/add: the one message that takes async media_ids. */
function addTemplate(request: WeComRequest): Reply {
	const { corp, body } = checkedTemplate(request);
	const { notify = 1 } = body;
	if (notify !== 0 && notify !== 1) throw new Refusal(40058, 'invalid notify');
	if (corp.welcomeTemplates.length >= MAX_TEMPLATES) throw new Refusal(41055);
	const templateId = `msg${randomBytes(16).toString('base64url')}`;
	corp.welcomeTemplates.push({ templateId, body });
	return jsonReply({ errcode: 0, errmsg: 'ok', template_id: templateId });
}

function editTemplate(request: WeComRequest): Reply {
	const { corp, body } = checkedTemplate(request);
	const templateId = requiredText(body, 'template_id', 40058);
	const template = corp.welcomeTemplates.find((known) => known.templateId === templateId);
	if (!template) throw new Refusal(40058, 'invalid template_id');
	template.body = body;
	return jsonReply({ errcode: 0, errmsg: 'ok' });
}

function checkedTemplate(request: WeComRequest) {
	const { app, corp } = requireApp(request);
	if (!app.customerContact) throw new Refusal(48002);
	const body = jsonBody(request);
	const contents = ['text', 'link', 'miniprogram', ...FILE_KINDS];
	if (!contents.some((name) => isObject(body[name]))) throw new Refusal(44004);
	if (body.text !== undefined) checkText(body.text);
	const files = FILE_KINDS.filter((kind) => body[kind] !== undefined);
	// Several are allowed, one is shown: strict here, so that nobody relies on which.
	if (files.length > 1) throw new Refusal(40058, 'more than one attachment');
	for (const kind of FILE_KINDS) {
		const content = body[kind];
		// An image may come as the link of an uploadimg instead.
		if (!isObject(content) || (kind === 'image' && content.pic_url)) continue;
		const media = request.state.usableMedia(content.media_id, 'app', corp.corpId);
		if (media?.type !== kind) throw new Refusal(40007);
	}
	return { corp, body };
}

function checkText(text: unknown): void {
	const content = isObject(text) ? text.content : undefined;
	if (typeof content !== 'string' || content === '') throw new Refusal(40058, 'text.content empty');
	if (Buffer.byteLength(content) > TEXT_BYTES) throw new Refusal(40058, 'text.content too long');
}

export const WELCOME_TEMPLATE_ROUTES: Route[] = [
	{
		method: 'POST',
		path: 'externalcontact/group_welcome_template/add',
		handle: addTemplate,
	},
	{
		method: 'POST',
		path: 'externalcontact/group_welcome_template/edit',
		handle: editTemplate,
	},
];
