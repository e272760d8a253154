/** Out of the permanent library of an Official Account: material/get_material. */
import type { JsonAnswer, WeComClient } from '../client/client';
import { begin, downloadLink, readMediaId } from './download';
import type { Download } from './download';
import type { OpenPart } from './transfer';

const CALL = 'material/get_material';
/** The largest files of the library have 10 MB. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Eight articles of at most 1 MB each. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

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
		path: CALL,
		method: 'POST',
		body: { media_id: id },
		repeatable: true,
		maxJsonBytes: MAX_JSON_BYTES,
	} as const;
	const first = await client.openWholeOr(call, MAX_FILE_BYTES, read);
	if ('handed' in first) {
		// The whole has come: nobody asks for another part.
		const again: OpenPart = async () => first;
		return { download: begin(client, CALL, id, again, first) };
	}
	if ('news_item' in first) return first;
	const { down_url: link, ...told } = first;
	return { download: await downloadLink(client, 'down_url', link, { mediaId: id }), ...told };
}

function read(answer: JsonAnswer): Said | undefined {
	const { news_item, down_url } = answer;
	if (Array.isArray(news_item)) return { news_item };
	if (typeof down_url !== 'string' || !/^https?:\/\//.test(down_url)) return undefined;
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	return { down_url, title: text(answer.title), description: text(answer.description) };
}
