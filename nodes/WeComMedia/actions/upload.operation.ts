import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mediaFileOf } from '../n8n/binary';
import { mediaMemoryOf } from '../n8n/mediaMemory';
import { uploadOrReuse } from '../n8n/reuse';
import { ATTACHMENTS, forPurpose, isAttachmentPurpose } from '../wecom/accounts/materials';
import { OFFICIAL_ACCOUNT_TYPES, ROBOT_TYPES, WECOM_TYPES } from '../wecom/accounts/rules';
import type { RequestedType } from '../wecom/files/checks';
import { packMedia } from '../wecom/files/packing';
import { uploadPacked } from '../wecom/calls/upload';
import { inputField } from './panelFields';
import { mediaTypeField } from './mediaTypes';
import { outputItem, text } from './parameters';
import type { Operation, Run } from './operation';
import {
	fallbackToFileOption,
	fileNameOption,
	includeInputFieldsOption,
	optionsOf,
	readOptions,
	reuseOption,
	skipChecksOption,
} from './options';

const wecomTypes = mediaTypeField(
	WECOM_TYPES,
	'What WeCom should treat the file as. Every file must have more than 5 bytes; above 20 MB only Upload Large File of a Corp App works.',
);

const robotTypes = mediaTypeField(
	ROBOT_TYPES,
	'What the robot should treat the file as. Every file must have more than 5 bytes. Pictures and videos are uploaded as files.',
);

const officialAccountTypes = mediaTypeField(
	OFFICIAL_ACCOUNT_TYPES,
	'What WeChat should treat the file as. Every file must have more than 5 bytes; an Official Account takes no other kinds of files.',
);

const momentsTypes = mediaTypeField(
	ATTACHMENTS.moments.types,
	'What WeCom should treat the file as',
);

const purposeField: INodeProperties = {
	displayName: 'Purpose',
	name: 'purpose',
	type: 'options',
	default: 'temporary',
	description: 'What the media_id is for. One for Moments or the catalog serves nothing else.',
	options: [
		{
			name: 'Messages and Everything Else',
			value: 'temporary',
			description: 'Temporary media (临时素材)',
		},
		{
			name: 'Moments (朋友圈)',
			value: 'moments',
			description: 'A picture or video of up to 30 seconds in a post to customers',
		},
		{
			name: 'Product Catalog (商品图册)',
			value: 'catalog',
			description: 'A picture of a product that is shown to customers',
		},
	],
};

const purposeNotice: INodeProperties = {
	displayName:
		"The app must be listed in WeCom's console under 客户联系 → 可调用应用. The media_id is valid for 3 days and for this purpose only.",
	name: 'purposeNotice',
	type: 'notice',
	default: '',
};

const commonOptions = [fileNameOption, skipChecksOption, reuseOption, includeInputFieldsOption];

const description: INodeProperties[] = [
	...updateDisplayOptions({ show: { operation: ['upload'] } }, [inputField]),
	...updateDisplayOptions({ show: { resource: ['app'], operation: ['upload'] } }, [
		purposeField,
		{ ...purposeNotice, displayOptions: { show: { purpose: ['moments', 'catalog'] } } },
		{ ...wecomTypes, displayOptions: { show: { purpose: ['temporary'] } } },
		{ ...momentsTypes, displayOptions: { show: { purpose: ['moments'] } } },
	]),
	...updateDisplayOptions({ show: { resource: ['customerService'], operation: ['upload'] } }, [
		wecomTypes,
	]),
	...updateDisplayOptions({ show: { resource: ['robot'], operation: ['upload'] } }, [robotTypes]),
	...updateDisplayOptions({ show: { resource: ['officialAccount'], operation: ['upload'] } }, [
		officialAccountTypes,
		optionsOf(...commonOptions),
	]),
	...updateDisplayOptions(
		{ show: { resource: ['app', 'customerService', 'robot'], operation: ['upload'] } },
		[optionsOf(...commonOptions, fallbackToFileOption)],
	),
];

/** Uploads one binary field as temporary media. */
async function execute(run: Run): Promise<INodeExecutionData[]> {
	const { context, itemIndex, field } = run;
	const options = readOptions(context, itemIndex);
	const file = await mediaFileOf(context, itemIndex, field);
	const { client, system: account } = await run.connect();
	const purpose = text(context, 'purpose', itemIndex);
	const system = isAttachmentPurpose(purpose) ? forPurpose(account, purpose) : account;
	const packed = await packMedia(system, {
		file,
		requested: (text(context, 'mediaType', itemIndex) || 'auto') as RequestedType,
		fileName: options.fileName,
		fallbackToFile: options.fallbackToFile,
		skipChecks: options.skipChecks,
	});
	const { media, reused } = options.reuseMediaId
		? await uploadOrReuse(client, system, packed, mediaMemoryOf(context))
		: { media: await uploadPacked(client, system, packed), reused: false };
	if (reused) run.remark('A file that was uploaded before was not uploaded again.');
	if (packed.reason) run.remark(`Uploaded as ${packed.type}: ${packed.reason}.`);
	return [outputItem(run, { ...media, reused }, options.includeInputFields)];
}

export const upload: Operation = { description, readsFiles: true, execute };
