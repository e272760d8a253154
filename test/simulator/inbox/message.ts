import { amrDuration, sniff } from '../fileKinds';

export interface SentFile {
	bytes: Buffer;
	fileName: string;
}

export type MessageKind = 'text' | 'image' | 'voice' | 'video' | 'file' | 'location' | 'link';

/** What somebody types and attaches in their client. */
export interface PersonMessage {
	/** userid of a member or external_userid of a customer; default one of the demo's. */
	from?: string;
	/** Default: what the file is by its first bytes, or text. */
	kind?: MessageKind;
	text?: string;
	file?: SentFile;
	/** Own nodes or keys on top of, or instead of, those of the kind. */
	fields?: Record<string, string | number>;
}

/** What a client sends a file as. */
export function kindOf({ kind, file }: PersonMessage): MessageKind {
	if (kind) return kind;
	if (!file) return 'text';
	const found = sniff(file.bytes);
	if (found === 'jpeg' || found === 'png') return 'image';
	if (found === 'mp4') return 'video';
	return found === 'amr' && amrDuration(file.bytes) <= 60_000 ? 'voice' : 'file';
}
