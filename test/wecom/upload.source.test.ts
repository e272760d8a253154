/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { Readable } from 'node:stream';

import { WeComApiError, WeComInputError } from '../../nodes/WeComMedia/wecom/client/errors';
import { uploadImage } from '../../nodes/WeComMedia/wecom/calls/upload';
import { contentOf, MIB, noise, streamedFile, type StreamedFile, fileFromBuffer } from './files';
import { failureOf, upload, useScene } from './scene';

const scene = useScene();

/** The number of streams opened, once all of them are closed. */
async function closedStreams({ streams }: StreamedFile): Promise<number> {
	await new Promise((resolve) => setImmediate(resolve));
	expect(streams.map(({ destroyed }) => destroyed)).toEqual(streams.map(() => true));
	return streams.length;
}

describe('the source of an upload', () => {
	test.each([
		['ends one byte short', 50_000, 49_999, '49999 came'],
		['ends at once', 50_000, 0, '0 came'],
		['ends short within its first bytes', 50, 49, '49 came'],
		['goes on for one byte', 50_000, 50_001, 'more came'],
		['goes on for a long time', 50_000, 500_000, 'more came'],
		['goes on within its first bytes', 50, 51, 'more came'],
	])(
		'that %s is an error before anything is sent, and is closed',
		async (_how, announced, real, what) => {
			const file = streamedFile('a.bin', noise(real), announced);
			const failure = await failureOf(upload(scene.app(), file), WeComInputError);
			expect(failure.message).toBe(
				`'a.bin' changed while it was read: ${announced} bytes were announced, ${what}`,
			);
			expect(failure.hint).toMatch(/Run the workflow again/);
			expect(await closedStreams(file)).toBe(1);
			expect(scene.sim.record.all).toEqual([]);
		},
	);

	test('is read once and closed after a success', async () => {
		const file = streamedFile('a.bin', noise(2 * MIB));
		await upload(scene.app(), file);
		expect(await closedStreams(file)).toBe(1);
	});

	test('of more than 2 MiB is read once as well, while it is sent', async () => {
		const bytes = noise(2 * MIB + 1);
		const file = streamedFile('a.bin', bytes);
		const { media_id: mediaId } = await upload(scene.app(), file);
		expect(await closedStreams(file)).toBe(1);
		expect(scene.sim.state.media.get(mediaId)?.bytes.equals(bytes)).toBe(true);
		expect(scene.sim.record.last('media/upload')).toMatchObject({ chunked: false });
	});

	test('is closed when its content is refused', async () => {
		const file = streamedFile('a.png', contentOf('txt', 300_000));
		await failureOf(upload(scene.app(), file, { requested: 'image' }), WeComInputError);
		expect(await closedStreams(file)).toBe(1);
	});

	test('is closed when its size is refused for its type', async () => {
		const file = streamedFile('a.png', contentOf('png', 11 * MIB));
		await failureOf(upload(scene.app(), file, { requested: 'image' }), WeComInputError);
		expect(await closedStreams(file)).toBe(1);
	});

	test('is closed when a permanent image is refused', async () => {
		const { client, system } = scene.app();
		const file = streamedFile('a.gif', contentOf('gif', 300_000));
		const image = uploadImage(client, system, { file, fileName: '', skipChecks: false });
		await failureOf(image, WeComInputError);
		expect(await closedStreams(file)).toBe(1);
	});

	test('is closed when WeCom refuses the upload', async () => {
		const file = streamedFile('a.pdf', contentOf('pdf', 300_000));
		scene.sim.faults.next({ path: 'media/upload', errcode: 45009 });
		await failureOf(upload(scene.app(), file), WeComApiError);
		expect(await closedStreams(file)).toBe(1);
	});

	test.each([0, 200_000])(
		'that breaks after %d bytes fails the upload before anything is sent',
		async (after) => {
			const bytes = noise(300_000);
			async function* breaking() {
				yield bytes.subarray(0, after);
				await Promise.reject(new Error('the disk is gone'));
			}
			const file = {
				...streamedFile('a.bin', bytes),
				open: async () => Readable.from(breaking(), { objectMode: false }),
			};
			await expect(upload(scene.app(), file)).rejects.toThrow("'a.bin' could not be read");
			expect(scene.sim.record.all).toEqual([]);
		},
	);

	test('that cannot be opened fails the upload before anything is sent', async () => {
		const file = {
			...streamedFile('a.bin', noise(100)),
			open: async () => await Promise.reject(new Error('the binary was deleted')),
		};
		await expect(upload(scene.app(), file)).rejects.toThrow("'a.bin' could not be read");
		expect(scene.sim.record.all).toEqual([]);
	});
});

test('a file in memory can be opened again and again', async () => {
	const bytes = noise(100);
	const file = fileFromBuffer('a.bin', bytes, 'text/x-made-up');
	expect(file).toMatchObject({ size: 100, mimeType: 'text/x-made-up' });
	for (let round = 0; round < 2; round += 1) {
		expect((await bytesIn(await file.open())).equals(bytes)).toBe(true);
	}
});

async function bytesIn(stream: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
	return Buffer.concat(pieces);
}
