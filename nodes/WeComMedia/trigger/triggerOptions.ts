/** The trigger's parameters, read the same way in both halves. */
import type { IDataObject } from 'n8n-workflow';

import type { Received } from '../wecom/callback/events';
import { CUSTOMER_EVENT, JOB_FINISH_EVENT } from '../wecom/callback/events';
import { textField } from '../wecom/callback/messageFields';
import { listOf } from '../wecom/calls/typedValues';
import { EVERYTHING } from './eventFields';

export interface TriggerOptions {
	events: string[];
	fetchResult: boolean;
	/** Seconds; NaN: as long as is usual. */
	maxAge: number;
	/** Empty: all. */
	jobIds: string[];
	/** Empty: all. */
	openKfIds: string[];
	downloadFiles: boolean;
	/** Where the file goes. */
	binaryPropertyName: string;
	voiceFormat: 'amr' | 'silk';
	includeHistory: boolean;
	customerName: boolean;
}

/** @param read a parameter of the node, or what it is by default */
export function readTriggerOptions(
	read: (name: string, fallback: unknown) => unknown,
): TriggerOptions {
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		events: listOf(read('events', [JOB_FINISH_EVENT])),
		fetchResult: read('fetchResult', true) === true,
		maxAge: Number(options.maxAge ?? NaN),
		jobIds: listOf(options.jobIds),
		openKfIds: listOf(options.openKfIds),
		downloadFiles: read('downloadFiles', true) !== false,
		binaryPropertyName: String(read('binaryPropertyName', 'data') ?? '').trim() || 'data',
		voiceFormat: options.voiceFormat === 'silk' ? 'silk' : 'amr',
		includeHistory: options.includeHistory === true,
		customerName: options.customerName === true,
	};
}

/** @returns whether the workflow is to be started */
export function isWanted(options: TriggerOptions, received: Received): boolean {
	const { kind, fields, unreadable } = received;
	if (!options.events.includes(kind) && !options.events.includes(EVERYTHING)) return false;
	const filter = FILTERS[kind];
	if (!filter || unreadable) return true;
	const [list, field] = filter(options);
	return list.length === 0 || list.includes(textField(fields, field) ?? '');
}

/** Which of a kind start the workflow: a list of the user's, and the field that must be in it. */
const FILTERS: Record<string, ((options: TriggerOptions) => [string[], string]) | undefined> = {
	[JOB_FINISH_EVENT]: ({ jobIds }) => [jobIds, 'JobId'],
	[CUSTOMER_EVENT]: ({ openKfIds }) => [openKfIds, 'OpenKfId'],
};
