import { readForeignName } from './foreignName';

/** UTF-8 bytes. Documented for upload_by_url (vendor page 96219); media/upload names no limit, so it serves for all. */
export const MAX_FILE_NAME_BYTES = 128;

/** UTF-8 bytes of one name on the file systems n8n's users save to. */
const MAX_SAVED_NAME_BYTES = 255;

/** Characters: ".xlsx" is a name whose base got lost, ".gitignore" is a name. */
const MAX_BARE_EXTENSION = 5;

/**
 * Control characters, lone surrogates (no UTF-8 form), line separators, and the bidi overrides and isolates
 * that make "gpj.exe" read "exe.jpg".
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028-\u202E\u2066-\u2069]/gu;

/** Windows refuses these; ":" would even write into an alternate data stream. */
const WINDOWS_FORBIDDEN = /[<>:"|?*]/g;
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[ .]|$)/i;

/** "Report 2024.12" has no extension; "backup.7z", "film.mp4" and "archive.001" have one. */
const EXTENSION = /\.((?=[0-9]*[a-z]|[0-9]{3}$)[a-z0-9_+-]{1,16})$/i;

/** "Minutes.v2" is no file of a kind called v2. */
const VERSION = /^v\d+$/i;

/**
 * A file name that can stand in `filename="…"` as raw UTF-8 and that WeCom shows as it is.
 *
 * WeCom reads only the plain `filename` (no `filename*`) and shows percent-codes literally, so characters
 * that would break the quoted form are replaced instead of escaped: `"` by `'`, control characters, line
 * breaks, lone surrogates and bidi overrides by `_`. A name that others damaged is mended first (see readForeignName). Of
 * a path only the last segment stays. The result has at
 * most {@link MAX_FILE_NAME_BYTES} UTF-8 bytes; what is cut is the end of the base name, never the extension.
 *
 * @param name the wanted name or path; undefined, empty or made of dots and blanks only → fallbackBase
 * @param options.extension from the content, without dot; used when the name has none
 * @param options.fallbackBase base name used when nothing usable is given
 */
export function toUploadFileName(
	name: string | undefined,
	options: { extension?: string; fallbackBase: string },
): string {
	const extension = toExtension(options.extension);
	const segment = lastSegment(readForeignName(name ?? ''));
	const suffix = bareExtension(segment);
	const base =
		(suffix ? '' : forUpload(segment)) ||
		forUpload(lastSegment(readForeignName(options.fallbackBase))) ||
		'file';
	const named = suffix ? `${base}.${suffix}` : base;
	const complete = extension && !extensionOf(named) ? `${named}.${extension}` : named;
	return shorten(complete, MAX_FILE_NAME_BYTES);
}

/**
 * A file name out of a reply, safe to save anywhere: the uploader chose it, so it may be hostile.
 *
 * Strips directories, control characters, bidi overrides, leading dots and blanks; replaces what Windows forbids
 * and puts `_` before Windows' device names; cuts to 255 UTF-8 bytes keeping the extension.
 *
 * @returns '' if nothing is left, also for a bare extension: iPhones send ".amr" (seen in the field), which is
 * better named after its media_id than saved as a file called "amr"
 */
export function toSafeBaseName(name: string): string {
	const segment = lastSegment(readForeignName(name));
	if (bareExtension(segment)) return '';
	const clean = segment.replace(UNSAFE, '').replace(WINDOWS_FORBIDDEN, '_');
	// What was taken out may have stood between a letter and its accent.
	const safe = trimEdges(clean.normalize('NFC'));
	return shorten(WINDOWS_DEVICE.test(safe) ? `_${safe}` : safe, MAX_SAVED_NAME_BYTES);
}

/**
 * The extension in lower case without its dot: "a.PDF" → "pdf".
 *
 * @returns '' if there is none; a leading dot (".profile") and digits alone ("Report 2024.12") make none,
 * except three digits, the numbering of split archives ("archive.001")
 */
export function extensionOf(name: string): string {
	return rawExtension(name).toLowerCase();
}

/** @returns the name with this extension instead of its own, within the length of a sent name */
export function withExtension(name: string, extension: string): string {
	return shorten(`${withoutExtension(name)}.${extension}`, MAX_FILE_NAME_BYTES);
}

/** @returns the name without its extension */
export function withoutExtension(name: string): string {
	const own = rawExtension(name);
	return own ? name.slice(0, -own.length - 1) : name;
}

function rawExtension(name: string): string {
	// The rule looks at the end only; slicing keeps it cheap for names of any length.
	const match = EXTENSION.exec(name.slice(-18));
	if (!match || match[0].length === name.length || VERSION.test(match[1])) return '';
	return match[1];
}

function toExtension(value: string | undefined): string {
	return extensionOf(`x.${(value ?? '').replace(/^\./, '')}`);
}

function lastSegment(name: string): string {
	return (
		name
			.split(/[\\/]/)
			.filter((part) => part !== '')
			.pop() ?? ''
	);
}

/** The extension of a name that is nothing but one (".amr", ".xlsx"), else ''. */
function bareExtension(segment: string): string {
	const trimmed = segment.replace(UNSAFE, '').trim();
	const rest = trimmed.startsWith('.') ? trimEdges(trimmed) : '';
	return rest.length <= MAX_BARE_EXTENSION ? rawExtension(`x.${rest}`) : '';
}

function forUpload(segment: string): string {
	// Control characters alone are no name, though each would become "_".
	if (trimEdges(segment.replace(UNSAFE, '')) === '') return '';
	return trimEdges(trimEdges(segment).replace(UNSAFE, '_').replace(/"/g, "'"));
}

/** Without blanks and dots at both ends. A loop, because the regular expression takes quadratic time on long runs. */
function trimEdges(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && isBlankOrDot(text[start])) start += 1;
	while (end > start && isBlankOrDot(text[end - 1])) end -= 1;
	return text.slice(start, end);
}

function isBlankOrDot(character: string): boolean {
	return character === '.' || character.trim() === '';
}

function shorten(name: string, maxBytes: number): string {
	if (Buffer.byteLength(name, 'utf8') <= maxBytes) return name;
	const extension = rawExtension(name);
	const suffix = extension && `.${extension}`;
	let room = maxBytes - suffix.length;
	let base = '';
	for (const codePoint of name.slice(0, name.length - suffix.length)) {
		room -= Buffer.byteLength(codePoint, 'utf8');
		if (room < 0) break;
		base += codePoint;
	}
	return trimEdges(base) + suffix;
}
