import type { HintTable } from './types';

/** WeChat Official Account (developers.weixin.qq.com): same numbers, often other meanings than in WeCom. */
export const OFFICIAL_ACCOUNT_HINTS: HintTable = {
	[-1]: [
		'WeChat is busy',
		'The call was already repeated where that is safe, so run the workflow again in a few minutes.',
	],
	40001: [
		'The AppSecret or the access token is not valid',
		'Copy App ID and App Secret again (开发者密码 AppSecret), and check that no other program replaces the token of this account (cgi-bin/token).',
	],
	40004: [
		'The media type is not valid',
		"Set 'Media Type' to image, voice, video or thumb, whichever fits the content.",
	],
	40005: [
		'The file type is not valid',
		'Give the file a name whose extension fits the content: JPG, PNG or GIF, AMR or MP3, MP4.',
	],
	40006: [
		'The file size is not valid',
		'Keep to 10 MB for images and videos, 2 MB for voices and 64 KB for thumbs.',
	],
	40007: [
		'The media_id is not valid',
		'Upload the file again with this credential, because a media_id belongs to its own account and, unless it is permanent, is valid for 3 days; permanent material (永久素材) has its own operations.',
	],
	40008: ['The message type is not valid', "Choose another 'Media Type'."],
	40009: ['The image is too large', 'Shrink the image to at most 10 MB.'],
	40010: ['The voice is too large', 'Cut the voice to at most 60 seconds and 2 MB.'],
	40011: ['The video is too large', 'Cut or compress the video to an MP4 of at most 10 MB.'],
	40012: ['The thumb is too large', 'Shrink the thumb to a JPG of at most 64 KB.'],
	40013: [
		'The App ID is not valid',
		'Copy it again (开发者ID AppID): upper and lower case matter.',
	],
	40014: [
		'The access token is not valid',
		'It was renewed once already, so check that App ID and App Secret belong to this account and that Base URL leads to WeChat.',
	],
	40113: [
		'The file has an extension that is not supported',
		'Give the file a name that ends in .jpg, .png, .gif, .amr, .mp3 or .mp4, whichever fits its content.',
	],
	40125: [
		'The AppSecret is not valid',
		'Copy the App Secret again or reset it (开发者密码 AppSecret → 重置).',
	],
	40164: [
		'WeChat does not trust the IP address of this n8n',
		'Add {ip} to the IP whitelist of the Official Account (开发接口管理 → IP白名单) and try again after a few minutes.',
	],
	40243: [
		'The AppSecret is frozen',
		'Unfreeze it in the Official Account console (开发者密码 AppSecret → 解冻).',
	],
	41001: [
		'The access token did not arrive',
		'If Base URL leads to a proxy, make sure that it passes the query string on unchanged.',
	],
	41002: ['The App ID is missing', 'Fill in App ID in the credential (开发者ID AppID).'],
	41004: [
		'The App Secret is missing',
		'Fill in App Secret in the credential (开发者密码 AppSecret).',
	],
	41005: [
		'The file did not arrive',
		'Check that the input binary field holds a file with a name and that no proxy changes the request.',
	],
	41006: ['The media_id is missing', "Fill in 'Media ID', usually with an expression."],
	42001: [
		'The access token has expired',
		'It was renewed once already, so check that no proxy behind Base URL answers with an old token, and run the workflow again.',
	],
	44001: [
		'The uploaded file is empty or could not be read',
		'Check that the input binary field holds a file and that no proxy changes the request.',
	],
	44002: [
		'The request arrived without content',
		'Check that no proxy behind Base URL drops the body of requests.',
	],
	45001: [
		'The file is too large',
		'Keep to 10 MB for images and videos, 2 MB for voices and 64 KB for thumbs.',
	],
	45007: ['The voice lasts longer than 60 seconds', 'Cut it to 60 seconds.'],
	45009: [
		'The daily quota of this API is used up',
		'Wait until tomorrow or clear the quota in the Official Account console (clear_quota).',
	],
	45011: ['Too many calls in this minute', 'Wait a minute and set Concurrency to 1.'],
	47001: [
		'The description of the video could not be read',
		"Shorten 'Title' and 'Description', and check that no proxy behind Base URL changes the request.",
	],
	48001: [
		'The account may not use this API',
		'Check the permissions of the account (接口权限), since many need a verified account (微信认证).',
	],
	50007: [
		'The account is frozen',
		'Log in to the Official Account console to see why and to appeal (mp.weixin.qq.com).',
	],
};
