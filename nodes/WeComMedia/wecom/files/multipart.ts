import { randomUUID } from 'crypto';

const OCTET_STREAM = 'application/octet-stream';

/** What stands around the file of a multipart body. */
interface MultipartFrame {
	/** For the request's Content-Type header, with the boundary. */
	contentType: string;
	head: Buffer;
	tail: Buffer;
}

export interface MultipartInput {
	fieldName: string;
	/** Already passed through toUploadFileName. */
	fileName: string;
	/** Bytes. */
	fileSize: number;
	contentType: string;
	boundary: string;
	/** Text parts behind the file, by name. */
	textParts?: Readonly<Record<string, string>>;
}

/**
 * Lays out a body with one file part, and text parts behind it, its size known before the first byte: Official Account hosts answer
 * HTTP 412 to bodies without a Content-Length.
 *
 * Part header as vendor page 90253 shows it, with `filelength` and the name as raw UTF-8: WeCom answers 44001
 * to a part that names its file only in `filename*`. A content type that cannot stand in a header line
 * becomes application/octet-stream, which WeCom takes for every media type.
 *
 * @throws RangeError if fileSize is no whole number of bytes; TypeError if a name or the boundary would break
 * the part header (a mistake of the caller, never of the user's file)
 */
export function createMultipartFrame(input: MultipartInput): MultipartFrame {
	const { fieldName, fileName, fileSize, contentType, boundary, textParts = {} } = input;
	if (!Number.isSafeInteger(fileSize) || fileSize < 0) {
		throw new RangeError('The file size of a multipart body is not a whole number of bytes');
	}
	// RFC 2046 allows 70 characters; these need no quoting in the Content-Type header.
	if (!/^[0-9A-Za-z_-]{1,70}$/.test(boundary)) {
		throw new TypeError('The boundary of a multipart body has unsuitable characters');
	}
	for (const value of [fieldName, fileName, ...Object.keys(textParts)]) {
		if (/["\\\p{Cc}\p{Cs}]/u.test(value)) {
			throw new TypeError('A name in a multipart body would break its header line');
		}
	}
	const head = Buffer.from(
		`--${boundary}\r\n` +
			`Content-Disposition: form-data; name="${fieldName}"; filename="${fileName}"; filelength=${fileSize}\r\n` +
			`Content-Type: ${isHeaderSafe(contentType) ? contentType : OCTET_STREAM}\r\n\r\n`,
		'utf8',
	);
	const texts = Object.entries(textParts).map(
		([name, text]) =>
			`\r\n--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}`,
	);
	const tail = Buffer.from(`${texts.join('')}\r\n--${boundary}--\r\n`, 'utf8');
	return { contentType: `multipart/form-data; boundary=${boundary}`, head, tail };
}

/** @returns a boundary that no file contains by chance: 122 random bits behind four dashes */
export function randomBoundary(): string {
	return `----${randomUUID().replaceAll('-', '')}`;
}

/** The MIME type of an n8n item is the user's data; only `type/subtype; param=value` may reach the wire. */
function isHeaderSafe(contentType: string): boolean {
	return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/.test(contentType);
}
