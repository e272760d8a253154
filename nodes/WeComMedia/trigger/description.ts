/** The trigger's panel. */
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { CUSTOMER_EVENT, JOB_FINISH_EVENT } from '../wecom/callback/events';

/** Value of `events` for whatever is received, what is not ticked included. */
export const EVERYTHING = '*';
/** Seconds. */
export const DEFAULT_MAX_AGE = 600;

/** In this order: n8n activates only with the values of step 1, and WeCom verifies the URL of step 3 at once. */
const SETUP =
	'Set up once: (1) copy Token and EncodingAESKey from 接收消息 → 设置API接收 of your app into the credential, (2) activate (publish) this workflow, (3) paste its Production URL there and save.';

const WITH_FILES = ['image', 'voice', 'video', 'file', CUSTOMER_EVENT, EVERYTHING];
const INBOX = [CUSTOMER_EVENT, EVERYTHING];

export const triggerProperties: INodeProperties[] = [
	{ displayName: SETUP, name: 'setupNotice', type: 'notice', default: '' },
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		default: 'corpSecret',
		description: 'Whose app receives the events',
		options: [
			{
				name: 'App of My Company',
				value: 'corpSecret',
				description: 'A self-built app (自建应用), or one a provider runs for you (代开发应用)',
			},
			{
				name: 'Third-Party App',
				value: 'thirdPartyApp',
				description:
					'An app that companies authorize: 回调配置 → 数据回调URL in the provider console',
			},
		],
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: [JOB_FINISH_EVENT],
		description: 'What starts the workflow. Everything else is acknowledged to WeCom and ignored.',
		options: [
			{
				name: 'Customer Service Message',
				value: CUSTOMER_EVENT,
				description:
					'A customer has written to a WeChat Customer Service account (微信客服), or something else happened there: one item for each message, files included',
			},
			{
				name: 'Everything Received',
				value: EVERYTHING,
				description: 'All messages and events, also those not listed here, decrypted',
			},
			{
				name: 'Large Upload Finished',
				value: JOB_FINISH_EVENT,
				description: 'WeCom has ended a job of Upload Large File, well or badly (异步上传结果通知)',
			},
			{
				name: 'Message: File',
				value: 'file',
				description:
					'A member has sent a file, as far as WeCom hands it over: its documents do not list files, and of some clients they come as text',
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
				description: 'A member has sent a place: coordinates and label',
			},
			{ name: 'Message: Text', value: 'text', description: 'A member has written to the app' },
			{ name: 'Message: Video', value: 'video', description: 'A member has sent a video' },
			{ name: 'Message: Voice', value: 'voice', description: 'A member has sent a voice message' },
		],
	},
	{
		displayName: 'Fetch Result',
		name: 'fetchResult',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask WeCom for the result of the job, which the event itself does not carry. Off: the item holds the jobid only.',
		displayOptions: { show: { events: [JOB_FINISH_EVENT, EVERYTHING] } },
	},
	{
		displayName: 'Download Files',
		name: 'downloadFiles',
		type: 'boolean',
		default: true,
		description:
			'Whether to fetch the file of a message into the item. WeCom keeps it for three days under the media_id.',
		displayOptions: { show: { events: WITH_FILES } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		description:
			'The name of the binary field the file of a message goes into. Of several files the others get this name with _1, _2 and so on.',
		displayOptions: { show: { events: WITH_FILES, downloadFiles: [true] } },
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
					'Whether to ask WeCom for the nickname of each customer (customer_name). It knows those of the last 48 hours.',
				displayOptions: { show: { '/events': INBOX } },
			},
			{
				displayName: 'Include History',
				name: 'includeHistory',
				type: 'boolean',
				default: false,
				description:
					'Whether the first event also brings what WeCom still has of the last three days. Off: nothing older than ten minutes before it.',
				displayOptions: { show: { '/events': INBOX } },
			},
			{
				displayName: 'Job IDs',
				name: 'jobIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. jobid_S0MrnndvRG5fadSlLwiBqiDDbM…',
				description: 'Start only for these jobs, separated by commas. Empty: for every job.',
				displayOptions: { show: { '/events': [JOB_FINISH_EVENT, EVERYTHING] } },
			},
			{
				displayName: 'Max Age',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue: 30, maxValue: 86400 },
				default: DEFAULT_MAX_AGE,
				description:
					'Seconds after which a push of WeCom is refused, so that a recorded one cannot be played again. WeCom itself repeats within a minute.',
			},
			{
				displayName: 'Service Account IDs',
				name: 'openKfIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q',
				description:
					'Start only for these Customer Service accounts (open_kfid), separated by commas. Empty: for every one.',
				displayOptions: { show: { '/events': INBOX } },
			},
			{
				displayName: 'Voice Format',
				name: 'voiceFormat',
				type: 'options',
				default: 'amr',
				description: 'What voices of customers come as',
				options: [
					{ name: 'AMR', value: 'amr', description: 'Telephone quality, played by most programs' },
					{ name: 'Silk', value: 'silk', description: 'Better quality, played by few programs' },
				],
				displayOptions: { show: { '/events': INBOX } },
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
			'WeCom keeps one URL per app, and verifies it when you save it in the console, so activate (publish) the workflow and paste the <b>Production URL</b> there.<br /><br />To try it from the editor, execute this node and have the <b>Test URL</b> called, for example by the simulator of this package.',
		active:
			"The workflow starts whenever WeCom calls the <b>Production URL</b>. Its executions show under 'Executions'.",
	},
	activationHint:
		'Activate (publish) the workflow, then save its Production URL in the WeCom console under 接收消息 → 设置API接收.',
};
