/** The one answer to a smart bot's message (vendor page 101138): Markdown to its response_url, once, within an hour. */
import { TEXT_RULES } from '../accounts/rules';
import type { WeComClient } from '../client/client';
import { WeComHttpError, WeComInputError, withHint } from '../client/errors';
import { readLink } from './botFile';
import { refuseTooLong } from './textLength';

const NAME = 'response_url';
const MAYBE_SENT =
	'The answer may have arrived all the same, and the link takes only one, so it was not sent again. Look in WeCom.';
const SPENT =
	'The link takes one answer, within an hour after the message. Wait for the next message.';

/**
 * Answers a message, once.
 *
 * @throws WeComInputError for an empty or too long text or what is no such link, else as WeComClient.call
 */
export async function replyToBot(
	client: WeComClient,
	responseUrl: string,
	text: string,
): Promise<void> {
	const url = readLink(
		responseUrl,
		'Response URL',
		'the message, for example {{ $json.response_url }}',
	);
	const content = text.trim();
	if (content === '') {
		throw new WeComInputError("'Text' is empty", 'Enter what the bot should answer.', 'Text');
	}
	refuseTooLong(content, TEXT_RULES.smartBot.markdown.maxBytes, 'Text');
	try {
		await client.call({
			path: NAME,
			url,
			method: 'POST',
			body: { msgtype: 'markdown', markdown: { content } },
			anonymous: true,
			repeatable: false,
			ifLost: MAYBE_SENT,
		});
	} catch (error) {
		throw error instanceof WeComHttpError && error.status === 404 ? withHint(error, SPENT) : error;
	}
}
