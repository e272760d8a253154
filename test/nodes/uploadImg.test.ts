import { sampleFile, setupScene } from './scene';

const scene = setupScene();

describe('a permanent image', () => {
	test.each(['app', 'thirdPartyApp'] as const)('%s: url, name and size', async (system) => {
		const { items, error } = await scene.run({
			system,
			operation: 'uploadImg',
			options: { fileName: '横幅' },
			items: [{ binary: { data: sampleFile('picture.png') } }],
		});
		expect(error).toBeUndefined();
		const url = expect.stringMatching(/\/pic_wework\/\w+\/0$/) as string;
		expect(items).toEqual([
			{ json: { url, file_name: '横幅.png', file_size: 275 }, pairedItem: { item: 0 } },
		]);
	});

	const upload = async () =>
		await scene.run({
			operation: 'uploadImg',
			items: [{ binary: { data: sampleFile('picture.png') } }],
		});

	test.each([
		['was cut off', { cut: 'beforeAnswer' }, 'broke the connection'],
		['came from a gateway', { status: 504, afterEffect: true }, 'HTTP status 504'],
	] as const)(
		'whose answer %s: not uploaded twice, and the advice tells of the quota',
		async (_how, fault, what) => {
			scene.simulator.faults.next({ path: 'media/uploadimg', ...fault });
			const { error } = await upload();
			expect(error?.message).toMatch(/^media\/uploadimg[: ]/);
			expect(error?.message).toContain(what);
			expect(error?.description).toMatch(/^WeCom may have stored the image all the same\. .*quota/);
			expect(error?.description).not.toMatch(/^Run it again|Try again later/);
			expect(scene.simulator.record.count('media/uploadimg')).toBe(1);
			expect(scene.simulator.state.corps[0].imageUploads).toHaveLength(1);
		},
	);

	test('that WeCom refused has not cost anything, so nothing is said of the quota', async () => {
		scene.simulator.faults.next({ path: 'media/uploadimg', errcode: 40009 });
		const { error } = await upload();
		expect(error?.message).toContain('40009');
		expect(error?.description).not.toContain('may have stored');
	});
});
