import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { TextKind } from '../../wecom/accounts/rules';
import { WeComInputError } from '../../wecom/client/errors';
import type { TextOptions, VideoTexts } from '../../wecom/calls/messages';
import { parameter } from '../parameters';
import { idsIn } from '../pickers';

/** Values of the Options collection that only sending has. */
export interface SendOptions extends TextOptions, VideoTexts {
	safe: boolean;
	duplicateCheck: boolean;
}

/** What the option Markdown may hold; it was a switch before `markdown_v2` came. */
const KINDS = new Map<unknown, TextKind>([
	[undefined, 'text'],
	['', 'text'],
	['off', 'text'],
	[false, 'text'],
	['false', 'text'],
	[true, 'markdown'],
	['true', 'markdown'],
	['markdown', 'markdown'],
	['markdown_v2', 'markdown_v2'],
]);

/** @throws WeComInputError for a kind of Markdown there is not */
export function readSendOptions(context: IExecuteFunctions, itemIndex: number): SendOptions {
	const options = parameter(context, 'options', itemIndex, {}) as IDataObject;
	const value = (name: string) => String(options[name] ?? '').trim();
	return {
		kind: readKind(options.markdown),
		split: options.splitLongText === true,
		mentionedUsers: idsIn(options.mentionedUsers),
		mentionedMobiles: idsIn(options.mentionedMobiles),
		safe: options.safe === true,
		duplicateCheck: options.duplicateCheck !== false,
		title: value('title'),
		description: value('description'),
		thumbMediaId: value('thumbMediaId'),
	};
}

function readKind(value: unknown): TextKind {
	const kind = KINDS.get(typeof value === 'string' ? value.trim() : (value ?? undefined));
	if (kind) return kind;
	throw new WeComInputError(
		`'Markdown' is '${String(value)}', which is no kind of Markdown`,
		"Set it to 'off', 'markdown' or 'markdown_v2'.",
		'Markdown',
	);
}
