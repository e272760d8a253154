/** What a message of a member says, whatever its kind, in the fields of the item (vendor page 90239). */
import { textField } from './messageFields';
import type { Received } from './events';

/** A file that came with a message; it is fetched by its media_id or, a smart bot's, by its link. */
export interface ReceivedFile {
	media_id?: string;
	url?: string;
}

export interface MessageView {
	/** Known fields, in the item's spelling, without those that are absent. */
	json: Record<string, string | number>;
	files: ReceivedFile[];
}

/** Kinds that bring a file; `file` stands on no vendor page, but was seen. A video's thumbnail is not fetched. */
const WITH_FILE = ['image', 'voice', 'video', 'file'];

/** Item field → node of the message. */
const FIELDS = {
	msgid: 'MsgId',
	from_user: 'FromUserName',
	agent_id: 'AgentID',
	media_id: 'MediaId',
	file_name: 'FileName',
} as const;

/** Reads a message or event of an app. */
export function appMessage({ msgType, fields }: Received): MessageView {
	const json: MessageView['json'] = {};
	for (const [field, node] of Object.entries(FIELDS)) {
		const value = textField(fields, node);
		if (value) json[field] = value;
	}
	if (msgType === 'text') json.text = textField(fields, 'Content') ?? '';
	const mediaId = textField(fields, 'MediaId');
	const files = mediaId && WITH_FILE.includes(msgType ?? '') ? [{ media_id: mediaId }] : [];
	return { json, files };
}
