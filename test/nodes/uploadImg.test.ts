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

	test('is never sent twice when the answer got lost, because each costs quota', async () => {
		scene.simulator.faults.next({ path: 'media/uploadimg', cut: 'beforeAnswer' });
		const { error } = await scene.run({
			operation: 'uploadImg',
			items: [{ binary: { data: sampleFile('picture.png') } }],
		});
		expect(error?.message).toContain('broke the connection');
		expect(scene.simulator.record.count('media/uploadimg')).toBe(1);
	});
});
