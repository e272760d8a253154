/** The field Media Type: its choices and their limits are those of the rules. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { formatBytes, grouped } from '../wecom/client/bytes';
import type { MediaRule, MediaType, MediaTypes } from '../wecom/files/mediaRule';

type Types = MediaTypes['types'];

const NAMES: Record<MediaType, string> = {
	file: 'File',
	image: 'Image',
	thumb: 'Thumbnail',
	video: 'Video',
	voice: 'Voice',
};
/** In a sentence: what most people send comes first. */
const READING_ORDER: MediaType[] = ['image', 'voice', 'video', 'thumb', 'file'];

const AUTOMATIC: INodePropertyOptions = {
	name: 'Automatic',
	value: 'auto',
	description: 'Looks at the first bytes of the file, not at its name',
};

/** @returns the choice of a type by its first bytes, where there is a file to look at, and all types, by name */
export function mediaTypeField(types: Types, description: string): INodeProperties {
	return {
		displayName: 'Media Type',
		name: 'mediaType',
		type: 'options',
		default: 'auto',
		hint: mediaTypeHint(types),
		description,
		options: [AUTOMATIC, ...mediaTypeOptions(types)],
	};
}

/** @returns the types with what each takes, in alphabetical order */
export function mediaTypeOptions(types: Types): INodePropertyOptions[] {
	return typesIn(types, Object.keys(NAMES) as MediaType[]).map(([type, rule]) => ({
		name: NAMES[type],
		value: type,
		description: `${rule.accepts[0].toUpperCase()}${rule.accepts.slice(1)}, ${limitsOf(rule)}`,
	}));
}

/** @returns "Image: JPG or PNG up to 10 MB. Video: …" */
function mediaTypeHint(types: Types): string {
	return typesIn(types, READING_ORDER)
		.map(([type, rule]) => `${NAMES[type]}: ${rule.accepts} ${limitsOf(rule)}.`)
		.join(' ');
}

function typesIn(types: Types, order: MediaType[]): Array<[MediaType, MediaRule]> {
	return order.flatMap((type) => (types[type] ? [[type, types[type]]] : []));
}

function limitsOf({ maxBytes, maxSeconds, maxPixels }: MediaRule): string {
	const limits = [
		formatBytes(maxBytes),
		maxSeconds && `${maxSeconds} seconds`,
		maxPixels && `${grouped(maxPixels.longSide)} × ${grouped(maxPixels.shortSide)} pixels`,
	];
	return `up to ${limits.filter(Boolean).join(' and ')}`;
}
