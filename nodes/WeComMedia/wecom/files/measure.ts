/** Pixels of a picture and length of a video, read from the few bytes that tell them, wherever in the file they stand; length of a voice. */
import type { Content } from './sniff';

type Pieces = AsyncIterable<Uint8Array>;

/** Takes bytes of a file that comes in pieces, and skips what lies between, without keeping it. */
class Reader {
	private readonly pieces: AsyncIterator<Uint8Array>;

	private rest: Buffer = Buffer.alloc(0);

	constructor(pieces: Pieces) {
		this.pieces = pieces[Symbol.asyncIterator]();
	}

	/** @returns so many bytes; undefined when the file ends before */
	async take(count: number): Promise<Buffer | undefined> {
		while (this.rest.length < count) {
			const next = await this.pieces.next();
			if (next.done) return undefined;
			this.rest = Buffer.concat([this.rest, next.value]);
		}
		const taken = this.rest.subarray(0, count);
		this.rest = this.rest.subarray(count);
		return taken;
	}

	/** @returns whether there were so many bytes */
	async skip(count: number): Promise<boolean> {
		let left = count;
		while (this.rest.length < left) {
			left -= this.rest.length;
			const next = await this.pieces.next();
			if (next.done) return false;
			this.rest = Buffer.from(next.value);
		}
		this.rest = this.rest.subarray(left);
		return true;
	}

	async close(): Promise<void> {
		await this.pieces.return?.();
	}
}

/** @returns width and height of a JPG or PNG; undefined for other contents and where they cannot be found */
export async function pixelsOf(
	pieces: Pieces,
	content: Content,
): Promise<{ width: number; height: number } | undefined> {
	const reader = new Reader(pieces);
	try {
		if (content === 'jpeg') return await jpegPixels(reader);
		const start = content === 'png' ? await reader.take(24) : undefined;
		// The first chunk of a PNG is IHDR (RFC 2083, 4.1.1).
		return start && { width: start.readUInt32BE(16), height: start.readUInt32BE(20) };
	} finally {
		await reader.close();
	}
}

/** @returns seconds that an MP4 lasts; undefined where it does not say */
export async function videoSeconds(pieces: Pieces): Promise<number | undefined> {
	const reader = new Reader(pieces);
	try {
		return await movieSeconds(reader);
	} finally {
		await reader.close();
	}
}

/** Walks the segments of a JPG (ITU-T T.81, annex B) to the frame header. */
async function jpegPixels(reader: Reader) {
	if (!(await reader.skip(2))) return undefined;
	for (;;) {
		const marker = await reader.take(4);
		if (marker?.[0] !== 0xff) return undefined;
		const kind = marker[1];
		const isFrame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);
		if (isFrame) {
			const frame = await reader.take(5);
			return frame && { height: frame.readUInt16BE(1), width: frame.readUInt16BE(3) };
		}
		const length = marker.readUInt16BE(2);
		if (length < 2 || !(await reader.skip(length - 2))) return undefined;
	}
}

/** Walks the boxes of an MP4 (ISO 14496-12) to the movie header, which may stand at the end of the file. */
async function movieSeconds(reader: Reader): Promise<number | undefined> {
	for (;;) {
		const head = await reader.take(8);
		if (!head) return undefined;
		let size = head.readUInt32BE(0) - 8;
		const type = head.toString('latin1', 4, 8);
		if (size === 1 - 8) {
			const large = await reader.take(8);
			if (!large) return undefined;
			size = Number(large.readBigUInt64BE()) - 16;
		}
		if (type === 'mvhd') return await headerSeconds(reader);
		if (type === 'moov') continue;
		// A box without size reaches to the end of the file.
		if (size < 0 || !(await reader.skip(size))) return undefined;
	}
}

async function headerSeconds(reader: Reader): Promise<number | undefined> {
	const header = await reader.take(32);
	if (!header) return undefined;
	const isLong = header[0] === 1;
	const scale = header.readUInt32BE(isLong ? 20 : 12);
	const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	const isKnown = scale > 0 && duration > 0 && (isLong || duration !== 0xffff_ffff);
	return isKnown ? duration / scale : undefined;
}

/** RFC 4867, section 5: the file starts with this line, then frames of 20 ms. */
const AMR_NB_MAGIC = Buffer.from('#!AMR\n', 'latin1');
const FRAME_MS = 20;

/**
 * Bytes of one stored frame by frame type, its type byte included: 4.75 to 12.2 kbit/s, comfort noise (8) and
 * "no data" (15). Types 9 to 14 do not occur in narrow-band files.
 */
const FRAME_BYTES: ReadonlyMap<number, number> = new Map([
	[0, 13],
	[1, 14],
	[2, 16],
	[3, 18],
	[4, 20],
	[5, 21],
	[6, 27],
	[7, 32],
	[8, 6],
	[15, 1],
]);

/**
 * How long an AMR narrow-band voice lasts, found by walking its frames without decoding them. WeCom takes 60 s
 * (vendor page 90253) and refuses more with 45007.
 *
 * @param bytes the whole file
 * @returns milliseconds; NaN when it is no AMR-NB file, holds an unknown frame type, or ends inside a frame
 */
export function amrDurationMs(bytes: Uint8Array): number {
	if (!AMR_NB_MAGIC.every((byte, index) => bytes[index] === byte)) return NaN;
	let at = AMR_NB_MAGIC.length;
	let frames = 0;
	while (at < bytes.length) {
		const size = FRAME_BYTES.get((bytes[at] >> 3) & 15);
		if (size === undefined) return NaN;
		at += size;
		frames += 1;
	}
	return at === bytes.length ? frames * FRAME_MS : NaN;
}
