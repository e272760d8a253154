/** Downloads (vendor page 90254): which call gives the file, and what it is called; the bytes are {@link Transfer}'s. */
import { bytesOf } from '../client/body';
import { parseObject } from '../client/client';
import type { FileAnswer, WeComClient } from '../client/client';
import { nameReceived, typeReceived } from '../files/naming';
import { readOpaqueId } from './opaqueId';
import { sniff } from '../files/sniff';
import type { System } from '../accounts/types';
import { rangeOf, sizeOf, Transfer } from './transfer';
import type { DownloadProgress, OpenRange } from './transfer';
import { header } from '../client/wire';
import type { ByteStream } from '../client/wire';

const MAX_VOICE_BYTES = 32 * 1024 * 1024;
/** Documented are up to 128 (vendor page 94677); longer ones may come. */
const MAX_MEDIA_ID_BYTES = 512;
/** A JSON answer that only names a link is short. */
const MAX_LINK_ANSWER = 65_536;

export interface Download {
	/** Always a safe base name. */
	fileName: string;
	mimeType: string;
	/** Bytes, where the server said so. */
	size?: number;
	/** The Official Account's link to a video. */
	videoUrl?: string;
	/** The file; reading it drives the download. Throws when it cannot be completed: never ends short. */
	bytes: AsyncGenerator<Uint8Array>;
	/** What the connection handed over, for whoever needs a stream of the same make. */
	handed: ByteStream;
	/** What happened on the way; complete once `bytes` has ended. */
	progress: DownloadProgress;
}

/**
 * Downloads temporary media of any size (vendor page 90254; Official Account: a video comes through its video_url).
 *
 * @throws WeComInputError for a media_id that cannot be one, else as WeComClient.open; later errors come out of `bytes`
 */
export async function downloadMedia(
	client: WeComClient,
	system: System,
	mediaId: string,
): Promise<Download> {
	const id = readMediaId(mediaId);
	const name = system.downloadPath ?? 'media/get';
	const open: OpenRange = async (range) =>
		await client.open({
			path: name,
			method: 'GET',
			query: { media_id: id },
			headers: { range },
			repeatable: true,
		});
	const first = await open(rangeOf(0));
	const link = system.id === 'officialAccount' ? await videoLink(first) : undefined;
	if (!link) return begin(client, name, id, open, first);
	if (link.url === '') return begin(client, name, id, open, link.response);
	return { ...(await downloadLink(client, 'video_url', link.url, id)), videoUrl: link.url };
}

/** Downloads a file from a link outside the API, with the same pieces and resumption. `name` stands in messages. */
export async function downloadLink(
	client: WeComClient,
	name: string,
	url: string,
	mediaId = '',
): Promise<Download> {
	const open: OpenRange = async (range) => await client.openLink(name, url, range);
	return begin(client, name, mediaId, open, await open(rangeOf(0)));
}

/**
 * Downloads a voice of the JS-SDK as Speex (vendor page 90255). Range is not documented there, and the files are
 * small: a broken connection starts again from the beginning.
 */
export async function downloadHdVoice(client: WeComClient, mediaId: string): Promise<Download> {
	const id = readMediaId(mediaId);
	const path = 'media/get/jssdk';
	const open: OpenRange = async () =>
		await client.openWhole(
			{ path, method: 'GET', query: { media_id: id }, repeatable: true },
			MAX_VOICE_BYTES,
		);
	const download = begin(client, path, id, open, await open(''));
	const fileName = /\.\w+$/.test(download.fileName)
		? download.fileName
		: `${download.fileName}.speex`;
	return { ...download, fileName, mimeType: 'audio/x-speex' };
}

/**
 * @returns the media_id, trimmed
 * @throws WeComInputError
 */
export function readMediaId(value: string): string {
	const source = 'the output of an upload, for example {{ $json.media_id }}';
	return readOpaqueId(value, 'Media ID', MAX_MEDIA_ID_BYTES, source);
}

async function videoLink(
	response: FileAnswer,
): Promise<{ url: string; response: FileAnswer } | undefined> {
	if (header(response, 'content-disposition') !== '') return undefined;
	const { start, rest, ended } = await bytesOf(response.body, MAX_LINK_ANSWER);
	const url = ended ? String(parseObject(start)?.video_url ?? '') : '';
	return { url: /^https?:\/\//.test(url) ? url : '', response: { ...response, body: rest } };
}

function begin(
	client: WeComClient,
	name: string,
	mediaId: string,
	open: OpenRange,
	first: FileAnswer,
): Download {
	const sniffed = sniff(first.start);
	const declared = header(first, 'content-type');
	const progress: DownloadProgress = { bytes: 0, resumed: 0 };
	const transfer = new Transfer(client, name, open, progress);
	const disposition = first.headers['content-disposition'];
	const fileName = nameReceived(disposition, declared, sniffed, baseNameOf(mediaId));
	return {
		fileName,
		mimeType: typeReceived(declared, sniffed, fileName),
		size: sizeOf(first),
		bytes: transfer.run(first),
		handed: first.handed,
		progress,
	};
}

function baseNameOf(mediaId: string): string {
	return mediaId.replace(/[^\w-]+/g, '_').slice(0, 64);
}
