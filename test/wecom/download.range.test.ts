import { downloadMedia } from '../../nodes/WeComMedia/wecom/calls/download';
import { WeComTransferError } from '../../nodes/WeComMedia/wecom/client/errors';
import { contentOf, MIB, noise } from './files';
import {
	bytesIn,
	downloaded,
	eventually,
	failureOf,
	PIECE,
	pieceFrom,
	rangesSeen,
	usePieces,
	useScene,
} from './scene';

// The wall's clock: nothing here waits, and a busy machine must not look like a stalled connection.
const scene = useScene({ speed: 1, strict: { alignedChunks: 'startAndLength' } });

const [FIRST, SECOND, THIRD] = [0, PIECE, 2 * PIECE].map(pieceFrom);
/** A piece and a bit. */
const LARGE = PIECE + 2_048;

test('a download of 40 MB comes in pieces of the size that WeCom gives at once', async () => {
	// Below 20 MB under both readings of MB, and a multiple of 16.
	const piece = 19_999_984;
	const bytes = noise(2 * piece + 5);
	const mediaId = scene.sim.state.addMedia({ bytes, quirks: { encrypted: true } });
	const download = await downloaded(scene.app(), mediaId);
	expect(download.content.equals(bytes)).toBe(true);
	expect(rangesSeen(scene)).toEqual([
		'bytes=0-19999983',
		'bytes=19999984-39999967',
		'bytes=39999968-59999951',
	]);
});

test('a wrong start of the first piece is refused, and its connection closed', async () => {
	const quirks = { startShift: 16 };
	const mediaId = scene.sim.state.addMedia({ bytes: noise(10 * MIB), quirks });
	const failure = await failureOf(downloaded(scene.app(), mediaId), WeComTransferError);
	expect(failure.message).toMatch(/from byte 16 instead of byte 0/);
	await eventually(() => scene.sim.record.last('media/get')?.open === false);
	expect(scene.sim.record.last('media/get')?.ending).toBe('the client went away');
});

describe('a download', () => {
	usePieces();

	test.each([
		['6 bytes', 6, [FIRST]],
		['64 bytes, as many as are looked at', 64, [FIRST]],
		['65 bytes', 65, [FIRST]],
		['half a piece', PIECE / 2, [FIRST]],
		['exactly one piece', PIECE, [FIRST]],
		['one byte more than a piece', PIECE + 1, [FIRST, SECOND]],
		['exactly two pieces', 2 * PIECE, [FIRST, SECOND]],
		['two pieces and a bit', 2 * PIECE + 5, [FIRST, SECOND, THIRD]],
	])('of %s comes in aligned pieces, one after the other', async (_what, size, ranges) => {
		const bytes = noise(size);
		const mediaId = scene.sim.state.addMedia({ bytes, quirks: { encrypted: true } });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download).toMatchObject({ size, progress: { bytes: size, resumed: 0 } });
		expect(rangesSeen(scene)).toEqual(ranges);
		expect(scene.sim.record.calls('media/get').map(({ reply }) => reply?.status)).toEqual(
			ranges.map(() => 206),
		);
		expect(scene.sim.record.mostAtOnce('media/get')).toBe(1);
	});

	test('asks for an uncompressed answer, whose lengths are those of Content-Range', async () => {
		await downloaded(scene.app(), scene.sim.state.addMedia({ bytes: noise(100) }));
		expect(scene.sim.record.last('media/get')?.headers['accept-encoding']).toBe('identity');
	});

	test('hands on the first bytes before the second piece is asked for, and logs each piece', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(2 * PIECE) });
		const { client, system } = scene.app();
		const { bytes } = await downloadMedia(client, system, mediaId);
		const first = await bytes.next();
		expect(first.done).toBe(false);
		expect(rangesSeen(scene)).toEqual([FIRST]);
		for await (const piece of bytes) expect(piece).not.toHaveLength(0);
		expect(scene.world.lines).toEqual([
			expect.stringMatching(/^media\/get: 62.5 KB of 128000 received, .+\/s$/),
		]);
	});

	test.each([
		['small', 1000, [FIRST, pieceFrom(1008)]],
		['of one piece and a bit', PIECE + 7, [FIRST, SECOND, pieceFrom(PIECE + 16)]],
		['of exactly two pieces', 2 * PIECE, [FIRST, SECOND, THIRD]],
	])(
		'%s is complete although the total is a star: HTTP 416 shows its end',
		async (_what, size, ranges) => {
			const bytes = noise(size);
			const mediaId = scene.sim.state.addMedia({ bytes, quirks: { total: '*' } });
			const download = await downloaded(scene.app(), mediaId);
			expect(download.content.equals(bytes)).toBe(true);
			expect(download.size).toBeUndefined();
			expect(rangesSeen(scene)).toEqual(ranges);
		},
	);

	test.each([
		['with Content-Length', {}, LARGE],
		['without Content-Length', { noContentLength: true }, undefined],
	])('from a server that ignores Range is taken as a whole, %s', async (_what, quirks, size) => {
		const bytes = noise(LARGE);
		const mediaId = scene.sim.state.addMedia({ bytes, quirks: { ...quirks, ignoreRange: true } });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.size).toBe(size);
		expect(rangesSeen(scene)).toEqual([FIRST]);
	});

	test('understands headers in lower case', async () => {
		const bytes = noise(LARGE);
		const fileName = '季度.bin';
		const quirks = { lowerCaseHeaders: true };
		const mediaId = scene.sim.state.addMedia({ bytes, fileName, quirks });
		const download = await downloaded(scene.app(), mediaId);
		expect(download).toMatchObject({ fileName, size: bytes.length });
		expect(download.content.equals(bytes)).toBe(true);
	});
});

describe('an answer that does not continue the file', () => {
	usePieces();

	/** Starts a download and changes the server before its second piece. */
	async function changedMidway(change: (mediaId: string) => void): Promise<WeComTransferError> {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(LARGE) });
		const { client, system } = scene.app();
		const download = await downloadMedia(client, system, mediaId);
		await download.bytes.next();
		change(mediaId);
		const failure = await failureOf(bytesIn(download), WeComTransferError);
		// What was refused must not go on arriving into a socket nobody reads.
		await eventually(() => scene.sim.record.calls('media/get').every(({ open }) => !open));
		expect(failure.hint).toMatch(/proxy/);
		return failure;
	}

	const withQuirks = (quirks: object) => (mediaId: string) => {
		const media = scene.sim.state.media.get(mediaId);
		if (media) media.quirks = quirks;
	};

	test('the whole file (200) in the middle is refused', async () => {
		const failure = await changedMidway(withQuirks({ ignoreRange: true }));
		expect(failure.message).toMatch(/whole file instead of the part from byte 64000/);
	});

	test('a changed total is refused', async () => {
		const failure = await changedMidway(withQuirks({ total: 'changes' }));
		expect(failure.message).toMatch(/changed the file's size from 66048 to 66049 bytes/);
	});

	test('a wrong start is refused', async () => {
		const failure = await changedMidway(withQuirks({ startShift: 16 }));
		expect(failure.message).toMatch(/from byte 64016 instead of byte 64000/);
	});

	test.each(['', 'bytes', 'bytes */66048', 'bytes 9-8/66048'])(
		'a part with Content-Range %j is refused',
		async (value) => {
			const failure = await changedMidway(() =>
				scene.sim.faults.next({ path: 'media/get', headers: { 'Content-Range': value } }),
			);
			expect(failure.message).toMatch(/did not say which \(Content-Range\)/);
		},
	);

	test('more bytes than announced are refused', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(1000) });
		const headers = { 'Content-Range': 'bytes 0-899/900' };
		scene.sim.faults.next({ path: 'media/get', headers });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComTransferError);
		expect(failure.message).toMatch(/more bytes than it announced/);
	});

	test('a star after a known total does not shorten the file', async () => {
		const bytes = contentOf('pdf', 5000);
		const parts = [
			['bytes 0-1999/5000', bytes.subarray(0, 2000)],
			['bytes 2000-2999/*', bytes.subarray(2000, 3000)],
			['bytes 2992-4999/5000', bytes.subarray(2992)],
		] as const;
		for (const [range, part] of parts) {
			const headers = { 'Content-Range': range };
			scene.sim.faults.next({ path: 'media/get', status: 206, body: part.toString(), headers });
		}
		const mediaId = scene.sim.state.addMedia({ bytes });
		expect((await downloaded(scene.app(), mediaId)).content.equals(bytes)).toBe(true);
	});
});
