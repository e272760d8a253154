/** The table of resources: which credential, which system, which operations. A fifth system is one more entry. */
import type { INodePropertyOptions } from 'n8n-workflow';

import { accounts } from '../n8n/accounts';
import type { Account } from '../n8n/accounts';
import { asyncResult } from './asyncResult.operation';
import { asyncUpload } from './asyncUpload.operation';
import { get, getHdVoice } from './get.operation';
import { send } from './send/send.operation';
import type { Operation, Resource } from './types';
import { upload } from './upload.operation';
import { uploadImg } from './uploadImg.operation';

interface ResourceEntry {
	name: string;
	description: string;
	/** By the value of the parameter `authentication`. */
	account(authentication: string): Account;
	/** As the panel lists them; each value is a key of `operations`. */
	operations: INodePropertyOptions[];
}

const uploadOption: INodePropertyOptions = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload a file as temporary media',
	description: 'Turn a file into a media_id, which is valid for 3 days',
};

const getOption: INodePropertyOptions = {
	name: 'Download',
	value: 'get',
	action: 'Download a file by its media ID',
	description: 'Turn a media_id into a file, of any size',
};

const sendOption: INodePropertyOptions = {
	name: 'Send',
	value: 'send',
	action: 'Send a file or text',
	description: 'Upload a file if needed and send it as a message, in one step',
};

export const resources: Record<Resource, ResourceEntry> = {
	app: {
		name: 'Corp App',
		description: 'An app of your company (自建应用), or a third-party app your company authorized',
		account: (authentication) =>
			authentication === 'thirdPartyApp' ? accounts.thirdPartyApp : accounts.corpSecret,
		operations: [
			getOption,
			{
				name: 'Download HD Voice',
				value: 'getHdVoice',
				action: 'Download an HD voice by its media ID',
				description: 'Fetch a voice recorded with the JS-SDK in Speex quality (高清语音)',
			},
			{
				name: 'Get Large Upload Result',
				value: 'asyncResult',
				action: 'Get the result of a large upload',
				description: 'Ask how an upload job stands, by its jobid',
			},
			{
				...sendOption,
				action: 'Send a file to members or an app chat',
				description: 'Send a file to members, departments, tags or an app chat, in one step',
			},
			uploadOption,
			{
				name: 'Upload Large File',
				value: 'asyncUpload',
				action: 'Upload a large file from a link',
				description: 'Let WeCom fetch up to 200 MB from a link (异步上传), for welcome material',
			},
			{
				name: 'Upload Permanent Image',
				value: 'uploadImg',
				action: 'Upload a permanent image',
				description: 'Turn a picture into a link that never expires (上传图片)',
			},
		],
	},
	customerService: {
		name: 'Customer Service',
		description: 'WeChat Customer Service (微信客服)',
		account: () => accounts.customerService,
		operations: [getOption, { ...sendOption, action: 'Send a file to a customer' }, uploadOption],
	},
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
				description: 'Turn a file into a media_id that only this robot can send, valid for 3 days',
			},
		],
	},
	officialAccount: {
		name: 'Official Account',
		description: 'A WeChat Official Account (公众号)',
		account: () => accounts.officialAccount,
		operations: [getOption, { ...sendOption, action: 'Send a file to a follower' }, uploadOption],
	},
};

export const operations: Record<string, Operation> = {
	asyncResult,
	asyncUpload,
	get,
	getHdVoice,
	send,
	upload,
	uploadImg,
};
