import { WeComApiError } from '../../nodes/WeComMedia/wecom/client/errors';
import { sceneOf, failureOf, harmlessCall, upload, useScene, type Connected } from './scene';
import { fileOf } from './files';
import { startSimulator } from '../simulator';

const scene = useScene();

async function fiftyCalls(connected: Connected): Promise<unknown[]> {
	return await Promise.all(Array.from({ length: 50 }, () => harmlessCall(connected)));
}

describe('the token of a corp app', () => {
	test('50 parallel uploads cost one gettoken', async () => {
		const app = scene.app();
		const media = await Promise.all(Array.from({ length: 50 }, () => upload(app, fileOf('pdf'))));
		expect(new Set(media.map(({ media_id: mediaId }) => mediaId)).size).toBe(50);
		expect(scene.sim.record.count('gettoken')).toBe(1);
	});

	test('an execution later in the same process costs none', async () => {
		await harmlessCall(scene.app());
		await harmlessCall(scene.app());
		expect(scene.sim.record.count('gettoken')).toBe(1);
	});

	test.each([
		['expired (42001)', () => scene.sim.state.expireTokens()],
		['revoked (40014)', () => scene.sim.state.revokeTokens()],
	])(
		'a token that was %s is fetched once more for 50 calls, none of which fails',
		async (_how, end) => {
			const app = scene.app();
			await harmlessCall(app);
			end();
			expect(await fiftyCalls(app)).toHaveLength(50);
			expect(scene.sim.record.count('gettoken')).toBe(2);
		},
	);

	test.each([40001, 40014, 42001])(
		'a business call refused with %d is repeated once with a fetched token',
		async (errcode) => {
			const app = scene.app();
			await harmlessCall(app);
			scene.sim.faults.next({ path: 'media/upload', errcode });
			await upload(app, fileOf('pdf'));
			expect(scene.sim.record.counters()).toMatchObject({ gettoken: 2, 'media/upload': 2 });
			expect(scene.world.pauses).toEqual([]);
		},
	);

	test('a second refusal is final', async () => {
		const app = scene.app();
		scene.sim.faults.next({ path: 'media/upload', errcode: 40014, times: 2 });
		const failure = await failureOf(upload(app, fileOf('pdf')), WeComApiError);
		expect(failure).toMatchObject({ errcode: 40014, call: 'media/upload' });
		expect(scene.sim.record.counters()).toMatchObject({ gettoken: 2, 'media/upload': 2 });
	});

	test('the refreshed token does not count as one of the repetitions of a busy call', async () => {
		const app = scene.app();
		scene.sim.faults.next({ path: 'media/upload', errcode: -1, times: 2 });
		scene.sim.faults.next({ path: 'media/upload', errcode: 42001 });
		scene.sim.faults.next({ path: 'media/upload', errcode: -1 });
		await upload(app, fileOf('pdf'));
		expect(scene.sim.record.count('media/upload')).toBe(5);
	});

	test('a token near its end is replaced before WeCom refuses it', async () => {
		const app = scene.app();
		await harmlessCall(app);
		scene.sim.advance(7_000_000);
		scene.clock.now += 7_000_000;
		await harmlessCall(app);
		scene.sim.advance(200_000);
		scene.clock.now += 200_000;
		await fiftyCalls(app);
		expect(scene.sim.record.calls('getcallbackip').every(({ reply }) => reply?.errcode === 0)).toBe(
			true,
		);
		expect(scene.sim.record.count('gettoken')).toBe(3);
	});

	test('a wrong secret is asked once for 50 calls and not again within a minute', async () => {
		const app = scene.app('made-up-wrong-secret');
		const attempt = async () => await failureOf(harmlessCall(app), WeComApiError);
		const failures = await Promise.all(Array.from({ length: 50 }, attempt));
		expect(failures.every(({ errcode, call }) => errcode === 40001 && call === 'gettoken')).toBe(
			true,
		);
		scene.clock.now += 59_999;
		await attempt();
		expect(scene.sim.record.counters()).toEqual({ gettoken: 1 });
		scene.clock.now += 1;
		await attempt();
		expect(scene.sim.record.counters()).toEqual({ gettoken: 2 });
	});

	test('a wrong secret says what to check', async () => {
		const failure = await failureOf(harmlessCall(scene.app('made-up-wrong-secret')), WeComApiError);
		expect(failure.message).toMatch(/^gettoken failed \(40001: /);
		expect(failure.hint).toMatch(/secret/i);
	});

	test('a wrong corp id is asked once', async () => {
		const app = scene.app(undefined, 'wwnosuchcorp');
		expect(await failureOf(harmlessCall(app), WeComApiError)).toMatchObject({ errcode: 40013 });
		await failureOf(harmlessCall(app), WeComApiError);
		expect(scene.sim.record.counters()).toEqual({ gettoken: 1 });
	});

	test('gettoken is repeated while WeCom is busy', async () => {
		scene.sim.faults.next({ path: 'gettoken', errcode: -1 });
		scene.sim.faults.next({ path: 'gettoken', cut: 'beforeAnswer' });
		await harmlessCall(scene.app());
		expect(scene.sim.record.count('gettoken')).toBe(3);
	});
});

describe('tokens of several accounts', () => {
	test('of one corp do not mix: app and Customer Service have their own', async () => {
		await harmlessCall(scene.app());
		await harmlessCall(scene.customerService());
		await harmlessCall(scene.app());
		const [app, service, again] = scene.sim.record
			.calls('getcallbackip')
			.map(({ query }) => query.access_token);
		expect(service).not.toBe(app);
		expect(again).toBe(app);
		expect(scene.sim.record.count('gettoken')).toBe(2);
	});

	test('of two base URLs do not mix although corp and secret are the same', async () => {
		const other = await startSimulator();
		try {
			await harmlessCall(scene.app());
			await harmlessCall(sceneOf(other, {}, scene.tokens).app());
			expect(scene.sim.record.count('gettoken')).toBe(1);
			expect(other.record.counters()).toMatchObject({ gettoken: 1, getcallbackip: 1 });
			const tokenAt = (sim: typeof other) => sim.record.last('getcallbackip')?.query.access_token;
			expect(tokenAt(other)).not.toBe(tokenAt(scene.sim));
		} finally {
			await other.close();
		}
	});

	test('a wrong secret of one account does not block another', async () => {
		await failureOf(harmlessCall(scene.app('made-up-wrong-secret')), WeComApiError);
		await harmlessCall(scene.app());
		expect(scene.sim.record.count('getcallbackip')).toBe(1);
	});
});

describe('an IP that WeCom does not trust (60020)', () => {
	test('is named at the first use, before any business call, and costs no new token afterwards', async () => {
		scene.sim.state.clientIp = '203.0.113.7';
		scene.sim.state.trustIp(false);
		const app = scene.app();
		const failure = await failureOf(upload(app, fileOf('pdf')), WeComApiError);
		expect(failure).toMatchObject({ errcode: 60020, hint: expect.stringContaining('203.0.113.7') });
		expect(scene.sim.record.count('media/upload')).toBe(0);
		await failureOf(upload(app, fileOf('pdf')), WeComApiError);
		scene.sim.state.trustIp(true);
		await upload(app, fileOf('pdf'));
		expect(scene.sim.record.counters()).toMatchObject({ gettoken: 1, 'media/upload': 1 });
	});

	test('is named as well when it was trusted before, and then looked at before the next call', async () => {
		const app = scene.app();
		await harmlessCall(app);
		scene.sim.state.clientIp = '203.0.113.7';
		scene.sim.state.trustIp(false);
		for (const call of ['getcallbackip', 'get_api_domain_ip']) {
			expect(await failureOf(harmlessCall(app), WeComApiError)).toMatchObject({
				call,
				errcode: 60020,
				hint: expect.stringContaining('203.0.113.7'),
			});
		}
		scene.sim.state.trustIp(true);
		await harmlessCall(app);
		expect(scene.sim.record.counters()).toMatchObject({ gettoken: 1, getcallbackip: 3 });
	});

	test('is asked for once by 50 parallel calls', async () => {
		scene.sim.state.trustIp(false);
		const app = scene.app();
		const attempts = Array.from({ length: 50 }, () => failureOf(harmlessCall(app), WeComApiError));
		await Promise.all(attempts);
		expect(scene.sim.record.counters()).toEqual({ gettoken: 1, get_api_domain_ip: 1 });
	});

	test('a check that is answered with anything else stands in nobody’s way', async () => {
		scene.sim.faults.next({ path: 'get_api_domain_ip', errcode: 48002 });
		await harmlessCall(scene.app());
		expect(scene.sim.record.count('getcallbackip')).toBe(1);
	});
});
