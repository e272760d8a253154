/** Downloads (vendor page 90254; material/get_material of an Official Account): which call gives the file, and what it is called; the bytes are {@link Transfer}'s. */
import type { FileAnswer, JsonAnswer, WeComClient } from '../client/client';
import { WeComChangedError, WeComTransferError } from '../client/errors';
import { nameReceived, typeReceived } from '../files/naming';
import { readOpaqueId } from './typedValues';
import { sniff } from '../files/sniff';
import type { System } from '../accounts/system';
import { sizeOf } from './partAnswer';
import { rangeOf } from './ranges';
import { Transfer } from './transfer';
import type { DownloadProgress, OpenPart } from './transfer';
import { header } from '../client/wire';
import type { ByteStream } from '../client/wire';

/** Of what comes in one piece: HD voices, and permanent material of 10 MB at most. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024;
/** Eight articles of at most 1 MB each. */
const MAX_ARTICLES_BYTES = 16 * 1024 * 1024;
const GET_MATERIAL = 'material/get_material';
/** Documented are up to 128 (vendor page 94677); longer ones may come. */
const MAX_MEDIA_ID_BYTES = 512;

export interface Download {
	/** Always a safe base name. */
	fileName: string;
	mimeType: string;
	/** Bytes, where the server said so. */
	size?: number;
	/** The Official Account's link to a video. */
	video_url?: string;
	/**
	 * The file; reading it drives the download. Throws when it cannot be completed: never ends short. Each piece is the
	 * reader's own, who may give its memory back.
	 */
	bytes: AsyncGenerator<Uint8Array>;
	/** What the connection handed over, for whoever needs a stream of the same make. */
	handed: ByteStream;
	/** For whoever does not read: closes the connection. */
	close(): void;
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
	const get = (headers: Record<string, string>) =>
		({ path: name, method: 'GET', query: { media_id: id }, headers, repeatable: true }) as const;
	const open: OpenPart = async (headers) => await client.open(get(headers));
	const readLink = system.id === 'officialAccount' ? videoLink : () => undefined;
	const first = await client.openOr(get({ range: rangeOf(0) }), readLink);
	if (typeof first !== 'string') return begin(client, name, id, open, first);
	return { ...(await downloadLink(client, 'video_url', first, { mediaId: id })), video_url: first };
}

/**
 * Downloads a file from a link outside the API, with the same pieces and resumption.
 *
 * @param name stands in messages
 */
export async function downloadLink(
	client: WeComClient,
	name: string,
	url: string,
	{ mediaId = '', mayBePage = false } = {},
): Promise<Download> {
	const open: OpenPart = async (headers) =>
		await client.openLink(name, url, { headers, mayBePage });
	return begin(client, name, mediaId, open, await open({ range: rangeOf(0) }));
}

/**
 * Does something with a whole download, and does it once more from the beginning when the file became another one on the
 * way.
 *
 * @param work starts the download itself
 * @throws WeComTransferError when it changed again, else what the work throws
 */
export async function againIfChanged<T>(client: WeComClient, work: () => Promise<T>): Promise<T> {
	const outcome = await work().then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
	if ('value' in outcome) return outcome.value;
	if (!(outcome.error instanceof WeComChangedError)) throw outcome.error;
	client.world.log(`${outcome.error.message}; starting again`);
	return await work();
}

/**
 * Downloads a voice of the JS-SDK as Speex (vendor page 90255). Range is not documented there, and the files are
 * small: a broken connection starts again from the beginning.
 */
export async function downloadHdVoice(client: WeComClient, mediaId: string): Promise<Download> {
	const id = readMediaId(mediaId);
	const path = 'media/get/jssdk';
	const open: OpenPart = async () =>
		await client.openWhole(
			{ path, method: 'GET', query: { media_id: id }, repeatable: true },
			MAX_WHOLE_BYTES,
		);
	const download = begin(client, path, id, open, await open({}));
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

function videoLink({ video_url: url }: JsonAnswer): string | undefined {
	return typeof url === 'string' && /^https?:\/\//.test(url) ? url : undefined;
}

/** @returns a download whose first answer has come */
function begin(
	client: WeComClient,
	name: string,
	mediaId: string,
	open: OpenPart,
	first: FileAnswer,
): Download {
	if (first.start.length === 0) {
		first.body.destroy?.();
		throw new WeComTransferError(
			`${name}: the server sent an empty file`,
			'Run it again. If it stays, have a look at where the file comes from.',
		);
	}
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
		close: () => first.body.destroy?.(),
		progress,
	};
}

function baseNameOf(mediaId: string): string {
	return mediaId.replace(/[^\w-]+/g, '_').slice(0, 64);
}

/** What a media_id of the library stands for: a file, or articles. */
type Material = { download: Download; title?: string; description?: string } | Articles;

interface Articles {
	news_item: unknown[];
}

type Said = Articles | { down_url: string; title: string; description: string };

/**
 * Fetches permanent material: pictures, voices and thumbs come as files, a video through its `down_url`, articles as JSON.
 * The call knows no Range, so a broken connection starts again; the link of a video goes on where it broke.
 *
 * @throws WeComInputError for a media_id that cannot be one, else as WeComClient.open; later errors come out of `bytes`
 */
export async function downloadMaterial(client: WeComClient, mediaId: string): Promise<Material> {
	const id = readMediaId(mediaId);
	const call = {
		path: GET_MATERIAL,
		method: 'POST',
		body: { media_id: id },
		repeatable: true,
		maxJsonBytes: MAX_ARTICLES_BYTES,
	} as const;
	const first = await client.openWholeOr(call, MAX_WHOLE_BYTES, readMaterial);
	if ('handed' in first) {
		// The whole has come: nobody asks for another part.
		const again: OpenPart = async () => first;
		return { download: begin(client, GET_MATERIAL, id, again, first) };
	}
	if ('news_item' in first) return first;
	const { down_url: link, ...told } = first;
	return { download: await downloadLink(client, 'down_url', link, { mediaId: id }), ...told };
}

function readMaterial(answer: JsonAnswer): Said | undefined {
	const { news_item, down_url } = answer;
	if (Array.isArray(news_item)) return { news_item };
	if (typeof down_url !== 'string' || !/^https?:\/\//.test(down_url)) return undefined;
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	return { down_url, title: text(answer.title), description: text(answer.description) };
}
