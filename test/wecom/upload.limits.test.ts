import type { RequestedType } from '../../nodes/WeComMedia/wecom/files/checks';
import { WeComApiError, WeComInputError } from '../../nodes/WeComMedia/wecom/client/errors';
import { uploadImage } from '../../nodes/WeComMedia/wecom/calls/upload';
import { contentOf, KIB, MIB, streamedFile, type Kind, fileFromBuffer } from './files';
import { failureOf, upload, useScene, type Connected } from './scene';

const scene = useScene();

interface Border {
	system: () => Connected;
	type: RequestedType;
	kind: Kind;
	/** Bytes. */
	smallest: number;
	largest: number;
}

const BORDERS: Array<[string, Border]> = [
	[
		'file of an app',
		{ system: () => scene.app(), type: 'file', kind: 'txt', smallest: 6, largest: 20 * MIB },
	],
	[
		'image of an app',
		{ system: () => scene.app(), type: 'image', kind: 'png', smallest: 6, largest: 10 * MIB },
	],
	[
		'video of an app',
		{ system: () => scene.app(), type: 'video', kind: 'mp4', smallest: 12, largest: 10 * MIB },
	],
	[
		'file of a robot',
		{ system: () => scene.robot(), type: 'file', kind: 'pdf', smallest: 6, largest: 20 * MIB },
	],
	[
		'image of an Official Account',
		{
			system: () => scene.officialAccount(),
			type: 'image',
			kind: 'gif',
			smallest: 6,
			largest: 10 * MIB,
		},
	],
	[
		'voice of an Official Account',
		{
			system: () => scene.officialAccount(),
			type: 'voice',
			kind: 'mp3',
			smallest: 6,
			largest: 2 * MIB,
		},
	],
	[
		'thumb of an Official Account',
		{
			system: () => scene.officialAccount(),
			type: 'thumb',
			kind: 'jpg',
			smallest: 6,
			largest: 64 * KIB,
		},
	],
];

describe.each(BORDERS)('the %s', (_what, { system, type, kind, smallest, largest }) => {
	const attempt = async (size: number, skipChecks = false) =>
		await upload(system(), fileFromBuffer(`a.${kind}`, contentOf(kind, size)), {
			requested: type,
			skipChecks,
		});

	test('may have its smallest and its largest size', async () => {
		expect(await attempt(smallest)).toMatchObject({ type, file_size: smallest });
		expect(await attempt(largest)).toMatchObject({ type, file_size: largest });
	});

	test('is refused with numbers when it is one byte larger, before anything is sent', async () => {
		const failure = await failureOf(attempt(largest + 1), WeComInputError);
		expect(failure.message).toMatch(/ has [\d.]+ [KM]B; .+ takes .+s up to \d+ [KM]B$/);
		expect(scene.sim.record.all).toEqual([]);
	});

	test('of 5 bytes is refused', async () => {
		const failure = await failureOf(attempt(5), WeComInputError);
		expect(failure.message).toMatch(/has 5 bytes; .+ of at least 6 bytes/);
		expect(scene.sim.record.all).toEqual([]);
	});

	test('is left to the server with skipChecks', async () => {
		const failure = await failureOf(attempt(largest + 1, true), WeComApiError);
		expect([40006, 45001]).toContain(failure.errcode);
	});
});

describe('limits beyond the single type', () => {
	test('a voice of an app may have 2 MiB; one byte more is too much', async () => {
		const options = { requested: 'voice' as const };
		const large = fileFromBuffer('a.amr', Buffer.alloc(2 * MIB + 1, '#!AMR\n'));
		const failure = await failureOf(upload(scene.app(), large, options), WeComInputError);
		expect(failure.message).toMatch(/up to 2 MB/);
		const longest = fileFromBuffer('a.amr', Buffer.alloc(2 * MIB, '#!AMR\n'));
		const other = await failureOf(upload(scene.app(), longest, options), WeComInputError);
		expect(other.message).not.toMatch(/MB/);
	});

	test('an empty file is refused by name, with skipChecks too', async () => {
		for (const skipChecks of [false, true]) {
			const empty = streamedFile('a.txt', Buffer.alloc(0));
			const failure = await failureOf(upload(scene.app(), empty, { skipChecks }), WeComInputError);
			expect(failure).toMatchObject({ message: "'a.txt' is empty", field: 'a.txt' });
			expect(empty.streams).toEqual([]);
		}
		expect(scene.sim.record.all).toEqual([]);
	});

	test('what fits no type is refused before a byte of it is read', async () => {
		const file = streamedFile('a.bin', Buffer.from('not that long'), 20 * MIB + 1);
		const failure = await failureOf(upload(scene.app(), file), WeComInputError);
		expect(failure.message).toBe("'a.bin' has 20.000001 MB; WeCom app takes files up to 20 MB");
		expect(failure.hint).toMatch(/Upload Large File/);
		expect(file.streams).toEqual([]);
	});

	test('systems without an asynchronous upload are not advised to use it', async () => {
		for (const connected of [scene.robot(), scene.customerService(), scene.officialAccount()]) {
			const file = streamedFile('a.bin', Buffer.from('not that long'), 20 * MIB + 1);
			const { hint } = await failureOf(upload(connected, file), WeComInputError);
			expect(hint).not.toMatch(/Upload Large File/);
			expect(hint).not.toBe('');
		}
	});

	test('with skipChecks more than 100 MB still does not go through memory', async () => {
		const file = streamedFile('a.bin', Buffer.from('not that long'), 100 * MIB + 1);
		await failureOf(upload(scene.app(), file, { skipChecks: true }), WeComInputError);
		expect(file.streams).toEqual([]);
	});

	test.each<[RequestedType, Buffer, number]>([
		['file', Buffer.from('12345'), 40006],
		['image', contentOf('txt'), 40123],
		['voice', contentOf('silk'), 301017],
		['video', contentOf('mp3'), 40005],
	])('with skipChecks the server judges a wrong %s', async (requested, bytes, errcode) => {
		const file = fileFromBuffer('a', bytes);
		const failure = await failureOf(
			upload(scene.app(), file, { requested, skipChecks: true }),
			WeComApiError,
		);
		expect(failure.errcode).toBe(errcode);
	});
});

describe('a permanent image', () => {
	const attempt = async (bytes: Buffer, skipChecks = false) => {
		const { client, system } = scene.app();
		const file = fileFromBuffer('图.png', bytes);
		return await uploadImage(client, system, { file, fileName: '', skipChecks });
	};

	test.each([5, 2 * MIB])('may have %d bytes', async (size) => {
		const image = await attempt(contentOf('png', size));
		expect(image).toEqual({
			url: expect.stringMatching(/^http:\/\/.+\/0$/),
			file_name: '图.png',
			file_size: size,
		});
		expect(scene.sim.record.last('media/uploadimg')).toMatchObject({
			chunked: false,
			parts: [{ name: 'media', fileName: '图.png', fileLength: size }],
		});
	});

	test.each([
		['4 bytes', contentOf('png', 4), /has 4 bytes; .+ at least 5 bytes/],
		['2 MiB and a byte', contentOf('png', 2 * MIB + 1), /2\.000001 MB; .+ up to 2 MB/],
		['nothing', Buffer.alloc(0), /is empty/],
		['a GIF', contentOf('gif'), /not JPG or PNG .*GIF image/],
	])('of %s is refused before anything is sent', async (_what, bytes, why) => {
		const failure = await failureOf(attempt(bytes), WeComInputError);
		expect(failure.message).toMatch(why);
		expect(scene.sim.record.all).toEqual([]);
	});

	test.each([
		['2 MiB and a byte', contentOf('png', 2 * MIB + 1), 40009],
		['a GIF', contentOf('gif'), 40123],
	])('of %s is left to the server with skipChecks', async (_what, bytes, errcode) => {
		const failure = await failureOf(attempt(bytes, true), WeComApiError);
		expect(failure.errcode).toBe(errcode);
	});

	test('that is answered without a URL is an error, not a success', async () => {
		scene.sim.faults.next({ path: 'media/uploadimg', body: '{"errcode":0,"url":""}' });
		await expect(attempt(contentOf('png'))).rejects.toThrow(
			'media/uploadimg was answered without url',
		);
	});
});
