/** What a text is, for names without an extension: n8n calls everything it does not know text/plain. */
import { bareType } from './fileTypes';
import type { Sniffed } from './sniff';

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
/** Bytes that are looked at. */
const MAX_BYTES = 8192;

/** @returns the extension of a file that is declared as text/plain and is text; '' for anything else */
export function extensionOfText(mimeType: string, { content }: Sniffed, head: Uint8Array): string {
	if (content !== 'unknown' || bareType(mimeType) !== 'text/plain') return '';
	const text = Buffer.from(head.subarray(0, MAX_BYTES))
		.toString('utf8')
		.replace(/^\uFEFF/, '');
	if (text.trim() === '' || /[^\P{Cc}\s]/u.test(text)) return '';
	const known = BEGINNINGS.find(([pattern]) => pattern.test(text.trimStart()));
	if (known) return known[1];
	return isCsv(text, head.length > MAX_BYTES) ? 'csv' : 'txt';
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
