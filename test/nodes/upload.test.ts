import { sample, sampleFile, setupScene, voiceOf, type Sample, type SystemName } from './scene';

const MIB = 1024 * 1024;
const scene = setupScene({ now: () => Date.UTC(2026, 0, 15, 8, 30) });
const CREATED = { created_at: 1_768_465_800, expires_at: '2026-01-18T08:30:00.000Z' };
const media_id = expect.stringMatching(/^3[\w-]{20,}$/) as string;

const systems: SystemName[] = [
	'app',
	'thirdPartyApp',
	'customerService',
	'robot',
	'officialAccount',
];
const uploadPath = (system: SystemName) =>
	system === 'robot' ? 'webhook/upload_media' : 'media/upload';

describe('what an upload gives', () => {
	test.each(systems)('%s: exactly the fields of the table', async (system) => {
		const { items, error } = await scene.run({
			system,
			items: [{ json: { id: 7 }, binary: { data: sampleFile('voice.amr', '语音留言.amr') } }],
		});
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{
				json: {
					type: 'voice',
					media_id,
					...CREATED,
					file_name: '语音留言.amr',
					file_size: 669,
					reused: false,
				},
				pairedItem: { item: 0 },
			},
		]);
		const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
		expect(stored).toMatchObject({ fileName: '语音留言.amr', type: 'voice' });
		expect(stored?.bytes.equals(sample('voice.amr'))).toBe(true);
	});

	test('a thumb: thumb_media_id beside media_id', async () => {
		const { items } = await scene.run({
			system: 'officialAccount',
			parameters: { mediaType: 'thumb' },
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		expect(items[0].json).toEqual({
			type: 'thumb',
			media_id,
			thumb_media_id: items[0].json.media_id,
			...CREATED,
			file_name: 'photo.jpg',
			file_size: 833,
			reused: false,
		});
	});
});

describe('the media type', () => {
	const automatic: Array<[Sample, Partial<Record<SystemName, string>>]> = [
		[
			'photo.jpg',
			{ app: 'image', customerService: 'image', robot: 'file', officialAccount: 'image' },
		],
		[
			'picture.png',
			{ app: 'image', customerService: 'image', robot: 'file', officialAccount: 'image' },
		],
		[
			'picture.gif',
			{ app: 'file', customerService: 'file', robot: 'file', officialAccount: 'image' },
		],
		[
			'voice.amr',
			{ app: 'voice', customerService: 'voice', robot: 'voice', officialAccount: 'voice' },
		],
		[
			'voice.mp3',
			{ app: 'file', customerService: 'file', robot: 'file', officialAccount: 'voice' },
		],
		['voice.silk', { app: 'file', customerService: 'file', robot: 'file' }],
		[
			'video.mp4',
			{ app: 'video', customerService: 'video', robot: 'file', officialAccount: 'video' },
		],
		['report.pdf', { app: 'file', customerService: 'file', robot: 'file' }],
	];
	const cases = automatic.flatMap(([name, types]) =>
		Object.entries(types).map(([system, type]) => [name, system as SystemName, type] as const),
	);

	test.each(cases)('%s for %s is found out as %s', async (name, system, type) => {
		const { items } = await scene.run({ system, items: [{ binary: { data: sampleFile(name) } }] });
		expect(items[0].json).toMatchObject({ type });
		expect(items[0].json).not.toHaveProperty('requested_type');
		expect(scene.simulator.record.last(uploadPath(system))?.query.type).toBe(type);
	});

	test('the name has no say: a JPG called .pdf is an image, and its name ends as one', async () => {
		const data = sampleFile('photo.jpg', 'photo.pdf');
		const { items } = await scene.run({ items: [{ binary: { data } }] });
		expect(items[0].json).toMatchObject({ type: 'image', file_name: 'photo.jpg' });
	});

	test('chosen by hand it is what is sent', async () => {
		const { items } = await scene.run({
			parameters: { mediaType: 'file' },
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		expect(items[0].json).toMatchObject({ type: 'file' });
		expect(items[0].json).not.toHaveProperty('requested_type');
	});

	test('may come from an expression, for each item another', async () => {
		const { items } = await scene.run({
			parameters: { mediaType: '={{ $json.as }}', binaryPropertyName: '={{ $json.field }}' },
			options: { fileName: '={{ $json.name }}.jpg' },
			items: [
				{ json: { as: 'file', field: 'a', name: '甲' }, binary: { a: sampleFile('photo.jpg') } },
				{ json: { as: 'image', field: 'b', name: '乙' }, binary: { b: sampleFile('photo.jpg') } },
			],
		});
		expect(items.map(({ json }) => [json.type, json.file_name])).toEqual([
			['file', '甲.jpg'],
			['image', '乙.jpg'],
		]);
	});
});

describe('what does not fit its type', () => {
	const hintsOf = (run: Awaited<ReturnType<typeof scene.run>>) =>
		run.run.data.resultData.runData['Node under test'][0].hints;

	test('goes as a file with "Send as File if Unfit", and says so', async () => {
		const result = await scene.run({
			parameters: { mediaType: 'voice' },
			options: { fallbackToFile: true },
			items: [
				{ binary: { data: { bytes: voiceOf(73), fileName: 'long.amr' } } },
				{ binary: { data: sampleFile('voice.amr') } },
			],
		});
		expect(result.items.map(({ json }) => [json.type, json.requested_type])).toEqual([
			['file', 'voice'],
			['voice', undefined],
		]);
		expect(hintsOf(result)).toEqual([
			{
				message: "Uploaded as file: 'long.amr' lasts 73 s; WeCom app takes voices up to 60 s.",
				location: 'outputPane',
			},
		]);
	});

	test('goes as a file when the type was left to the node', async () => {
		const bytes = Buffer.alloc(10 * MIB + 1);
		sample('photo.jpg').copy(bytes);
		const result = await scene.run({
			items: [{ binary: { data: { bytes, fileName: 'huge.jpg', mimeType: 'image/jpeg' } } }],
		});
		expect(result.items[0].json).toMatchObject({ type: 'file', requested_type: 'auto' });
		expect(hintsOf(result)).toMatchObject([
			{
				message:
					"Uploaded as file: 'huge.jpg' has 10.000001 MB; WeCom app takes images up to 10 MB.",
			},
		]);
	});

	test('goes as it is with "Skip Checks", and WeCom decides', async () => {
		const { items } = await scene.run({
			parameters: { mediaType: 'voice' },
			options: { skipChecks: true },
			onError: 'continueRegularOutput',
			items: [{ binary: { data: { bytes: voiceOf(73), fileName: 'long.amr' } } }],
		});
		expect(scene.simulator.record.last('media/upload')?.query.type).toBe('voice');
		expect(items[0].json).toMatchObject({ errcode: 45007 });
	});
});

describe('fields and items', () => {
	test('several binary fields of an item give one output each, paired with their item', async () => {
		const { items } = await scene.run({
			parameters: { binaryPropertyName: 'photo, report ,,' },
			items: [0, 1].map((n) => ({
				binary: {
					photo: sampleFile('photo.jpg', `photo-${n}.jpg`),
					report: sampleFile('report.pdf', `report-${n}.pdf`),
				},
			})),
		});
		expect(items.map(({ json, pairedItem }) => [json.file_name, json.type, pairedItem])).toEqual([
			['photo-0.jpg', 'image', { item: 0 }],
			['report-0.pdf', 'file', { item: 0 }],
			['photo-1.jpg', 'image', { item: 1 }],
			['report-1.pdf', 'file', { item: 1 }],
		]);
	});

	test('the input stays out, unless "Include Input Fields" is on', async () => {
		const input = {
			json: { customer: '张三', type: 'mine' },
			binary: { data: sampleFile('photo.jpg') },
		};
		const without = await scene.run({ items: [input] });
		expect(without.items[0].json).not.toHaveProperty('customer');
		expect(without.items[0].binary).toBeUndefined();

		const { items } = await scene.run({ options: { includeInputFields: true }, items: [input] });
		expect(items[0].json).toMatchObject({ customer: '张三', type: 'image', media_id });
		expect(items[0].binary).toMatchObject({ data: { fileName: 'photo.jpg' } });
	});

	test('"File Name" replaces the name of the file', async () => {
		const { items } = await scene.run({
			options: { fileName: ' 季度报告 ' },
			items: [{ binary: { data: sampleFile('report.pdf') } }],
		});
		expect(items[0].json.file_name).toBe('季度报告.pdf');
		const [part] = scene.simulator.record.last('media/upload')?.parts ?? [];
		expect(part).toMatchObject({ name: 'media', fileName: '季度报告.pdf', fileLength: 590 });
		expect(part.extendedFileName).toBeUndefined();
	});

	test('a choice left over from another resource does no harm', async () => {
		const { error } = await scene.run({
			system: 'customerService',
			parameters: { authentication: 'thirdPartyApp' },
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		expect(error).toBeUndefined();
	});

	test('no input, no call, no output', async () => {
		const { items, error } = await scene.run({ items: [] });
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
		expect(scene.simulator.record.all).toEqual([]);
	});
});
