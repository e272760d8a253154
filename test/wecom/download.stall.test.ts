/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import {
	downloadHdVoice,
	downloadMedia,
	readMediaId,
} from '../../nodes/WeComMedia/wecom/calls/download';
import {
	WeComApiError,
	WeComCanceledError,
	WeComHttpError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { contentOf, MIB, noise } from './files';
import { bytesIn, downloaded, eventually, failureOf, rangesSeen, useScene } from './scene';

// Half a minute without a byte lasts 0.3 s.
const scene = useScene({ speed: 100, maxRetries: 2 });

const wallMs = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

describe('a connection on which nothing arrives any more', () => {
	test('in the middle of a file is given up after 30 s and continued', async () => {
		const bytes = noise(2 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', stallAfterBytes: 100 });
		const download = await downloaded(scene.app(), mediaId);
		expect(download.content.equals(bytes)).toBe(true);
		expect(download.progress.resumed).toBeGreaterThanOrEqual(1);
		expect(rangesSeen(scene).slice(0, 2)).toEqual(['bytes=0-19999983', 'bytes=96-19999983']);
	});

	test('right after the headers is given up as well', async () => {
		const bytes = noise(2 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		scene.sim.faults.next({ path: 'media/get', stallAfterBytes: 10 });
		expect((await downloaded(scene.app(), mediaId)).content.equals(bytes)).toBe(true);
		expect(rangesSeen(scene).slice(0, 2)).toEqual(['bytes=0-19999983', 'bytes=0-19999983']);
	});

	test('in a voice that is read as a whole is given up as well', async () => {
		const hdVoice = contentOf('spx', 50_000);
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100), type: 'voice', hdVoice });
		scene.sim.faults.next({ path: 'media/get/jssdk', stallAfterBytes: 20_000 });
		const download = await downloadHdVoice(scene.app().client, mediaId);
		expect((await bytesIn(download)).equals(hdVoice)).toBe(true);
	});

	test('in a refusal is given up as well', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100) });
		scene.sim.faults.next({ path: 'media/get', errcode: 48002, stallAfterBytes: 10 });
		scene.sim.faults.next({ path: 'media/get', errcode: 48002 });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComApiError);
		expect(failure.errcode).toBe(48002);
	});

	test('in an error page is given up; the status and what came of it say enough', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(100) });
		const body = 'x'.repeat(1000);
		scene.sim.faults.next({ path: 'media/get', status: 403, body, stallAfterBytes: 10 });
		const failure = await failureOf(downloaded(scene.app(), mediaId), WeComHttpError);
		expect(failure.message).toBe('media/get was answered with HTTP status 403: xxxxxxxxxx');
	});
});

describe('a reader that takes its time', () => {
	test('is no stall: the connection waits for it', async () => {
		const bytes = noise(8 * MIB);
		const mediaId = scene.sim.state.addMedia({ bytes });
		const { client, system } = scene.app();
		const download = await downloadMedia(client, system, mediaId);
		const pieces: Uint8Array[] = [];
		for await (const piece of download.bytes) {
			pieces.push(piece);
			if (pieces.length === 1) await wallMs(450);
		}
		expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
		expect(download.progress.resumed).toBe(0);
		expect(scene.sim.record.count('media/get')).toBe(1);
	});

	test('and then stops closes the connection', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(16 * MIB) });
		const { client, system } = scene.app();
		const download = await downloadMedia(client, system, mediaId);
		for await (const piece of download.bytes) {
			expect(piece.length).toBeGreaterThan(0);
			break;
		}
		await eventually(() => scene.sim.record.last('media/get')?.open === false);
		expect(scene.sim.record.last('media/get')?.ending).toBe('the client went away');
		expect(await download.bytes.next()).toEqual({ done: true, value: undefined });
	});

	test('or never begins can close the connection by what was handed over', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(16 * MIB) });
		const { client, system } = scene.app();
		const { handed } = await downloadMedia(client, system, mediaId);
		handed.destroy?.();
		await eventually(() => scene.sim.record.last('media/get')?.open === false);
		const watching = scene.world.pauses.length;
		await wallMs(120);
		// The watch over the stream has ended with it.
		expect(scene.world.pauses.length).toBeLessThanOrEqual(watching + 1);
	});
});

describe('a canceled execution', () => {
	test.each([100, 10])('ends a download that hangs after %d bytes', async (stallAfterBytes) => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(MIB) });
		scene.sim.faults.next({ path: 'media/get', stallAfterBytes });
		const download = downloaded(scene.app(), mediaId);
		setTimeout(() => scene.world.cancel(), 20);
		await failureOf(download, WeComCanceledError);
		expect(scene.sim.record.count('media/get')).toBe(1);
		await eventually(() => scene.sim.record.last('media/get')?.open === false);
	});

	test('ends in the pause before a broken download would go on', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: noise(MIB) });
		scene.sim.faults.next({ path: 'media/get', cutAfterBytes: 100 });
		const { sleep } = scene.world;
		scene.world.sleep = async (ms) => {
			if (ms !== 5_000) scene.world.cancel();
			return await sleep(ms);
		};
		await failureOf(downloaded(scene.app(), mediaId), WeComCanceledError);
		expect(scene.sim.record.count('media/get')).toBe(1);
	});
});

test('readMediaId takes ids that merely begin like something broken', () => {
	for (const id of ['null3xY', 'undefined7', '3*1*G6nr_-', ' 3made-up\n']) {
		expect(readMediaId(id)).toBe(id.trim());
	}
});
