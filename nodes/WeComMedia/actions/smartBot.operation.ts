/** What can be done with a smart bot's message: fetch its file, answer it once. */
import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { downloadBotFile } from '../wecom/calls/botFile';
import { replyToBot } from '../wecom/calls/botReply';
import { outputField } from './panelFields';
import { outputItem, readOutputField, text } from './parameters';
import { saveDownload } from './saved';
import type { Operation, Run } from './operation';
import { fileNameOption, includeInputFieldsOption, optionsOf, readOptions } from './options';

const linkField: INodeProperties = {
	displayName: 'File Link',
	name: 'url',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. {{ $json.message.file.url }}',
	description:
		'The link in the message that the bot received (file.URL, image.URL or video.URL). It expires 5 minutes after the message.',
};

const responseUrlField: INodeProperties = {
	displayName: 'Response URL',
	name: 'responseUrl',
	type: 'string',
	default: '={{ $json.response_url }}',
	required: true,
	placeholder: 'e.g. {{ $json.response_url }}',
	description:
		'The response_url of the message that the bot received. It takes one answer, within an hour.',
};

const textField: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: 'e.g. **Received**, thank you',
	description:
		'What the bot answers, in Markdown: at most 20,480 bytes (about 6,800 Chinese characters)',
};

const shownFor = (operation: string) => ({
	show: { resource: ['smartBot'], operation: [operation] },
});

export const getBotFile: Operation = {
	description: updateDisplayOptions(shownFor('get'), [
		linkField,
		outputField,
		optionsOf(fileNameOption, includeInputFieldsOption),
	]),
	execute: async (run: Run): Promise<INodeExecutionData[]> => {
		const { context, itemIndex } = run;
		const options = readOptions(context, itemIndex);
		const field = readOutputField(context, itemIndex);
		const { client, system } = await run.connect();
		const download = await downloadBotFile(client, system, text(context, 'url', itemIndex));
		const saved = await saveDownload(run, download, options.fileName);
		const { doubt } = download;
		const json: IDataObject = { ...saved.json, ...(doubt ? { hint: doubt } : {}) };
		return [outputItem(run, json, options.includeInputFields, { [field]: saved.binary })];
	},
};

export const replyToBotMessage: Operation = {
	repeats: 'messages that had been answered are answered again, which WeCom refuses',
	description: updateDisplayOptions(shownFor('reply'), [responseUrlField, textField, optionsOf()]),
	execute: async (run: Run): Promise<INodeExecutionData[]> => {
		const { context, itemIndex } = run;
		const { client } = await run.connect();
		const read = (name: string) => text(context, name, itemIndex);
		await replyToBot(client, read('responseUrl'), read('text'));
		return [outputItem(run, { msgtype: 'markdown' }, false)];
	},
};
