import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { KeyedLock } from '../n8n/parallel';
import { untilCanceled } from '../n8n/world';
import type { WeComClient } from '../wecom/client/client';
import {
	againIfChanged,
	downloadHdVoice,
	downloadMedia,
	readMediaId,
} from '../wecom/calls/download';
import type { Download } from '../wecom/calls/download';
import type { System } from '../wecom/accounts/system';
import { mediaIdField, outputField } from './panelFields';
import { outputItem, readOutputField, text } from './parameters';
import { saveDownload } from './saved';
import type { Operation, Run } from './operation';
import { fileNameOption, includeInputFieldsOption, optionsOf, readOptions } from './options';

/** WeCom refuses simultaneous gets of one media_id (45033), so they queue, across items and executions. */
const gets = new KeyedLock();

const fields = [mediaIdField, outputField, optionsOf(fileNameOption, includeInputFieldsOption)];

type Fetch = (client: WeComClient, system: System, mediaId: string) => Promise<Download>;

/** Downloads one media_id into n8n's binary storage. */
async function fetchInto(run: Run, fetch: Fetch): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const options = readOptions(context, itemIndex);
	const mediaId = readMediaId(text(context, 'mediaId', itemIndex));
	const field = readOutputField(context, itemIndex);
	const { client, system } = await run.connect();
	const fetchOnce = async () => {
		const download = await fetch(client, system, mediaId);
		const saved = await saveDownload(run, download, options.fileName);
		const json: IDataObject = { media_id: mediaId, ...saved.json };
		if (download.video_url) json.video_url = download.video_url;
		return [outputItem(run, json, options.includeInputFields, { [field]: saved.binary })];
	};
	const download = gets.run(
		`${system.fingerprint} ${mediaId}`,
		async () => await againIfChanged(client, fetchOnce),
	);
	return await untilCanceled(download, context.getExecutionCancelSignal());
}

export const get: Operation = {
	description: updateDisplayOptions(
		{ show: { operation: ['get'] }, hide: { resource: ['smartBot'] } },
		fields,
	),
	execute: async (run) => await fetchInto(run, downloadMedia),
};

export const getHdVoice: Operation = {
	description: updateDisplayOptions({ show: { resource: ['app'], operation: ['getHdVoice'] } }, [
		{
			...mediaIdField,
			description:
				'The media_id that the JS-SDK function uploadVoice gave in a WeCom web page. Voices uploaded in any other way have no HD version.',
		},
		...fields.slice(1),
	]),
	execute: async (run) =>
		await fetchInto(
			run,
			async (client, _system, mediaId) => await downloadHdVoice(client, mediaId),
		),
};
