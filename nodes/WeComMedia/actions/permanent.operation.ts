/** The permanent library (永久素材) of an Official Account: into it and out of it. */
import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mediaFileOf } from '../n8n/binary';
import { PERMANENT_MATERIAL } from '../wecom/accounts/materials';
import type { RequestedType } from '../wecom/files/checks';
import { againIfChanged, downloadMaterial, readMediaId } from '../wecom/calls/download';
import { addMaterial } from '../wecom/calls/upload';
import { inputField, mediaIdField, outputField } from './panelFields';
import { option, outputItem, readOutputField, text } from './parameters';
import { mediaTypeField } from './mediaTypes';
import { saveDownload } from './saved';
import type { Operation, Run } from './operation';
import { fileNameOption, optionsOf, readOptions, skipChecksOption } from './options';

const typeField = mediaTypeField(PERMANENT_MATERIAL.types, 'What WeChat should treat the file as');

const notice: INodeProperties = {
	displayName:
		'The media_id never expires. Use it in drafts and articles, for covers too. The library (素材库) holds 100,000 pictures and articles, and 1,000 files of every other kind.',
	name: 'permanentNotice',
	type: 'notice',
	default: '',
};

const titleOption: INodeProperties = {
	displayName: 'Title',
	name: 'title',
	type: 'string',
	default: '',
	placeholder: 'e.g. 新品发布会',
	description: 'Title of a video. Empty: the name of the file without its extension.',
};

const descriptionOption: INodeProperties = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	description: 'Introduction to a video, which WeChat shows below its title',
};

const shownFor = (operation: string) => ({
	show: { resource: ['officialAccount'], operation: [operation] },
});

export const uploadPermanent: Operation = {
	repeats: 'files that had been uploaded are uploaded again and count twice in the library',
	description: updateDisplayOptions(shownFor('uploadPermanent'), [
		notice,
		typeField,
		inputField,
		optionsOf(fileNameOption, titleOption, descriptionOption, skipChecksOption),
	]),
	readsFiles: true,
	execute: async (run: Run): Promise<INodeExecutionData[]> => {
		const { context, itemIndex, field } = run;
		const { fileName, skipChecks } = readOptions(context, itemIndex);
		const file = await mediaFileOf(context, itemIndex, field);
		const { client, system } = await run.connect();
		const material = await addMaterial(
			client,
			system,
			{
				file,
				fileName,
				skipChecks,
				requested: text(context, 'mediaType', itemIndex) as RequestedType,
				fallbackToFile: false,
			},
			{
				title: option(context, 'title', itemIndex),
				introduction: option(context, 'description', itemIndex),
			},
		);
		return [outputItem(run, { ...material }, false)];
	},
};

export const getPermanent: Operation = {
	description: updateDisplayOptions(shownFor('getPermanent'), [
		{
			...mediaIdField,
			description:
				'The media_id of permanent material, from Upload Permanent Material or the library (素材库)',
		},
		outputField,
		optionsOf(fileNameOption),
	]),
	execute: async (run: Run): Promise<INodeExecutionData[]> => {
		const { context, itemIndex } = run;
		const { fileName: wanted } = readOptions(context, itemIndex);
		const mediaId = readMediaId(text(context, 'mediaId', itemIndex));
		const field = readOutputField(context, itemIndex);
		const { client } = await run.connect();
		return await againIfChanged(client, async () => {
			const material = await downloadMaterial(client, mediaId);
			if (!('download' in material)) {
				const news_item = material.news_item as IDataObject[];
				return [outputItem(run, { media_id: mediaId, news_item }, false)];
			}
			const { download, ...told } = material;
			const saved = await saveDownload(run, download, wanted);
			const json = { media_id: mediaId, ...saved.json, ...told };
			return [outputItem(run, json, false, { [field]: saved.binary })];
		});
	},
};
