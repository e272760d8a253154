import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { inputField, mediaIdField } from '../panelFields';
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

const TYPE: Record<string, INodePropertyOptions> = {
	auto: {
		name: 'Automatic',
		value: 'auto',
		description: 'Looks at the first bytes of the file, not at its name',
	},
	file: { name: 'File', value: 'file', description: 'Any file, up to 20 MB' },
	image: { name: 'Image', value: 'image', description: 'JPG or PNG, up to 10 MB' },
	inlineImage: {
		name: 'Image',
		value: 'image',
		description: 'JPG or PNG, up to 2 MB. Automatic sends larger ones as file.',
	},
	video: { name: 'Video', value: 'video', description: 'MP4, up to 10 MB' },
	voice: { name: 'Voice', value: 'voice', description: 'AMR, up to 2 MB and 60 seconds' },
};

/** Of a file the first bytes tell what it is; a media_id tells nothing, so there it is the user's choice. */
function typeFields(
	hint: string,
	ofFile: INodePropertyOptions[],
	ofMediaId: INodePropertyOptions[],
): INodeProperties[] {
	const field: INodeProperties = {
		displayName: 'Media Type',
		name: 'mediaType',
		type: 'options',
		default: 'auto',
		hint,
		description: 'What the file is sent as',
		displayOptions: { show: { content: ['binary'] } },
		options: [TYPE.auto, ...ofFile],
	};
	return [
		field,
		{
			...field,
			default: ofMediaId[0].value,
			hint: 'The type it was uploaded as',
			displayOptions: { show: { content: ['mediaId'] } },
			options: ofMediaId,
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

const LIMITS =
	'Image: JPG or PNG up to 10 MB. Voice: AMR up to 2 MB and 60 seconds. Video: MP4 up to 10 MB. File: anything up to 20 MB.';
const ROBOT_LIMITS =
	'Image: JPG or PNG up to 2 MB. Voice: AMR up to 2 MB and 60 seconds. File: anything up to 20 MB. A robot sends at most 20 messages a minute.';
const OFFICIAL_ACCOUNT_LIMITS =
	'Image: JPG, PNG or GIF up to 10 MB. Voice: AMR or MP3 up to 2 MB and 60 seconds. Video: MP4 up to 10 MB.';

const ALL_TYPES = [TYPE.file, TYPE.image, TYPE.video, TYPE.voice];
const WITHOUT_FILES = [TYPE.image, TYPE.video, TYPE.voice];

const mediaTypes: Record<SendingResource, INodeProperties[]> = {
	robot: typeFields(
		ROBOT_LIMITS,
		[TYPE.file, TYPE.inlineImage, TYPE.voice],
		[TYPE.file, TYPE.voice],
	),
	app: typeFields(LIMITS, ALL_TYPES, ALL_TYPES),
	customerService: typeFields(LIMITS, ALL_TYPES, ALL_TYPES),
	officialAccount: typeFields(OFFICIAL_ACCOUNT_LIMITS, WITHOUT_FILES, WITHOUT_FILES),
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
	description: 'Text under a video, at most 512 bytes',
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
