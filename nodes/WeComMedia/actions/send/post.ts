/** Puts messages on their way: paced, each once, their text before their file. */
import type { IDataObject } from 'n8n-workflow';

import type { Connection } from '../../n8n/connect';
import type { JsonAnswer } from '../../wecom/client/client';
import { isWeComError, withMoreAdvice } from '../../wecom/client/errors';
import type { Channel } from '../../wecom/calls/channels';
import { sendMessage } from '../../wecom/calls/messages';
import type { MessageContent } from '../../wecom/calls/messages';
import { Pace } from '../../wecom/calls/pace';
import type { Run } from '../operation';
import type { SendOptions } from './sendOptions';

/** One pace for all executions of this process: the limits are the account's. */
const pace = new Pace();

/** A message on its way: everything the steps need. */
export interface Delivery {
	run: Run;
	connection: Connection;
	channel: Channel;
	options: SendOptions;
	/** The messages of its text; none without a text. */
	texts: MessageContent[];
	reuse: boolean;
}

/**
 * Sends one message when it is its turn.
 *
 * @throws as sendMessage, and WeComInputError when its turn comes too late
 */
export async function post(
	delivery: Delivery,
	content: MessageContent,
	fileName = '',
	channel = delivery.channel,
): Promise<JsonAnswer> {
	const { client } = delivery.connection;
	return await inPace(
		delivery,
		async () => await sendMessage(client, channel, content, fileName),
		channel.pace?.receivers ?? [],
	);
}

/**
 * Does what WeCom may refuse for the pace, again when it was refused.
 *
 * @param receivers who gets a message by it
 */
export async function inPace<T>(
	{ run, connection, channel }: Delivery,
	work: () => Promise<T>,
	receivers: readonly string[] = [],
): Promise<T> {
	if (!channel.pace) return await work();
	const { rule } = channel.pace;
	const { client, system } = connection;
	const plan = { rule, receivers, account: `${channel.path} ${system.fingerprint}` };
	const { answer, waitedMs } = await pace.send(plan, client.world, work);
	if (waitedMs > 0) run.remark(`${rule.says}, so the node paused in between.`);
	return answer;
}

/**
 * Sends the messages of a text, in their order.
 *
 * @returns the answer to the last
 * @throws as WeComClient.call, with advice on which parts have been sent
 */
export async function postTexts(delivery: Delivery): Promise<JsonAnswer> {
	const { channel, run, texts } = delivery;
	let answer: JsonAnswer = {};
	for (const [index, content] of texts.entries()) {
		const isRepeated = texts.findIndex((other) => isSame(other, content)) < index;
		try {
			answer = await post(delivery, content, '', isRepeated ? unchecked(channel) : channel);
		} catch (error) {
			if (index > 0 || (isWeComError(error) && error.outcomeUnknown)) run.done.add('maybeText');
			throw withPartsAdvice(error, index, texts.length);
		}
	}
	return answer;
}

/** The text that goes with files is a message of its own, before the first of them that comes so far. */
export async function postTextFirst(delivery: Delivery): Promise<IDataObject> {
	const { run, texts } = delivery;
	await run.turn();
	if (run.done.size > 0 || texts.length === 0) return {};
	await postTexts(delivery);
	run.done.add('text');
	return partsJson(delivery);
}

/** @returns in how many messages the text went out, where it may be split */
export function partsJson({ options, texts }: Delivery): IDataObject {
	return options.split ? { parts: texts.length } : {};
}

/** Two equal parts of one text are no repetition, so WeCom must not drop the second. */
function unchecked(channel: Channel): Channel {
	const fields = Object.entries(channel.fields).filter(([name]) => !name.includes('duplicate'));
	return { ...channel, fields: Object.fromEntries(fields) };
}

function isSame(one: MessageContent, other: MessageContent): boolean {
	return one.body.content === other.body.content;
}

function withPartsAdvice(error: unknown, sent: number, all: number): unknown {
	if (sent === 0) return error;
	const are = sent === 1 ? 'Part 1 of the text has' : `Parts 1 to ${sent} of the text have`;
	const advice = `${are} been sent already, of ${all}: shorten 'Text' to the rest before you send again.`;
	return withMoreAdvice(error, advice);
}
