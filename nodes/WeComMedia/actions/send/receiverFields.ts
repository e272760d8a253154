import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import { picker } from '../pickers';
import type { SendingResource } from '../operation';

const THIRD_PARTY = 'WeCom gives a third-party app no names, so its list shows IDs.';

const membersField = picker({
	displayName: 'Members',
	name: 'toUser',
	note: 'One of Members, Departments and Tags is enough',
	description: `Who gets the message. ${THIRD_PARTY}`,
	method: 'searchMembers',
	choose: 'Select a member…',
	placeholder: 'e.g. zhangsan, lisi',
	hint: "User IDs (账号), separated by commas, up to 1,000. '@all' means everybody who sees the app.",
});

const receiverField: INodeProperties = {
	displayName: 'Customer',
	name: 'toUser',
	type: 'string',
	default: '',
	required: true,
};

const appFields: INodeProperties[] = [
	{
		displayName: 'Send To',
		name: 'sendTo',
		type: 'options',
		default: 'members',
		description: 'Who receives the message',
		options: [
			{ name: 'App Chat', value: 'appChat', description: 'A group chat this app created' },
			{
				name: 'Members, Departments or Tags',
				value: 'members',
				description: 'Everybody named in at least one of the fields below',
			},
		],
	},
	...updateDisplayOptions({ show: { sendTo: ['members'] } }, [
		membersField,
		picker({
			displayName: 'Departments',
			name: 'toParty',
			description: `Everybody in the department gets the message. ${THIRD_PARTY}`,
			method: 'searchDepartments',
			choose: 'Select a department…',
			placeholder: 'e.g. 2, 5',
			hint: 'Department IDs (部门ID), not names, separated by commas, up to 100',
		}),
		picker({
			displayName: 'Tags',
			name: 'toTag',
			description: 'Everybody with the tag gets the message',
			method: 'searchTags',
			choose: 'Select a tag…',
			placeholder: 'e.g. 1',
			hint: 'Tag IDs (标签ID), not names, separated by commas, up to 100',
		}),
	]),
	...updateDisplayOptions({ show: { sendTo: ['appChat'] } }, [
		{
			displayName: 'Chat ID',
			name: 'chatId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA',
			description:
				'The chatid of a group chat that this same app created with Create App Chat (appchat/create); the app must be visible to the whole company',
		},
	]),
];

/** Who gets a message, by resource. */
export const receiverFields: Record<SendingResource, INodeProperties[]> = {
	robot: [],
	app: appFields,
	customerService: [
		{
			...receiverField,
			hint: 'The external_userid',
			placeholder: 'e.g. wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw',
			description:
				"The external_userid of the customer. WeCom delivers up to 5 messages within 48 hours of the customer's last message.",
		},
		picker({
			displayName: 'Service Account ID',
			name: 'openKfId',
			required: true,
			description: 'The service account (客服账号) that sends the message',
			method: 'searchServiceAccounts',
			choose: 'Select a service account…',
			placeholder: 'e.g. wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q',
			hint: 'The open_kfid',
		}),
	],
	officialAccount: [
		{
			...receiverField,
			displayName: 'Follower',
			hint: 'The OpenID',
			placeholder: 'e.g. oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
			description: 'The OpenID of the follower, who must have written within the last 48 hours',
		},
	],
};
