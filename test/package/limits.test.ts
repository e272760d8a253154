/** What the documents say of limits is what files, texts and chats are checked against. `docs/limits.md` is made from the rules. */
import {
	ATTACHMENTS,
	OFFICIAL_ACCOUNT_IMAGE_LINKS,
} from '../../nodes/WeComMedia/wecom/accounts/materials';
import {
	CHAT_RULES,
	LINK_TYPES,
	OFFICIAL_ACCOUNT_TYPES,
	ROBOT_INLINE_IMAGE,
	TEXT_RULES,
	VIDEO_TEXTS,
	WECOM_TYPES,
} from '../../nodes/WeComMedia/wecom/accounts/rules';
import { MAX_URL_BYTES } from '../../nodes/WeComMedia/wecom/calls/link';
import { MEDIA_ID_LIFE_S } from '../../nodes/WeComMedia/wecom/calls/upload';
import { formatBytes, MIB } from '../../nodes/WeComMedia/wecom/client/bytes';
import { MAX_FILE_NAME_BYTES } from '../../nodes/WeComMedia/wecom/files/fileName';
import { readProjectFile } from './projectFiles';

const textOf = (page: string) => readProjectFile(page).toString('utf8');
const grouped = (count: number) => count.toLocaleString('en-US');

const file = formatBytes(WECOM_TYPES.file!.maxBytes);
const link = formatBytes(LINK_TYPES.file.maxBytes);
const fromFileToLink = `${WECOM_TYPES.file!.maxBytes / MIB} to ${link}`;
const days = MEDIA_ID_LIFE_S / 86_400;
const inline = formatBytes(ROBOT_INLINE_IMAGE.maxBytes);
const video = formatBytes(OFFICIAL_ACCOUNT_TYPES.video!.maxBytes);
const articleImage = formatBytes(OFFICIAL_ACCOUNT_IMAGE_LINKS.rule.maxBytes + 1);
const { image, video: momentsVideo } = ATTACHMENTS.moments.types;
const { members } = CHAT_RULES;
const botAnswer = grouped(TEXT_RULES.smartBot.markdown.maxBytes);
const welcomeText = grouped(TEXT_RULES.welcomeMaterial.text.maxBytes);

describe.each([
	[
		'README.md',
		[
			`pictures up to ${inline}`,
			`WeCom messages hold ${file}`,
			fromFileToLink,
			`Older than ${days} days`,
		],
	],
	[
		'README_zh-CN.md',
		[
			`${inline} 以内的图片`,
			`最多带 ${file}`,
			fromFileToLink.replace('to', '到'),
			`超过 ${days} 天`,
		],
	],
	[
		'docs/sending.md',
		[
			`at most ${CHAT_RULES.nameCharacters} characters`,
			`${members.fewest} to ${grouped(members.most)}`,
			`(up to ${inline})`,
			`More than ${file}`,
			`(Official Account: ${video})`,
		],
	],
	[
		'docs/zh-CN/sending.md',
		[
			`最多 ${CHAT_RULES.nameCharacters} 个字`,
			`（${inline} 以内）`,
			`超过 ${file}`,
			`（公众号是 ${video}）`,
		],
	],
	[
		'docs/large-files.md',
		[
			fromFileToLink,
			`at most ${grouped(MAX_URL_BYTES)} bytes`,
			`at most ${welcomeText} bytes`,
			`up to ${file}`,
			`up to ${link}`,
		],
	],
	[
		'docs/zh-CN/large-files.md',
		[
			fromFileToLink.replace('to', '到'),
			`${grouped(MAX_URL_BYTES)} 字节`,
			`最多 ${welcomeText} 字节`,
			`最大 ${file}`,
			`最大 ${link}`,
		],
	],
	[
		'docs/uploading-and-downloading.md',
		[
			`valid for ${days} days`,
			`up to ${formatBytes(image!.maxBytes)} and ${grouped(image!.maxPixels!.longSide)}`,
			`up to ${formatBytes(momentsVideo!.maxBytes)} and ${momentsVideo!.maxSeconds}`,
			`less than ${articleImage}`,
			`over ${MAX_FILE_NAME_BYTES} bytes`,
		],
	],
	[
		'docs/zh-CN/uploading-and-downloading.md',
		[
			`有效期 ${days} 天`,
			`≤ ${formatBytes(image!.maxBytes)} 且 ≤ ${grouped(image!.maxPixels!.longSide)}`,
			`≤ ${formatBytes(momentsVideo!.maxBytes)} 且 ≤ ${momentsVideo!.maxSeconds}`,
			`小于 ${articleImage}`,
			`最长 ${MAX_FILE_NAME_BYTES} 字节`,
		],
	],
	[
		'docs/options-and-outputs.md',
		[
			`at most ${MAX_FILE_NAME_BYTES} bytes`,
			`${VIDEO_TEXTS.title} and ${VIDEO_TEXTS.description} bytes`,
		],
	],
	['docs/smart-bot.md', [`at most ${botAnswer} bytes`]],
	['docs/zh-CN/smart-bot.md', [`${botAnswer} 字节`]],
])('%s says as the rules have it', (page, sentences) => {
	test.each(sentences)('"%s"', (sentence) => {
		expect(textOf(page)).toContain(sentence);
	});
});
