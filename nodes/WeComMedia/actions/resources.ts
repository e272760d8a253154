/** The table of resources: which credential, which system, which operations. A fifth system is one more entry. */
import type { INodePropertyOptions } from 'n8n-workflow';

import { accounts } from '../n8n/accounts';
import type { Account } from '../n8n/accounts';
import { addWelcomeMaterial } from './addWelcomeMaterial.operation';
import { asyncResult } from './asyncResult.operation';
import { asyncUpload } from './asyncUpload.operation';
import { createChat } from './createChat.operation';
import { get, getHdVoice } from './get.operation';
import { getBotFile, replyToBotMessage } from './smartBot.operation';
import { send } from './send/send.operation';
import type { Operation, Resource } from './operation';
import { upload } from './upload.operation';
import { getPermanent, uploadPermanent } from './permanent.operation';
import { uploadImg } from './uploadImg.operation';

interface ResourceEntry {
	name: string;
	description: string;
	/** By the value of the parameter `authentication`. */
	account(authentication: string): Account;
	/** As the panel lists them; each value is a key of `operations`. */
	operations: INodePropertyOptions[];
	/** Operations that this resource does in its own way, by value. */
	own?: Record<string, Operation>;
}

const sendOption = {
	name: 'Send',
	value: 'send',
	description: 'Upload a file if needed and send it as a message, in one step',
};

const uploadOption = {
	name: 'Upload',
	value: 'upload',
	description: 'Turn a file into a media_id, which is valid for 3 days',
};

const getOption = {
	name: 'Download',
	value: 'get',
	description: 'Turn a media_id into a file, of any size',
};

/** In the order of the panel and of n8n's list of actions: what most people come for stands first. */
export const resources: Record<Resource, ResourceEntry> = {
	robot: {
		name: 'Group Robot',
		description: 'The robot of a group chat (群机器人, 消息推送), by its webhook',
		account: () => accounts.robot,
		operations: [
			{
				...sendOption,
				action: 'Send a file to the group chat',
				description: 'Send a file, voice, picture or text to the group of the robot, in one step',
			},
			{
				...uploadOption,
				action: 'Upload a file for the group robot',
				description: 'Turn a file into a media_id that only this robot can send, valid for 3 days',
			},
		],
	},
	app: {
		name: 'Corp App',
		description: 'An app of your company (自建应用), or a third-party app your company authorized',
		account: (authentication) =>
			authentication === 'thirdPartyApp' ? accounts.thirdPartyApp : accounts.corpSecret,
		operations: [
			{
				...sendOption,
				action: 'Send a file to members or an app chat',
				description: 'Send a file to members, departments, tags or an app chat, in one step',
			},
			{
				name: 'Create App Chat',
				value: 'createChat',
				action: 'Create an app chat',
				description: 'Create a group chat (应用群聊) that Send can write to',
			},
			{ ...uploadOption, action: 'Upload a file for the corp app' },
			{ ...getOption, action: 'Download a file with the corp app' },
			{
				name: 'Upload Large File',
				value: 'asyncUpload',
				action: 'Upload a large file from a link',
				description: 'Let WeCom fetch up to 200 MB from a link (异步上传), for welcome material',
			},
			{
				name: 'Get Large Upload Result',
				value: 'asyncResult',
				action: 'Get the result of a large upload',
				description: 'Check on an upload job by its jobid',
			},
			{
				name: 'Add Welcome Material',
				value: 'addWelcomeMaterial',
				action: 'Add welcome material with a file',
				description:
					'Add what new members of customer groups get (入群欢迎语素材), with a file of up to 200 MB',
			},
			{
				name: 'Upload Permanent Image',
				value: 'uploadImg',
				action: 'Upload a permanent image',
				description: 'Turn a picture into a link that never expires (上传图片)',
			},
			{
				name: 'Download HD Voice',
				value: 'getHdVoice',
				action: 'Download an HD voice by its media ID',
				description: 'Fetch a voice recorded with the JS-SDK in Speex quality (高清语音)',
			},
		],
	},
	customerService: {
		name: 'Customer Service',
		description: 'WeChat Customer Service (微信客服)',
		account: () => accounts.customerService,
		operations: [
			{ ...sendOption, action: 'Send a file to a customer' },
			{ ...uploadOption, action: 'Upload a file for customer service' },
			{ ...getOption, action: 'Download a file from customer service' },
		],
	},
	smartBot: {
		name: 'Smart Bot',
		description: 'A smart bot (智能机器人) that people write to, alone or in a group',
		account: () => accounts.smartBot,
		operations: [
			{
				...getOption,
				action: 'Download a file sent to the smart bot',
				description: 'Fetch and decrypt a file that the bot received, within 5 minutes',
			},
			{
				name: 'Reply',
				value: 'reply',
				action: 'Reply to a message of the smart bot',
				description: 'Answer a message that the bot received, once, within an hour',
			},
		],
		own: { get: getBotFile, reply: replyToBotMessage },
	},
	officialAccount: {
		name: 'Official Account',
		description: 'A WeChat Official Account (公众号)',
		account: () => accounts.officialAccount,
		operations: [
			{ ...sendOption, action: 'Send a file to a follower' },
			{ ...uploadOption, action: 'Upload a file for the official account' },
			{ ...getOption, action: 'Download a file from the official account' },
			{
				name: 'Upload Permanent Material',
				value: 'uploadPermanent',
				action: 'Upload permanent material',
				description: 'Put a file into the library (永久素材) and get a media_id that never expires',
			},
			{
				name: 'Download Permanent Material',
				value: 'getPermanent',
				action: 'Download permanent material',
				description: 'Turn a media_id of the library (永久素材) into a file, or into its articles',
			},
			{
				name: 'Upload Article Image',
				value: 'uploadImg',
				action: 'Upload an image for articles',
				description: 'Turn a picture into a link that the text of an article can show',
			},
		],
	},
};

const operations: Record<string, Operation> = {
	addWelcomeMaterial,
	asyncResult,
	asyncUpload,
	createChat,
	get,
	getHdVoice,
	getPermanent,
	send,
	upload,
	uploadImg,
	uploadPermanent,
};

/** @returns what the chosen operation does for the chosen resource, undefined where that has none of this name */
export function operationOf(resource: string, operation: string): Operation | undefined {
	const entry = Object.hasOwn(resources, resource) ? resources[resource as Resource] : undefined;
	if (!entry?.operations.some(({ value }) => value === operation)) return undefined;
	return entry.own?.[operation] ?? operations[operation];
}

/** @returns every operation there is */
export function allOperations(): Operation[] {
	const own = Object.values(resources).flatMap((entry) => Object.values(entry.own ?? {}));
	return [...Object.values(operations), ...own];
}
