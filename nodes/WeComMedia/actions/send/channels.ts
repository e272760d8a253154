/** Reads where a message goes from the panel: one reader per resource. */
import type { Resource, Run } from '../types';
import type { Connection } from '../../n8n/connect';
import { text } from '../parameters';
import {
	appChatChannel,
	customerServiceChannel,
	membersChannel,
	officialAccountChannel,
	ROBOT_CHANNEL,
} from '../../wecom/calls/messages';
import type { Channel } from '../../wecom/calls/messages';
import type { SendOptions } from './options';

type ReadChannel = (run: Run, connection: Connection, options: SendOptions) => Channel;

const CHANNELS: Record<Resource, ReadChannel> = {
	robot: () => ROBOT_CHANNEL,
	app: ({ context, itemIndex }, { system }, options) => {
		if (text(context, 'sendTo', itemIndex) === 'appChat') {
			return appChatChannel(text(context, 'chatId', itemIndex), options);
		}
		const receivers = {
			toUser: text(context, 'toUser', itemIndex),
			toParty: text(context, 'toParty', itemIndex),
			toTag: text(context, 'toTag', itemIndex),
		};
		return membersChannel(system, receivers, options);
	},
	customerService: ({ context, itemIndex }) =>
		customerServiceChannel(
			text(context, 'toUser', itemIndex),
			text(context, 'openKfId', itemIndex),
		),
	officialAccount: ({ context, itemIndex }) =>
		officialAccountChannel(text(context, 'toUser', itemIndex)),
};

/** @throws WeComInputError when a receiver is missing, before anything is sent */
export function readChannel(run: Run, connection: Connection, options: SendOptions): Channel {
	const resource = text(run.context, 'resource', run.itemIndex) as Resource;
	return CHANNELS[resource](run, connection, options);
}
