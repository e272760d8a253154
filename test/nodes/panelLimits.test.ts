import type { INodeProperties } from 'n8n-workflow';

import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import {
	ATTACHMENTS,
	OFFICIAL_ACCOUNT_IMAGE_LINKS,
} from '../../nodes/WeComMedia/wecom/accounts/materials';
import {
	CHAT_RULES,
	LINK_TYPES,
	PACES,
	TEXT_RULES,
	VIDEO_TEXTS,
	WECOM_TYPES,
	WECOM_UPLOADIMG,
} from '../../nodes/WeComMedia/wecom/accounts/rules';
import { MAX_URL_BYTES } from '../../nodes/WeComMedia/wecom/calls/link';
import { MEDIA_ID_LIFE_S } from '../../nodes/WeComMedia/wecom/calls/upload';
import { formatBytes } from '../../nodes/WeComMedia/wecom/client/bytes';
import { MAX_FILE_NAME_BYTES } from '../../nodes/WeComMedia/wecom/files/fileName';
import type { MediaRule } from '../../nodes/WeComMedia/wecom/files/mediaRule';

/** Every text of the panel's fields and options. */
function textsOf(properties: INodeProperties[]): string[] {
	return properties.flatMap(({ displayName = '', hint = '', description = '', options = [] }) => [
		displayName,
		hint,
		description,
		...textsOf(options as INodeProperties[]),
	]);
}

const { file, voice } = WECOM_TYPES as Record<'file' | 'voice', MediaRule>;
const fileMost = formatBytes(file.maxBytes);
const linkMost = formatBytes(LINK_TYPES.file.maxBytes);
const articleImage = formatBytes(OFFICIAL_ACCOUNT_IMAGE_LINKS.rule.maxBytes + 1);
const texts = textsOf(new WeComMedia().description.properties);
const grouped = (count: number) => count.toLocaleString('en-US');
const { members } = CHAT_RULES;

test.each([
	['a text', `At most ${grouped(TEXT_RULES.members.text.maxBytes)} bytes`],
	['a text of a robot', `a robot takes ${grouped(TEXT_RULES.robot.text.maxBytes)}`],
	['Markdown of a robot', `of up to ${grouped(TEXT_RULES.robot.markdown.maxBytes)} bytes`],
	['welcome material', `At most ${grouped(TEXT_RULES.welcomeMaterial.text.maxBytes)} bytes`],
	['an answer of a smart bot', `at most ${grouped(TEXT_RULES.smartBot.markdown.maxBytes)} bytes`],
	["a video's title", `Title of a video, at most ${VIDEO_TEXTS.title} bytes`],
	["a video's description", `at most ${VIDEO_TEXTS.description} bytes`],
	["a chat's name", `At most ${CHAT_RULES.nameCharacters} characters`],
	["a chat's members", `${members.fewest} to ${grouped(members.most)} members`],
	['a link', `at most ${grouped(MAX_URL_BYTES)} bytes long`],
	["a file's name", `At most ${MAX_FILE_NAME_BYTES} bytes`],
	[
		'a permanent image',
		`JPG or PNG, up to ${formatBytes(WECOM_UPLOADIMG.maxBytes)}. The link never expires`,
	],
	['an article image', `JPG or PNG of less than ${articleImage}`],
	[
		'a file that is uploaded',
		`Every file must have more than ${file.minBytes - 1} bytes; above ${fileMost} only`,
	],
	['a file in welcome material', `A file of the incoming item, up to ${fileMost}`],
	['a large upload', `may have up to ${linkMost}`],
	['a link in welcome material', `A file behind a link, up to ${linkMost}`],
	['what WeCom fetches', `Let WeCom fetch up to ${linkMost}`],
	['a video in Moments', `up to ${ATTACHMENTS.moments.types.video!.maxSeconds} seconds`],
	['a voice', `more than ${voice.maxSeconds} seconds`],
	['a media_id', `valid for ${MEDIA_ID_LIFE_S / 86_400} days`],
	["a robot's messages", `at most ${PACES.robot.windows[0].most} messages a minute`],
])('the panel says the limit of %s as the rules have it: "%s"', (_what, sentence) => {
	expect(texts.filter((text) => text.includes(sentence))).not.toEqual([]);
});
