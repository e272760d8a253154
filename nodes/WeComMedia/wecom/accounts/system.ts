import type { Caller } from '../client/call';
import type { MediaRule, MediaTaker, MediaTypes } from '../files/mediaRule';

/** media/uploadimg of a system: pictures with a link that never expires. */
export interface ImageLinks {
	rule: MediaRule;
	/** What to do with a picture that is refused. */
	advice: string;
	/** What it means when the answer is lost, and what to do. */
	ifLost: string;
}

/** One of the five systems, with one account in it: differences are data, upload and download are written once. */
export interface System extends Caller, MediaTaker {
	/** Tells accounts apart without revealing anything, for caches and locks. */
	fingerprint: string;
	/** Below /cgi-bin/. */
	uploadPath: string;
	downloadPath?: string;
	/** More parameters of the upload, and the name of the one that carries the type where it is not `type`. */
	uploadQuery?: Record<string, string>;
	uploadTypeParam?: string;
	uploadImg?: ImageLinks;
	/** What the permanent library (永久素材) takes. */
	permanent?: MediaTypes;
	/** Pictures that travel inside the message instead of being uploaded (robot, vendor page 99110). */
	inlineImage?: MediaRule;
	/** Those of `secrets` that do not change within hours, for what is derived from them; absent = all. */
	lastingSecrets?: readonly string[];
	/** AES key of files that come behind encrypted links (smart bot). */
	fileKey?: Buffer;
	/** AgentId of the app; '' where the credential has none, undefined where messages need none. */
	agentId?: string;
}
