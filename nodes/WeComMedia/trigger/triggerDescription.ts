/** The trigger's panel. */
import type { IDisplayOptions, INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { MAX_AGE_SECONDS } from '../wecom/callback/callback';
import { CUSTOMER_EVENT, JOB_FINISH_EVENT } from '../wecom/callback/events';
import { BOT, eventFields, EVERYTHING } from './eventFields';

const { min: minValue, max: maxValue, default: usualAge } = MAX_AGE_SECONDS;

/** In this order: n8n activates only with the values of step 1, and WeCom verifies the URL of step 3 at once. */
const SETUP =
	'Set up once: (1) copy Token and EncodingAESKey from 接收消息 → 设置API接收 of your app into the credential, (2) activate (publish) this workflow, (3) paste its Production URL there and save.';

const BOT_SETUP =
	'Set up once: (1) copy Token and EncodingAESKey from 智能机器人 → your bot → API模式 → URL回调 into the credential, (2) activate (publish) this workflow, (3) paste its Production URL there and save.';

const WITH_FILES = ['image', 'voice', 'video', 'file', CUSTOMER_EVENT, EVERYTHING];
const INBOX = [CUSTOMER_EVENT, EVERYTHING];

/** Shown for these events, and not for a smart bot. */
const forApps = (events: string[]): IDisplayOptions => ({
	show: { events },
	hide: { authentication: BOT },
});
/** The same for an option. */
const optionForApps = (events: string[]): IDisplayOptions => ({
	show: { '/events': events },
	hide: { '/authentication': BOT },
});

const downloadField: INodeProperties = {
	displayName: 'Download Files',
	name: 'downloadFiles',
	type: 'boolean',
	default: true,
};

const binaryField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	description:
		'The binary field to put the file of a message in. Further files of the message get this name with _1, _2 and so on.',
};

export const triggerProperties: INodeProperties[] = [
	{
		displayName: SETUP,
		name: 'setupNotice',
		type: 'notice',
		default: '',
		displayOptions: { hide: { authentication: BOT } },
	},
	{
		displayName: BOT_SETUP,
		name: 'setupNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication: BOT } },
	},
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		default: 'corpSecret',
		description: 'Who receives the messages and events',
		options: [
			{
				name: 'App of My Company',
				value: 'corpSecret',
				description: 'A self-built app (自建应用), or one a provider runs for you (代开发应用)',
			},
			{
				name: 'Smart Bot',
				value: 'smartBot',
				description: 'A smart bot (智能机器人) that people write to, alone or in a group',
			},
			{
				name: 'Third-Party App',
				value: 'thirdPartyApp',
				description:
					'An app that companies authorize: 回调配置 → 数据回调URL in the provider console',
			},
		],
	},
	...eventFields,
	{
		displayName: 'Fetch Result',
		name: 'fetchResult',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask WeCom for the result of the job, which the event itself does not carry. Off: the item holds the jobid only.',
		displayOptions: forApps([JOB_FINISH_EVENT, EVERYTHING]),
	},
	{
		...downloadField,
		description:
			'Whether to fetch the file of a message into the item. WeCom keeps it for three days under the media_id.',
		displayOptions: forApps(WITH_FILES),
	},
	{
		...downloadField,
		description:
			'Whether to fetch and decrypt the files of a message, and of a message it quotes, into the item. Their links expire after 5 minutes.',
		displayOptions: { show: { authentication: BOT } },
	},
	{
		...binaryField,
		displayOptions: {
			show: { events: WITH_FILES, downloadFiles: [true] },
			hide: { authentication: BOT },
		},
	},
	{
		...binaryField,
		displayOptions: { show: { authentication: BOT, downloadFiles: [true] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Customer Name',
				name: 'customerName',
				type: 'boolean',
				default: false,
				description:
					'Whether to ask WeCom for the nickname of each customer (customer_name). WeCom knows those who wrote within the last 48 hours.',
				displayOptions: optionForApps(INBOX),
			},
			{
				displayName: 'Include History',
				name: 'includeHistory',
				type: 'boolean',
				default: false,
				description:
					'Whether the first event also brings the messages that WeCom still keeps from the last three days. When off, nothing older than ten minutes before the event.',
				displayOptions: optionForApps(INBOX),
			},
			{
				displayName: 'Job IDs',
				name: 'jobIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. jobid_S0MrnndvRG5fadSlLwiBqiDDbM…',
				description: 'Start only for these jobs, separated by commas. Empty: for every job.',
				displayOptions: optionForApps([JOB_FINISH_EVENT, EVERYTHING]),
			},
			{
				displayName: 'Max Age',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue, maxValue },
				default: usualAge,
				description:
					'Seconds after which a push from WeCom is refused, so that a recorded one cannot be replayed. WeCom itself repeats a push within a minute.',
			},
			{
				displayName: 'Service Account IDs',
				name: 'openKfIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q',
				description:
					'Start only for these Customer Service accounts (open_kfid), separated by commas. Empty: for every one.',
				displayOptions: optionForApps(INBOX),
			},
			{
				displayName: 'Voice Format',
				name: 'voiceFormat',
				type: 'options',
				default: 'amr',
				description: 'Format of the voice messages that customers send',
				options: [
					{ name: 'AMR', value: 'amr', description: 'Telephone quality, played by most programs' },
					{ name: 'Silk', value: 'silk', description: 'Better quality, played by few programs' },
				],
				displayOptions: optionForApps(INBOX),
			},
		],
	},
];

export const triggerWebhooks: INodeTypeDescription['webhooks'] = [
	{
		name: 'setup',
		httpMethod: 'GET',
		responseMode: 'onReceived',
		responseData: '',
		path: 'wecom-media',
		ndvHideUrl: true,
	},
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: '',
		path: 'wecom-media',
	},
];

export const triggerPanel: INodeTypeDescription['triggerPanel'] = {
	header: 'Listen for events from WeCom',
	executionsHelp: {
		inactive:
			'WeCom keeps one URL per app or bot, and verifies it when you save it in the console, so activate (publish) the workflow and paste the <b>Production URL</b> there.<br /><br />To try it from the editor, execute this node and have the <b>Test URL</b> called, for example by the simulator of this package.',
		active:
			"The workflow starts whenever WeCom calls the <b>Production URL</b>. Its executions show under 'Executions'.",
	},
	activationHint:
		'Activate (publish) the workflow, then save its Production URL in the WeCom console: an app under 接收消息 → 设置API接收, a smart bot under API模式 → URL回调.',
};
