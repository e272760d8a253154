import type { HintTable } from './types';

const ONCE =
	'A response_url takes one answer, within an hour after the message. Wait for the next message.';

/** Answers through response_url (vendor page 101138). The codes of a link that is used up are not documented. */
export const SMART_BOT_HINTS: HintTable = {
	40008: [
		'The kind of answer is not taken',
		"Use WeCom Media's operation Reply, which sends Markdown.",
	],
	40058: ['The link takes no answer, or the text is not taken', ONCE],
	44004: ['The text is empty', 'Enter what the bot should answer.'],
};
