import {
	WeComApiError,
	WeComCanceledError,
	WeComHttpError,
	WeComNetworkError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { WeComClient } from '../../nodes/WeComMedia/wecom/client/client';
import { uploadImage } from '../../nodes/WeComMedia/wecom/calls/upload';
import type { Fault } from '../simulator';
import { fileOf } from './files';
import { failureOf, harmlessCall, retryPauses, upload, useScene } from './scene';
import { unreachableFirst } from './testWorld';

const scene = useScene();

type FailureClass = abstract new (...args: never[]) => Error;

/** Failures that pass by themselves (vendor page 90313, and what networks do). */
const PASSING: Array<[string, Fault, FailureClass]> = [
	['-1 (busy)', { errcode: -1 }, WeComApiError],
	['6000 (data conflict)', { errcode: 6000 }, WeComApiError],
	['45033 (concurrency)', { errcode: 45033 }, WeComApiError],
	['HTTP 502', { status: 502, body: '<html>Bad Gateway</html>' }, WeComHttpError],
	['HTTP 503 with an empty body', { status: 503 }, WeComHttpError],
	['a connection cut on arrival', { cut: 'onArrival' }, WeComNetworkError],
	['a connection cut before the answer', { cut: 'beforeAnswer' }, WeComNetworkError],
	['an answer cut in its middle', { cutAfterBytes: 10 }, WeComNetworkError],
];

describe('a call that fails for a passing reason', () => {
	test.each(PASSING)('%s: is repeated with growing pauses', async (_what, fault) => {
		scene.sim.faults.next({ ...fault, path: 'media/upload', times: 3 });
		await upload(scene.app(), fileOf('pdf'));
		expect(retryPauses(scene)).toEqual([750, 1500, 3000]);
		expect(scene.sim.record.count('media/upload')).toBe(4);
		expect(scene.world.lines).toHaveLength(3);
	});

	test.each(PASSING)('%s: fails after maxRetries repetitions', async (_what, fault, type) => {
		scene.sim.faults.next({ ...fault, path: 'media/upload', times: 9 });
		await failureOf(upload(scene.app(), fileOf('pdf')), type);
		expect(scene.sim.record.count('media/upload')).toBe(4);
	});

	test('refused connections are repeated, and said so when they stay', async () => {
		scene.world.transport = unreachableFirst('media/upload', 3);
		await upload(scene.app(), fileOf('pdf'));
		expect(retryPauses(scene)).toEqual([750, 1500, 3000]);
		scene.world.transport = unreachableFirst('media/upload', 4);
		const failure = await failureOf(upload(scene.app(), fileOf('pdf')), WeComNetworkError);
		expect(failure).toMatchObject({ code: 'ECONNREFUSED', reached: 'no' });
	});

	test('an answer that never comes is a lost connection, repeated after the timeout', async () => {
		const { system } = scene.app();
		const impatient = new WeComClient(system, {
			world: scene.world,
			maxRetries: 1,
			requestTimeoutMs: 50,
		});
		scene.sim.faults.next({ path: 'getcallbackip', stall: true });
		await harmlessCall({ system, client: impatient });
		expect(scene.sim.record.count('getcallbackip')).toBe(2);
	});

	test('with maxRetries 0 nothing is repeated', async () => {
		const { system } = scene.app();
		const client = new WeComClient(system, {
			world: scene.world,
			maxRetries: 0,
			requestTimeoutMs: 5_000,
		});
		scene.sim.faults.next({ path: 'media/upload', errcode: -1 });
		await failureOf(upload({ system, client }, fileOf('pdf')), WeComApiError);
		expect(scene.sim.record.count('media/upload')).toBe(1);
	});

	test.each([
		['the smallest', 0, [500, 1000, 2000]],
		['the largest', 0.999_999, [1000, 2000, 4000]],
	])('%s jitter leaves pauses between one half and the whole', async (_which, chance, pauses) => {
		scene.world.random = () => chance;
		scene.sim.faults.next({ path: 'media/upload', errcode: -1, times: 3 });
		await upload(scene.app(), fileOf('pdf'));
		expect(retryPauses(scene)).toEqual(pauses);
	});

	test('no pause is longer than 30 s', async () => {
		const { system } = scene.app();
		scene.world.sleep = async (ms) => scene.world.pauses.push(ms) > 0;
		scene.world.random = () => 0.999_999;
		const client = new WeComClient(system, {
			world: scene.world,
			maxRetries: 8,
			requestTimeoutMs: 5_000,
		});
		scene.sim.faults.next({ path: 'getcallbackip', errcode: -1, times: 8 });
		await harmlessCall({ system, client });
		expect(retryPauses(scene).slice(3)).toEqual([8000, 16000, 30000, 30000, 30000]);
	});
});

describe('a call that fails for good', () => {
	test.each([45009, 45011, 40007, 40004, 40006, 45001, 48002, 40058, 123456])(
		'%d is never repeated',
		async (errcode) => {
			scene.sim.faults.next({ path: 'media/upload', errcode });
			const failure = await failureOf(upload(scene.app(), fileOf('pdf')), WeComApiError);
			expect(failure.errcode).toBe(errcode);
			expect(scene.sim.record.count('media/upload')).toBe(1);
			expect(retryPauses(scene)).toEqual([]);
		},
	);
});

describe('a call whose repetition costs quota (uploadimg)', () => {
	const image = async () => {
		const { client, system } = scene.app();
		return await uploadImage(client, system, {
			file: fileOf('png'),
			fileName: '',
			skipChecks: false,
		});
	};

	test.each<[string, Fault, FailureClass]>([
		['HTTP 502', { status: 502 }, WeComHttpError],
		['a connection cut on arrival', { cut: 'onArrival' }, WeComNetworkError],
		['a connection cut before the answer', { cut: 'beforeAnswer' }, WeComNetworkError],
		['an answer cut in its middle', { cutAfterBytes: 10 }, WeComNetworkError],
	])('is not repeated after %s: its outcome is unknown', async (_what, fault, type) => {
		scene.sim.faults.next({ ...fault, path: 'media/uploadimg' });
		await failureOf(image(), type);
		expect(scene.sim.record.count('media/uploadimg')).toBe(1);
		expect(retryPauses(scene)).toEqual([]);
	});

	test('is repeated when the connection was refused: nothing arrived', async () => {
		scene.world.transport = unreachableFirst('media/uploadimg', 2);
		expect((await image()).url).toContain('/pic_wework/');
		expect(scene.sim.record.count('media/uploadimg')).toBe(1);
	});

	test.each([-1, 6000, 45033])(
		'is repeated after %d: WeCom says it did nothing',
		async (errcode) => {
			scene.sim.faults.next({ path: 'media/uploadimg', errcode });
			await image();
			expect(scene.sim.state.corps[0].imageUploads).toHaveLength(1);
		},
	);

	test('is repeated once with a fetched token', async () => {
		const app = scene.app();
		await harmlessCall(app);
		scene.sim.state.expireTokens();
		await image();
		expect(scene.sim.state.corps[0].imageUploads).toHaveLength(1);
		expect(scene.sim.record.counters()).toMatchObject({ gettoken: 2, 'media/uploadimg': 2 });
	});
});

describe('a canceled execution', () => {
	test('ends in the pause it is in, without another call', async () => {
		const { sleep } = scene.world;
		scene.world.sleep = async (ms) => {
			scene.world.cancel();
			return await sleep(ms);
		};
		scene.sim.faults.next({ path: 'media/upload', errcode: -1, times: 9 });
		const failure = await failureOf(upload(scene.app(), fileOf('pdf')), WeComCanceledError);
		expect(failure.message).toBe('The execution was canceled');
		expect(scene.sim.record.count('media/upload')).toBe(1);
	});

	test('is not repeated when the transport reports it', async () => {
		const app = scene.app();
		await harmlessCall(app);
		scene.world.transport = async () => await Promise.reject(new WeComCanceledError());
		await failureOf(harmlessCall(app), WeComCanceledError);
		expect(retryPauses(scene)).toEqual([]);
	});
});
