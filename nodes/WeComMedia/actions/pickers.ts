/** Fields in which a member, department, tag or service account is chosen from a list, or entered by ID. */
import type { INodeProperties } from 'n8n-workflow';

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
