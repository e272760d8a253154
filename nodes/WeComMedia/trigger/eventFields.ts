/** What the trigger can be started by: a list for apps, and one for smart bots. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { CUSTOMER_EVENT, JOB_FINISH_EVENT } from '../wecom/callback/events';

/** Value of `events` for whatever is received, what is not ticked included. */
export const EVERYTHING = '*';
/** Values of `authentication` under which a smart bot receives. */
export const BOT = ['smartBot'];

const everything: INodePropertyOptions = {
	name: 'Everything Received',
	value: EVERYTHING,
	description: 'All messages and events, including those not listed here, decrypted',
};

const eventsField: INodeProperties = {
	displayName: 'Trigger On',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: [],
	description: 'What starts the workflow. Everything else is acknowledged to WeCom and ignored.',
};

export const eventFields: INodeProperties[] = [
	{
		...eventsField,
		default: [JOB_FINISH_EVENT],
		displayOptions: { hide: { authentication: BOT } },
		options: [
			{
				name: 'Customer Service Message',
				value: CUSTOMER_EVENT,
				description:
					'A customer has written to a WeChat Customer Service account (微信客服), or something else happened there: one item for each message, files included',
			},
			everything,
			{
				name: 'Large Upload Finished',
				value: JOB_FINISH_EVENT,
				description: 'A job of Upload Large File has finished or failed (异步上传结果通知)',
			},
			{
				name: 'Message: File',
				value: 'file',
				description:
					'A member has sent a file, if WeCom passes it on: its documentation does not list files, and some clients send them as text',
			},
			{ name: 'Message: Image', value: 'image', description: 'A member has sent a picture' },
			{
				name: 'Message: Link',
				value: 'link',
				description: 'A member has shared a link: title, description and URL',
			},
			{
				name: 'Message: Location',
				value: 'location',
				description: 'A member has sent a location: coordinates and label',
			},
			{ name: 'Message: Text', value: 'text', description: 'A member has written to the app' },
			{ name: 'Message: Video', value: 'video', description: 'A member has sent a video' },
			{ name: 'Message: Voice', value: 'voice', description: 'A member has sent a voice message' },
		],
	},
	{
		...eventsField,
		default: ['file', 'image'],
		displayOptions: { show: { authentication: BOT } },
		options: [
			everything,
			{
				name: 'Message: File',
				value: 'file',
				description: 'Someone has sent the bot a file, up to 100 MB, in a single chat',
			},
			{
				name: 'Message: Image',
				value: 'image',
				description: 'Someone has sent the bot a picture, in a single chat',
			},
			{
				name: 'Message: Mixed',
				value: 'mixed',
				description: 'Texts and pictures in one message; in a group where the bot is mentioned',
			},
			{
				name: 'Message: Text',
				value: 'text',
				description:
					'Someone has written to the bot; in a group where it is mentioned, with the file of a quoted message',
			},
			{
				name: 'Message: Video',
				value: 'video',
				description: 'Someone has sent the bot a video, up to 100 MB, in a single chat',
			},
			{
				name: 'Message: Voice',
				value: 'voice',
				description:
					'Someone has sent the bot a voice message: WeCom passes on the transcript, not the sound',
			},
		],
	},
];
