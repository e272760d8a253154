/** What codes mean, or ask for, as the answer to one call alone. */
import { ROBOT_HINTS } from './messageHints';
import type { HintTable } from './types';

const SELF_BUILT_ONLY: HintTable = {
	48002: [
		'The app may not use app chats',
		'Use the credential of a self-built app (自建应用) whose visible range (应用管理 → the app → 可见范围) is the whole company, because WeCom gives app chats to no others.',
	],
};

/** Codes that mean something else, or need another step, as the answer to one call. */
export const CALL_HINTS: Readonly<Record<string, HintTable>> = {
	// A wrong key is 40058 "invalid param 'key'" here and 93000 on webhook/send; the rest of the call is the node's own.
	'webhook/upload_media': { 40058: ROBOT_HINTS[93000] },
	// Vendor page 90248.
	'appchat/send': SELF_BUILT_ONLY,
	// Vendor page 90245.
	'appchat/create': {
		...SELF_BUILT_ONLY,
		45009: [
			'The company has created too many app chats today',
			'Wait until tomorrow, because WeCom creates at most 1,000 app chats a day for a company.',
		],
		40003: [
			'One of the members is not valid',
			'Check the user IDs in Members and Owner (通讯录 → the member → 账号), all of which must be in the visible range of the app.',
		],
	},
	// Vendor page 92366.
	'externalcontact/group_welcome_template/add': {
		40007: [
			'The media_id is not valid for welcome material',
			"Upload the file again with the credential of this company, as the media type it is, or set 'Content' to File or URL so that the node does it.",
		],
		41055: [
			'The company has too many welcome materials',
			'Delete some in the admin console (客户联系 → 入群欢迎语), because WeCom keeps at most 100.',
		],
		41058: [
			'The app has no right to this welcome material',
			'Use the credential of the app that created it.',
		],
		48002: [
			'The app may not set welcome material',
			'Let an administrator list the app under Customer Contact (客户联系 → 可调用应用), or give a third-party app the permission 配置入群欢迎语素材.',
		],
	},
};

/** What a code means as the end of an upload job, where the general advice is for other calls (vendor page 96219). */
export const JOB_HINTS: HintTable = {
	45001: [
		'The file has a size that WeCom does not take',
		'Use a file of 6 bytes to 200 MB, and check that the link leads to the file itself.',
	],
	830002: [
		'The file is too large for WeCom to fetch',
		'Use a file of at most 200 MB on a server that supports Range.',
	],
};

const ONCE =
	'A response_url takes one answer, within an hour after the message. Wait for the next message.';

/** Answers through response_url (vendor page 101138). The codes of a link that is used up are not documented. */
export const SMART_BOT_HINTS: HintTable = {
	40008: [
		'The kind of answer is not taken',
		"Use WeCom Media's operation Reply, which sends Markdown.",
	],
	40058: ['The link takes no answer, or the text is not taken', ONCE],
	44004: ['The text is empty', 'Enter what the bot should answer.'],
};
