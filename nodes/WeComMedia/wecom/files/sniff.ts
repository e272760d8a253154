import { typeOfExtension } from './fileTypes';
import { officeInCompoundFile, officeInZip } from './office';
import type { OfficeKind } from './office';

/**
 * What a file is by its first bytes. 'heic' is the whole HEIF family (HEIC, AVIF), 'mp4' every brand of {@link VIDEO_BRANDS},
 * 'office' every document in a ZIP archive or compound file.
 */
export type Content =
	| 'jpeg'
	| 'png'
	| 'gif'
	| 'webp'
	| 'tiff'
	| 'bmp'
	| 'heic'
	| 'cr3'
	| 'amr'
	| 'amr-wb'
	| 'silk'
	| 'speex'
	| 'ogg'
	| 'wav'
	| 'flac'
	| 'caf'
	| 'mp3'
	| 'aac'
	| 'm4a'
	| 'mp4'
	| 'mov'
	| '3gp'
	| 'avi'
	| 'mkv'
	| 'wmv'
	| 'flv'
	| 'mpeg'
	| 'pdf'
	| 'office'
	| 'zip'
	| 'gzip'
	| 'rar'
	| '7z'
	| 'unknown';

export interface Sniffed {
	content: Content;
	/** For messages: "JPG image", "SILK audio". */
	label: string;
	/** Lower case without dot; '' for unknown. */
	extension: string;
	mimeType: string;
}

/** Offset and bytes (Latin-1 text); every pair of a format must match. */
type Marks = ReadonlyArray<readonly [offset: number, bytes: string]>;

interface Format extends Sniffed {
	marks: Marks;
	/** Where the marks begin: most files differ there, and need no closer look. */
	first: { offset: number; byte: number };
	/** For formats whose marks alone also fit ordinary text. */
	confirm?: (head: Uint8Array) => boolean;
}

const OCTET_STREAM = 'application/octet-stream';

/** Major brands of MP4 videos (mp4ra.org, and what cameras write); still pictures and sound have an ftyp box, too. */
const VIDEO_BRANDS = (
	'isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isoa isob isoc mp21 mp41 mp42 mp71 avc1 hvc1 hev1 av01 dash cmfc cmf2 cmfs ' +
	'mmp4 M4V M4VH M4VP F4V f4v MSNV XAVC MPPI NDSC NDSH NDSM NDSP NDSS NDXC NDXH NDXM NDXP NDXS ndsc pana niko caep CAEP ' +
	'oly LCAG ROSS dby1 kddi sdv ssc1 ssc2 insv'
)
	.split(' ')
	.map((brand) => brand.padEnd(4));

/** The first match counts. Container formats name their inner format before the general one. */
const FORMATS: readonly Format[] = [
	format('jpeg', 'JPG image', 'jpg', 'image/jpeg', [[0, '\xff\xd8\xff']]),
	format('png', 'PNG image', 'png', 'image/png', [[0, '\x89PNG']]),
	format('gif', 'GIF image', 'gif', 'image/gif', [[0, 'GIF8']]),
	format('webp', 'WebP image', 'webp', 'image/webp', riff('WEBP')),
	format('tiff', 'TIFF image', 'tif', 'image/tiff', [[0, 'II*\0']]),
	format('tiff', 'TIFF image', 'tif', 'image/tiff', [[0, 'MM\0*']]),
	format('bmp', 'BMP image', 'bmp', 'image/bmp', [[0, 'BM']], isBitmapHeader),

	// Single-channel AMR files only: the multi-channel magic is a different line (RFC 4867, section 5).
	format('amr', 'AMR audio', 'amr', 'audio/amr', [[0, '#!AMR\n']]),
	format('amr-wb', 'AMR wide-band audio', 'awb', 'audio/amr-wb', [[0, '#!AMR-WB\n']]),
	// WeChat puts a byte 0x02 before the magic of its voices, and names some of them .amr.
	format('silk', 'SILK audio', 'silk', 'audio/silk', [[0, '#!SILK']]),
	format('silk', 'SILK audio', 'silk', 'audio/silk', [[0, '\x02#!SILK']]),
	format('speex', 'Speex audio', 'spx', 'audio/ogg', [
		[0, 'OggS'],
		[28, 'Speex   '],
	]),
	format('speex', 'Speex audio', 'speex', 'audio/speex', [[0, 'Speex   ']]),
	format('ogg', 'OGG audio', 'ogg', 'audio/ogg', [[0, 'OggS']]),
	format('wav', 'WAV audio', 'wav', 'audio/wav', riff('WAVE')),
	format('flac', 'FLAC audio', 'flac', 'audio/flac', [[0, 'fLaC']]),
	format('caf', 'CAF audio', 'caf', 'audio/x-caf', [[0, 'caff']]),
	format('mp3', 'MP3 audio', 'mp3', 'audio/mpeg', [[0, 'ID3']]),
	format('mp3', 'MP3 audio', 'mp3', 'audio/mpeg', [[0, '\xff']], isMp3Frame),
	format('aac', 'AAC audio', 'aac', 'audio/aac', [[0, '\xff']], isAdtsFrame),

	format('mov', 'MOV video', 'mov', 'video/quicktime', ftyp('qt  ')),
	// QuickTime files from before the ftyp box; the zero byte keeps text such as "The wide river" out.
	...['moov', 'mdat', 'wide'].map((box) =>
		format('mov', 'MOV video', 'mov', 'video/quicktime', [
			[0, '\0'],
			[4, box],
		]),
	),
	format('heic', 'AVIF image', 'avif', 'image/avif', ftyp(''), hasBrand('avif', 'avis')),
	format(
		'heic',
		'HEIC image',
		'heic',
		'image/heic',
		ftyp(''),
		hasBrand('heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'),
	),
	...['M4A ', 'M4B ', 'M4P '].map((brand) =>
		format('m4a', 'M4A audio', 'm4a', 'audio/mp4', ftyp(brand)),
	),
	...['3gp', '3g2', '3ge', '3gg', '3gr', '3gs'].map((brand) =>
		format('3gp', '3GP video', '3gp', 'video/3gpp', ftyp(brand)),
	),
	format('cr3', 'Canon raw image', 'cr3', 'image/x-canon-cr3', ftyp('crx ')),
	format('mp4', 'MP4 video', 'mp4', 'video/mp4', ftyp(''), hasBrand(...VIDEO_BRANDS)),
	format('avi', 'AVI video', 'avi', 'video/x-msvideo', riff('AVI ')),
	format('mkv', 'MKV or WebM video', 'mkv', 'video/x-matroska', [[0, '\x1a\x45\xdf\xa3']]),
	format('wmv', 'WMV video', 'wmv', 'video/x-ms-wmv', [[0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11']]),
	format('flv', 'FLV video', 'flv', 'video/x-flv', [[0, 'FLV\x01']]),
	format('mpeg', 'MPEG video', 'mpg', 'video/mpeg', [[0, '\0\0\x01\xba']]),

	format('pdf', 'PDF document', 'pdf', 'application/pdf', [[0, '%PDF-']]),
	format('office', 'Office document', '', OCTET_STREAM, [[0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']]),
	...['\x03\x04', '\x05\x06', '\x07\x08'].map((version) =>
		format('zip', 'ZIP archive', 'zip', 'application/zip', [[0, `PK${version}`]]),
	),
	format('gzip', 'GZIP archive', 'gz', 'application/gzip', [[0, '\x1f\x8b\x08']]),
	format('rar', 'RAR archive', 'rar', 'application/vnd.rar', [[0, 'Rar!\x1a\x07']]),
	format('7z', '7-Zip archive', '7z', 'application/x-7z-compressed', [[0, '7z\xbc\xaf\x27\x1c']]),
];

const UNKNOWN: Sniffed = {
	content: 'unknown',
	label: 'unrecognized file',
	extension: '',
	mimeType: OCTET_STREAM,
};

/**
 * Tells a file's kind by its magic bytes, never by its name: phones upload SILK as ".amr" and HEIC as ".jpg".
 *
 * @param head the first {@link LOOK_BYTES} bytes, fewer for a shorter file
 */
export function sniff(head: Uint8Array): Sniffed {
	const format = FORMATS.find(
		({ first, marks, confirm }) =>
			head[first.offset] === first.byte &&
			marks.every(([offset, bytes]) => hasBytes(head, offset, bytes)) &&
			(!confirm || confirm(head)),
	);
	if (!format) return { ...UNKNOWN };
	const { content, label, extension, mimeType } = format;
	return lookInside({ content, label, extension, mimeType }, head);
}

/** Office files are archives of others. */
function lookInside(sniffed: Sniffed, head: Uint8Array): Sniffed {
	if (sniffed.content === 'office') return asOffice(officeInCompoundFile(head));
	const office = sniffed.content === 'zip' ? officeInZip(head) : undefined;
	return office ? asOffice(office) : sniffed;
}

function asOffice({ label, extension }: OfficeKind): Sniffed {
	return {
		content: 'office',
		label,
		extension,
		mimeType: typeOfExtension(extension) || OCTET_STREAM,
	};
}

function format(
	content: Content,
	label: string,
	extension: string,
	mimeType: string,
	marks: Marks,
	confirm?: Format['confirm'],
): Format {
	const [[offset, bytes]] = marks;
	const first = { offset, byte: bytes.charCodeAt(0) };
	return { content, label, extension, mimeType, marks, first, confirm };
}

function hasBytes(head: Uint8Array, offset: number, bytes: string): boolean {
	for (let i = 0; i < bytes.length; i += 1) {
		if (head[offset + i] !== bytes.charCodeAt(i)) return false;
	}
	return true;
}

function riff(kind: string): Marks {
	return [
		[0, 'RIFF'],
		[8, kind],
	];
}

/** ISO base media: box "ftyp", then the major brand. */
function ftyp(brand: string): Marks {
	return [
		[4, 'ftyp'],
		[8, brand],
	];
}

/** The major brand (offset 8) or, in an image container, a compatible one (from 16 on) is in the list. */
function hasBrand(...brands: string[]): (head: Uint8Array) => boolean {
	return (head) => {
		const isOneOf = (offset: number) => brands.some((brand) => hasBytes(head, offset, brand));
		if (isOneOf(8)) return true;
		if (!hasBytes(head, 8, 'mif1') && !hasBytes(head, 8, 'msf1')) return false;
		const boxEnd = Math.min(head.length, (head[2] << 8) | head[3]);
		for (let offset = 16; offset + 4 <= boxEnd; offset += 4) {
			if (isOneOf(offset)) return true;
		}
		return false;
	};
}

/** "BMW prices.txt" also starts with BM: the reserved bytes are zero, the size of the second header is known. */
function isBitmapHeader(head: Uint8Array): boolean {
	return hasBytes(head, 6, '\0\0\0\0') && [12, 40, 52, 56, 64, 108, 124].includes(head[14]);
}

/** MPEG audio, layer III. Layer I stays out: its code equals the byte order mark of UTF-16 text. */
function isMp3Frame(head: Uint8Array): boolean {
	const isLayer3 = (head[1] & 0xe6) === 0xe2 && (head[1] & 0x18) !== 0x08;
	return isLayer3 && head[2] >> 4 !== 15 && (head[2] & 0x0c) !== 0x0c;
}

function isAdtsFrame(head: Uint8Array): boolean {
	return (head[1] & 0xf6) === 0xf0;
}
