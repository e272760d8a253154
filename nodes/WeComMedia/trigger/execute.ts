/**
 * The half that n8n runs inside the execution, on a worker in queue mode: asks for what the push does not carry, claims, and
 * gives the items. The claim is the last act: until then another process, or a retry, can still do all of it.
 */
import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { TableClaims } from '../n8n/claims';
import { connect } from '../n8n/connect';
import type { Connection } from '../n8n/connect';
import { toNodeError } from '../n8n/nodeErrors';
import { accounts } from '../n8n/accounts';
import { CUSTOMER_EVENT, dedupeKey, JOB_FINISH_EVENT } from '../wecom/callback/events';
import type { Received } from '../wecom/callback/events';
import type { MessageView } from '../wecom/callback/appMessage';
import { WeComCanceledError } from '../wecom/client/errors';
import { takeOver, wasMine } from './handOver';
import type { HandedOver } from './handOver';
import { jobItem, messageItem } from './messageItem';
import { inboxItems } from './inboxItems';
import { readTriggerOptions } from './triggerOptions';
import type { TriggerOptions } from './triggerOptions';
import { authenticationOf, readTriggerAccount } from './authentications';

const claims = new TableClaims();
const CALLS = { maxRetries: 3, requestTimeoutMs: 30_000 };

/** An item and what tells it from all others. */
export interface Keyed {
	key: string;
	item: INodeExecutionData;
}

/** What one execution has at hand. */
export interface TriggerRun {
	context: IExecuteFunctions;
	handed: HandedOver;
	options: TriggerOptions;
	/** What a message says, by the kind of account it came to. */
	readMessage: (received: Received) => MessageView;
	/** @throws WeComInputError when a field of the credential is wrong */
	connect(): Promise<Connection>;
}

/** How a kind becomes items; every other kind becomes one by {@link messageItem}. */
const ITEMS: Record<string, (run: TriggerRun) => Promise<Keyed[]>> = {
	[JOB_FINISH_EVENT]: async (run) => [await single(run, jobItem)],
	[CUSTOMER_EVENT]: inboxItems,
};

/**
 * @returns the items of what was handed over; none where another process gives them
 * @throws the node's error when nothing was handed over or the execution was stopped
 */
export async function giveItems(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const handed = takeOver(context.getInputData()[0]);
	if (!handed) {
		throw new NodeOperationError(context.getNode(), 'Nothing was received', {
			description:
				'This trigger starts when WeCom calls its URL. To try it, choose Listen for test event and have the Test URL called.',
		});
	}
	const alone = wasMine(handed);
	const run = runOf(context, handed);
	return await claims.during(context, async (claim) => {
		const { kind, unreadable } = handed.received;
		const itemsOf = unreadable ? undefined : ITEMS[kind];
		const keyed = itemsOf ? await itemsOf(run) : [await single(run, messageItem)];
		if (context.getExecutionCancelSignal()?.aborted) {
			throw toNodeError(context.getNode(), new WeComCanceledError(), 0);
		}
		// A retry would find its own claim. In the editor every try counts.
		if (['retry', 'manual'].includes(context.getMode())) return [keyed.map(({ item }) => item)];
		if (keyed.length === 0) return [[]];
		const keys = keyed.map(({ key }) => key);
		const mine = await claim(keys, alone);
		return [keyed.filter(({ key }) => mine.has(key)).map(({ item }) => item)];
	});
}

async function single(
	run: TriggerRun,
	itemOf: (run: TriggerRun) => Promise<INodeExecutionData>,
): Promise<Keyed> {
	return { key: dedupeKey(run.handed.received), item: await itemOf(run) };
}

function runOf(context: IExecuteFunctions, handed: HandedOver): TriggerRun {
	const read = (name: string, fallback: unknown) => context.getNodeParameter(name, 0, fallback);
	const signal = context.getExecutionCancelSignal();
	const isInbox = handed.received.kind === CUSTOMER_EVENT;
	let connection: Promise<Connection> | undefined;
	const open = async () => {
		const { account, data } = await readTriggerAccount({
			getNode: () => context.getNode(),
			getNodeParameter: read,
			getCredentials: async (type) => await context.getCredentials(type),
		});
		// The same app and secret, and other advice where something is refused.
		const speaker = isInbox && account === accounts.corpSecret ? accounts.customerService : account;
		return connect(context, speaker, data, { ...CALLS, signal });
	};
	return {
		context,
		handed,
		options: readTriggerOptions(read),
		readMessage: authenticationOf({ getNodeParameter: read }).readMessage,
		connect: async () => await (connection ??= open()),
	};
}
