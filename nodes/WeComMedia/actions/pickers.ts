/** Fields in which a member, department, tag or service account is chosen from a list, or entered by ID, and their reader. */
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { listOf } from '../wecom/calls/typedValues';
import { parameter } from './parameters';

/** The lists there are; `lists.ts` fills them. */
export type ListMethod =
	'searchDepartments' | 'searchMembers' | 'searchServiceAccounts' | 'searchTags';

type PickerOf = Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'required'> & {
	method: ListMethod;
	/** "Select a member…" */
	choose: string;
	/** Below the field, whatever its mode. */
	note?: string;
	/** Of the mode By ID. */
	placeholder: string;
	hint: string;
};

/** @returns the field; a plain text in it, as in workflows of 0.1.0, is read as IDs */
export function picker({
	method,
	choose,
	note,
	placeholder,
	hint,
	...field
}: PickerOf): INodeProperties {
	return {
		...field,
		...(note ? { hint: note } : {}),
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: choose,
				typeOptions: { searchListMethod: method, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder, hint },
		],
	};
}

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
	return [...new Set(idsIn(parameter(context, name, itemIndex)))];
}

/** @returns the ID in a field that takes one; several come back as they were written, so that they are refused as one */
export function readOneId(context: IExecuteFunctions, name: string, itemIndex: number): string {
	return readIds(context, name, itemIndex).join(', ');
}
