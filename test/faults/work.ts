/** What the nodes are asked to do while harm is done: every operation of every system, with what must come of it. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { binaryBytes } from '../helpers/engine';
import type { NodeRun, NodeRunOptions, TestItem } from '../helpers/runNode';
import { sample, sampleFile, type AnySystemName } from '../nodes/scene';
import type { Stage } from './stage';

/** What is asked for, and what must come of it. */
interface Task {
	/** Also names the rows of the table. */
	name: string;
	/** Sets the scene, and may give parameters that depend on it. */
	prepare?(stage: Stage): INodeParameters | Promise<INodeParameters>;
	/** Things done that somebody notices or pays for: messages, permanent images, jobs. */
	effects: number;
	/** @returns what is wrong with a run that says it succeeded */
	check(stage: Stage, run: NodeRun): Promise<string[]> | string[];
	/** The calls for tokens of this system are struck here, and not again in its other works. */
	tokens?: boolean;
	capRange?: number;
	etag?: string;
	/** Only where n8n keeps files on disk. */
	onDisk?: boolean;
}

/** One run of the node. */
export interface NodeWork extends Task {
	system: AnySystemName;
	operation: string;
	parameters?: INodeParameters;
	options?: INodeParameters;
	credential?(stage: Stage): ICredentialDataDecryptedObject;
	items?: TestItem[];
}

/** Anything else that makes calls: an execution of the trigger, a list of the panel, the test of a credential. */
export interface OtherWork extends Task {
	perform(stage: Stage, how: HowToRun): Promise<NodeRun>;
	/** Whatever fails, one item comes, without half a file. */
	keepsEvent?: boolean;
	/** So many calls are ours; what follows n8n does by itself. */
	ours?: number;
}

export type Work = NodeWork | OtherWork;

export type HowToRun = Pick<NodeRunOptions, 'onRunning'> & Pick<NodeRunOptions['node'], 'onError'>;

export const PDF = sampleFile('report.pdf', '季度报告.pdf');
export const PNG = sampleFile('picture.png', '图表.png');
export const MP4 = sampleFile('video.mp4', '宣传片.mp4');

/** Bytes in which every place can be told from every other. */
export const numbered = (bytes: number): Buffer => {
	const lines = Array.from({ length: Math.ceil(bytes / 8) }, (_, i) => String(i).padStart(7, '0'));
	return Buffer.from(`${lines.join('\n')}\n`).subarray(0, bytes);
};
export const LONG = numbered(10_007);

export const complain = (isRight: boolean, what: string): string[] => (isRight ? [] : [what]);

/** The media_id of the output stands for these bytes. */
function uploaded(bytes: Buffer | string) {
	return ({ simulator }: Stage, { items }: NodeRun): string[] => {
		const { media_id: mediaId } = items[0].json;
		const held = simulator.state.media.get(String(mediaId));
		return [
			...complain(held !== undefined, `WeCom has no media ${String(mediaId)}`),
			...complain(held?.bytes.equals(Buffer.from(bytes as string)) ?? true, 'other bytes arrived'),
		];
	};
}

/** The file of the output is this one. */
export function downloaded(bytes: Buffer) {
	return async (_stage: Stage, { items }: NodeRun): Promise<string[]> => {
		const { json, binary } = items[0];
		const arrived = await binaryBytes(binary?.data);
		const name = String(json.file_name);
		return [
			...complain(
				arrived.equals(bytes),
				`${arrived.length} bytes instead of ${bytes.length}, or others`,
			),
			...complain(json.file_size === bytes.length, `file_size ${String(json.file_size)}`),
			// eslint-disable-next-line no-control-regex -- a safe name has none of these
			...complain(name !== '' && !/[/\\\u0000-\u001f]/.test(name), `file_name ${name}`),
		];
	};
}

/** As many messages arrived as should, the last of this type. */
function delivered(count: number, msgtype: string, bytes?: Buffer | string) {
	return ({ simulator }: Stage): string[] => {
		const { messages } = simulator.state;
		const last = messages.at(-1);
		const content = last?.image ?? last?.media?.bytes;
		const isWhole = !bytes || content?.equals(Buffer.from(bytes as string)) === true;
		return [
			...complain(
				messages.length === count,
				`${messages.length} messages arrived instead of ${count}`,
			),
			...complain(last?.msgtype === msgtype, `a message of the type ${last?.msgtype} arrived`),
			...complain(isWhole, 'the message holds other bytes'),
		];
	};
}

type Stored = Parameters<Stage['simulator']['state']['addMedia']>[0];

const stored = (entry: Stored) => (stage: Stage) => ({
	mediaId: stage.simulator.state.addMedia(entry),
});
const suiteMedia = (entry: Stored) => (stage: Stage) => ({
	mediaId: stage.simulator.state.addMedia({
		...entry,
		owner: stage.simulator.demo.suite.authCorpId,
	}),
});

const app = ({ simulator }: Stage) => ({ agentId: String(simulator.demo.corp.agentId) });
const customerService = ({ simulator }: Stage) => ({
	corpSecret: simulator.demo.corp.customerServiceSecret,
});

const callbacks = ({ simulator }: Stage) => ({
	callbackToken: simulator.demo.corp.callbackToken,
	encodingAesKey: simulator.demo.corp.encodingAesKey,
});

const MEMBER = { sendTo: 'members', toUser: 'LiSi' };
const CHAT = { sendTo: 'appChat', chatId: 'demochat' };
const CUSTOMER = { toUser: 'wmdemocustomer', openKfId: 'wkdemo' };
const FOLLOWER = { toUser: 'odemofollower' };
const BINARY = { content: 'binary', binaryPropertyName: 'data' };
const TEXT = { content: 'text', text: '季度报告已发布' };

const uploads: NodeWork[] = (['app', 'thirdPartyApp', 'officialAccount', 'robot'] as const).map(
	(system) => {
		const isAccount = system === 'officialAccount';
		return {
			name: `${system}: upload`,
			system,
			operation: 'upload',
			items: [{ binary: { data: isAccount ? PNG : PDF } }],
			effects: 0,
			check: uploaded((isAccount ? PNG : PDF).bytes as Buffer),
			tokens: true,
		};
	},
);

const downloads: NodeWork[] = [
	{
		name: 'app: get',
		system: 'app',
		operation: 'get',
		prepare: stored({ bytes: sample('report.pdf'), fileName: '报告.pdf' }),
		effects: 0,
		check: downloaded(sample('report.pdf')),
	},
	{
		name: 'app: get in parts',
		system: 'app',
		operation: 'get',
		prepare: stored({ bytes: LONG, fileName: '数字.txt' }),
		effects: 0,
		check: downloaded(LONG),
		capRange: 4096,
		etag: '"v1"',
	},
	{
		name: 'thirdPartyApp: get',
		system: 'thirdPartyApp',
		operation: 'get',
		prepare: suiteMedia({ bytes: sample('report.pdf'), fileName: '报告.pdf' }),
		effects: 0,
		check: downloaded(sample('report.pdf')),
	},
	{
		name: 'officialAccount: get',
		system: 'officialAccount',
		operation: 'get',
		prepare: stored({
			bytes: sample('photo.jpg'),
			fileName: '照片.jpg',
			system: 'officialAccount',
			type: 'image',
		}),
		effects: 0,
		check: downloaded(sample('photo.jpg')),
	},
	{
		name: 'officialAccount: get a video in parts',
		system: 'officialAccount',
		operation: 'get',
		prepare: stored({
			bytes: sample('video.mp4'),
			fileName: '视频.mp4',
			system: 'officialAccount',
			type: 'video',
		}),
		effects: 0,
		check: downloaded(sample('video.mp4')),
		capRange: Math.ceil(sample('video.mp4').length / 32) * 16,
	},
	{
		name: 'app: getHdVoice',
		system: 'app',
		operation: 'getHdVoice',
		prepare: stored({
			bytes: sample('voice.amr'),
			fileName: 'voice.amr',
			type: 'voice',
			origin: 'received',
			hdVoice: Buffer.concat([Buffer.from('Speex   '), sample('voice.silk')]),
		}),
		effects: 0,
		check: downloaded(Buffer.concat([Buffer.from('Speex   '), sample('voice.silk')])),
	},
];

const permanent: NodeWork[] = [
	...(['app', 'officialAccount'] as const).map((system): NodeWork => ({
		name: `${system}: uploadImg`,
		system,
		operation: 'uploadImg',
		items: [{ binary: { data: PNG } }],
		effects: 1,
		check: ({ simulator }, { items }) => {
			const url = String(items[0].json.url);
			const path = URL.canParse(url) ? new URL(url).pathname : '';
			const shown = [...simulator.state.permanentImages].find(([at]) => path.endsWith(at))?.[1];
			return complain(shown?.equals(PNG.bytes as Buffer) === true, `no picture at ${url}`);
		},
	})),
	{
		name: 'officialAccount: uploadPermanent',
		system: 'officialAccount',
		operation: 'uploadPermanent',
		items: [{ binary: { data: MP4 } }],
		options: { title: '宣传片' },
		effects: 1,
		check: ({ simulator }, { items }) => {
			const material = simulator.state.materials.get(String(items[0].json.media_id));
			return [
				...complain(material?.bytes.equals(MP4.bytes as Buffer) === true, 'other bytes arrived'),
				...complain(material?.title === '宣传片', `the title is ${material?.title}`),
			];
		},
	},
	...(['image', 'video'] as const).map((type): NodeWork => ({
		name: `officialAccount: getPermanent of a ${type}`,
		system: 'officialAccount',
		operation: 'getPermanent',
		prepare: ({ simulator }) => {
			const { appId: owner } = simulator.demo.officialAccount;
			const file = type === 'image' ? PNG : MP4;
			const bytes = file.bytes as Buffer;
			const texts = type === 'video' ? { title: '宣传片', introduction: '' } : {};
			const material = { mediaId: 'perm_1', owner, type, fileName: '永久.png', bytes, ...texts };
			simulator.state.materials.set(material.mediaId, material);
			return { mediaId: material.mediaId };
		},
		// The material that is there; a video is served like a picture.
		effects: type === 'video' ? 2 : 1,
		check: downloaded((type === 'image' ? PNG : MP4).bytes as Buffer),
	})),
	{
		name: 'app: upload for Moments',
		system: 'app',
		operation: 'upload',
		parameters: { purpose: 'moments' },
		items: [{ binary: { data: PNG } }],
		effects: 0,
		check: uploaded(PNG.bytes as Buffer),
	},
];

function finished({ simulator }: Stage, { items }: NodeRun): string[] {
	const { media_id: mediaId, jobid, state } = items[0].json;
	const job = simulator.state.jobs.get(String(jobid));
	return [
		...complain(job !== undefined, `WeCom has no job ${String(jobid)}`),
		...complain(
			state === 'done' && job?.mediaId === mediaId,
			`${String(state)}, ${String(mediaId)}`,
		),
	];
}

function submitted({ simulator }: Stage, { items }: NodeRun): string[] {
	const job = simulator.state.jobs.get(String(items[0].json.jobid));
	return complain(job !== undefined, `WeCom has no job ${String(items[0].json.jobid)}`);
}

async function held(stage: Stage): Promise<INodeParameters> {
	const { simulator } = stage;
	const job = simulator.jobs.submit({
		app: simulator.state.apps[0],
		type: 'file',
		fileName: 'report.txt',
		url: stage.link(LONG, '数字.txt'),
		md5: stage.md5(LONG),
	});
	await simulator.jobs.settled();
	return { jobId: job.jobId };
}

const jobs: NodeWork[] = [
	{
		name: 'app: asyncUpload, waiting',
		system: 'app',
		operation: 'asyncUpload',
		parameters: { source: 'url', mediaType: 'file', waitForCompletion: true },
		prepare: (stage) => ({ url: stage.link(LONG, '数字.txt') }),
		effects: 1,
		check: finished,
		capRange: 4096,
	},
	{
		name: 'app: asyncUpload with its MD5',
		system: 'app',
		operation: 'asyncUpload',
		parameters: { source: 'url', mediaType: 'file' },
		prepare: (stage) => ({ url: stage.link(LONG, '数字.txt'), md5: stage.md5(LONG) }),
		effects: 1,
		check: submitted,
	},
	{
		name: 'app: asyncResult',
		system: 'app',
		operation: 'asyncResult',
		prepare: held,
		effects: 1,
		check: finished,
	},
];

/** n8n's own webhook gives the file, to the node that looks at the link and to WeCom. */
const hosted: NodeWork = {
	name: 'app: asyncUpload of a hosted field',
	system: 'app',
	operation: 'asyncUpload',
	parameters: { source: 'binary', mediaType: 'file', waitForCompletion: true },
	credential: callbacks,
	items: [{ binary: { data: PDF } }],
	prepare: async (stage) => ({ options: { hostUrl: await stage.hostUrl() } }),
	effects: 1,
	check: finished,
	onDisk: true,
};

const sendings: NodeWork[] = (
	[
		['app', 'a file to members', { ...MEMBER, ...BINARY }, PDF, 'file'],
		['app', 'text to members', { ...MEMBER, ...TEXT }, undefined, 'text'],
		['app', 'a video to a chat', { ...CHAT, ...BINARY }, MP4, 'video'],
		['thirdPartyApp', 'a file to members', { ...MEMBER, ...BINARY }, PDF, 'file'],
		['customerService', 'a file to a customer', { ...CUSTOMER, ...BINARY }, PDF, 'file'],
		['officialAccount', 'a picture to a follower', { ...FOLLOWER, ...BINARY }, PNG, 'image'],
		['robot', 'a file', BINARY, PDF, 'file'],
		['robot', 'a picture', BINARY, PNG, 'image'],
		['robot', 'text', TEXT, undefined, 'text'],
	] as const
).map(([system, what, parameters, file, msgtype]) => ({
	name: `${system}: send ${what}`,
	system,
	operation: 'send',
	parameters,
	credential: system === 'app' ? app : system === 'customerService' ? customerService : undefined,
	items: [file ? { binary: { data: file } } : {}],
	effects: 1,
	check: delivered(1, msgtype, file?.bytes as Buffer | undefined),
}));

/** A text and two files of one item: three messages, each of which may be struck. */
const several: NodeWork = {
	name: 'app: send text and two files',
	system: 'app',
	operation: 'send',
	parameters: { ...MEMBER, ...BINARY, text: '请查收', binaryPropertyName: 'data,other' },
	credential: app,
	items: [{ binary: { data: PDF, other: PNG } }],
	effects: 3,
	check: ({ simulator }) => {
		const { messages } = simulator.state;
		return complain(messages.length === 3, `${messages.length} messages arrived instead of 3`);
	},
};

const kfMedia: NodeWork[] = [
	{
		name: 'customerService: upload',
		system: 'customerService',
		operation: 'upload',
		credential: customerService,
		items: [{ binary: { data: PDF } }],
		effects: 0,
		check: uploaded(PDF.bytes as Buffer),
	},
	{
		name: 'customerService: get',
		system: 'customerService',
		operation: 'get',
		credential: customerService,
		prepare: stored({ bytes: sample('voice.amr'), fileName: '语音.amr', type: 'voice' }),
		effects: 0,
		check: downloaded(sample('voice.amr')),
	},
];

const bot: NodeWork[] = [
	{
		name: 'smartBot: get',
		system: 'smartBot',
		operation: 'get',
		prepare: (stage) => {
			const file = { bytes: sample('report.pdf'), fileName: '报告.pdf' };
			return { url: (stage.toldToBot({ kind: 'file', file }).file as { url: string }).url };
		},
		effects: 0,
		check: downloaded(sample('report.pdf')),
	},
	{
		name: 'smartBot: reply',
		system: 'smartBot',
		operation: 'reply',
		parameters: { text: '收到' },
		prepare: (stage) => ({
			responseUrl: String(stage.toldToBot({ text: '你好' }).response_url),
		}),
		effects: 1,
		check: delivered(1, 'markdown'),
	},
];

function welcomed({ simulator }: Stage, { items }: NodeRun): string[] {
	const { template_id: templateId, media_id: mediaId, type } = items[0].json;
	const { welcomeTemplates } = simulator.state.corps[0];
	const added = welcomeTemplates.find((known) => known.templateId === templateId);
	const held = added?.body[String(type)] as { media_id?: string } | undefined;
	return [
		...complain(added !== undefined, `WeCom has no welcome material ${String(templateId)}`),
		...complain(held?.media_id === mediaId, `it holds ${String(held?.media_id)}`),
	];
}

const chats: NodeWork[] = [
	{
		name: 'app: createChat',
		system: 'app',
		operation: 'createChat',
		parameters: {
			chatName: '每日销售报告',
			chatMembers: { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] },
		},
		effects: 1,
		check: ({ simulator }, { items }) => {
			const { chatid } = items[0].json;
			const known = simulator.state.corps[0].chats.some(({ chatId }) => chatId === chatid);
			return complain(known, `WeCom has no chat ${String(chatid)}`);
		},
	},
	{
		name: 'app: addWelcomeMaterial',
		system: 'app',
		operation: 'addWelcomeMaterial',
		parameters: { content: 'binary', binaryPropertyName: 'data', text: '欢迎' },
		items: [{ binary: { data: PDF } }],
		effects: 1,
		check: welcomed,
	},
	{
		name: 'app: addWelcomeMaterial from a link',
		system: 'app',
		operation: 'addWelcomeMaterial',
		parameters: { content: 'url', mediaType: 'file', text: '欢迎' },
		prepare: (stage) => ({ url: stage.link(LONG, '数字.txt') }),
		// The job and the material.
		effects: 2,
		check: welcomed,
	},
];

export const nodeWorks: NodeWork[] = [
	...uploads,
	...downloads,
	...permanent,
	...jobs,
	...sendings,
	several,
	...chats,
	...kfMedia,
	...bot,
	hosted,
];
