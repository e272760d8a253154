import { binaryBytes } from '../helpers/engine';
import { sample, sampleFile, setupScene } from './scene';

const scene = setupScene({ binaryMode: 'default' });

describe('with files in memory instead of on disk', () => {
	test('an upload sends every byte', async () => {
		const bytes = Buffer.alloc(3 * 1024 * 1024 + 1, 'made-up report ');
		const { items, error } = await scene.run({
			items: [{ binary: { data: { bytes, fileName: '季度报告.txt' } } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ file_name: '季度报告.txt', file_size: bytes.length });
		const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
		expect(stored?.bytes.equals(bytes)).toBe(true);
	});

	test('a download arrives whole, with name and type', async () => {
		const mediaId = scene.simulator.state.addMedia({
			bytes: sample('video.mp4'),
			fileName: '培训.mp4',
		});
		const { items } = await scene.run({ operation: 'get', parameters: { mediaId } });
		expect(items[0].binary?.data).toMatchObject({ fileName: '培训.mp4', mimeType: 'video/mp4' });
		expect(items[0].binary?.data.id).toBeUndefined();
		expect((await binaryBytes(items[0].binary?.data)).equals(sample('video.mp4'))).toBe(true);
	});

	test('an expression may give the file itself, though n8n leaves its bytes out', async () => {
		const binary = { other: sampleFile('photo.jpg'), data: sampleFile('report.pdf', '合同.pdf') };
		const run = async (binaryPropertyName: string) =>
			await scene.run({ parameters: { binaryPropertyName }, items: [{ binary }] });
		const { items, error } = await run('={{ $binary.data }}');
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ file_name: '合同.pdf', file_size: 590 });
		const stranger = await run("={{ { ...$binary.data, fileName: 'elsewhere.pdf' } }}");
		expect(stranger.error?.message).toBe(
			"The expression in 'Input Binary Field' gives a file without its bytes ('elsewhere.pdf') [item 0]",
		);
	});

	test('an empty field is refused', async () => {
		const { error } = await scene.run({
			items: [{ binary: { data: { ...sampleFile('photo.jpg'), bytes: '' } } }],
		});
		expect(error?.message).toBe("'photo.jpg' is empty [item 0]");
	});
});
