import { LINK_TYPES } from '../../../nodes/WeComMedia/wecom/accounts/rules';
import { md5OfLink } from '../../../nodes/WeComMedia/wecom/calls/linkDigest';
import { contentOf, MIB, noise } from '../files';
import { eventually, PIECE, pieceFrom, usePieces, useScene } from '../scene';
import { md5Of, refusalOf, serve, submit, submitted, useLinks } from './support';

const scene = useScene({ speed: 20 });
usePieces();
const links = useLinks();
afterEach(() => jest.restoreAllMocks());

const report = contentOf('pdf');
const digest = md5Of(report);

describe('a given MD5', () => {
	test.each([
		['as it is', digest],
		['in upper case', digest.toUpperCase()],
		['with blanks around and inside', `  ${digest.slice(0, 16)} ${digest.slice(16)}\n`],
		['with dashes', digest.replace(/(.{4})(?=.)/g, '$1-')],
		['with colons, as certificates have them', digest.replace(/(..)(?=.)/g, '$1:').toUpperCase()],
	])('%s is sent as 32 small hex digits', async (_how, md5) => {
		const job = await submit(scene, links.put('report.pdf', report), { md5 });
		expect(job.md5).toBe(digest);
		expect(submitted(scene).md5).toBe(digest);
		await scene.sim.jobs.settled();
		expect(scene.sim.state.jobs.get(job.jobid)?.status).toBe(2);
	});

	test.each([
		['of 31 digits', digest.slice(1)],
		['of 33 digits', `${digest}0`],
		['that is a SHA-1', '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12'],
		['with a letter beyond f', `${digest.slice(1)}g`],
		['in Base64', Buffer.from(digest, 'hex').toString('base64')],
		['of other words', 'undefined'],
	])('%s is refused before anybody is asked', async (_what, md5) => {
		const url = links.put('report.pdf', report);
		const { message, field } = await refusalOf(scene, url, { md5 });
		expect(message).toBe("'MD5' is not an MD5: that has 32 digits 0-9 and letters a-f");
		expect(field).toBe('MD5');
		expect(links.requests).toEqual([]);
	});

	test('is not computed again: the link is only looked at', async () => {
		await submit(scene, links.put('report.pdf', report), { md5: digest });
		expect(links.requests[0]).toMatchObject({ method: 'GET', range: 'bytes=0-8191' });
		await scene.sim.jobs.settled();
		// The second request is the simulator's own.
		expect(links.requests).toHaveLength(2);
	});
});

test.each([0, 100, 2_500])(
	'a look at a link that breaks after %d bytes of its first part is made again',
	async (cutAfterBytes) => {
		const bytes = noise(20_000);
		const url = links.put('report.bin', { bytes, cutAfterBytes, cutTimes: 1 });
		const job = await submit(scene, url, { md5: md5Of(bytes) });
		expect(job.file_size).toBe(bytes.length);
		const looks = links.requests.map(({ range }) => range).slice(0, 2);
		expect(looks).toEqual(['bytes=0-8191', 'bytes=0-8191']);
	},
);

describe('a computed MD5', () => {
	test('is that of the file', async () => {
		const job = await submit(scene, links.put('report.pdf', report));
		expect(job).toMatchObject({ md5: digest, file_size: report.length });
		expect(submitted(scene).md5).toBe(digest);
	});

	test('of a large file is right, read piece by piece, though the connection was cut on the way', async () => {
		const bytes = noise(2 * PIECE + 2_048);
		const url = links.put('film.mp4', { bytes, cutAfterBytes: 30_001, cutTimes: 1 });
		await expect(md5OfLink(scene.app().client, url)).resolves.toMatchObject({
			md5: md5Of(bytes),
			size: bytes.length,
		});
		const ranges = links.requests.map(({ range }) => range);
		const resumedAt = Number(/^bytes=(\d+)-/.exec(ranges[1] ?? '')?.[1]);
		expect(resumedAt).toBeGreaterThan(0);
		expect(resumedAt % 16).toBe(0);
		expect(ranges).toEqual([0, resumedAt, PIECE, 2 * PIECE].map(pieceFrom));
		const log = scene.world.lines.join('\n');
		expect(log).toMatch(/The link: connection lost at byte \d+ of 130048; trying again in/);
		expect(log).toMatch(/The link: 125 KB of 130048 received, .*\/s/);
	});

	test('of a link that keeps breaking off ends in a sentence', async () => {
		const url = links.put('report.pdf', { bytes: report, cutAfterBytes: 0 });
		const { message } = await refusalOf(scene, url, { checkUrl: false });
		expect(message).toMatch(/^The link cannot be fetched: the connection broke/);
	});
});

describe("with 'Check URL' off", () => {
	test('and an MD5, the link is not touched', async () => {
		const url = links.put('培训.pdf', { bytes: report, range: false });
		const job = await submit(scene, url, { checkUrl: false, md5: digest });
		expect(job).toEqual({
			jobid: expect.stringMatching(/^jobid_/) as string,
			type: 'file',
			file_name: '培训.pdf',
			file_size: undefined,
			md5: digest,
		});
		await scene.sim.jobs.settled();
		expect(links.requests.map(({ range }) => range)).toEqual(['bytes=0-8388607']);
	});

	test('and no MD5, the link is read once', async () => {
		scene.sim.jobs.next({ hold: true });
		const url = links.put('report.pdf', report);
		const job = await submit(scene, url, { checkUrl: false });
		expect(job).toMatchObject({ md5: digest, file_size: report.length });
		expect(links.requests.map(({ range }) => range)).toEqual([pieceFrom(0)]);
	});

	test('neither Range nor the format is asked for', async () => {
		scene.sim.jobs.next({ hold: true });
		const url = links.put('report.pdf', { bytes: report, range: false });
		const job = await submit(scene, url, { checkUrl: false, type: 'video' });
		expect(job).toMatchObject({ md5: digest, type: 'video' });
	});

	test('what was read is refused all the same when WeCom cannot take it', async () => {
		const url = links.put('tiny.txt', Buffer.from('12345'));
		const { message } = await refusalOf(scene, url, { checkUrl: false });
		expect(message).toBe('The file has 5 bytes; WeCom takes at least 6 bytes');
	});

	test('a file announced with more than 200 MB is not read', async () => {
		let closed = false;
		const url = await serve((_request, response) => {
			response.on('close', () => (closed = true));
			response.writeHead(200, { 'content-length': String(200 * MIB + 1) });
			response.write(contentOf('mp4'));
		});
		const { message } = await refusalOf(scene, url, { checkUrl: false });
		expect(message).toBe('The file has 200.000001 MB; WeCom takes up to 200 MB');
		await eventually(() => closed);
	});

	test('a link that never ends is given up at the limit', async () => {
		jest.replaceProperty(LINK_TYPES.file, 'maxBytes', MIB);
		const url = await serve((_request, response) => {
			const piece = Buffer.alloc(MIB);
			const more = () => {
				while (!response.destroyed && response.write(piece));
			};
			response.on('drain', more);
			more();
		});
		const { message } = await refusalOf(scene, url, { checkUrl: false });
		expect(message).toMatch(/^The file has 1\.\d+ MB; WeCom takes up to 1 MB$/);
	});
});

describe('a link that gives another file the second time', () => {
	test.each([
		[
			'of another size',
			Buffer.concat([report, report]),
			`${2 * report.length} bytes instead of ${report.length}`,
		],
		['of the same size', Buffer.from(report).fill('x', 0, 10), 'another beginning'],
	])('%s is refused, and nothing is submitted', async (_what, other, difference) => {
		let looks = 0;
		const url = await serve((_request, response) => {
			looks += 1;
			const bytes = looks === 1 ? report : other;
			response.writeHead(206, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` });
			response.end(bytes);
		});
		const { message, field } = await refusalOf(scene, url);
		expect(message).toBe(
			`The link gives another file each time: the second time it had ${difference}`,
		);
		expect(field).toBe('URL');
	});
});

test('the jobid stands in the log as soon as WeCom has given it', async () => {
	const job = await submit(scene, links.put('report.pdf', report));
	expect(scene.world.lines.at(-1)).toBe(`media/upload_by_url: 'report.pdf' is job ${job.jobid}`);
});
