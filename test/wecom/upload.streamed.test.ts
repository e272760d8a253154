/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { Readable } from 'node:stream';

import {
	WeComApiError,
	WeComInputError,
	WeComNetworkError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import type { MediaFile } from '../../nodes/WeComMedia/wecom/files/mediaFile';
import { bytesOfPacked, HELD_BYTES, packMedia } from '../../nodes/WeComMedia/wecom/files/packing';
import type { UploadRequest } from '../../nodes/WeComMedia/wecom/files/packing';
import type { ByteSource } from '../../nodes/WeComMedia/wecom/client/wire';
import { noise, streamedFile, type StreamedFile } from './files';
import { failureOf, upload, useScene } from './scene';

const scene = useScene();
const SIZE = HELD_BYTES + 100_001;

/** The number of streams opened, once all of them are closed. */
async function closedStreams({ streams }: StreamedFile): Promise<number> {
	while (streams.some(({ destroyed }) => !destroyed)) {
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
	return streams.length;
}

/** A file that is another one when it is opened again, for a second attempt. */
function changing(later: () => Promise<Readable>): MediaFile {
	const file = streamedFile('a.bin', noise(SIZE));
	let opened = 0;
	return { ...file, open: async () => await (opened++ === 0 ? file.open() : later()) };
}

const requestFor = (file: MediaFile): UploadRequest => ({
	file,
	requested: 'file',
	fileName: '',
	fallbackToFile: false,
	skipChecks: false,
});

describe('a file that is not held in memory while it is uploaded', () => {
	test('is opened once, to be looked at and then sent, and announces its size', async () => {
		const file = streamedFile('培训.bin', noise(SIZE));
		const { media_id: mediaId, file_size: fileSize } = await upload(scene.app(), file);
		expect(fileSize).toBe(SIZE);
		expect(await closedStreams(file)).toBe(1);
		const stored = scene.sim.state.media.get(mediaId);
		expect(stored?.bytes.equals(noise(SIZE))).toBe(true);
		expect(stored?.fileName).toBe('培训.bin');
		const { contentLength, chunked } = scene.sim.record.last('media/upload')!;
		expect(contentLength).toBeGreaterThan(SIZE);
		expect(chunked).toBe(false);
	});

	test.each([
		['the connection is cut at once', { cut: 'onArrival' }],
		['the connection is cut before the answer', { cut: 'beforeAnswer' }],
		['WeCom is busy', { errcode: -1 }],
		['the token has ended', { token: 'expire' }],
	] as const)('is sent again, whole, when %s', async (_what, fault) => {
		const file = streamedFile('a.bin', noise(SIZE));
		scene.sim.faults.next({ path: 'media/upload', ...fault });
		const { media_id: mediaId } = await upload(scene.app(), file);
		expect(await closedStreams(file)).toBe(2);
		expect(scene.sim.state.media.get(mediaId)?.bytes.equals(noise(SIZE))).toBe(true);
		const lengths = scene.sim.record.calls('media/upload').map((call) => call.contentLength);
		expect(lengths).toHaveLength(2);
		expect(lengths[0]).toBe(lengths[1]);
	});

	test('is closed when WeCom refuses it', async () => {
		const file = streamedFile('a.bin', noise(SIZE));
		scene.sim.faults.next({ path: 'media/upload', errcode: 45009 });
		await failureOf(upload(scene.app(), file), WeComApiError);
		expect(await closedStreams(file)).toBe(1);
	});

	test('is closed after every attempt when nobody answers', async () => {
		const file = streamedFile('a.bin', noise(SIZE));
		scene.sim.faults.next({ path: 'media/upload', cut: 'onArrival', times: 99 });
		await failureOf(upload(scene.app(), file), WeComNetworkError);
		expect(await closedStreams(file)).toBe(4);
	});

	test.each([
		['is one byte shorter', SIZE - 1, `${SIZE - 1} came`],
		['is empty', 0, '0 came'],
		['is one byte longer', SIZE + 1, 'more came'],
		['is much longer', SIZE * 2, 'more came'],
	])('is refused when it %s than announced, and not sent again', async (_how, real, what) => {
		const file = streamedFile('a.bin', noise(real), SIZE);
		const failure = await failureOf(upload(scene.app(), file), WeComInputError);
		expect(failure.message).toBe(
			`'a.bin' changed while it was read: ${SIZE} bytes were announced, ${what}`,
		);
		expect(failure.hint).toMatch(/Run the workflow again/);
		expect(await closedStreams(file)).toBe(1);
		expect(scene.sim.state.media.all()).toEqual([]);
		expect(scene.sim.record.count('media/upload')).toBeLessThan(2);
	});

	test('that breaks on the way is an error of the file, not of the network', async () => {
		const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
		async function* breaking() {
			yield noise(500_000);
			await Promise.reject(broken);
		}
		const open = async () => Readable.from(breaking(), { objectMode: false });
		const file = { ...streamedFile('a.bin', noise(SIZE)), open };
		const failure = await failureOf(upload(scene.app(), file), WeComInputError);
		expect(failure.message).toBe("'a.bin' could not be read (EIO)");
		expect(scene.sim.state.media.all()).toEqual([]);
		expect(scene.sim.record.count('media/upload')).toBeLessThan(2);
	});

	const gone = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });

	test('that is deleted is an error of the file, and nothing is sent', async () => {
		const open = async () => await Promise.reject<Readable>(gone);
		const file = { ...streamedFile('a.bin', noise(SIZE)), open };
		const failure = await failureOf(upload(scene.app(), file), WeComInputError);
		expect(failure.message).toBe("'a.bin' could not be read (ENOENT)");
		expect(scene.sim.record.count('media/upload')).toBe(0);
	});

	test('that is deleted before a second attempt is an error of the file', async () => {
		scene.sim.faults.next({ path: 'media/upload', cut: 'beforeAnswer' });
		const file = changing(async () => await Promise.reject(gone));
		const failure = await failureOf(upload(scene.app(), file), WeComInputError);
		expect(failure.message).toBe("'a.bin' could not be read (ENOENT)");
		expect(scene.sim.record.count('media/upload')).toBe(1);
	});

	test('is closed when nobody comes to send it', async () => {
		const file = streamedFile('a.bin', noise(SIZE));
		(await packMedia(scene.app().system, requestFor(file))).close();
		expect(await closedStreams(file)).toBe(1);
	});

	test('is closed when the token cannot be had', async () => {
		const file = streamedFile('a.bin', noise(SIZE));
		await failureOf(upload(scene.app('wrong-made-up-secret'), file), WeComApiError);
		expect(await closedStreams(file)).toBe(1);
	});
});

test('a source that breaks before anybody reads on is an error of the file, and ends nothing else', async () => {
	const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
	const breaking = new Readable({ read() {} });
	breaking.push(noise(10_000));
	const file = { ...streamedFile('a.bin', noise(SIZE)), open: async () => breaking };
	const { body } = await packMedia(scene.app().system, requestFor(file));
	const pieces = await (body as ByteSource).open();
	breaking.destroy(broken);
	await new Promise((resolve) => breaking.once('close', resolve));
	const failure = await failureOf(
		(async () => {
			for await (const piece of pieces) expect(piece.length).toBeGreaterThan(0);
		})(),
		WeComInputError,
	);
	expect(failure.message).toBe("'a.bin' could not be read (ECONNRESET)");
});

test('only small files can be looked at as a whole', async () => {
	const { system } = scene.app();
	const pack = async (size: number) =>
		await packMedia(system, requestFor(streamedFile('a.bin', noise(size))));
	expect(bytesOfPacked(await pack(HELD_BYTES)).equals(noise(HELD_BYTES))).toBe(true);
	const large = await pack(HELD_BYTES + 1);
	expect(() => bytesOfPacked(large)).toThrow(RangeError);
});
