/** Which name and type a file has: one rule for every way out and every way in. */
import { decodeFileName } from './contentDisposition';
import { extensionOf, toSafeBaseName, toUploadFileName, withExtension } from './fileName';
import {
	bareType,
	extensionOfText,
	extensionOfType,
	isGeneralType,
	officialType,
	typeOfExtension,
} from './fileTypes';
import type { MediaType } from './mediaRule';
import type { Content, Sniffed } from './sniff';

/** What is said of a file before it is looked at. */
interface Declared {
	/** Its own name; may be ''. */
	fileName: string;
	/** MIME type, from n8n or the server of a link; '' when unknown. */
	mimeType: string;
	/** n8n's `fileExtension`. */
	extension?: string;
}

/** The extensions of formats that their first bytes give away. */
const EXTENSIONS: Partial<Record<Content, string>> = {
	jpeg: 'jpg jpeg jpe jfif',
	png: 'png apng',
	gif: 'gif',
	webp: 'webp',
	bmp: 'bmp dib',
	heic: 'heic heif hif avif',
	cr3: 'cr3',
	amr: 'amr',
	'amr-wb': 'awb',
	silk: 'silk slk',
	speex: 'spx speex',
	wav: 'wav',
	flac: 'flac',
	caf: 'caf',
	mp3: 'mp3',
	aac: 'aac',
	m4a: 'm4a m4b m4p',
	mp4: 'mp4 m4v f4v',
	mov: 'mov qt',
	'3gp': '3gp 3g2 3gpp',
	avi: 'avi',
	flv: 'flv',
	pdf: 'pdf ai',
	rar: 'rar cbr',
	'7z': '7z',
};
const CONTENT_OF = new Map(
	Object.entries(EXTENSIONS).flatMap(([content, all]) =>
		all.split(' ').map((extension) => [extension, content] as const),
	),
);
/** Files of one Office program, which differ in what they are for and not in how they begin. */
const OFFICE_FAMILIES = [
	'docx docm dotx dotm',
	'xlsx xlsm xlsb xltx xltm xlam',
	'pptx pptm ppsx ppsm potx potm',
	'doc dot wps',
	'xls xlt et',
	'ppt pps pot dps',
];
/** Of files whose kind nobody knew. "cfb" is what n8n calls an .xls, .doc or .ppt. */
const SAYS_NOTHING = new Set('bin tmp temp part download crdownload cfb'.split(' '));

/** Extensions that WeCom takes for a content where the type must fit (40113 otherwise). */
const SENT_AS: Partial<Record<MediaType, Partial<Record<Content, string>>>> = {
	image: { jpeg: 'jpg jpeg', png: 'png', gif: 'gif', bmp: 'bmp' },
	thumb: { jpeg: 'jpg jpeg' },
	voice: { amr: 'amr', mp3: 'mp3', wav: 'wav', wmv: 'wma' },
	video: { mp4: 'mp4' },
};

/**
 * The name a file is sent under. Its extension comes from the wanted name, the file's own name, what n8n or the link's server
 * says of it (unless the first bytes disprove that), and the content, in this order.
 *
 * @param wanted replaces the file's own name; '' keeps it
 * @param head the first bytes
 * @returns as toUploadFileName
 */
export function nameToSend(
	wanted: string,
	file: Declared,
	sniffed: Sniffed,
	head: Uint8Array = new Uint8Array(0),
	fallbackBase = 'file',
): string {
	const own = wanted ? extensionOf(toUploadFileName(file.fileName, { fallbackBase: 'file' })) : '';
	const sources = [own, ...declaredBy(file, sniffed)];
	const extension = firstFitting(sources, sniffed) || extensionOfText(file.mimeType, sniffed, head);
	return toUploadFileName(wanted || file.fileName, { extension, fallbackBase });
}

/** The name a received file is saved under: a wanted one without extension keeps that of the file. */
export function nameToSave(wanted: string, received: string): string {
	if (!wanted) return received;
	return toUploadFileName(wanted, { extension: extensionOf(received), fallbackBase: 'file' });
}

/**
 * The same name with an extension that WeCom takes for the type: a JPG called "photo.php" is refused as an image. As a file it
 * keeps its name.
 */
export function fitToType(
	fileName: string,
	type: MediaType,
	{ content, extension }: Sniffed,
): string {
	const taken = SENT_AS[type]?.[content]?.split(' ');
	if (!taken || taken.includes(extensionOf(fileName))) return fileName;
	return withExtension(fileName, taken.includes(extension) ? extension : taken[0]);
}

/**
 * The name of a file that was received: the one in its Content-Disposition, else `fallbackBase`, with an extension where its
 * type or content is known.
 *
 * @returns as toSafeBaseName
 */
export function nameReceived(
	disposition: string | string[] | undefined,
	mimeType: string,
	sniffed: Sniffed,
	fallbackBase: string,
): string {
	const name = decodeFileName(disposition) || toSafeBaseName(fallbackBase) || 'media';
	if (extensionOf(name)) return name;
	const extension = firstFitting(declaredBy({ fileName: name, mimeType }, sniffed), sniffed);
	return extension ? withExtension(name, extension) : name;
}

/** @returns the official MIME type of a file that was received: content, declared type and extension, whichever knows more */
export function typeReceived(declared: string, sniffed: Sniffed, fileName: string): string {
	const extension = extensionOf(fileName);
	const ofExtension = fits(extension, sniffed) ? typeOfExtension(extension) : '';
	if (isDefinite(sniffed))
		return sniffed.content === 'office' && ofExtension ? ofExtension : sniffed.mimeType;
	const says = !isGeneralType(declared) && officialType(declared) !== sniffed.mimeType;
	if (says && fits(extensionOfType(declared), sniffed)) return officialType(declared);
	if (ofExtension) return ofExtension;
	return sniffed.content === 'unknown' && declared ? bareType(declared) : sniffed.mimeType;
}

/** The content comes first only where it leaves nothing open: what is declared can then but agree. */
function declaredBy({ extension = '', mimeType }: Declared, sniffed: Sniffed): string[] {
	const declared = [extension.toLowerCase(), extensionOfType(mimeType)];
	return isDefinite(sniffed) ? [sniffed.extension] : [...declared, sniffed.extension];
}

function firstFitting(extensions: string[], sniffed: Sniffed): string {
	return extensions.find((extension) => extension !== '' && fits(extension, sniffed)) ?? '';
}

/** @returns whether the first bytes of files with this extension always tell what they are */
export function isRecognized(extension: string): boolean {
	const office = OFFICE_FAMILIES.some((family) => family.split(' ').includes(extension));
	return office || extension === 'zip' || CONTENT_OF.has(extension);
}

function isDefinite({ content, extension }: Sniffed): boolean {
	return content === 'office' ? extension !== '' : EXTENSIONS[content] !== undefined;
}

/** @returns whether the first bytes allow the extension */
function fits(extension: string, sniffed: Sniffed): boolean {
	const { content } = sniffed;
	if (SAYS_NOTHING.has(extension)) return false;
	if (content === 'unknown') return true;
	if (content === 'office' && isDefinite(sniffed)) {
		if (extension === sniffed.extension) return true;
		const family = OFFICE_FAMILIES.find((all) => all.split(' ').includes(sniffed.extension));
		return family?.split(' ').includes(extension) ?? false;
	}
	if (content === 'office' && extension === 'zip') return false;
	const own = EXTENSIONS[content];
	return own ? own.split(' ').includes(extension) : !CONTENT_OF.has(extension);
}
