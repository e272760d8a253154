/** The file behind a link that a smart bot was sent (vendor page 100719): no token, good for 5 minutes, encrypted. */
import { bytesOf, LOOK_BYTES, toBuffer } from '../client/body';
import type { FileAnswer, WeComClient } from '../client/client';
import { isWeComError, WeComHttpError, WeComInputError, withHint } from '../client/errors';
import { header } from '../client/wire';
import type { ByteStream } from '../client/wire';
import { decryptFile, doubtAbout } from '../files/encryptedFile';
import { nameReceived, typeReceived } from '../files/naming';
import { sniff } from '../files/sniff';
import type { System } from '../accounts/system';
import type { Download } from './download';
import { Transfer } from './transfer';
import type { OpenPart } from './transfer';

/** What messages call it: the link itself is a secret. */
const LINK = "The file's link";
const LIFE_HINT =
	"WeCom's links to received files end after 5 minutes. Download the file right after the message has come in, as 'Download Files' of WeCom Media Trigger does, and ask for this one again.";
const REFUSED = [401, 403, 404, 410];

/** A decrypted download; `doubt` is a remark about what came out, or ''. */
interface BotFile extends Download {
	doubt: string;
}

/**
 * Downloads and decrypts a file while it arrives. A broken connection is taken up where it broke, if the host takes Range.
 *
 * @throws WeComInputError for what is no such link; WeComHttpError for one that has ended; later errors come out of `bytes`
 */
export async function downloadBotFile(
	client: WeComClient,
	{ fileKey }: System,
	link: string,
): Promise<BotFile> {
	const url = readLink(link, 'File Link', 'the message, for example {{ $json.message.file.url }}');
	const open: OpenPart = async (headers) =>
		await client.openLink(LINK, url, { headers, mayBePage: true });
	let first: FileAnswer;
	try {
		// The whole at once: a second request may come after the link has ended.
		first = await open({});
	} catch (error) {
		throw explained(error);
	}
	if (!fileKey || isPage(first)) {
		first.body.destroy?.();
		throw new WeComHttpError(`${LINK} leads to a web page, not to a file`, first.status, LIFE_HINT);
	}
	const arriving = { bytes: 0, resumed: 0 };
	const transfer = new Transfer(client, LINK, open, arriving);
	const plain = decryptFile(transfer.run(first), fileKey) as ByteStream;
	const { start, rest } = await bytesOf(plain, LOOK_BYTES);
	const sniffed = sniff(start.subarray(0, LOOK_BYTES));
	// What the host declares, it declares of the ciphertext.
	const fileName = nameReceived(first.headers['content-disposition'], '', sniffed, 'file');
	const mimeType = typeReceived('', sniffed, fileName);
	const progress = { bytes: 0, resumed: 0 };
	async function* bytes(): AsyncGenerator<Uint8Array> {
		for await (const piece of rest) {
			progress.bytes += piece.length;
			progress.resumed = arriving.resumed;
			yield toBuffer(piece);
		}
	}
	const doubt = doubtAbout(fileName, sniffed);
	const close = () => first.body.destroy?.();
	return { fileName, mimeType, bytes: bytes(), handed: first.handed, close, progress, doubt };
}

/**
 * @param field as the panel labels it
 * @param source where such a link comes from
 * @returns the link as it was given: its query is signed
 * @throws WeComInputError for anything but https, or http on this machine
 */
export function readLink(value: string, field: string, source: string): string {
	const link = value.trim();
	const hint = `Take it from ${source}.`;
	if (link === '') throw new WeComInputError(`'${field}' is empty`, hint, field);
	const url = URL.canParse(link) && !/[\s\p{Cc}]/u.test(link) ? new URL(link) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
		throw new WeComInputError(`'${field}' is not a link that starts with https://`, hint, field);
	}
	if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw new WeComInputError(
			`'${field}' starts with http://, but WeCom's links start with https://`,
			hint,
			field,
		);
	}
	return link;
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A host that answers "expired" with HTTP 200 sends a page; ciphertext has no such type. */
function isPage(answer: FileAnswer): boolean {
	if (header(answer, 'content-disposition') !== '') return false;
	return /^(?:text\/html|application\/json|(?:text|application)\/xml)\b/i.test(
		header(answer, 'content-type').trim(),
	);
}

function explained(error: unknown): unknown {
	if (!(error instanceof WeComHttpError) || !isWeComError(error)) return error;
	return REFUSED.includes(error.status) ? withHint(error, LIFE_HINT) : error;
}
