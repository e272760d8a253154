/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** How often n8n's storage is asked for a file: its database mode reads the whole file each time. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { setupScene, until } from './scene';

const scene = setupScene({ binaryMode: 'filesystem' });
const MIB = 1024 * 1024;

/** The piece sizes with which the storage was opened; 'whole' where it gave a file at once. */
let openings: Array<number | 'whole' | undefined>;
let streams: Array<{ destroyed: boolean }>;

beforeEach(() => {
	openings = [];
	streams = [];
	const service = Container.get(BinaryDataService);
	const getAsStream = service.getAsStream.bind(service);
	jest.spyOn(service, 'getAsStream').mockImplementation(async (id, chunkSize) => {
		openings.push(chunkSize);
		const stream = await getAsStream(id, chunkSize);
		streams.push(stream);
		return stream;
	});
	const getAsBuffer = service.getAsBuffer.bind(service);
	jest.spyOn(service, 'getAsBuffer').mockImplementation(async (binary) => {
		openings.push('whole');
		return await getAsBuffer(binary);
	});
});
afterEach(() => jest.restoreAllMocks());

const file = (size: number) => ({
	binary: { data: { bytes: Buffer.alloc(size, 'made-up '), fileName: 'a.bin' } },
});

test.each([
	['200 KB', 200_000, {}, [200_000]],
	['200 KB with Reuse Media ID', 200_000, { reuseMediaId: true }, [200_000]],
	['5 MB', 5 * MIB, {}, [MIB]],
	['5 MB with Reuse Media ID', 5 * MIB, { reuseMediaId: true }, [MIB, MIB]],
] as const)('an upload of %s opens it so often', async (_what, size, options, expected) => {
	const { error } = await scene.run({ items: [file(size)], options });
	expect(error).toBeUndefined();
	expect(openings).toEqual(expected);
	await until(() => streams.every(({ destroyed }) => destroyed));
});

describe('what an upload has sent', () => {
	const bytes = (size: number) => Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
	const received = (mediaId: unknown) => scene.simulator.state.media.get(String(mediaId))?.bytes;

	test.each([
		['200 KB', 200_000, [200_000, 200_000]],
		['2 MB and a bit', 2 * MIB + 20_000, [MIB, MIB, 20_000, MIB, MIB, 20_000]],
	])(
		'%s, twice: takes no memory any more, and was whole both times',
		async (_what, size, sizes) => {
			const returned: number[] = [];
			const clone = globalThis.structuredClone;
			jest.spyOn(globalThis, 'structuredClone').mockImplementation((value, options) => {
				returned.push((options?.transfer?.[0] as ArrayBuffer).byteLength);
				return clone(value, options);
			});
			scene.simulator.faults.next({ path: 'media/upload', errcode: -1 });
			const sent = bytes(size);
			const { items, error } = await scene.run({
				items: [{ binary: { data: { bytes: sent, fileName: 'a.bin' } } }],
			});
			expect(error).toBeUndefined();
			expect(received(items[0].json.media_id)?.equals(sent)).toBe(true);
			expect(returned).toEqual(sizes);
		},
	);
});

test('a message that is refused after the file was looked at leaves nothing open', async () => {
	const { error } = await scene.run({
		system: 'officialAccount',
		operation: 'send',
		items: [file(5 * MIB)],
		parameters: { toUser: 'made-up-openid', mediaType: 'auto' },
	});
	expect(error).toBeDefined();
	expect(scene.simulator.record.count('media/upload')).toBe(0);
	await until(() => streams.every(({ destroyed }) => destroyed));
});

const sockets = () =>
	process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('a download', () => {
	const get = async (size: number) => {
		const mediaId = scene.simulator.state.addMedia({ bytes: Buffer.alloc(size, 'made-up ') });
		return await scene.run({ operation: 'get', parameters: { mediaId } });
	};

	test.each([
		['of 200 KB is written at once', 200_000, 'Buffer'],
		['of 5 MB is written while it arrives', 5 * MIB, 'Readable'],
	])('%s', async (_what, size, form) => {
		const store = jest.spyOn(Container.get(BinaryDataService), 'store');
		const { items } = await get(size);
		expect(items[0].json.file_size).toBe(size);
		expect(store.mock.calls.map(([, given]) => given.constructor.name)).toEqual([form]);
	});

	test.each([200_000, 5 * MIB])('of %d bytes is not cut off once it is complete', async (size) => {
		const abort = jest.spyOn(AbortController.prototype, 'abort');
		expect((await get(size)).items[0].json.file_size).toBe(size);
		expect(abort).not.toHaveBeenCalled();
	});

	test('whose storage takes nothing closes its connection', async () => {
		const store = jest.spyOn(Container.get(BinaryDataService), 'store');
		store.mockRejectedValue(new Error('the disk is full'));
		const { error } = await get(5 * MIB);
		expect(error?.message).toContain('the disk is full');
		await until(() => sockets() === 0);
	});
});
