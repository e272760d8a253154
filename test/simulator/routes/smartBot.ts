import { Refusal } from '../errcodes';
import { BOT_LINK_MS, RESPONSE_URL_MS, type BotFile } from '../inbox/smartBot';
import { emptyReply, jsonReply, type Reply } from '../reply';
import { isObject, jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';
import { nameParameters, parseRange } from './download';

const REPLY_BYTES = 20_480;

/** The host of a smart bot's files: ciphertext behind a signed link, no token (vendor page 100719). */
function botFile(request: WeComRequest): Reply {
	const { call, query, state } = request;
	const file = state.botFiles.get(query.get('k') ?? '');
	if (!file) return errorXml(404, 'NoSuchKey');
	// As COS: a link is good as it was handed out, and takes no second way of authorizing.
	if (call.headers.authorization !== undefined) return errorXml(400, 'InvalidRequest');
	if (call.search !== `?${file.query}`) return errorXml(403, 'SignatureDoesNotMatch');
	if (state.now() - file.createdAt >= BOT_LINK_MS) return expired(state.strict.expiredBotLink);
	return fileReply(file, state.strict.botLinkRange ? call.headers.range : undefined);
}

function fileReply(file: BotFile, rangeHeader: string | undefined): Reply {
	const { ciphertext, quirks } = file;
	const headers: Record<string, string> = {
		'Content-Type': quirks.contentType ?? 'application/octet-stream',
		'Content-Disposition': `attachment; ${nameParameters(file.fileName, quirks)}`,
	};
	if (quirks.noContentDisposition) delete headers['Content-Disposition'];
	const range = parseRange(rangeHeader, ciphertext.length);
	if (range === 'unsatisfiable') return errorXml(416, 'InvalidRange');
	if (range !== undefined) {
		headers['Content-Range'] = `bytes ${range.start}-${range.end}/${ciphertext.length}`;
		return { status: 206, headers, body: ciphertext.subarray(range.start, range.end + 1) };
	}
	const announcedBytes = quirks.announcedBytes;
	return {
		status: 200,
		headers,
		body: ciphertext.subarray(0, announcedBytes),
		announcedBytes,
		withoutLength: quirks.noContentLength,
	};
}

function expired(manner: '403Xml' | '403Empty' | '200Html'): Reply {
	if (manner === '403Empty') return emptyReply(403);
	if (manner === '403Xml') return errorXml(403, 'AccessDenied', 'Request has expired');
	const body = Buffer.from('<!doctype html><html><body>The link has expired.</body></html>');
	return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

function errorXml(status: number, code: string, message = code): Reply {
	const body = `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return { status, headers: { 'Content-Type': 'application/xml' }, body: Buffer.from(body) };
}

/** aibot/response (vendor page 101138): markdown or a card, once, within an hour; no token. */
function respond(request: WeComRequest): Reply {
	const { call, query, state } = request;
	if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) return emptyReply(415);
	const code = state.responseCodes.get(query.get('response_code') ?? '');
	if (!code) throw new Refusal(40058, 'invalid response_code');
	const body = jsonBody(request);
	const { msgtype } = body;
	// The code of another kind was seen; those of an empty or a long content are not known.
	if (msgtype !== 'markdown' && msgtype !== 'template_card') throw new Refusal(40008);
	const content = body[msgtype];
	if (!isObject(content)) throw new Refusal(40058, `${msgtype} missing`);
	if (msgtype === 'markdown') requiredText(content, 'content', 44004, REPLY_BYTES);
	if (code.used || state.now() - code.createdAt >= RESPONSE_URL_MS) {
		const { spentResponseUrl } = state.strict;
		if (spentResponseUrl === '404') return emptyReply(404);
		if (spentResponseUrl !== 'ok') throw new Refusal(spentResponseUrl, 'invalid response_code');
		return jsonReply({ errcode: 0, errmsg: 'ok' });
	}
	code.used = true;
	state.messages.push({ at: state.now(), via: 'smartBot', to: [code.to], msgtype, body });
	return jsonReply({ errcode: 0, errmsg: 'ok' });
}

export const SMART_BOT_ROUTES: Route[] = [
	{ method: 'GET', path: '/aibot/file', handle: botFile },
	{ method: 'POST', path: 'aibot/response', handle: respond },
];
