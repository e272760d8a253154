import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import { inputField, mediaIdField } from '../panelFields';
import {
	OFFICIAL_ACCOUNT_TYPES,
	PACES,
	ROBOT_INLINE_IMAGE,
	ROBOT_TYPES,
	WECOM_TYPES,
} from '../../wecom/accounts/rules';
import type { MediaTypes } from '../../wecom/files/mediaRule';
import { mediaTypeField, mediaTypeOptions } from '../mediaTypes';
import type { SendingResource } from '../operation';
import { receiverFields } from './receiverFields';
import { fileNameOption, optionsOf, reuseOption } from '../options';

const contentField: INodeProperties = {
	displayName: 'Content',
	name: 'content',
	type: 'options',
	default: 'binary',
	description: 'What the message holds',
	options: [
		{ name: 'File', value: 'binary', description: 'A file of the incoming item' },
		{ name: 'Media ID', value: 'mediaId', description: 'A file that was uploaded before' },
		{ name: 'Text Only', value: 'text', description: 'A text without a file' },
	],
};

/** Of a file the first bytes tell what it is; a media_id tells nothing, so there it is the user's choice. */
function typeFields(ofFile: MediaTypes['types'], ofMediaId = ofFile, more = ''): INodeProperties[] {
	const field = mediaTypeField(ofFile, 'What the file is sent as');
	const chosen = mediaTypeOptions(ofMediaId);
	return [
		{
			...field,
			hint: `${field.hint}${more}`,
			displayOptions: { show: { content: ['binary'] } },
		},
		{
			...field,
			default: chosen[0].value,
			hint: 'The type it was uploaded as',
			displayOptions: { show: { content: ['mediaId'] } },
			options: chosen,
		},
	];
}

const textField: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. The weekly report is ready',
	description:
		'What the message says. With a file it is sent first, as a message of its own. At most 2,048 bytes, which are about 680 Chinese characters; a robot takes 5,120, as Markdown 4,096.',
};

const { image, video, voice } = OFFICIAL_ACCOUNT_TYPES;

const mediaTypes: Record<SendingResource, INodeProperties[]> = {
	robot: typeFields(
		{ ...ROBOT_TYPES, image: ROBOT_INLINE_IMAGE },
		ROBOT_TYPES,
		` Automatic sends larger pictures as files. A robot sends at most ${PACES.robot.windows[0].most} messages a minute.`,
	),
	app: typeFields(WECOM_TYPES),
	customerService: typeFields(WECOM_TYPES),
	officialAccount: typeFields({ image, video, voice }),
};

const titleOption: INodeProperties = {
	displayName: 'Title',
	name: 'title',
	type: 'string',
	default: '',
	description: 'Title of a video, at most 128 bytes',
};

const descriptionOption: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'Text below a video, at most 512 bytes',
};

const splitOption: INodeProperties = {
	displayName: 'Split Long Text',
	name: 'splitLongText',
	type: 'boolean',
	default: false,
	description:
		'Whether to send a text that is too long for one message in several, split at the end of a line or sentence. When off, such a text is an error.',
};

const mentionedUsersOption: INodeProperties = {
	displayName: 'Mentioned Users',
	name: 'mentionedUsers',
	type: 'string',
	default: '',
	placeholder: 'e.g. zhangsan, @all',
	description: 'User IDs of members to mention, separated by commas',
};

const ownOptions: Record<SendingResource, INodeProperties[]> = {
	robot: [
		{
			displayName: 'Markdown',
			name: 'markdown',
			type: 'options',
			default: 'off',
			description:
				'Whether the text is Markdown, of up to 4,096 bytes. It mentions members by &lt;@userid&gt;, not by the fields of this node.',
			options: [
				{ name: 'Off', value: 'off', description: 'Plain text' },
				{
					name: 'Markdown',
					value: 'markdown',
					description:
						'Headings, bold, links, code, quotes, three colors, and members by &lt;@userid&gt;',
				},
				{
					name: 'Markdown V2',
					value: 'markdown_v2',
					description:
						'Lists, tables, pictures and code blocks too, without colors and members. Older WeCom apps (before 4.1.36) show it as plain text.',
				},
			],
		},
		{
			displayName: 'Mentioned Mobiles',
			name: 'mentionedMobiles',
			type: 'string',
			default: '',
			placeholder: 'e.g. 13800001111, @all',
			description: 'Mobile numbers of members to mention, separated by commas',
		},
		mentionedUsersOption,
	],
	app: [
		{
			displayName: 'Confidential',
			name: 'safe',
			type: 'boolean',
			default: false,
			description:
				'Whether the message is confidential (保密消息): it carries a watermark and cannot be forwarded',
		},
		descriptionOption,
		{
			displayName: 'Duplicate Check',
			name: 'duplicateCheck',
			type: 'boolean',
			default: true,
			description:
				'Whether WeCom drops the same message to the same receivers within 30 minutes, for example when a workflow runs twice',
		},
		{
			...mentionedUsersOption,
			displayOptions: { show: { '/sendTo': ['appChat'] } },
		},
		titleOption,
	],
	customerService: [],
	officialAccount: [
		descriptionOption,
		{
			displayName: 'Thumbnail Media ID',
			name: 'thumbMediaId',
			type: 'string',
			default: '',
			description: 'The media_id of an uploaded thumbnail, the cover of a video',
		},
		titleOption,
	],
};

const order: SendingResource[] = ['robot', 'app', 'customerService', 'officialAccount'];

/** The panel of `send`, in reading order: to whom, what as it arrives, and the options of each system. */
export const sendDescription: INodeProperties[] = order.flatMap((resource) =>
	updateDisplayOptions({ show: { resource: [resource], operation: ['send'] } }, [
		...receiverFields[resource],
		contentField,
		textField,
		...updateDisplayOptions({ show: { content: ['binary'] } }, [inputField]),
		...updateDisplayOptions({ show: { content: ['mediaId'] } }, [mediaIdField]),
		...mediaTypes[resource],
		optionsOf(fileNameOption, reuseOption, splitOption, ...ownOptions[resource]),
	]),
);
