/** File names as others spell them: each reader between them and us may have damaged the same Chinese name differently. */

/** What Windows-1252 reads in the bytes 0x80 to 0x9F; five have no character and stay control characters. */
const CP1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** A name that was damaged twice is mended twice; more has not been seen. */
const MAX_PASSES = 3;

/**
 * A file name that came from outside, as its author wrote it: percent codes that are whole UTF-8 or GBK and encoded words
 * of mail are decoded, UTF-8 and GBK bytes that somebody read as Latin-1 or Windows-1252 are read again, and letters that a Mac took apart are put
 * together (NFC). A name that is none of these stays: "50%.pdf", "100%25.pdf", "café.pdf".
 *
 * To be used before the name is cut at "/" or "\": the second byte of a GBK character may be a backslash.
 */
export function readForeignName(name: string): string {
	let read = name;
	for (let pass = 0; pass < MAX_PASSES; pass += 1) {
		const next = decodePercent(rereadBytes(decodeWords(read)));
		if (next === read) break;
		read = next;
	}
	return read.normalize('NFC');
}

/** @returns bytes that no charset was named for: UTF-8, else GBK where it looks like Chinese, else undefined */
export function decodeUnnamed(bytes: Uint8Array): string | undefined {
	return (
		decodeBytes(bytes, 'utf-8') ?? (looksLikeGbk(bytes) ? decodeBytes(bytes, 'gbk') : undefined)
	);
}

/** @returns undefined if the bytes are not valid in that charset, or the charset is unknown */
export function decodeBytes(bytes: Uint8Array, charset: string): string | undefined {
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** @returns the text with the bytes that were read as Latin-1 or Windows-1252 read again, or as it is */
export function rereadBytes(text: string): string {
	const bytes = misreadBytes(text);
	return (bytes && decodeUnnamed(bytes)) ?? text;
}

/**
 * The bytes of a percent-coded text, its other characters as UTF-8.
 *
 * @param isStrict whether a "%" without two hex digits makes the text invalid instead of standing for itself
 */
export function percentBytes(text: string, isStrict: boolean): Uint8Array | undefined {
	const isBroken = isStrict && /%(?![0-9a-f]{2})/i.test(text);
	if (isBroken) return undefined;
	const pieces = text
		.split(/((?:%[0-9a-f]{2})+)/i)
		.map((piece, index) =>
			index % 2 === 1 ? Buffer.from(piece.replace(/%/g, ''), 'hex') : Buffer.from(piece, 'utf8'),
		);
	return Buffer.concat(pieces);
}

/** "=?UTF-8?B?5oql?=" (RFC 2047) belongs into mail headers, but Java servers put it into file names. */
function decodeWords(name: string): string {
	if (!name.includes('=?')) return name;
	const joined = name.replace(/\?=\s+=\?/g, '?==?');
	return joined.replace(
		/=\?([\w-]{1,40})\?([bq])\?([^?]*)\?=/gi,
		(word: string, charset: string, form: string, text: string) => {
			const bytes =
				form.toLowerCase() === 'b'
					? Buffer.from(text, 'base64')
					: percentBytes(text.replace(/_/g, ' ').replace(/=/g, '%'), true);
			return (bytes && decodeBytes(bytes, charset)) ?? word;
		},
	);
}

/**
 * Only a code beyond ASCII, or a blank in a name without blanks, shows that somebody encoded the name; "100%25.pdf" may be
 * its author's.
 */
function decodePercent(name: string): string {
	const isCoded = /%[89a-f][0-9a-f]/i.test(name) || (/%20/.test(name) && !/\s/.test(name));
	const bytes = isCoded ? percentBytes(name, false) : undefined;
	return (bytes && decodeUnnamed(bytes)) ?? name;
}

/** @returns undefined when the text holds a character no single byte is read as, or nothing but ASCII */
function misreadBytes(text: string): Uint8Array | undefined {
	if (!/[^\0-\x7f]/.test(text)) return undefined;
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at += 1) {
		const code = text.charCodeAt(at);
		const byte = code <= 0xff ? code : 0x80 + CP1252.indexOf(text[at]);
		if (byte < 0x80 && code > 0xff) return undefined;
		bytes[at] = byte;
	}
	return bytes;
}

/**
 * Whether bytes are Chinese in GBK rather than accented Latin letters: most of the Chinese characters are of the 3,755
 * common ones (GB 2312, level 1), and they do not look like one accented pair inside a word, as in "AÇÃO".
 */
function looksLikeGbk(bytes: Uint8Array): boolean {
	let common = 0;
	let rare = 0;
	let isProven = false;
	let run = 0;
	for (let at = 0; at < bytes.length; at += 1) {
		const [lead, trail] = [bytes[at], bytes[at + 1]];
		if (lead < 0x80) {
			run = 0;
			continue;
		}
		if (trail === undefined) return false;
		run += 1;
		const isPlain = trail >= 0xa1;
		if (isPlain && lead >= 0xb0 && lead <= 0xd7) common += 1;
		else if (!isPlain || lead < 0xa1 || lead > 0xa3) rare += 1;
		const isInWord = isLetter(bytes[at - 1]) || isLetter(bytes[at + 2]);
		const isLatin = isLatin1Letter(lead) && isLatin1Letter(trail);
		if (run > 1 || !isInWord || !isLatin) isProven = true;
		at += 1;
	}
	return common > rare && isProven;
}

function isLetter(byte: number | undefined): boolean {
	return byte !== undefined && /[a-z]/i.test(String.fromCharCode(byte));
}

/** "À" to "ÿ" without "×" and "÷". */
function isLatin1Letter(byte: number): boolean {
	return byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7;
}
