/** Reads IDs of people, departments, tags and chats, whichever way they were given. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { listOf } from '../wecom/calls/list';

/** Where the IDs are inside what n8n stores: a picker's value, the entries of "Add Member", an entry's field. */
const INSIDE = ['value', 'member', 'userId'] as const;

/** @returns the IDs in a text with separators, an array, a picker's value or a list of them */
export function idsIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(idsIn);
	if (typeof value !== 'object' || value === null) return listOf(value);
	const name = INSIDE.find((candidate) => candidate in value);
	return name ? idsIn((value as Record<string, unknown>)[name]) : [];
}

/** @returns the IDs in a field of the panel, each once */
export function readIds(context: IExecuteFunctions, name: string, itemIndex: number): string[] {
	return [...new Set(idsIn(context.getNodeParameter(name, itemIndex, '')))];
}

/** @returns the ID in a field that takes one; several come back as they were written, so that they are refused as one */
export function readOneId(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return readIds(context, name, itemIndex).join(', ');
}
