/** The trigger's parameters, read the same way in both halves. */
import type { IDataObject } from 'n8n-workflow';

import type { Received } from '../wecom/callback/events';
import { JOB_FINISH_EVENT } from '../wecom/callback/events';
import { textField } from '../wecom/callback/fields';
import { listOf } from '../wecom/calls/list';
import { DEFAULT_MAX_AGE, EVERYTHING } from './description';

export interface TriggerOptions {
	events: string[];
	fetchResult: boolean;
	/** Seconds. */
	maxAge: number;
	/** Empty: all. */
	jobIds: string[];
}

/** @param read a parameter of the node, or what it is by default */
export function readTriggerOptions(
	read: (name: string, fallback: unknown) => unknown,
): TriggerOptions {
	const options = (read('options', {}) ?? {}) as IDataObject;
	return {
		events: listOf(read('events', [JOB_FINISH_EVENT])),
		fetchResult: read('fetchResult', true) === true,
		maxAge: Number(options.maxAge ?? DEFAULT_MAX_AGE),
		jobIds: listOf(options.jobIds),
	};
}

/** @returns whether the workflow is to be started */
export function isWanted({ events, jobIds }: TriggerOptions, received: Received): boolean {
	const { kind, fields, unreadable } = received;
	if (!events.includes(kind) && !events.includes(EVERYTHING)) return false;
	if (kind !== JOB_FINISH_EVENT || unreadable || jobIds.length === 0) return true;
	return jobIds.includes(textField(fields, 'JobId') ?? '');
}
