/** What the webhook half hands to the execute half: an ordinary n8n item, since another process may run that. */
import { randomUUID } from 'crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Received } from '../wecom/callback/events';

export interface HandedOver {
	/** Tells the process that received the push from all others. */
	id: string;
	received: Received;
	/** When the push arrived, ms since 1970. */
	receivedAt: number;
	/** Where the last executions stopped reading, for Customer Service, by account. */
	inboxes?: IDataObject;
}

/** Ids handed over by this process and not taken yet: its memory has decided who is the first. */
const mine = new Set<string>();
const MAX_MINE = 10_000;

/** @returns the item n8n stores and runs the execution with */
export function handOver(event: Omit<HandedOver, 'id'>): INodeExecutionData {
	const id = randomUUID();
	mine.add(id);
	for (const oldest of mine) {
		if (mine.size <= MAX_MINE) break;
		mine.delete(oldest);
	}
	// Fields have no prototype, which n8n's copying does not expect.
	return { json: structuredClone({ id, ...event }) as unknown as IDataObject };
}

/** @returns what was handed over, or undefined for an item that was not */
export function takeOver(item: INodeExecutionData | undefined): HandedOver | undefined {
	const { id, received } = (item?.json ?? {}) as Partial<HandedOver>;
	if (typeof id !== 'string' || typeof received?.kind !== 'string') return undefined;
	return item?.json as unknown as HandedOver;
}

/** @returns whether this process received the push; true once */
export function wasMine({ id }: HandedOver): boolean {
	return mine.delete(id);
}
