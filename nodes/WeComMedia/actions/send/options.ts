import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { listOf } from '../../wecom/calls/messages';

/** Values of the Options collection that only sending has. */
export interface SendOptions {
	markdown: boolean;
	mentionedUsers: string[];
	mentionedMobiles: string[];
	safe: boolean;
	duplicateCheck: boolean;
	title: string;
	description: string;
	thumbMediaId: string;
}

export function readSendOptions(context: IExecuteFunctions, itemIndex: number): SendOptions {
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const value = (name: string) => String(options[name] ?? '').trim();
	return {
		markdown: options.markdown === true,
		mentionedUsers: listOf(value('mentionedUsers')),
		mentionedMobiles: listOf(value('mentionedMobiles')),
		safe: options.safe === true,
		duplicateCheck: options.duplicateCheck !== false,
		title: value('title'),
		description: value('description'),
		thumbMediaId: value('thumbMediaId'),
	};
}
