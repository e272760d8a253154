/**
 * Which extension goes with which MIME type: one table for names on their way out and types on their way in. And what a
 * text is, since n8n calls everything it does not know text/plain.
 */
import { LOOK_BYTES } from '../client/body';
import type { Sniffed } from './sniff';

/**
 * Official MIME types (IANA where registered), their extensions, and the other names they go by. The first extension is the
 * one a name gets.
 */
const TYPES: ReadonlyArray<readonly [mimeType: string, extensions: string, aliases?: string]> = [
	['application/pdf', 'pdf', 'application/x-pdf'],
	['application/msword', 'doc dot', 'application/vnd.ms-word'],
	['application/vnd.ms-excel', 'xls xlt', 'application/msexcel application/x-msexcel'],
	['application/vnd.ms-powerpoint', 'ppt pps pot', 'application/mspowerpoint'],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.template', 'dotx'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.template', 'xltx'],
	['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
	['application/vnd.openxmlformats-officedocument.presentationml.slideshow', 'ppsx'],
	['application/vnd.ms-word.document.macroenabled.12', 'docm'],
	['application/vnd.ms-excel.sheet.macroenabled.12', 'xlsm'],
	['application/vnd.ms-excel.sheet.binary.macroenabled.12', 'xlsb'],
	['application/vnd.ms-powerpoint.presentation.macroenabled.12', 'pptm'],
	['application/vnd.oasis.opendocument.text', 'odt'],
	['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
	['application/vnd.oasis.opendocument.presentation', 'odp'],
	['application/vnd.ms-outlook', 'msg'],
	['application/vnd.visio', 'vsd vsdx'],
	['application/kswps', 'wps', 'application/wps'],
	['application/kset', 'et'],
	['application/ksdps', 'dps'],
	['application/ofd', 'ofd', 'application/x-ofd'],
	['application/epub+zip', 'epub'],
	['application/rtf', 'rtf', 'text/rtf text/richtext application/x-rtf'],
	['application/json', 'json', 'text/json application/x-json'],
	['application/xml', 'xml', 'text/xml'],
	['application/yaml', 'yaml yml', 'text/yaml application/x-yaml text/x-yaml'],
	['application/sql', 'sql'],
	['text/plain', 'txt log text conf ini'],
	['text/csv', 'csv', 'application/csv text/x-csv text/comma-separated-values'],
	['text/tab-separated-values', 'tsv'],
	['text/html', 'html htm', 'application/xhtml+xml'],
	['text/markdown', 'md markdown', 'text/x-markdown'],
	['text/calendar', 'ics ical', 'application/ics'],
	['text/vcard', 'vcf', 'text/x-vcard text/directory'],
	['text/css', 'css'],
	['text/javascript', 'js mjs', 'application/javascript application/x-javascript'],
	['message/rfc822', 'eml'],
	['application/zip', 'zip', 'application/x-zip application/x-zip-compressed'],
	['application/gzip', 'gz tgz', 'application/x-gzip'],
	['application/x-tar', 'tar'],
	['application/x-7z-compressed', '7z'],
	['application/vnd.rar', 'rar', 'application/x-rar application/x-rar-compressed'],
	['application/vnd.android.package-archive', 'apk'],
	['image/jpeg', 'jpg jpeg jpe jfif', 'image/jpg image/pjpeg'],
	['image/png', 'png apng', 'image/x-png'],
	['image/gif', 'gif'],
	['image/webp', 'webp'],
	['image/bmp', 'bmp', 'image/x-bmp image/x-ms-bmp'],
	['image/tiff', 'tif tiff', 'image/tif'],
	['image/heic', 'heic', 'image/heic-sequence'],
	['image/heif', 'heif hif'],
	['image/avif', 'avif'],
	['image/svg+xml', 'svg', 'image/svg'],
	['image/vnd.microsoft.icon', 'ico', 'image/x-icon'],
	['image/vnd.adobe.photoshop', 'psd', 'application/x-photoshop'],
	['image/vnd.dwg', 'dwg', 'application/acad application/x-dwg'],
	['image/x-canon-cr3', 'cr3'],
	['audio/amr', 'amr', 'voice/amr audio/x-amr audio/3gpp-amr'],
	['audio/amr-wb', 'awb'],
	['audio/mpeg', 'mp3', 'audio/mp3 audio/x-mp3 audio/x-mpeg voice/mp3'],
	['audio/wav', 'wav', 'audio/x-wav audio/wave audio/vnd.wave'],
	['audio/ogg', 'ogg oga opus spx', 'audio/opus application/ogg'],
	['audio/mp4', 'm4a m4b', 'audio/x-m4a audio/m4a'],
	['audio/aac', 'aac', 'audio/x-aac audio/aacp'],
	['audio/flac', 'flac', 'audio/x-flac'],
	['audio/x-ms-wma', 'wma'],
	['audio/silk', 'silk slk'],
	['audio/speex', 'speex', 'audio/x-speex voice/speex'],
	['video/mp4', 'mp4 m4v f4v', 'video/x-m4v video/mpeg4 video/x-mp4'],
	['video/quicktime', 'mov qt'],
	['video/x-msvideo', 'avi', 'video/avi video/msvideo'],
	['video/x-matroska', 'mkv'],
	['video/webm', 'webm'],
	['video/x-ms-wmv', 'wmv asf', 'video/x-ms-asf'],
	['video/x-flv', 'flv'],
	['video/3gpp', '3gp 3gpp'],
	['video/3gpp2', '3g2'],
	['video/mpeg', 'mpg mpeg'],
];

const byExtension = new Map<string, string>();
const byType = new Map<string, { mimeType: string; extension: string }>();
for (const [mimeType, extensions, aliases = ''] of TYPES) {
	const all = extensions.split(' ');
	for (const extension of all) byExtension.set(extension, mimeType);
	for (const name of [mimeType, ...aliases.split(' ')]) {
		byType.set(name, { mimeType, extension: all[0] });
	}
}

/** Types that servers and n8n give to what they do not know. */
const GENERAL = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'text/plain']);

/** @returns the MIME type in lower case without its parameters */
export function bareType(declared: string): string {
	return declared.split(';')[0].trim().toLowerCase();
}

/** @returns whether a declared type says nothing of the file */
export function isGeneralType(declared: string): boolean {
	return (
		GENERAL.has(bareType(declared)) || /^application\/(?:x-)?(?:force-)?download$/i.test(declared)
	);
}

/** @returns the official name of a MIME type ("image/jpg" → "image/jpeg"); unknown ones as they are, bare */
export function officialType(declared: string): string {
	const bare = bareType(declared);
	return byType.get(bare)?.mimeType ?? bare;
}

/** @returns the official MIME type of an extension in lower case, '' for an unknown one */
export function typeOfExtension(extension: string): string {
	return byExtension.get(extension) ?? '';
}

/** @returns the extension of a MIME type, '' for a general or unknown one */
export function extensionOfType(declared: string): string {
	return isGeneralType(declared) ? '' : (byType.get(bareType(declared))?.extension ?? '');
}

/** How texts of a format begin, blanks and a byte order mark left out. */
const BEGINNINGS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^<(?:!doctype html|html|head|body)\b/i, 'html'],
	[/^(?:<\?xml[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg\b/i, 'svg'],
	[/^<\?xml\b/i, 'xml'],
	[/^\{\\rtf/, 'rtf'],
	[/^BEGIN:VCALENDAR/i, 'ics'],
	[/^BEGIN:VCARD/i, 'vcf'],
];
/** Lines that are compared, so that a long text costs no more than a short one. */
const MAX_LINES = 20;

/** @returns the extension of a file that is declared as text/plain and is text; '' for anything else */
export function extensionOfText(mimeType: string, { content }: Sniffed, head: Uint8Array): string {
	if (content !== 'unknown' || bareType(mimeType) !== 'text/plain') return '';
	const text = Buffer.from(head.subarray(0, LOOK_BYTES))
		.toString('utf8')
		.replace(/^\uFEFF/, '');
	if (text.trim() === '' || /[^\P{Cc}\s]/u.test(text)) return '';
	const known = BEGINNINGS.find(([pattern]) => pattern.test(text.trimStart()));
	if (known) return known[1];
	return isCsv(text, head.length > LOOK_BYTES) ? 'csv' : 'txt';
}

/** At least two lines, all with the same number of separators, none of which has a blank behind it as in prose. */
function isCsv(text: string, isCut: boolean): boolean {
	const lines = text
		.replace(/"[^"]*"/g, '')
		.trim()
		.split(/\r?\n/);
	const compared = (isCut ? lines.slice(0, -1) : lines).slice(0, MAX_LINES);
	return [',', ';', '\t'].some((separator) => {
		const counts = new Set(compared.map((line) => line.split(separator).length));
		const isTable = compared.length > 1 && counts.size === 1 && !counts.has(1);
		return isTable && !compared.some((line) => line.includes(`${separator} `));
	});
}
