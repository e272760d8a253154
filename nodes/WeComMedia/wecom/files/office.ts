/** Office files are archives of others: what they are stands in the names of their first entries. */
import { typeOfExtension } from './fileTypes';

/** An Office file, as far as its beginning tells; `extension` is '' where it does not. */
export interface OfficeKind {
	label: string;
	extension: string;
}

const UNTOLD: OfficeKind = { label: 'Office document', extension: '' };
const LABELS: Record<string, string> = {
	docx: 'Word document',
	xlsx: 'Excel workbook',
	pptx: 'PowerPoint presentation',
	doc: 'Word document',
	xls: 'Excel workbook',
	ppt: 'PowerPoint presentation',
	msg: 'Outlook message',
	odt: 'OpenDocument text',
	ods: 'OpenDocument spreadsheet',
	odp: 'OpenDocument presentation',
	epub: 'EPUB book',
	ofd: 'OFD document',
};

/** Parts of Office Open XML (ECMA-376, part 2), by their folder. */
const FOLDERS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^word\/.+\.(?:xml|rels)$/, 'docx'],
	[/^xl\/.+\.(?:xml|rels|bin)$/, 'xlsx'],
	[/^ppt\/.+\.(?:xml|rels)$/, 'pptx'],
	[/^OFD\.xml$/, 'ofd'],
];
const PACKAGE_PART =
	/^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/.+|META-INF\/manifest\.xml)$/;

const LOCAL_HEADER = Buffer.from('PK\x03\x04', 'latin1');
/** Of a local file header (APPNOTE.TXT, 4.3.7): where the lengths of name and extra field stand, where the name begins. */
const NAME_LENGTH_AT = 26;
const EXTRA_LENGTH_AT = 28;
const NAME_AT = 30;

/** @returns undefined for a ZIP archive that is no Office file */
export function officeInZip(bytes: Uint8Array): OfficeKind | undefined {
	const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let isPackage = false;
	// By signature rather than by size: archives that were written as a stream have no sizes in front.
	for (
		let at = 0;
		at !== -1 && at + NAME_AT < head.length;
		at = head.indexOf(LOCAL_HEADER, at + 4)
	) {
		const nameEnd = at + NAME_AT + head.readUInt16LE(at + NAME_LENGTH_AT);
		const name = head.toString('latin1', at + NAME_AT, Math.min(nameEnd, head.length));
		const folder = FOLDERS.find(([pattern]) => pattern.test(name));
		if (folder) return kindOf(folder[1]);
		if (name === 'mimetype')
			return declaredInside(head, nameEnd + head.readUInt16LE(at + EXTRA_LENGTH_AT));
		isPackage ||= PACKAGE_PART.test(name);
	}
	return isPackage ? UNTOLD : undefined;
}

/** OpenDocument and EPUB write their MIME type as the first entry, uncompressed. */
function declaredInside(head: Buffer, from: number): OfficeKind | undefined {
	const text = head.toString('latin1', from, from + 80);
	const extension = ['odt', 'ods', 'odp', 'epub'].find((each) =>
		text.startsWith(typeOfExtension(each)),
	);
	if (extension) return kindOf(extension);
	return text.startsWith('application/vnd.oasis.opendocument') ? UNTOLD : undefined;
}

/** Streams in the directory of a compound file (MS-CFB) before 2007. */
const STREAMS: Record<string, string> = {
	WordDocument: 'doc',
	Workbook: 'xls',
	Book: 'xls',
	'PowerPoint Document': 'ppt',
	'__nameid_version1.0': 'msg',
	'__properties_version1.0': 'msg',
};
const DIRECTORY_ENTRY_BYTES = 128;
/** Of the header (MS-CFB 2.2): exponent of the sector size, number of the directory's first sector. */
const SECTOR_SHIFT_AT = 30;
const DIRECTORY_AT = 48;
/** Of an entry (MS-CFB 2.6.1): bytes of its UTF-16 name with the closing zero. */
const ENTRY_NAME_BYTES_AT = 64;

/** @returns what a compound file is; its directory may lie beyond what is looked at */
export function officeInCompoundFile(bytes: Uint8Array): OfficeKind {
	const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (head.length < DIRECTORY_AT + 4) return UNTOLD;
	const shift = head.readUInt16LE(SECTOR_SHIFT_AT);
	if (shift !== 9 && shift !== 12) return UNTOLD;
	const from = (head.readUInt32LE(DIRECTORY_AT) + 1) * 2 ** shift;
	for (let at = from; at + DIRECTORY_ENTRY_BYTES <= head.length; at += DIRECTORY_ENTRY_BYTES) {
		const nameBytes = head.readUInt16LE(at + ENTRY_NAME_BYTES_AT);
		if (nameBytes < 2 || nameBytes > ENTRY_NAME_BYTES_AT) break;
		const extension = STREAMS[head.toString('utf16le', at, at + nameBytes - 2)];
		if (extension) return kindOf(extension);
	}
	return UNTOLD;
}

function kindOf(extension: string): OfficeKind {
	return { label: LABELS[extension], extension };
}
