/** What a message to a smart bot says, in the fields of the item (vendor page 100719). */
import type { Received } from './events';
import { textField } from './messageFields';
import type { MessageView, ReceivedFile } from './appMessage';
import type { FieldValue, Fields } from './xml';

/** Item field → key of the message. */
const FIELDS = ['msgid', 'aibotid', 'chatid', 'chattype', 'response_url'] as const;
const WITH_LINK = ['image', 'file', 'video'];

/** Reads a message or event of a smart bot. A quoted file counts as the message's own: in a group it is the only way to give one. */
export function botMessage({ msgType = '', fields }: Received): MessageView {
	const json: MessageView['json'] = {};
	for (const name of FIELDS) {
		const value = textField(fields, name);
		if (value) json[name] = value;
	}
	const from = textField(objectIn(fields, 'from'), 'userid');
	if (from) json.from_user = from;
	const said = textIn(msgType, fields);
	if (said !== undefined) json.text = said;
	const quote = objectIn(fields, 'quote');
	const quoted = filesIn(textField(quote, 'msgtype') ?? '', quote);
	return { json, files: [...filesIn(msgType, fields), ...quoted] };
}

/** A voice comes as its transcript; the texts of a mixed message stand in lines of their own. */
function textIn(msgType: string, fields: Fields): string | undefined {
	if (msgType !== 'mixed') return textField(objectIn(fields, msgType), 'content');
	const texts = partsOf(fields).map((part) => textIn(textField(part, 'msgtype') ?? '', part));
	return texts.filter((text) => text !== undefined).join('\n');
}

function filesIn(msgType: string, fields: Fields): ReceivedFile[] {
	if (msgType === 'mixed') {
		return partsOf(fields).flatMap((part) => filesIn(textField(part, 'msgtype') ?? '', part));
	}
	if (!WITH_LINK.includes(msgType)) return [];
	const url = textField(objectIn(fields, msgType), 'url');
	return url ? [{ url }] : [];
}

/** A part is never mixed itself, so nothing here goes deeper than the vendor does. */
function partsOf(fields: Fields): Fields[] {
	const items = objectIn(fields, 'mixed').msg_item;
	const parts = Array.isArray(items) ? items.filter(isObject) : [];
	return parts.filter((part) => textField(part, 'msgtype') !== 'mixed');
}

function objectIn(fields: Fields, name: string): Fields {
	const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
	return value !== undefined && isObject(value) ? value : {};
}

function isObject(value: FieldValue): value is Fields {
	return typeof value === 'object' && !Array.isArray(value);
}
