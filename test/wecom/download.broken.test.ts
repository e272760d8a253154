import { downloadMedia } from '../../nodes/WeComMedia/wecom/calls/download';
import { WeComApiError, WeComNetworkError } from '../../nodes/WeComMedia/wecom/client/errors';
import { MIB, noise } from './files';
import {
	bytesIn,
	downloaded,
	failureOf,
	PIECE,
	pieceFrom,
	rangesSeen,
	retryPauses,
	usePieces,
	useScene,
} from './scene';
import { clientFor } from './testWorld';

// Pauses of a second last 0.05 s; a stall would need 1.5 s without a byte.
const scene = useScene({ speed: 20 });

describe('a connection that is cut', () => {
	test('after 100 bytes is continued at the byte reached, aligned down to 16', async () => {
		const bytes = noise(5 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes, quirks: { encrypted: true } });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.progress).toEqual({ bytes: bytes.length, resumed: 1 });
		expect(rangesSeen(scene)).toEqual(['bytes=0-19999983', 'bytes=96-19999983']);
		expect(scene.world.lines[0]).toMatch(
			/^media\/get: connection lost at byte 100 of 5242880; trying again in 0\.8 s$/,
		);
	});

	test('anywhere is continued where the log says', async () => {
		const bytes = noise(5 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 3_000_001 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		const position = Number(/at byte (\d+)/.exec(scene.world.lines[0])?.[1]);
		expect(position).toBeGreaterThan(64);
		expect(rangesSeen(scene)[1]).toBe(`bytes=${position - (position % 16)}-19999983`);
	});

	test('three times is continued three times', async () => {
		const bytes = noise(5 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100, times: 3 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.progress.resumed).toBe(3);
		expect(rangesSeen(scene)).toEqual([0, 96, 192, 288].map((at) => `bytes=${at}-19999983`));
		// Next to nothing arrived in between, so the pauses grow.
		expect(retryPauses(scene)).toEqual([750, 1500, 3000]);
	});

	test('again and again, though a few bytes come each time, is an error in the end', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(5 * MIB) });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100, times: 99 });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComNetworkError);
		expect(failure.message).toMatch(/broke at byte 388 of 5242880 and could not be continued/);
		expect(scene.sim.record.count('media/get')).toBe(4);
	});

	test('more often than Max Retries is continued as long as each time much has arrived', async () => {
		const bytes = noise(MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 200_000, times: 5 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.progress.resumed).toBe(5);
	});

	test.each([0, 1, 40])(
		'after %d bytes, while the content is looked at, starts again',
		async (after) => {
			const bytes = noise(MIB);
			const mediaId = scene.sim.state.addMedia({ bytes });
			scene.sim.faults.next({ path: 'media/get', cutAfterBytes: after });
			const download = await downloaded(scene.app(), mediaId);
			expect(download.content.equals(bytes)).toBe(true);
			expect(rangesSeen(scene)).toEqual(['bytes=0-19999983', 'bytes=0-19999983']);
		},
	);

	test('again and again without progress is an error, never a shorter file', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(MIB) });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100 });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 4, times: 9 });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComNetworkError);
		expect(failure.message).toMatch(/^media\/get: the connection broke/);
		expect(failure.hint).toMatch(/^Run it again\. If it stays, check the network/);
		expect(scene.sim.record.count('media/get')).toBe(5);
	});

	test('with maxRetries 0 says at which byte and what to raise', async () => {
		const { system } = scene.app();
		const client = clientFor(system, scene.world, 0);
		const mediaId = scene.sim.state.addMedia({ bytes: noise(MIB) });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100 });
		const failure = await failureOf(downloaded({ client, system }, mediaId), WeComNetworkError);
		expect(failure).toMatchObject({
			message: expect.stringMatching(/broke at byte 100 of 1048576 and could not be continued/),
			hint: expect.stringContaining('Max Retries'),
		});
	});

	test('of a server that ignores Range cannot be continued, so it is an error', async () => {
		const quirks = { ignoreRange: true, noContentLength: true };
		const mediaId = scene.sim.state.addMedia({ bytes: noise(5 * MIB), quirks });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: MIB });
		await expect(downloaded(scene.app(), mediaId)).rejects.toThrow(/cannot be continued/);
	});
});

describe('an answer shorter than it announces', () => {
	const part = (range: string, body: string, times = 1) =>
		scene.sim.faults.next({
			path: 'media/get',
			status: 206,
			body,
			headers: { 'Content-Range': range },
			times,
		});

	test('is continued', async () => {
		part('bytes 0-99/100', 'a'.repeat(50));
		part('bytes 48-99/100', 'a'.repeat(52));
		const download = await downloaded(scene.app(), 'made-up-media-id');
		expect(download.content.toString()).toBe('a'.repeat(100));
		expect(download.progress.resumed).toBe(1);
	});

	test('is an error when it stays short, never a shorter file', async () => {
		part('bytes 0-99/100', 'a'.repeat(50));
		part('bytes 48-99/100', 'aa', 9);
		const failure = await failureOf(downloaded(scene.app(), 'made-up-media-id'), WeComNetworkError);
		expect(failure.message).toBe(
			'media/get: the connection broke at byte 50 of 100 and could not be continued after 3 tries',
		);
		expect(retryPauses(scene)).toEqual([750, 1500, 3000]);
	});
});

describe('a connection that is cut in the second piece', () => {
	usePieces();

	test('is continued there', async () => {
		const bytes = noise(PIECE + 2_048);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', skip: 1, cutAfterBytes: 100 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(rangesSeen(scene)).toEqual([0, PIECE, PIECE + 96].map(pieceFrom));
	});
});

describe('a refusal between two pieces', () => {
	usePieces();

	/** Downloads two pieces with a fault at the second. */
	async function withFault(fault: object) {
		const bytes = noise(PIECE + 2_048);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', skip: 1, ...fault });
		const { client, system } = scene.app();
		const download = await downloadMedia(client, system, mediaId);
		return { whole: bytes, content: await bytesIn(download) };
	}

	test.each([
		['expired', { token: 'expire' }],
		['revoked', { token: 'revoke' }],
	])('because the token has %s is answered with a new token', async (_what, fault) => {
		const { whole, content } = await withFault(fault);
		expect(content.equals(whole)).toBe(true);
		expect(scene.sim.record.counters()).toMatchObject({ gettoken: 2, 'media/get': 3 });
	});

	test.each([
		['45033', { errcode: 45033 }],
		['-1', { errcode: -1 }],
		['HTTP 502', { status: 502 }],
	])('with %s is tried again', async (_what, fault) => {
		const { whole, content } = await withFault(fault);
		expect(content.equals(whole)).toBe(true);
		expect(scene.sim.record.count('media/get')).toBe(3);
	});

	test.each([40007, 830002])('with %d is an error, never a shorter file', async (errcode) => {
		const failure = await failureOf(withFault({ errcode }), WeComApiError);
		expect(failure).toMatchObject({ errcode, call: 'media/get' });
	});

	test('by its header alone is an error', async () => {
		const headers = { 'Error-Code': '40007', 'Error-Msg': 'invalid media_id' };
		await expect(withFault({ headers })).rejects.toMatchObject({ errcode: 40007 });
	});
});
