import type { SystemId } from '../hints/types';
import type { Content } from './sniff';

/** Wire values of `type` (vendor page 90253; `thumb` on the Official Account only). */
export type MediaType = 'image' | 'voice' | 'video' | 'file' | 'thumb';

/** What one media type takes. */
export interface MediaRule {
	/** Smallest and largest size in bytes, both allowed. */
	minBytes: number;
	maxBytes: number;
	/** Accepted contents; absent = anything. */
	contents?: readonly Content[];
	/** The same in words: "JPG or PNG". */
	accepts: string;
	/** Longest voice or video in seconds. */
	maxSeconds?: number;
	/** Largest picture in pixels. */
	maxPixels?: { longSide: number; shortSide: number };
}

/** What can be uploaded somewhere. */
export interface MediaTypes {
	types: Partial<Record<MediaType, MediaRule>>;
	/** What `auto` makes of a content, most specific first; contents not named become `file` where the system has it. */
	autoTypes: ReadonlyArray<readonly [Content, MediaType]>;
}

/** Who takes files: what it is called and what it takes. */
export interface MediaTaker extends MediaTypes {
	id: SystemId;
	/** In messages: "WeCom app". */
	label: string;
}
