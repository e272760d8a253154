/**
 * The Options collection: each option's field, range and default stand once, and {@link TABLE} says how its value is read.
 * What only one operation has stands with that operation.
 */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { WeComInputError } from '../wecom/client/errors';
import { parameter } from './parameters';

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

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 3600 },
	default: 600,
	description:
		'Seconds to wait for completion, at most 3,600: WeCom forgets a job after 60 minutes',
};

export const hostUrlOption: INodeProperties = {
	displayName: 'Host URL',
	name: 'hostUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/…',
	displayOptions: { show: { '/source': ['binary'] } },
	description:
		'Production URL of a WeCom Media Trigger with the same credential in an active workflow. It hosts the file for WeCom.',
};

export const linkLifetimeOption: INodeProperties = {
	displayName: 'Link Lifetime',
	name: 'linkLifetime',
	type: 'number',
	typeOptions: { minValue: 60, maxValue: 86400 },
	default: 7200,
	displayOptions: { show: { '/source': ['binary'] } },
	description: 'Seconds during which WeCom can fetch the hosted file',
};

export const checkUrlOption: INodeProperties = {
	displayName: 'Check URL',
	name: 'checkUrl',
	type: 'boolean',
	default: true,
	description:
		'Whether to look at the link before submitting: reachable, supports Range, size and format. Turn it off for a link that only WeCom can reach; then enter the MD5.',
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
		options: all.sort((a, b) => (lowered(a) < lowered(b) ? -1 : 1)),
	};
}

function lowered({ displayName }: INodeProperties): string {
	return displayName.toLowerCase();
}

/** How a value is read; a number's range and every default are the field's own. */
interface Option<T> {
	field: INodeProperties;
	read(value: unknown): T;
}

function words(field: INodeProperties): Option<string> {
	return { field, read: (value) => String(value ?? '').trim() };
}

function onOff(field: INodeProperties): Option<boolean> {
	return { field, read: (value) => (field.default === true ? value !== false : value === true) };
}

function number(field: INodeProperties): Option<number> {
	return { field, read: (value) => numberIn(field, value) };
}

const TABLE = {
	fileName: words(fileNameOption),
	fallbackToFile: onOff(fallbackToFileOption),
	skipChecks: onOff(skipChecksOption),
	includeInputFields: onOff(includeInputFieldsOption),
	concurrency: number(concurrencyOption),
	/** Seconds. */
	requestTimeout: number(requestTimeoutOption),
	maxRetries: number(maxRetriesOption),
	reuseMediaId: onOff(reuseOption),
	checkUrl: onOff(checkUrlOption),
	/** Seconds. */
	timeout: number(timeoutOption),
	/** Seconds. */
	linkLifetime: number(linkLifetimeOption),
	hostUrl: words(hostUrlOption),
};

/** Values of the Options collection. */
type Options = { [Name in keyof typeof TABLE]: ReturnType<(typeof TABLE)[Name]['read']> };

/** By the collection: one without expressions is the same for all items of a run. */
const known = new WeakMap<IDataObject, Options>();

/**
 * @returns the values, the defaults where an option was not added
 * @throws WeComInputError when a number is out of range
 */
export function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	const options = parameter(context, 'options', itemIndex, {}) as IDataObject;
	const before = known.get(options);
	if (before) return before;
	const values = Object.entries(TABLE).map(([name, { read }]) => [name, read(options[name])]);
	const read = Object.fromEntries(values) as Options;
	if (typeof options === 'object') known.set(options, read);
	return read;
}

function numberIn(field: INodeProperties, value: unknown): number {
	const { displayName: label, default: fallback, typeOptions } = field;
	const { minValue: min = 0, maxValue: max = 0 } = typeOptions ?? {};
	if (value === undefined || value === null || value === '') return Number(fallback);
	const given = Number(value);
	if (Number.isFinite(given) && given >= min && given <= max) return Math.floor(given);
	throw new WeComInputError(
		`'${label}' must be a number from ${min} to ${max}`,
		`Change it in the options of the node, or remove it there: then it is ${String(fallback)}.`,
		label,
	);
}
