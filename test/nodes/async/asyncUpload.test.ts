import { createHash } from 'node:crypto';

import { WeComMedia } from '../../../nodes/WeComMedia/WeComMedia.node';
import { sample, setupScene, until } from '../scene';
import { quiet, remarksOf, uploading, useLinks } from './support';

const scene = setupScene();
const links = useLinks();
const film = sample('video.mp4');
const md5 = createHash('md5').update(film).digest('hex');

const submissions = () => scene.simulator.record.count('media/upload_by_url');
const filmItem = () => ({ json: { n: 1, url: links.put('培训视频.mp4', film) } });

describe('Upload Large File', () => {
	test('gives jobid, type, name, size and MD5', async () => {
		const { items, error } = await scene.run(uploading([filmItem()], { mediaType: 'video' }));
		expect(error).toBeUndefined();
		expect(items).toEqual([
			{
				json: {
					jobid: expect.stringMatching(/^jobid_/) as string,
					type: 'video',
					file_name: '培训视频.mp4',
					file_size: film.length,
					md5,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('gives no size where nobody looked at the link', async () => {
		const { items } = await scene.run(
			uploading(
				[filmItem()],
				{ md5: md5.toUpperCase(), fileName: '入群.mp4' },
				{
					options: { checkUrl: false },
				},
			),
		);
		const [{ json }] = items;
		expect(json).toEqual({ jobid: json.jobid, type: 'file', file_name: '入群.mp4', md5 });
	});

	test('gives status, media_id and its times too where it waits', async () => {
		const { items } = await scene.run(
			uploading([filmItem()], { mediaType: 'video', waitForCompletion: true }),
		);
		const [{ json }] = items;
		const job = scene.simulator.state.jobs.get(String(json.jobid));
		const createdAt = Math.floor((job?.finishedAt ?? 0) / 1000);
		expect(json).toEqual({
			jobid: job?.jobId,
			type: 'video',
			file_name: '培训视频.mp4',
			file_size: film.length,
			md5,
			status: 2,
			state: 'done',
			media_id: job?.mediaId,
			created_at: createdAt,
			expires_at: new Date((createdAt + 3 * 24 * 3600) * 1000).toISOString(),
		});
		expect(json.media_id).toMatch(/^3\*1\*/);
	});

	test('the media_id it waited for can be downloaded', async () => {
		const { items } = await scene.run(uploading([filmItem()], { waitForCompletion: true }));
		const got = await scene.run({
			operation: 'get',
			parameters: { mediaId: '={{ $json.media_id }}' },
			items: [{ json: { media_id: items[0].json.media_id } }],
		});
		expect(got.items[0].json).toMatchObject({ file_name: '培训视频.mp4', file_size: film.length });
	});

	test.each([false, true])(
		'says what such a media_id can be used for, once (waiting: %s)',
		async (waitForCompletion) => {
			const run = await scene.run(uploading([filmItem(), filmItem()], { waitForCompletion }));
			expect(remarksOf(run)).toEqual([
				expect.stringMatching(/入群欢迎语素材.*not accept it for sending messages/),
			]);
		},
	);

	test('works for a third-party app', async () => {
		const { items } = await scene.run(
			uploading([filmItem()], { waitForCompletion: true }, { system: 'thirdPartyApp' }),
		);
		expect(items[0].json).toMatchObject({ state: 'done' });
		const { authCorpId } = scene.simulator.demo.suite;
		expect(scene.simulator.state.jobs.get(String(items[0].json.jobid))?.app.corpId).toBe(
			authCorpId,
		);
	});
});

describe('a link that cannot work', () => {
	test('is refused on its own item, and only the others are submitted', async () => {
		const gone = links.link('gone.mp4');
		const noRange = links.put('no-range.mp4', { bytes: film, range: false });
		const items = [
			filmItem(),
			{ json: { url: gone } },
			{ json: { url: noRange } },
			{ json: { url: 'film' } },
			filmItem(),
		];
		const run = await scene.run(uploading(items, {}, { onError: 'continueRegularOutput' }));
		expect(run.items.map(({ json }) => json.file_name ?? json.error)).toEqual([
			'培训视频.mp4',
			'The link cannot be fetched: it answers with HTTP status 404',
			'The link does not support Range: it answered the request for a part with the whole file',
			"'URL' is not a link that starts with http:// or https://",
			'培训视频.mp4',
		]);
		for (const n of [1, 2, 3]) {
			expect(Object.keys(run.items[n].json)).toEqual(['error', 'hint']);
			expect(run.items[n].pairedItem).toEqual({ item: n });
		}
		expect(submissions()).toBe(2);
	});

	test('that redirects is refused through n8n too, and not followed', async () => {
		const url = links.put('moved.mp4', { bytes: film, status: 302 });
		const { error } = await scene.run(uploading([{ json: { url } }]));
		expect(error?.message).toBe(
			'The link cannot be fetched: it redirects to another address (HTTP status 302) [item 0]',
		);
		expect(error?.description).toContain('the address it ends at');
		expect(submissions()).toBe(0);
	});

	test('to an empty file is refused through n8n too', async () => {
		const url = links.put('empty.txt', Buffer.alloc(0));
		const { error } = await scene.run(uploading([{ json: { url } }]));
		expect(error?.message).toBe('The link leads to an empty file [item 0]');
	});

	test('where nobody listens is named by its host', async () => {
		const url = links.link('film.mp4');
		await links.close();
		const { error } = await scene.run(uploading([{ json: { url } }]));
		const { host } = new URL(url);
		expect(error?.message).toBe(
			`The link cannot be fetched: ${host} refuses the connection (ECONNREFUSED) [item 0]`,
		);
		expect(error?.description).toContain('Tencent COS');
		expect(submissions()).toBe(0);
	});

	test('is left to WeCom where the check is off, and ends in its sentence', async () => {
		const url = links.put('no-range.mp4', { bytes: film, range: false });
		const { error } = await scene.run(
			uploading(
				[{ json: { url } }],
				{ md5, waitForCompletion: true },
				{
					options: { checkUrl: false },
				},
			),
		);
		expect(error?.message).toBe(
			'The upload job failed (830001: WeCom cannot use the URL) [item 0]',
		);
		expect(error?.description).toContain('supports Range');
	});

	test('with a wrong MD5 ends in its sentence', async () => {
		const { error } = await scene.run(
			uploading([filmItem()], { md5: '0'.repeat(32), waitForCompletion: true }),
		);
		expect(error?.message).toBe(
			'The upload job failed (301019: The MD5 does not fit the file) [item 0]',
		);
		expect(error?.description).toContain("Leave 'MD5' empty");
	});
});

test.each(['asyncUpload', 'asyncResult'])(
	'the panel of %s says what such a media_id can be used for',
	(operation) => {
		const notices = new WeComMedia().description.properties.filter(
			({ type, displayOptions }) =>
				type === 'notice' && displayOptions?.show?.operation?.includes(operation),
		);
		expect(notices.map(({ displayName }) => displayName)).toContainEqual(
			expect.stringMatching(/入群欢迎语素材.*not accept it for sending messages/),
		);
	},
);

test('an app that may not call it is told where the permission is given', async () => {
	scene.simulator.state.apps[0].customerContact = false;
	const { error } = await scene.run(uploading([filmItem()]));
	expect(error?.message).toMatch(/^media\/upload_by_url failed \(48002: .*\[item 0\]$/);
	expect(error?.description).toContain('客户联系');
});

test.each([
	['was cut off', { cut: 'beforeAnswer' }],
	['came from a gateway', { status: 502, afterEffect: true }],
] as const)(
	'a submission whose answer %s is not repeated, and the advice tells of the job',
	async (_how, fault) => {
		scene.simulator.faults.next({ path: 'media/upload_by_url', ...fault });
		const { error } = await scene.run(uploading([filmItem()]));
		expect(error?.message).toMatch(/^media\/upload_by_url[: ]/);
		expect(error?.description).toMatch(
			/^WeCom may have started the job all the same.* WeCom Media Trigger .* second job/,
		);
		expect(submissions()).toBe(1);
		expect(scene.simulator.state.jobs.size).toBe(1);
	},
);

test('pressing "Stop" while WeCom works ends the waiting at once', async () => {
	scene.simulator.jobs.behavior = { hold: true };
	let cancel = () => {};
	const running = scene.run(
		uploading(
			[filmItem(), filmItem()],
			{ waitForCompletion: true },
			{
				onRunning: (handle) => (cancel = () => handle.cancel()),
			},
		),
	);
	await until(() => scene.simulator.record.count('media/get_upload_by_url_result') >= 4);
	cancel();
	const { run, items } = await running;
	expect(run.status).toBe('canceled');
	expect(items).toEqual([]);
	const asked = scene.simulator.record.count('media/get_upload_by_url_result');
	await quiet();
	expect(scene.simulator.record.count('media/get_upload_by_url_result')).toBe(asked);
});
