import { sampleFile, sample, type Sample } from '../scene';
import { setupSending } from './sending';

const scene = setupSending();
const item = (name: Sample, fileName?: string) => ({
	binary: { data: sampleFile(name, fileName) },
});

describe('"Confidential"', () => {
	test.each([
		['report.pdf', 'members', 1],
		['photo.jpg', 'members', 1],
		['report.pdf', 'appChat', 1],
		['voice.amr', 'members', undefined],
		['voice.amr', 'appChat', undefined],
	] as const)('%s to %s goes out with safe = %s', async (name, sendTo, safe) => {
		const { error } = await scene.send({
			parameters: { sendTo, chatId: 'demochat' },
			options: { safe: true },
			items: [item(name)],
		});
		expect(error).toBeUndefined();
		expect(scene.arrived().map(({ body }) => body.safe)).toEqual([safe]);
	});

	test('a kind of file it is not made for is refused before anything is sent', async () => {
		const { error } = await scene.send({
			parameters: { text: 'confidential' },
			options: { safe: true },
			items: [item('report.pdf', 'archive.zip')],
		});
		expect(error?.message).toBe("'archive.zip' cannot be sent as confidential [item 0]");
		expect(error?.description).toContain("Turn off 'Confidential'");
		expect(scene.simulator.record.counters()).toEqual({});
	});

	test('off: the message has no such flag', async () => {
		await scene.send({ items: [item('report.pdf', 'archive.zip')] });
		expect(scene.arrived()[0].body).not.toHaveProperty('safe');
	});
});

describe('"Duplicate Check"', () => {
	const twice = { parameters: { content: 'text', text: 'the same' }, items: [{}, {}] };

	test('is on by default: the same text to the same member arrives once', async () => {
		const { items, error } = await scene.send(twice);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(2);
		expect(scene.arrived()).toHaveLength(1);
		expect(scene.arrived()[0].body).toMatchObject({
			enable_duplicate_check: 1,
			duplicate_check_interval: 1800,
		});
	});

	test('off: it arrives as often as it is sent', async () => {
		await scene.send({ ...twice, options: { duplicateCheck: false } });
		expect(scene.arrived()).toHaveLength(2);
		expect(scene.arrived()[0].body).not.toHaveProperty('enable_duplicate_check');
	});
});

describe('a video', () => {
	test('arrives with its title and description', async () => {
		await scene.send({
			options: { title: '培训', description: '第一课' },
			items: [item('video.mp4')],
		});
		const [{ body, media }] = scene.arrived();
		expect(body.video).toEqual({
			media_id: media?.mediaId,
			title: '培训',
			description: '第一课',
		});
	});

	test('without them has neither', async () => {
		await scene.send({ items: [item('video.mp4')] });
		const [{ body, media }] = scene.arrived();
		expect(body.video).toEqual({ media_id: media?.mediaId });
	});

	test('a picture takes no title', async () => {
		await scene.send({ options: { title: '培训' }, items: [item('photo.jpg')] });
		const [{ body, media }] = scene.arrived();
		expect(body.image).toEqual({ media_id: media?.mediaId });
	});
});

describe('a media_id', () => {
	test.each(['image', 'voice', 'video', 'file'] as const)('is sent as %s', async (mediaType) => {
		const bytes = sample('report.pdf');
		const mediaId = scene.simulator.state.addMedia({ bytes, type: mediaType });
		const { items } = await scene.send({ parameters: { content: 'mediaId', mediaId, mediaType } });
		expect(items[0].json).toMatchObject({ msgtype: mediaType, media_id: mediaId, touser: 'LiSi' });
		expect(scene.arrived()).toMatchObject([{ msgtype: mediaType, media: { mediaId } }]);
		expect(scene.simulator.record.count('media/upload')).toBe(0);
	});

	test('"Automatic" means file', async () => {
		const mediaId = scene.simulator.state.addMedia({ bytes: sample('report.pdf') });
		const { items } = await scene.send({ parameters: { content: 'mediaId', mediaId } });
		expect(items[0].json.msgtype).toBe('file');
	});

	test.each(['app', 'thirdPartyApp', 'customerService'] as const)(
		'%s: of a large upload is refused with the reason, before its text is sent',
		async (system) => {
			const { error } = await scene.send({
				system,
				parameters: { content: 'mediaId', mediaId: '3*1*G6nrLmr5EC3MMb_', text: 'see below' },
			});
			expect(error?.message).toBe(
				"'Media ID' comes from a large upload, and WeCom does not send such media [item 0]",
			);
			expect(error?.description).toContain('up to 20 MB');
			expect(scene.simulator.record.counters()).toEqual({});
		},
	);

	test('that has expired is told with what to do', async () => {
		const mediaId = scene.simulator.state.addMedia({ bytes: sample('report.pdf') });
		scene.simulator.advance(3 * 24 * 3_600_000);
		const { error } = await scene.send({ parameters: { content: 'mediaId', mediaId } });
		expect(error?.message).toContain('message/send failed (40007');
		expect(error?.description).toContain('Upload the file again');
	});

	test('an empty one is refused', async () => {
		const { error } = await scene.send({ parameters: { content: 'mediaId', mediaId: ' ' } });
		expect(error?.message).toBe("'Media ID' is empty [item 0]");
	});
});

test('a text goes before the file, to the same receivers', async () => {
	await scene.send({ parameters: { text: '请查收' }, items: [item('report.pdf')] });
	expect(scene.arrived().map(({ msgtype, to }) => [msgtype, to])).toEqual([
		['text', ['LiSi']],
		['file', ['LiSi']],
	]);
});

test('a file that is missing stops only its own item when the workflow goes on', async () => {
	const { items } = await scene.send({
		items: [{ json: { n: 1 } }, item('report.pdf')],
		onError: 'continueRegularOutput',
	});
	expect(items[0].json.error).toContain("The item has no file in the field 'data'");
	expect(items[1].json).toMatchObject({ msgtype: 'file', file_name: 'report.pdf' });
});
