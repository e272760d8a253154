import { updateDisplayOptions } from 'n8n-workflow';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { createAppChat } from '../wecom/calls/appChat';
import { outputItem, parameter, text } from './parameters';
import { picker, readIds, readOneId } from './pickers';
import type { Operation, Run } from './operation';
import { optionsOf } from './options';

const description = updateDisplayOptions(
	{ show: { resource: ['app'], operation: ['createChat'] } },
	[
		{
			displayName:
				'Only a self-built app that the whole company can see may create chats. Members see the chat after its first message: go on with Send → App Chat.',
			name: 'createChatNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Chat Name',
			name: 'chatName',
			type: 'string',
			default: '',
			placeholder: 'e.g. 每日销售报告',
			description: "At most 50 characters. Empty: WeCom makes one from the members' names.",
		},
		{
			displayName: 'Members',
			name: 'chatMembers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
			placeholder: 'Add Member',
			description: 'Who is in the chat, 2 to 2,000 members',
			options: [
				{
					displayName: 'Member',
					name: 'member',
					values: [
						picker({
							displayName: 'Member',
							name: 'userId',
							description: 'Who is in the chat',
							method: 'searchMembers',
							choose: 'Select a member…',
							placeholder: 'e.g. zhangsan, lisi',
							hint: 'User IDs (账号), several separated by commas',
						}),
					],
				},
			],
		},
		picker({
			displayName: 'Owner',
			name: 'chatOwner',
			description:
				'The owner of the chat (群主), who becomes a member. Empty: WeCom takes one of the members.',
			method: 'searchMembers',
			choose: 'Select a member…',
			placeholder: 'e.g. zhangsan',
			hint: 'The user ID (账号)',
		}),
		optionsOf({
			displayName: 'Chat ID',
			name: 'chatId',
			type: 'string',
			default: '',
			placeholder: 'e.g. dailysales',
			description:
				'An ID of your own, up to 32 letters and digits. Empty: WeCom gives one. With it the node can try again when the answer is lost.',
		}),
	],
);

/** Creates an app chat. */
async function execute(run: Run): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const options = parameter(context, 'options', itemIndex, {}) as IDataObject;
	const request = {
		name: text(context, 'chatName', itemIndex),
		members: readIds(context, 'chatMembers', itemIndex),
		owner: readOneId(context, 'chatOwner', itemIndex),
		chatId: String(options.chatId ?? '').trim(),
	};
	const { client } = await run.connect();
	return [outputItem(run, { chatid: await createAppChat(client, request) }, false)];
}

export const createChat: Operation = {
	description,
	repeats: 'chats that had been created are created again',
	execute,
};
