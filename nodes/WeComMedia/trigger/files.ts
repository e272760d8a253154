/** The files of a message, fetched into n8n's storage. A file that cannot be had is no lost message: the item says why. */
import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { storeDownload } from '../n8n/binary';
import { failureJson } from '../n8n/nodeErrors';
import type { ReceivedFile } from '../wecom/callback/appMessage';
import { downloadBotFile } from '../wecom/calls/botFile';
import { downloadMedia } from '../wecom/calls/download';
import type { Download } from '../wecom/calls/download';
import { WeComHttpError } from '../wecom/client/errors';
import type { TriggerRun } from './execute';

/** A file on its way; `doubt` is what speaks against it. */
type Opened = Download & { doubt?: string };

/**
 * Adds the files to an item: the first into the field the user names, others into that name with _1, _2, …; `file_name`
 * and its companions are the first one's.
 */
export async function withFiles(
	run: TriggerRun,
	json: IDataObject,
	files: ReceivedFile[],
): Promise<INodeExecutionData> {
	const { downloadFiles, binaryPropertyName } = run.options;
	const binary: IBinaryKeyData = {};
	for (const file of downloadFiles ? files : []) {
		try {
			const download = await open(run, file);
			const stored = await storeDownload(run.context, download, download.fileName);
			const count = Object.keys(binary).length;
			binary[count === 0 ? binaryPropertyName : `${binaryPropertyName}_${count}`] = stored;
			if (count > 0) continue;
			json.file_name = download.fileName;
			json.file_size = download.progress.bytes;
			json.mime_type = download.mimeType;
			if (download.doubt) json.hint = download.doubt;
		} catch (error) {
			if (json.error === undefined) {
				Object.assign(json, whyNot(run, file, error));
			}
		}
	}
	return Object.keys(binary).length > 0 ? { json, binary } : { json };
}

async function open(
	run: TriggerRun,
	{ media_id: mediaId = '', url }: ReceivedFile,
): Promise<Opened> {
	const { client, system } = await run.connect();
	return url === undefined
		? await downloadMedia(client, system, mediaId)
		: await downloadBotFile(client, system, url);
}

/** A link ends after minutes, so where it has, the reason may be that n8n was busy. */
function whyNot({ handed }: TriggerRun, { url }: ReceivedFile, error: unknown): IDataObject {
	const json = failureJson(error, 'The file could not be fetched');
	if (url === undefined || !(error instanceof WeComHttpError)) return json;
	const waited = Math.round((Date.now() - handed.receivedAt) / 1000);
	return {
		...json,
		hint: `${String(json.hint ?? '')} The message had waited ${waited} s in n8n.`.trim(),
	};
}
