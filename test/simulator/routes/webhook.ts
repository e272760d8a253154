import { createHash } from 'node:crypto';

import { countSince } from '../clock';
import { Refusal } from '../errcodes';
import { sniff } from '../fileKinds';
import type { DeliveredMessage, MediaType, Robot } from '../model';
import { emptyReply, jsonReply, type Reply } from '../reply';
import { checkFile, filePart, refusesChunked, ROBOT_UPLOAD } from '../uploadRules';
import { isObject, jsonBody, type Route, type WeComRequest } from '../wecomRequest';

const CALLS_PER_MINUTE = 20;
const MARKDOWN_BYTES = 4096;
const IMAGE_BYTES = 2 * 1024 * 1024;

type Content = Record<string, unknown>;
type Check = (content: Content, request: WeComRequest, robot: Robot) => Partial<DeliveredMessage>;

/** webhook/upload_media (vendor page 99110). The file is looked at before the key. */
function uploadMedia(request: WeComRequest): Reply {
	if (refusesChunked(request)) return emptyReply(412);
	const part = filePart(request);
	const robot = findRobot(request);
	if (!robot) throw new Refusal(40058, "invalid param 'key'");
	const type = request.query.get('type') as MediaType;
	const rule = ROBOT_UPLOAD[type];
	if (!rule) throw new Refusal(40004);
	const { state } = request;
	if (state.strict.robotUploadsCount) countCall(request, robot);
	checkFile(part, rule, state.strict);
	const { bytes, fileName, md5 } = part;
	const owner = robot.webhookKey;
	const stored = state.media.add({ bytes, fileName, md5, type, system: 'robot', owner });
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		type,
		media_id: stored.mediaId,
		created_at: String(Math.floor(stored.createdAt / 1000)),
	});
}

/** webhook/send (vendor page 99110). */
function send(request: WeComRequest): Reply {
	const contentType = request.call.headers['content-type'] ?? '';
	if (!/^application\/json\b/i.test(contentType)) return emptyReply(415);
	const robot = findRobot(request);
	if (!robot) throw new Refusal(93000);
	if (robot.condition === 'disabled') throw new Refusal(93004);
	if (robot.condition === 'notInGroup') throw new Refusal(93008);
	countCall(request, robot);

	const body = jsonBody(request);
	const msgtype = String(body.msgtype);
	const check = Object.hasOwn(MESSAGE_CHECKS, msgtype) ? MESSAGE_CHECKS[msgtype] : undefined;
	if (!check) throw new Refusal(40008);
	const content = body[msgtype];
	if (!isObject(content)) throw new Refusal(40058, `${msgtype} missing`);
	const details = check(content, request, robot);
	// Undocumented: a robot in several groups can be told which one.
	if (body.chatid !== undefined && !robot.chatIds.includes(String(body.chatid))) {
		throw new Refusal(93006);
	}
	request.state.messages.push({
		at: request.state.now(),
		via: 'robot',
		to: body.chatid === undefined ? robot.chatIds : [String(body.chatid)],
		msgtype,
		body,
		...details,
	});
	return jsonReply({ errcode: 0, errmsg: 'ok' });
}

function findRobot(request: WeComRequest): Robot | undefined {
	const key = request.query.get('key');
	return request.state.robots.find(({ webhookKey }) => webhookKey === key);
}

function countCall({ call, state }: WeComRequest, robot: Robot): void {
	const { robotCountsFrom, robotRefusalsCount } = state.strict;
	const at = robotCountsFrom === 'arrival' ? call.at : state.now();
	const tooMany = countSince(robot.sentAt, at - 60_000) >= CALLS_PER_MINUTE;
	if (!tooMany || robotRefusalsCount) robot.sentAt.push(at);
	if (tooMany) throw new Refusal(45009);
}

/** Content of a text-like message. */
function checkText(content: Content, msgtype: string, maxBytes: number): Partial<DeliveredMessage> {
	const text = content.content;
	if (text === undefined || text === '') throw new Refusal(44004);
	if (typeof text !== 'string') throw new Refusal(40058, `${msgtype}.content must be a string`);
	if (Buffer.byteLength(text) > maxBytes) {
		throw new Refusal(40058, `${msgtype}.content exceed max length ${maxBytes}`);
	}
	return {};
}

function checkImage(content: Content): Partial<DeliveredMessage> {
	const { base64, md5 } = content;
	if (typeof base64 !== 'string' || base64 === '') throw new Refusal(40058, 'image.base64 missing');
	if (typeof md5 !== 'string' || md5 === '') throw new Refusal(40058, 'image.md5 missing');
	// No data: prefix, no line breaks.
	if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Refusal(40058, 'image.base64 invalid');
	const image = Buffer.from(base64, 'base64');
	if (image.length > IMAGE_BYTES) throw new Refusal(40009);
	if (createHash('md5').update(image).digest('hex') !== md5.toLowerCase()) {
		throw new Refusal(301019);
	}
	const kind = sniff(image);
	if (kind !== 'jpeg' && kind !== 'png') throw new Refusal(40123);
	return { image };
}

function checkNews(content: Content): Partial<DeliveredMessage> {
	const { articles } = content;
	if (!Array.isArray(articles) || articles.length === 0) throw new Refusal(44004);
	if (articles.length > 8) throw new Refusal(45008);
	for (const article of articles as unknown[]) {
		if (!isObject(article) || !article.title || !article.url) {
			throw new Refusal(40058, 'news.articles: title or url missing');
		}
		checkLength('title', article.title, 128);
		checkLength('description', article.description, 512);
	}
	return {};
}

function checkLength(name: string, value: unknown, maxBytes: number): void {
	if (typeof value === 'string' && Buffer.byteLength(value) > maxBytes) {
		throw new Refusal(40058, `${name} exceed max length ${maxBytes}`);
	}
}

/** A media_id works only for the robot that uploaded it, and only as what it was uploaded as. */
function checkMedia(type: MediaType): Check {
	return (content, request, robot) => {
		const media = request.state.usableMedia(content.media_id, 'robot', robot.webhookKey);
		if (media?.type !== type) throw new Refusal(40007);
		return { media };
	};
}

function checkCard(content: Content): Partial<DeliveredMessage> {
	const { card_type: cardType, card_action: action, main_title: title } = content;
	if (cardType !== 'text_notice' && cardType !== 'news_notice') {
		throw new Refusal(40058, 'template_card.card_type invalid');
	}
	if (!isObject(action)) throw new Refusal(40058, 'template_card.card_action missing');
	if (!(isObject(title) && title.title) && !content.sub_title_text) {
		throw new Refusal(40058, 'template_card.main_title.title or sub_title_text missing');
	}
	if (cardType === 'news_notice' && !isObject(content.card_image)) {
		throw new Refusal(40058, 'template_card.card_image missing');
	}
	return {};
}

const MESSAGE_CHECKS: Record<string, Check> = {
	text: (content, { state }) => checkText(content, 'text', state.strict.robotTextBytes),
	markdown: (content) => checkText(content, 'markdown', MARKDOWN_BYTES),
	markdown_v2: (content) => checkText(content, 'markdown_v2', MARKDOWN_BYTES),
	image: checkImage,
	news: checkNews,
	file: checkMedia('file'),
	voice: checkMedia('voice'),
	template_card: checkCard,
};

export const WEBHOOK_ROUTES: Route[] = [
	{ method: 'POST', path: 'webhook/upload_media', handle: uploadMedia },
	{ method: 'POST', path: 'webhook/send', handle: send },
];
