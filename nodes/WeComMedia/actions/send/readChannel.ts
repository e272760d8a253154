/** Reads where a message goes from the panel: one reader per resource. */
import type { Run, SendingResource } from '../operation';
import type { Connection } from '../../n8n/connect';
import { text } from '../parameters';
import { readIds, readOneId } from '../pickers';
import {
	appChatChannel,
	customerServiceChannel,
	membersChannel,
	officialAccountChannel,
	ROBOT_CHANNEL,
} from '../../wecom/calls/channels';
import type { Channel } from '../../wecom/calls/channels';
import type { SendOptions } from './sendOptions';

type ReadChannel = (run: Run, connection: Connection, options: SendOptions) => Channel;

const CHANNELS: Record<SendingResource, ReadChannel> = {
	robot: () => ROBOT_CHANNEL,
	app: ({ context, itemIndex }, { system }, options) => {
		if (text(context, 'sendTo', itemIndex) === 'appChat') {
			return appChatChannel(text(context, 'chatId', itemIndex), options);
		}
		const receivers = {
			toUser: readIds(context, 'toUser', itemIndex),
			toParty: readIds(context, 'toParty', itemIndex),
			toTag: readIds(context, 'toTag', itemIndex),
		};
		return membersChannel(system, receivers, options);
	},
	customerService: ({ context, itemIndex }) =>
		customerServiceChannel(
			readOneId(context, 'toUser', itemIndex),
			readOneId(context, 'openKfId', itemIndex),
		),
	officialAccount: ({ context, itemIndex }) =>
		officialAccountChannel(readOneId(context, 'toUser', itemIndex)),
};

/** @throws WeComInputError when a receiver is missing, before anything is sent */
export function readChannel(run: Run, connection: Connection, options: SendOptions): Channel {
	const resource = text(run.context, 'resource', run.itemIndex) as SendingResource;
	return CHANNELS[resource](run, connection, options);
}
