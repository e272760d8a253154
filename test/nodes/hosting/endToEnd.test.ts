import { createHash } from 'node:crypto';
import { contentOf, MIB, noise } from '../../wecom/files';
import { until } from '../scene';
import { fieldsOf, get, setupHosting } from './hosting';

const scene = setupHosting();
/** A video whose every piece differs from every other, so that a wrong offset shows. */
const videoOf = (size: number) => Buffer.concat([contentOf('mp4', 64), noise(size)]);
const video = videoOf(2 * MIB);
const file = { bytes: video, fileName: '培训视频.mp4', mimeType: 'video/mp4' };
const pulled = (mediaId: unknown) => scene.simulator.state.media.get(String(mediaId));

test('40 MB in n8n’s storage reach WeCom through the hosted link, byte for byte', async () => {
	const bytes = videoOf(40 * MIB);
	const { items, error } = await scene.upload(
		{ ...file, bytes },
		{ parameters: { mediaType: 'video', waitForCompletion: true } },
	);
	expect(error).toBeUndefined();
	const { json } = items[0];
	expect(json).toMatchObject({
		type: 'video',
		state: 'done',
		file_name: '培训视频.mp4',
		file_size: bytes.length,
		md5: createHash('md5').update(bytes).digest('hex'),
	});
	expect(json).not.toHaveProperty('hosted_until');
	const media = pulled(json.media_id);
	expect(media).toMatchObject({ fileName: '培训视频.mp4', type: 'video', origin: 'async' });
	expect(media?.bytes.equals(bytes)).toBe(true);
});

test('in pieces of 100,007 bytes it is the same file', async () => {
	scene.simulator.jobs.chunkBytes = 100_007;
	const { items } = await scene.upload(file, { parameters: { waitForCompletion: true } });
	expect(pulled(items[0].json.media_id)?.bytes.equals(video)).toBe(true);
});

test('without waiting, the output says until when the link lives; the trigger tells the end', async () => {
	expect(await scene.simulator.verifyCallbackUrl(scene.trigger.url)).toMatchObject({ ok: true });
	const before = Math.floor(Date.now() / 1000);
	const { items } = await scene.upload(file, { options: { linkLifetime: 900 } });
	const { json } = items[0];
	expect(Object.keys(json)).toEqual([
		'jobid',
		'type',
		'file_name',
		'file_size',
		'md5',
		'hosted_until',
	]);
	const end = new Date(String(json.hosted_until)).getTime() / 1000;
	expect(end).toBeGreaterThanOrEqual(before + 900);
	expect(end).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 900);
	await until(() => scene.trigger.executions.length > 0);
	const [execution] = scene.trigger.executions;
	expect(execution.items[0].json).toMatchObject({ jobid: json.jobid, state: 'done' });
	expect(pulled(execution.items[0].json.media_id)?.bytes.equals(video)).toBe(true);
});

test.each([
	[{ linkLifetime: 60, timeout: 1_200 }, 1_200],
	[{ linkLifetime: 7_200, timeout: 1_200 }, 7_200],
	[{ timeout: 3_600 }, 3_600],
])('while the node waits (%j), the link outlives the waiting', async (options, seconds) => {
	const now = Date.now() / 1000;
	const small = { bytes: contentOf('txt'), fileName: 'a.txt' };
	await scene.upload(small, { parameters: { waitForCompletion: true }, options });
	const { json } = scene.simulator.record.last('media/upload_by_url')!;
	const [, , , , , expires] = fieldsOf(new URL((json as { url: string }).url));
	expect(expires - now).toBeGreaterThan(seconds - 2);
});

test('several files of one item become a job each; one that fails is named', async () => {
	const text = (fileName: string) => ({ bytes: contentOf('txt'), fileName });
	const { items } = await scene.run({
		operation: 'asyncUpload',
		parameters: { source: 'binary', binaryPropertyName: 'a, b, c', waitForCompletion: true },
		options: { hostUrl: scene.trigger.url },
		items: [{ binary: { a: text('a.txt'), c: text('c.txt') } }],
		onError: 'continueRegularOutput',
	});
	expect(items.map(({ json }) => json.file_name ?? json.field)).toEqual(['a.txt', 'b', 'c.txt']);
	// Files are submitted side by side: only the items keep the order of the fields.
	const submitted = [...scene.simulator.state.jobs.values()].map(({ fileName }) => fileName);
	expect(submitted.sort()).toEqual(['a.txt', 'c.txt']);
	expect(items[2].json).toMatchObject({ state: 'done' });
});

test('a name of one’s own stands in the job and in the link; one without extension gets it', async () => {
	const { items } = await scene.upload(
		{ bytes: contentOf('pdf'), fileName: 'upload.bin' },
		{ parameters: { fileName: '年度报告', mediaType: 'file' } },
	);
	expect(items[0].json.file_name).toBe('年度报告.pdf');
	const { json } = scene.simulator.record.last('media/upload_by_url')!;
	const link = new URL((json as { url: string }).url);
	expect((await get(link)).headers['content-disposition']).toContain(
		encodeURIComponent('年度报告.pdf'),
	);
});

test('a hosted file without an extension gets the one n8n knows, and its content’s as a video', async () => {
	const text = { bytes: Buffer.from('made-up,text'), fileName: '报告', mimeType: 'text/csv' };
	const { items } = await scene.upload(text, { parameters: { waitForCompletion: true } });
	expect(items[0].json.file_name).toBe('报告.csv');
	const film = { bytes: contentOf('mp4', 4000), fileName: '培训.php' };
	const { items: videos } = await scene.upload(film, {
		parameters: { mediaType: 'video', waitForCompletion: true },
	});
	expect(videos[0].json.file_name).toBe('培训.mp4');
	expect(pulled(videos[0].json.media_id)?.fileName).toBe('培训.mp4');
});
