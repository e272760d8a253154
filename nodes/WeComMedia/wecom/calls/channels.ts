/**
 * Where a message goes: to a robot's chat (vendor page 99110), from an app to members (90236) or a chat (90248), from
 * WeChat Customer Service (94677), from an Official Account (custom message).
 */
import { PACES, TEXT_RULES } from '../accounts/rules';
import type { PaceRule, TextKind, TextRules } from '../accounts/rules';
import type { System } from '../accounts/system';
import { WeComInputError } from '../client/errors';
import type { MediaType } from '../files/mediaRule';
import { EVERYBODY, wireReceivers, requiredId } from './receivers';
import type { Receivers } from './receivers';

export type MessageType = TextKind | MediaType;

/** The endpoint, the receivers and the switches, as the vendor names them, and what it bears. */
export interface Channel {
	path: string;
	fields: Record<string, unknown>;
	/** Message types this channel takes. */
	types: readonly MessageType[];
	texts: TextRules;
	/** Lists of called members a text may have. */
	mentions: ReadonlyArray<'mentioned_list' | 'mentioned_mobile_list'>;
	/** How often the receivers may be written to; absent where nothing is known. */
	pace?: { rule: PaceRule; receivers: readonly string[] };
}

/** Seconds in which WeCom drops the same message to the same receivers. */
const DUPLICATE_INTERVAL_S = 1800;

export const ROBOT_CHANNEL: Channel = {
	path: 'webhook/send',
	fields: {},
	types: ['text', 'markdown', 'markdown_v2', 'image', 'voice', 'file'],
	texts: TEXT_RULES.robot,
	mentions: ['mentioned_list', 'mentioned_mobile_list'],
	pace: { rule: PACES.robot, receivers: [EVERYBODY] },
};

/** @throws WeComInputError when nobody or too many receive it, or the app's AgentId is missing */
export function membersChannel(
	system: System,
	receivers: Receivers,
	options: { safe: boolean; duplicateCheck: boolean },
): Channel {
	if (system.agentId === '') {
		throw new WeComInputError(
			"'Agent ID' of the credential is empty, but messages are sent in the name of an app",
			'Copy it from 应用管理 → the app → AgentId into the credential.',
			'Agent ID',
		);
	}
	const named = wireReceivers(receivers);
	return {
		path: 'message/send',
		fields: {
			...named,
			...(system.agentId ? { agentid: Number(system.agentId) } : {}),
			...(options.safe ? { safe: 1 } : {}),
			...(options.duplicateCheck
				? { enable_duplicate_check: 1, duplicate_check_interval: DUPLICATE_INTERVAL_S }
				: {}),
		},
		types: ['text', 'markdown', 'image', 'voice', 'video', 'file'],
		texts: TEXT_RULES.members,
		mentions: [],
		pace: { rule: PACES.members, receivers: receiversIn(named) },
	};
}

/** @throws WeComInputError when no chat is named */
export function appChatChannel(chatId: string, options: { safe: boolean }): Channel {
	const chatid = requiredId(
		chatId,
		'Chat ID',
		"The chatid that 'Create App Chat' (appchat/create) gave to this app.",
	);
	return {
		path: 'appchat/send',
		fields: { chatid, ...(options.safe ? { safe: 1 } : {}) },
		types: ['text', 'markdown', 'image', 'voice', 'video', 'file'],
		texts: TEXT_RULES.appChat,
		mentions: ['mentioned_list'],
		pace: { rule: PACES.appChat, receivers: [`chat ${chatid}`] },
	};
}

/** @throws WeComInputError */
export function customerServiceChannel(toUser: string, openKfId: string): Channel {
	return {
		path: 'kf/send_msg',
		fields: {
			touser: requiredId(
				toUser,
				'Customer',
				'The external_userid of the customer, from the message that was received.',
			),
			open_kfid: requiredId(
				openKfId,
				'Service Account ID',
				'The open_kfid of the service account (客服账号).',
			),
		},
		types: ['text', 'image', 'voice', 'video', 'file'],
		texts: TEXT_RULES.customerService,
		mentions: [],
	};
}

/** @throws WeComInputError */
export function officialAccountChannel(toUser: string): Channel {
	return {
		path: 'message/custom/send',
		fields: { touser: requiredId(toUser, 'Follower', 'The OpenID of the follower.') },
		types: ['text', 'image', 'voice', 'video'],
		texts: TEXT_RULES.officialAccount,
		mentions: [],
		pace: { rule: PACES.officialAccount, receivers: [EVERYBODY] },
	};
}

/** User IDs are compared without regard to case; a department's or tag's members are not known here. */
function receiversIn(named: Record<string, string>): string[] {
	return Object.entries(named).flatMap(([name, ids]) =>
		ids.split('|').map((id) => (id === EVERYBODY ? id : `${name} ${id.toLowerCase()}`)),
	);
}
