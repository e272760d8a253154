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
