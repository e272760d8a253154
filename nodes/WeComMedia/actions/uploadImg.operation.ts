import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mediaFileOf } from '../n8n/binary';
import { uploadImage } from '../wecom/calls/upload';
import { inputField } from './panelFields';
import { outputItem } from './parameters';
import type { Operation, Run } from './operation';
import { fileNameOption, optionsOf, readOptions, skipChecksOption } from './options';

/** Uploads one binary field as a permanent image: of WeCom, or for articles of an Official Account. */
async function execute(run: Run): Promise<INodeExecutionData[]> {
	const { context, itemIndex, field } = run;
	const { fileName, skipChecks } = readOptions(context, itemIndex);
	const file = await mediaFileOf(context, itemIndex, field);
	const { client, system } = await run.connect();
	const image = await uploadImage(client, system, { file, fileName, skipChecks });
	return [outputItem(run, { ...image }, false)];
}

const notice = (displayName: string): INodeProperties => ({
	displayName,
	name: 'uploadImgNotice',
	type: 'notice',
	default: '',
});
const shownFor = (...resource: string[]) => ({ show: { resource, operation: ['uploadImg'] } });

export const uploadImg: Operation = {
	repeats: 'pictures that had been uploaded are uploaded again',
	description: [
		...updateDisplayOptions(shownFor('app'), [
			notice(
				'JPG or PNG, up to 2 MB. The link never expires, but WeCom shows the picture only in news messages (图文消息) and welcome messages (欢迎语). 1,000 a day and 3,000 a month for the whole company.',
			),
		]),
		...updateDisplayOptions(shownFor('officialAccount'), [
			notice(
				'JPG or PNG of less than 1 MB, for the text of articles (图文消息). The link never expires, and the picture does not count in the library (素材库).',
			),
		]),
		...updateDisplayOptions(shownFor('app', 'officialAccount'), [
			inputField,
			optionsOf(fileNameOption, skipChecksOption),
		]),
	],
	readsFiles: true,
	execute,
};
