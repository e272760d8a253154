/** Welcome material of customer groups (入群欢迎语素材, vendor page 92366): a text, a file, or both. */
import { LINK_TYPES, TEXT_RULES, WELCOME_TYPES } from '../accounts/rules';
import type { System } from '../accounts/system';
import { formatBytes } from '../client/bytes';
import type { WeComClient } from '../client/client';
import { WeComInputError, withMoreAdvice } from '../client/errors';
import { textIn } from '../client/outcome';
import type { RequestedType } from '../files/checks';
import { packMedia } from '../files/packing';
import type { PackedFile, UploadRequest } from '../files/packing';
import { submitJob } from './asyncUpload';
import type { AsyncType, SubmittedJob } from './asyncUpload';
import { inspectLink, readUrl } from './link';
import { refuseTooLong } from './textLength';

export type WelcomeType = 'image' | 'video' | 'file';

/** A file by its media_id, of an upload or of a large upload. */
export interface WelcomeFile {
	type: WelcomeType;
	media_id: string;
}

const MAYBE_ADDED =
	'The welcome material may have been added all the same, so it was not added again. Look in the admin console first (客户联系 → 入群欢迎语): WeCom keeps at most 100.';

/**
 * To be asked before a file is uploaded.
 *
 * @param hasFile whether a file goes with it
 * @throws WeComInputError for a text that is too long, or for nothing at all
 */
export function refuseUnfitWelcome(text: string, hasFile: boolean): void {
	if (text === '' && !hasFile) {
		throw new WeComInputError("'Text' is empty", 'Enter what new members should read.', 'Text');
	}
	refuseTooLong(text, TEXT_RULES.welcomeMaterial.text.maxBytes, 'Text');
}

/**
 * Adds welcome material. Never repeated after an unknown outcome: each counts toward the company's 100.
 *
 * @param notify whether WeCom tells the owners of the groups
 * @returns the template_id
 * @throws as {@link refuseUnfitWelcome}, then as WeComClient.call; the media_id of its file is never lost
 */
export async function addWelcomeTemplate(
	client: WeComClient,
	text: string,
	file: WelcomeFile | undefined,
	notify: boolean,
): Promise<string> {
	refuseUnfitWelcome(text, file !== undefined);
	try {
		const answer = await client.call({
			path: 'externalcontact/group_welcome_template/add',
			method: 'POST',
			body: {
				...(text ? { text: { content: text } } : {}),
				...(file ? { [file.type]: { media_id: file.media_id } } : {}),
				notify: notify ? 1 : 0,
			},
			repeatable: false,
			proof: ['template_id'],
			ifLost: MAYBE_ADDED,
		});
		return textIn(answer, ['template_id']);
	} catch (error) {
		throw withFile(error, file);
	}
}

/**
 * Packs a file as what welcome material can hold: there are no voices.
 *
 * @throws WeComInputError before anything is sent
 */
export async function packForWelcome(system: System, request: UploadRequest): Promise<PackedFile> {
	const types = Object.fromEntries(WELCOME_TYPES.map((type) => [type, system.types[type]]));
	const largest = system.types.file?.maxBytes ?? 0;
	if (request.file.size > largest) {
		throw new WeComInputError(
			`'${request.file.fileName || 'file'}' has ${formatBytes(request.file.size)}; from a field, welcome material takes up to ${formatBytes(largest)}`,
			`Store the file where WeCom can fetch it and set 'Content' to URL, which takes up to ${formatBytes(LINK_TYPES.file.maxBytes)}.`,
			request.file.fileName,
		);
	}
	const autoTypes = system.autoTypes.filter(([, type]) => type in types);
	return await packMedia({ ...system, types, autoTypes }, request);
}

/**
 * Starts a large upload for welcome material, of what the link's first bytes say it is.
 *
 * @throws as submitJob
 */
export async function submitForWelcome(
	client: WeComClient,
	request: { url: string; requested: RequestedType; fileName: string },
): Promise<SubmittedJob & { type: AsyncType }> {
	const url = readUrl(request.url);
	const { requested, fileName } = request;
	if (requested === 'image') {
		throw new WeComInputError(
			'WeCom fetches videos and files from a link, no pictures',
			"Set 'Content' to File to send a picture of the item, or 'Media Type' to File.",
			'Media Type',
		);
	}
	const asked = requested === 'video' ? 'video' : 'file';
	const known = await inspectLink(client, url, asked);
	const isVideo = requested === 'auto' && known.sniffed.content === 'mp4';
	const type = isVideo ? 'video' : asked;
	return await submitJob(client, { url, type, fileName, md5: '', checkUrl: false, known });
}

function withFile(error: unknown, file: WelcomeFile | undefined): unknown {
	if (!file) return error;
	return withMoreAdvice(error, `The media_id of its ${file.type} is ${file.media_id}.`);
}
