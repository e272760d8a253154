import type { RequestedType } from '../../nodes/WeComMedia/wecom/files/checks';
import { WeComInputError } from '../../nodes/WeComMedia/wecom/client/errors';
import type { MediaType } from '../../nodes/WeComMedia/wecom/files/mediaRule';
import { amr, contentOf, fileOf, MIB, type Kind, fileFromBuffer } from './files';
import { failureOf, upload, useScene, type Connected } from './scene';

const scene = useScene();

const SYSTEMS = {
	app: () => scene.app(),
	customerService: () => scene.customerService(),
	thirdPartyApp: () => scene.thirdPartyApp(),
	robot: () => scene.robot(),
	officialAccount: () => scene.officialAccount(),
} satisfies Record<string, () => Connected>;

type SystemName = keyof typeof SYSTEMS;

describe('auto', () => {
	const wecom: Array<[Kind, MediaType]> = [
		['jpg', 'image'],
		['png', 'image'],
		['mp4', 'video'],
		['gif', 'file'],
		['mov', 'file'],
		['mp3', 'file'],
		['awb', 'file'],
		['silk', 'file'],
		['pdf', 'file'],
		['txt', 'file'],
	];
	const account: Array<[Kind, MediaType]> = [
		['jpg', 'image'],
		['png', 'image'],
		['gif', 'image'],
		['mp3', 'voice'],
		['mp4', 'video'],
	];
	test.each<[SystemName, Kind, MediaType]>([
		...wecom.map(([kind, type]): [SystemName, Kind, MediaType] => ['app', kind, type]),
		...account.map(([kind, type]): [SystemName, Kind, MediaType] => [
			'officialAccount',
			kind,
			type,
		]),
		['customerService', 'png', 'image'],
		['thirdPartyApp', 'mp4', 'video'],
		['robot', 'jpg', 'file'],
		['robot', 'mp4', 'file'],
		['robot', 'pdf', 'file'],
	])('%s: a %s is sent as %s', async (system, kind, type) => {
		const media = await upload(SYSTEMS[system](), fileOf(kind));
		expect(media).toMatchObject({ type, reason: '' });
		expect(scene.sim.record.all.at(-1)).toMatchObject({ query: { type }, reply: { status: 200 } });
	});

	test.each<SystemName>(['app', 'customerService', 'robot', 'officialAccount'])(
		'%s: an AMR voice is sent as voice',
		async (system) => {
			const media = await upload(SYSTEMS[system](), fileFromBuffer('a.amr', amr(60_000)));
			expect(media).toMatchObject({ type: 'voice', reason: '' });
		},
	);

	test('looks at the bytes, never at the extension', async () => {
		const disguised = fileFromBuffer('holiday.jpg', contentOf('pdf'));
		expect((await upload(scene.app(), disguised)).type).toBe('file');
		const unnamed = fileFromBuffer('voice.mp3', amr(1000));
		expect((await upload(scene.app(), unnamed)).type).toBe('voice');
	});

	test.each<[SystemName, string, Buffer, RegExp]>([
		['app', 'a.png', contentOf('png', 10 * MIB + 1), /10\.000001 MB.*images up to 10 MB/],
		['app', 'a.mp4', contentOf('mp4', 10 * MIB + 1), /10\.000001 MB.*videos up to 10 MB/],
		['app', 'a.amr', amr(60_020), /lasts 61 s.*voices up to 60 s/],
		['robot', 'a.amr', amr(60_020), /lasts 61 s.*voices up to 60 s/],
		['app', 'a.amr', amr(2000).subarray(0, -1), /frames are broken/],
	])(
		'%s: %s that is unfit for its type is sent as file and says why',
		async (system, name, bytes, why) => {
			const media = await upload(SYSTEMS[system](), fileFromBuffer(name, bytes));
			expect(media).toMatchObject({
				type: 'file',
				requested_type: 'auto',
				reason: expect.stringMatching(why),
			});
			expect(scene.sim.record.all.at(-1)?.query.type).toBe('file');
		},
	);

	test.each<[string, Buffer, RegExp]>([
		['a.pdf', contentOf('pdf'), /'a\.pdf' .*PDF document.* the Official Account does not take/],
		['a.mov', contentOf('mov'), /MOV video.* the Official Account does not take/],
		['a.txt', contentOf('txt'), /'a\.txt' .*the Official Account does not take/],
		['a.gif', contentOf('gif', 10 * MIB + 1), /up to 10 MB/],
		['a.mp4', contentOf('mp4', 10 * MIB + 1), /up to 10 MB/],
		['a.mp3', contentOf('mp3', 2 * MIB + 1), /2 MB/],
		['a.amr', amr(60_020), /lasts 61 s/],
	])('an Official Account, which takes no files, refuses %s', async (name, bytes, why) => {
		const file = fileFromBuffer(name, bytes);
		const failure = await failureOf(upload(scene.officialAccount(), file), WeComInputError);
		expect(failure.message).toMatch(why);
		expect(failure.hint).not.toBe('');
		expect(scene.sim.record.all).toEqual([]);
	});
});

describe('a file that is unfit for the type asked for', () => {
	const UNFIT: Array<[string, RequestedType, string, () => Buffer, RegExp]> = [
		[
			'61 s of voice',
			'voice',
			'a.amr',
			() => amr(60_020),
			/lasts 61 s; WeCom app takes voices up to 60 s/,
		],
		['SILK named .amr', 'voice', 'a.amr', () => contentOf('silk'), /not AMR .*SILK audio/],
		['AMR-WB', 'voice', 'a.amr', () => contentOf('awb'), /not AMR .*AMR wide-band audio/],
		['MP3', 'voice', 'a.mp3', () => contentOf('mp3'), /not AMR .*MP3 audio/],
		['Speex', 'voice', 'a.amr', () => contentOf('spx'), /not AMR .*Speex audio/],
		['MOV', 'video', 'a.mp4', () => contentOf('mov'), /not MP4 .*MOV video/],
		['GIF', 'image', 'a.gif', () => contentOf('gif'), /not JPG or PNG .*GIF image/],
		['text named .png', 'image', 'a.png', () => contentOf('txt'), /is not JPG or PNG;/],
	];

	test.each(UNFIT)(
		'%s as %s is refused by name before anything is sent',
		async (_what, requested, name, bytes, why) => {
			const file = fileFromBuffer(name, bytes());
			const failure = await failureOf(upload(scene.app(), file, { requested }), WeComInputError);
			expect(failure).toMatchObject({ message: expect.stringMatching(why), field: name });
			expect(failure.hint).toMatch(/Convert/);
			expect(scene.sim.record.all).toEqual([]);
		},
	);

	test.each(UNFIT)(
		'%s as %s is sent as file with fallbackToFile, which says so',
		async (_what, requested, name, bytes, why) => {
			const file = fileFromBuffer(name, bytes());
			const media = await upload(scene.app(), file, { requested, fallbackToFile: true });
			expect(media).toMatchObject({
				type: 'file',
				requested_type: requested,
				reason: expect.stringMatching(why),
			});
			expect(scene.sim.record.last('media/upload')?.query.type).toBe('file');
		},
	);

	test('SILK comes with the advice for SILK', async () => {
		const file = fileFromBuffer('a.amr', contentOf('silk'));
		const failure = await failureOf(
			upload(scene.app(), file, { requested: 'voice' }),
			WeComInputError,
		);
		expect(failure.hint).toMatch(/^It is SILK audio, whatever its name says/);
	});

	test('fallbackToFile does not help where the system takes no files', async () => {
		const options = { requested: 'image' as const, fallbackToFile: true };
		await failureOf(upload(scene.officialAccount(), fileOf('pdf'), options), WeComInputError);
		expect(scene.sim.record.all).toEqual([]);
	});

	test.each<[SystemName, RequestedType, string]>([
		['robot', 'image', 'voice, file'],
		['robot', 'video', 'voice, file'],
		['app', 'thumb', 'image, voice, video, file'],
		['officialAccount', 'file', 'image, voice, video, thumb'],
	])('%s does not know the type %s and lists what it takes', async (system, requested, known) => {
		const failure = await failureOf(
			upload(SYSTEMS[system](), fileOf('jpg'), { requested, fallbackToFile: true }),
			WeComInputError,
		);
		expect(failure).toMatchObject({ field: 'Media Type', hint: `Choose one of: ${known}.` });
		expect(scene.sim.record.all).toEqual([]);
	});
});
