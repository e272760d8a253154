/** Panel fields that several operations share. */
import type { INodeProperties } from 'n8n-workflow';

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

export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. 季度报告.pdf',
	description:
		'The name the file gets, instead of its own. Without an extension it keeps that of the file. At most 128 bytes (about 42 Chinese characters); longer names are shortened, the extension stays.',
};

export const fallbackToFileOption: INodeProperties = {
	displayName: 'Send as File if Unfit',
	name: 'fallbackToFile',
	type: 'boolean',
	default: false,
	description:
		'Whether to upload as a plain file what does not fit the chosen media type, for example a voice of more than 60 seconds, instead of stopping with an error',
};

export const skipChecksOption: INodeProperties = {
	displayName: 'Skip Checks',
	name: 'skipChecks',
	type: 'boolean',
	default: false,
	description:
		'Whether to leave it to WeCom to accept or refuse size, format and length. Use it when WeCom has changed its limits.',
};

export const reuseOption: INodeProperties = {
	displayName: 'Reuse Media ID',
	name: 'reuseMediaId',
	type: 'boolean',
	default: false,
	description:
		'Whether to reuse the media_id of a file that this node uploaded within the last 3 days instead of uploading it again. Remembered while the workflow is active; a manual run remembers for that run only.',
};

export const includeInputFieldsOption: INodeProperties = {
	displayName: 'Include Input Fields',
	name: 'includeInputFields',
	type: 'boolean',
	default: false,
	description: 'Whether the output also holds the fields and files of the incoming item',
};

const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 20 },
	default: 3,
	description: 'How many files are transferred at the same time, 1 to 20',
};

const requestTimeoutOption: INodeProperties = {
	displayName: 'Request Timeout',
	name: 'requestTimeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3600 },
	default: 60,
	description:
		"Seconds to wait for WeCom's answer. Uploads automatically get more time for each megabyte.",
};

const maxRetriesOption: INodeProperties = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 10 },
	default: 3,
	description:
		'How many times to repeat a call when WeCom is busy or the connection breaks. Refusals such as a wrong secret are never repeated, nor is anything that may have arrived. Retry On Fail in the node settings is no substitute: it runs all items again, including those already sent.',
};

/** @returns the Options collection with an operation's own options and those that all have, in alphabetical order */
export function optionsOf(...own: INodeProperties[]): INodeProperties {
	const all = [...own, concurrencyOption, requestTimeoutOption, maxRetriesOption];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: all.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}
