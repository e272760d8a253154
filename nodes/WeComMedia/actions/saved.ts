import type { IBinaryData } from 'n8n-workflow';

import { storeDownload } from '../n8n/binary';
import type { Download } from '../wecom/calls/download';
import { nameToSave } from '../wecom/files/naming';
import type { Run } from './operation';

/** What the output says of a file that was downloaded. */
interface SavedFile {
	file_name: string;
	mime_type: string;
	/** Bytes. */
	file_size: number;
}

/**
 * Writes a download into n8n's storage under the name the user wants, and says where it had to be taken up again.
 *
 * @param wanted the option File Name; '' keeps the file's own
 * @throws what the download throws: a file that cannot be completed is never saved short
 */
export async function saveDownload(
	{ context, remark }: Pick<Run, 'context' | 'remark'>,
	download: Download,
	wanted: string,
): Promise<{ binary: IBinaryData; json: SavedFile }> {
	const fileName = nameToSave(wanted, download.fileName);
	const binary = await storeDownload(context, download, fileName);
	const { bytes, resumed } = download.progress;
	if (resumed > 0) remark(`A broken download was continued ${resumed} times.`);
	return {
		binary,
		json: { file_name: fileName, mime_type: download.mimeType, file_size: bytes },
	};
}
