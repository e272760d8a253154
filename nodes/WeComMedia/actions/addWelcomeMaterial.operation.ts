import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mediaFileOf } from '../n8n/binary';
import { LINK_TYPES, WECOM_TYPES } from '../wecom/accounts/rules';
import { waitForJob } from '../wecom/calls/asyncUpload';
import { readMediaId } from '../wecom/calls/download';
import { uploadPacked } from '../wecom/calls/upload';
import {
	addWelcomeTemplate,
	packForWelcome,
	refuseUnfitWelcome,
	submitForWelcome,
} from '../wecom/calls/welcomeMaterial';
import type { WelcomeFile, WelcomeType } from '../wecom/calls/welcomeMaterial';
import type { RequestedType } from '../wecom/files/checks';
import type { Connection } from '../n8n/connect';
import { inputField, mediaIdField } from './panelFields';
import { outputItem, parameter, text } from './parameters';
import { mediaTypeField, mediaTypeOptions } from './mediaTypes';
import type { Operation, Run, Waiting } from './operation';
import { fileNameOption, optionsOf, readOptions, timeoutOption } from './options';

const { file, image, video } = WECOM_TYPES;
const fromField = mediaTypeField({ file, image, video }, 'How new members see the file');
const fromLink = mediaTypeField(LINK_TYPES, 'How new members see the file');

const typeFields: INodeProperties[] = [
	{ ...fromField, displayOptions: { show: { content: ['binary'] } } },
	{ ...fromLink, displayOptions: { show: { content: ['url'] } } },
	{
		...fromField,
		displayOptions: { show: { content: ['mediaId'] } },
		default: 'file',
		hint: 'The type it was uploaded as',
		options: mediaTypeOptions({ file, image, video }),
	},
];

const description = updateDisplayOptions(
	{ show: { resource: ['app'], operation: ['addWelcomeMaterial'] } },
	[
		{
			displayName:
				'Needs an app listed under Customer Contact (客户联系 → 可调用应用). WeCom keeps at most 100 materials of a company; to change one later, upload its file again.',
			name: 'welcomeNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Content',
			name: 'content',
			type: 'options',
			default: 'binary',
			description: 'What new members of a customer group get',
			options: [
				{ name: 'File', value: 'binary', description: 'A file of the incoming item, up to 20 MB' },
				{
					name: 'Media ID',
					value: 'mediaId',
					description: 'A file that was uploaded before, with Upload or Upload Large File',
				},
				{ name: 'Text Only', value: 'text', description: 'A text without a file' },
				{
					name: 'URL',
					value: 'url',
					description: 'A file behind a link, up to 200 MB: WeCom fetches it, and the node waits',
				},
			],
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			placeholder: 'e.g. 欢迎 %NICKNAME%，这里是产品介绍',
			description:
				'At most 3,000 bytes, about 1,000 Chinese characters. %NICKNAME% becomes the name of the new member. With a file it may be empty.',
		},
		{ ...inputField, displayOptions: { show: { content: ['binary'] } } },
		{ ...mediaIdField, displayOptions: { show: { content: ['mediaId'] } } },
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			default: '',
			required: true,
			displayOptions: { show: { content: ['url'] } },
			placeholder: 'e.g. https://files.example.com/training.mp4',
			description:
				'Public link of the file, at most 1,024 bytes long. The server must support Range, as CDNs and object storages do; a Tencent COS object must be publicly readable (公有读).',
		},
		...typeFields,
		optionsOf(fileNameOption, timeoutOption, {
			displayName: 'Notify Group Owners',
			name: 'notify',
			type: 'boolean',
			default: false,
			description: 'Whether WeCom tells the owners of customer groups that there is new material',
		}),
	],
);

type Content = 'binary' | 'mediaId' | 'text' | 'url';

/** What the steps give: the file by its media_id, and what the output tells of it. */
interface Prepared {
	file?: WelcomeFile;
	json: IDataObject;
}

async function execute(run: Run): Promise<INodeExecutionData[] | Waiting> {
	const content = contentOf(run);
	refuseUnfitWelcome(text(run.context, 'text', run.itemIndex), content !== 'text');
	const connection = await run.connect();
	if (content === 'url') {
		const rest = await fetched(run, connection);
		return { rest: async () => await finish(run, connection, await rest()) };
	}
	return await finish(run, connection, await prepared[content](run, connection));
}

const prepared: Record<
	Exclude<Content, 'url'>,
	(run: Run, connection: Connection) => Promise<Prepared>
> = {
	text: async () => ({ json: {} }),
	mediaId: async ({ context, itemIndex }) => {
		const mediaId = readMediaId(text(context, 'mediaId', itemIndex));
		const requested = text(context, 'mediaType', itemIndex);
		const type = (requested === 'auto' ? 'file' : requested) as WelcomeType;
		return { file: { type, media_id: mediaId }, json: {} };
	},
	binary: async (run, { client, system }) => {
		const { context, itemIndex, field } = run;
		const packed = await packForWelcome(system, {
			file: await mediaFileOf(context, itemIndex, field),
			requested: text(context, 'mediaType', itemIndex) as RequestedType,
			fileName: readOptions(context, itemIndex).fileName,
			fallbackToFile: false,
			skipChecks: false,
		});
		if (packed.reason) run.remark(`Added as ${packed.type}: ${packed.reason}.`);
		const { media_id: mediaId } = await uploadPacked(client, system, packed);
		return {
			file: { type: packed.type as WelcomeType, media_id: mediaId },
			json: { file_name: packed.fileName, file_size: packed.fileSize },
		};
	},
};

/** Lets WeCom fetch the file. @returns what waits for it */
async function fetched(
	{ context, itemIndex }: Run,
	{ client }: Connection,
): Promise<() => Promise<Prepared>> {
	const { fileName, timeout } = readOptions(context, itemIndex);
	const { jobid, type, ...job } = await submitForWelcome(client, {
		url: text(context, 'url', itemIndex),
		requested: text(context, 'mediaType', itemIndex) as RequestedType,
		fileName,
	});
	return async () => {
		const { media_id: mediaId = '' } = await waitForJob(client, jobid, timeout * 1000);
		const json: IDataObject = { jobid, file_name: job.file_name };
		if (job.file_size !== undefined) json.file_size = job.file_size;
		return { file: { type, media_id: mediaId }, json };
	};
}

async function finish(
	run: Run,
	{ client }: Connection,
	{ file, json }: Prepared,
): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const options = parameter(context, 'options', itemIndex, {}) as IDataObject;
	const said = text(context, 'text', itemIndex);
	const templateId = await addWelcomeTemplate(client, said, file, options.notify === true);
	const sent = file ? { type: file.type, media_id: file.media_id } : {};
	return [outputItem(run, { template_id: templateId, ...sent, ...json }, false)];
}

function contentOf({ context, itemIndex }: Run): Content {
	const value = text(context, 'content', itemIndex);
	return value === 'mediaId' || value === 'text' || value === 'url' ? value : 'binary';
}

export const addWelcomeMaterial: Operation = {
	repeats: 'material that had been added is added again',
	description,
	readsFiles: (run) => contentOf(run) === 'binary',
	execute,
};
