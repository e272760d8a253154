import type { INodeParameters } from 'n8n-workflow';
import type { Editor, Theme } from '../../test/browser/editor';
import { areaOf, type Picture, type Studio } from './studio';

const PACKAGE = 'n8n-nodes-wecom-media';
const NODE_ID = '9b3c1a52-0000-4c58-9d0f-0a5a6f1c0001';

export interface Panel {
	name: string;
	parameters: INodeParameters;
	/** Type and id, as the examples have it. */
	credential: [type: string, id: string];
	themes?: Theme[];
	onRequest?: boolean;
}

export const CORP: Panel['credential'] = ['weComCorpApi', 'wecomDemoCorpApp'];
const ROBOT: Panel['credential'] = ['weComWebhookApi', 'wecomDemoRobot01'];
export const SERVICE: Panel['credential'] = ['weComCorpApi', 'wecomDemoService'];
const ACCOUNT: Panel['credential'] = ['weChatOfficialAccountApi', 'wecomDemoAccount'];
const BOTH: Theme[] = ['light', 'dark'];

/** What a picker keeps of a typed ID. */
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** Shown in the READMEs: how each system sends, and the large upload. */
const shown: Panel[] = [
	{
		name: 'app-send',
		parameters: {
			...{ resource: 'app', operation: 'send' },
			toUser: byId('ZhangSan, LiSi'),
			toParty: byId('2'),
		},
		credential: CORP,
		themes: BOTH,
	},
	{
		name: 'robot-send',
		parameters: { resource: 'robot', operation: 'send', text: '本周的季度报告已完成，请查收。' },
		credential: ROBOT,
		themes: BOTH,
	},
	{
		name: 'customer-service-send',
		parameters: {
			resource: 'customerService',
			operation: 'send',
			toUser: '={{ $json.external_userid }}',
			openKfId: byId('={{ $json.open_kfid }}'),
		},
		credential: SERVICE,
		themes: BOTH,
	},
	{
		name: 'official-account-send',
		parameters: { resource: 'officialAccount', operation: 'send', toUser: '={{ $json.openid }}' },
		credential: ACCOUNT,
		themes: BOTH,
	},
	{
		name: 'app-async-upload',
		parameters: {
			resource: 'app',
			operation: 'asyncUpload',
			url: 'https://files.example.com/training.mp4',
			mediaType: 'video',
			fileName: '新员工培训.mp4',
		},
		credential: CORP,
		themes: BOTH,
	},
];

/** The others, to look at after a change of the panel: `npm run screenshots -- app-get`. */
const others: Panel[] = [
	...['upload', 'get', 'getHdVoice', 'uploadImg', 'asyncResult'].map((operation) =>
		other('app', operation, CORP),
	),
	{
		...other('app', 'asyncUpload', CORP),
		name: 'app-asyncUpload-binary',
		parameters: {
			...{ resource: 'app', operation: 'asyncUpload', source: 'binary' },
			options: { hostUrl: '', linkLifetime: 7200 },
		},
	},
	{
		...other('app', 'send', CORP),
		name: 'app-send-chat',
		parameters: { resource: 'app', operation: 'send', sendTo: 'appChat', content: 'mediaId' },
	},
	{
		...other('app', 'upload', ['weComSuiteApi', 'wecomDemoSuite01']),
		name: 'third-party-upload',
		parameters: { resource: 'app', authentication: 'thirdPartyApp', operation: 'upload' },
	},
	other('robot', 'upload', ROBOT),
	...['upload', 'get'].flatMap((operation) => [
		other('customerService', operation, SERVICE),
		other('officialAccount', operation, ACCOUNT),
	]),
];

function other(resource: string, operation: string, credential: Panel['credential']): Panel {
	const parameters = { resource, operation };
	return { name: `${resource}-${operation}`, parameters, credential, onRequest: true };
}

const trigger: Panel = { name: 'trigger', parameters: {}, credential: CORP, themes: BOTH };

export const panelPictures: Picture[] = [...shown, trigger, ...others].flatMap((panel) =>
	(panel.themes ?? ['light' as const]).map((theme) => ({
		path: `docs/panel-${panel.name}-${theme}.png`,
		theme,
		onRequest: panel.onRequest,
		async show(editor, studio) {
			await openPanel(editor, studio, panel);
			// From the tabs down to Options, which end every panel: the rest of n8n's dialog is empty before a run.
			const column = editor.part('node-parameters').locator('xpath=../..');
			const { x, y, width } = await areaOf(column);
			const end = await areaOf(editor.part('collection-parameter-add'));
			const height = end.y + end.height - y + 16;
			return { page: editor.page, clip: { x, y, width, height } };
		},
	})),
);

/** Opens this panel as n8n shows it for a saved workflow. */
export async function openPanel(editor: Editor, studio: Studio, panel: Panel): Promise<void> {
	await editor.openNode(await workflowWith(studio, panel), NODE_ID);
}

async function workflowWith(studio: Studio, panel: Panel): Promise<string> {
	const [credentialType, id] = panel.credential;
	const isTrigger = panel === trigger;
	const { id: workflowId } = await studio.world.rest.createWorkflow({
		name: `Picture ${panel.name}`,
		nodes: [
			{
				id: NODE_ID,
				name: isTrigger ? 'WeCom Media Trigger' : 'WeCom Media',
				type: `${PACKAGE}.${isTrigger ? 'weComMediaTrigger' : 'weComMedia'}`,
				typeVersion: 1,
				position: [300, 0],
				parameters: panel.parameters,
				...(isTrigger ? { webhookId: '0b7f5a1e-1111-4c58-9d0f-0a5a6f1c0001' } : {}),
				credentials: { [credentialType]: studio.credentials.get(id)! },
			},
		],
		connections: {},
	});
	return workflowId;
}
