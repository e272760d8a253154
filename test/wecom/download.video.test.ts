import { WeComHttpError } from '../../nodes/WeComMedia/wecom/client/errors';
import { contentOf, MIB, noise } from './files';
import { downloaded, failureOf, useScene } from './scene';

const scene = useScene({ speed: 10 });

const account = (bytes: Buffer, type: 'video' | 'image' | 'voice' = 'video') =>
	scene.sim.state.addMedia({ bytes, type, system: 'officialAccount', fileName: `a.${type}` });

describe('a video of an Official Account', () => {
	test('is fetched through its video_url, which is reported', async () => {
		const bytes = Buffer.concat([contentOf('mp4', 64), noise(20 * MIB)]);
		const mediaId = account(bytes);
		const download = await downloaded(scene.officialAccount(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download).toMatchObject({
			video_url: expect.stringMatching(new RegExp(`^${scene.sim.url}/video/`)),
			fileName: `${mediaId}.mp4`,
			mimeType: 'video/mp4',
			size: bytes.length,
		});
		expect(scene.sim.record.count('media/get')).toBe(1);
	});

	test('sends no token to the link', async () => {
		const asked: string[] = [];
		const { transport } = scene.world;
		scene.world.transport = async (request) => {
			if (request.url.includes('/video/')) {
				asked.push(request.url);
				expect(request).toMatchObject({ method: 'GET', query: {} });
				expect(request.authorization).toBeUndefined();
			}
			return await transport(request);
		};
		const { video_url: videoUrl } = await downloaded(
			scene.officialAccount(),
			account(contentOf('mp4')),
		);
		expect(asked).toEqual([videoUrl]);
	});

	test('whose link is dead (404) is an error that says the link is meant, not Base URL', async () => {
		const body = `{"video_url":"${scene.sim.url}/no-such-video.mp4?vid=made-up&t=1"}`;
		scene.sim.faults.next({ path: 'media/get', body });
		const failure = await failureOf(
			downloaded(scene.officialAccount(), 'made-up-media-id'),
			WeComHttpError,
		);
		expect(failure).toMatchObject({
			message: 'video_url was answered with HTTP status 404',
			hint: expect.stringMatching(/link/),
		});
		expect(failure.hint).not.toMatch(/Base URL/);
	});

	test.each([
		['with HTTP 403', { status: 403, body: 'inside-the-network' }],
		['with a page of 5 KB', { status: 500, body: 'inside-the-network '.repeat(300) }],
		['with a web page', { body: '<html>inside-the-network</html>' }],
		['with JSON', { body: '{"inside":"inside-the-network"}' }],
	])('whose link answers %s is an error that quotes nothing of it', async (_what, fault) => {
		const body = `{"video_url":"${scene.sim.url}/video/inside"}`;
		scene.sim.faults.next({ path: 'media/get', body });
		scene.sim.faults.next({ path: '/video/inside', times: 9, ...fault });
		const failure = await failureOf(
			downloaded(scene.officialAccount(), 'made-up-media-id'),
			WeComHttpError,
		);
		expect(failure.message).toMatch(
			/^video_url was answered with (?:HTTP status \d+|a web page instead of a file|JSON instead of a file)$/,
		);
		expect(JSON.stringify({ ...failure })).not.toContain('inside-the-network');
	});

	test('keeps the query of its link as it is', async () => {
		const path = '/video.mp4?sign=a%2Bb%2F+c==&x=1&x=2';
		const body = `{"video_url":"${scene.sim.url}${path}"}`;
		scene.sim.faults.next({ path: 'media/get', body });
		const asked: string[] = [];
		const { transport } = scene.world;
		scene.world.transport = async (request) => {
			asked.push(request.url);
			return await transport(request);
		};
		await failureOf(downloaded(scene.officialAccount(), 'made-up-media-id'), WeComHttpError);
		expect(asked.at(-1)).toBe(`${scene.sim.url}${path}`);
	});

	test.each(['file:///etc/passwd', 'javascript:alert(1)', '', '/video'])(
		'whose link is no web address (%j) is an error, not a file of JSON',
		async (link) => {
			const body = JSON.stringify({ video_url: link });
			scene.sim.faults.next({ path: 'media/get', body });
			const download = downloaded(scene.officialAccount(), 'made-up-media-id');
			const failure = await failureOf(download, WeComHttpError);
			expect(failure.message).toBe(`media/get was answered with JSON instead of a file: ${body}`);
		},
	);
});

describe('other media of an Official Account', () => {
	test.each([
		['image', contentOf('png', 300_000)],
		['voice', contentOf('mp3', 300_000)],
	] as const)('an %s comes as it is', async (type, bytes) => {
		const download = await downloaded(scene.officialAccount(), account(bytes, type));
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.video_url).toBeUndefined();
	});

	test('a JSON of a corp that holds a video_url is not followed', async () => {
		const bytes = Buffer.from(`{"video_url":"${scene.sim.url}/elsewhere"}`);
		const quirks = { noContentDisposition: true, ignoreRange: true };
		const mediaId = scene.sim.state.addMedia({ bytes, quirks });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComHttpError);
		expect(failure.message).toMatch(/^media\/get was answered with JSON instead of a file/);
	});
});
