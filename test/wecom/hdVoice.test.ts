import { downloadHdVoice } from '../../nodes/WeComMedia/wecom/calls/download';
import {
	WeComApiError,
	WeComInputError,
	WeComNetworkError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { amr, noise } from './files';
import { bytesIn, failureOf, retryPauses, useScene } from './scene';

const scene = useScene({ speed: 20 });

/** Adds a voice recorded with the JS-SDK. */
function recorded(hdVoice: Buffer): string {
	return scene.sim.state.addMedia({ bytes: amr(1000), type: 'voice', origin: 'received', hdVoice });
}

async function download(mediaId: string) {
	const { client } = scene.app();
	const voice = await downloadHdVoice(client, mediaId);
	return { ...voice, content: await bytesIn(voice) };
}

describe('an HD voice', () => {
	test('is the Speex file, named after its media_id, asked for without Range', async () => {
		const hdVoice = noise(200_000);
		const mediaId = recorded(hdVoice);
		const voice = await download(mediaId);
		expect(voice.content.equals(hdVoice)).toBe(true);
		expect(voice).toMatchObject({
			fileName: `${mediaId}.speex`,
			mimeType: 'audio/x-speex',
			size: 200_000,
			progress: { bytes: 200_000, resumed: 0 },
		});
		const call = scene.sim.record.last('media/get/jssdk');
		expect(call?.headers.range).toBeUndefined();
		expect(scene.sim.record.counters()).toMatchObject({ 'media/get/jssdk': 1 });
	});

	test.each([100, 150_000])(
		'is started again when the connection is cut after %d bytes',
		async (after) => {
			const hdVoice = noise(200_000);
			const mediaId = recorded(hdVoice);
			scene.sim.faults.next({ path: 'media/get/jssdk', cutAfterBytes: after });
			expect((await download(mediaId)).content.equals(hdVoice)).toBe(true);
			const calls = scene.sim.record.calls('media/get/jssdk');
			expect(calls.map(({ headers }) => headers.range)).toEqual([undefined, undefined]);
			expect(retryPauses(scene)).toEqual([750]);
		},
	);

	test('that is cut every time is an error, never a shorter voice', async () => {
		const mediaId = recorded(noise(200_000));
		scene.sim.faults.next({ path: 'media/get/jssdk', cutAfterBytes: 150_000, times: 9 });
		const failure = await failureOf(download(mediaId), WeComNetworkError);
		expect(failure.message).toMatch(/^media\/get\/jssdk: the connection broke/);
		expect(scene.sim.record.count('media/get/jssdk')).toBe(4);
	});

	test('of a voice that was not recorded with the JS-SDK is refused with the reason', async () => {
		const mediaId = scene.sim.state.addMedia({ bytes: amr(1000), type: 'voice' });
		const failure = await failureOf(download(mediaId), WeComApiError);
		expect(failure).toMatchObject({ errcode: 40007, call: 'media/get/jssdk' });
		expect(failure.hint).toMatch(/JS-SDK/);
	});

	test('survives an expired token', async () => {
		const hdVoice = noise(1000);
		const mediaId = recorded(hdVoice);
		scene.sim.faults.next({ path: 'media/get/jssdk', token: 'expire' });
		expect((await download(mediaId)).content.equals(hdVoice)).toBe(true);
		expect(scene.sim.record.count('gettoken')).toBe(2);
	});

	test('without a media_id is not asked for', async () => {
		await failureOf(download(' '), WeComInputError);
		expect(scene.sim.record.all).toEqual([]);
	});
});
