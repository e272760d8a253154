/** Panel fields that several operations share; options.ts has those of the Options collection. */
import type { INodeProperties } from 'n8n-workflow';

import { ASYNC_USES } from '../n8n/job';

export const inputField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the binary file data, or several names separated by commas',
	description:
		'The field of the incoming item that holds the file. An expression may also give the file itself, such as {{ $binary.data }}, or a list of files.',
};

export const outputField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
	description: 'The field of the outgoing item that the file is put in',
};

export const mediaIdField: INodeProperties = {
	displayName: 'Media ID',
	name: 'mediaId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 1G6nrLmr5EC3MMb_-zK1dDdzmd0p7c…',
	description:
		'The media_id of an upload, or the MediaId of a message received from WeCom. It is valid for 3 days.',
};

export const asyncNotice: INodeProperties = {
	displayName: ASYNC_USES,
	name: 'asyncNotice',
	type: 'notice',
	default: '',
};

export const waitField: INodeProperties = {
	displayName: 'Wait for Completion',
	name: 'waitForCompletion',
	type: 'boolean',
	default: false,
	description:
		'Whether to wait until WeCom has finished and give the media_id. Without it, go on with Get Large Upload Result or WeCom Media Trigger.',
};
