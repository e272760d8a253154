import { WeComApiError, WeComNetworkError } from '../../nodes/WeComMedia/wecom/client/errors';
import { TokenCache, tokenCacheKey } from '../../nodes/WeComMedia/wecom/accounts/tokens';
import type { TokenSource } from '../../nodes/WeComMedia/wecom/accounts/tokens';

const HOUR_MS = 3_600_000;

interface CountedSource extends TokenSource {
	fetches: number;
	verifications: string[];
}

/** A source whose tokens are "made-up-1", "made-up-2" …; `fetch` may be replaced by a failure. */
function sourceOf(cacheKey: string, expiresInS = 7200): CountedSource {
	const source: CountedSource = {
		cacheKey,
		fetches: 0,
		verifications: [],
		fetch: async () => {
			source.fetches += 1;
			return { token: `made-up-${source.fetches}`, expiresInS };
		},
		verify: async (token) => {
			source.verifications.push(token);
			return true;
		},
	};
	return source;
}

function refusal(errcode: number): WeComApiError {
	return new WeComApiError('gettoken', errcode, 'no', { meaning: 'no', hint: '' });
}

describe('TokenCache', () => {
	let now: number;
	let tokens: TokenCache;
	let source: CountedSource;
	beforeEach(() => {
		now = 1_800_000_000_000;
		tokens = new TokenCache(() => now);
		source = sourceOf('account');
	});

	test('parallel callers share one fetch and one verification', async () => {
		const got = await Promise.all(Array.from({ length: 50 }, () => tokens.get(source)));
		expect(new Set(got)).toEqual(new Set(['made-up-1']));
		expect(source).toMatchObject({ fetches: 1, verifications: ['made-up-1'] });
	});

	test.each([
		[7200, 7200 - 300],
		[3000, 3000 - 300],
		[600, 540],
		[10, 9],
	])('a token of %d s is used for %d s', async (expiresInS, usedForS) => {
		source = sourceOf('account', expiresInS);
		await tokens.get(source);
		now += usedForS * 1000 - 1;
		expect(await tokens.get(source)).toBe('made-up-1');
		now += 1;
		expect(await tokens.get(source)).toBe('made-up-2');
	});

	test('a refused token is dropped, and fetched once by all who notice', async () => {
		const old = await tokens.get(source);
		const again = async () => {
			tokens.invalidate('account', old);
			return await tokens.get(source);
		};
		const got = await Promise.all(Array.from({ length: 20 }, again));
		expect(new Set(got)).toEqual(new Set(['made-up-2']));
		expect(source.fetches).toBe(2);
	});

	test('a slow item that reports the old token does not drop the newer one', async () => {
		const old = await tokens.get(source);
		tokens.invalidate('account', old);
		await tokens.get(source);
		tokens.invalidate('account', old);
		expect(await tokens.get(source)).toBe('made-up-2');
		expect(source.fetches).toBe(2);
	});

	test('a doubted token is verified again, not fetched again', async () => {
		await tokens.get(source);
		tokens.doubt('account');
		expect(await tokens.get(source)).toBe('made-up-1');
		expect(source).toMatchObject({ fetches: 1, verifications: ['made-up-1', 'made-up-1'] });
	});

	test('a doubted token that turns out dead is replaced', async () => {
		await tokens.get(source);
		tokens.doubt('account');
		source.verify = async (token) => token !== 'made-up-1';
		expect(await tokens.get(source)).toBe('made-up-2');
	});

	test('a token whose verification failed is kept and verified by the next caller', async () => {
		const { verify } = source;
		source.verify = async () => await Promise.reject(refusal(60020));
		await expect(tokens.get(source)).rejects.toMatchObject({ errcode: 60020 });
		source.verify = verify;
		expect(await tokens.get(source)).toBe('made-up-1');
		expect(source.fetches).toBe(1);
	});

	test('a verification older than the caller allows is repeated', async () => {
		await tokens.getVerified(source, 10_000);
		now += 10_000;
		await tokens.getVerified(source, 10_000);
		expect(source.verifications).toHaveLength(1);
		now += 1;
		await tokens.getVerified(source, 10_000);
		expect(source).toMatchObject({ fetches: 1, verifications: { length: 2 } });
	});

	test.each([
		[40001, 60_000],
		[40013, 60_000],
		[40125, 60_000],
		[40085, 5_000],
		[40164, 5_000],
	])('the refusal %d is remembered for %d ms, then asked again', async (errcode, forMs) => {
		let calls = 0;
		source.fetch = async () => {
			calls += 1;
			return await Promise.reject(refusal(errcode));
		};
		const attempt = async () => await expect(tokens.get(source)).rejects.toMatchObject({ errcode });
		await Promise.all(Array.from({ length: 50 }, attempt));
		now += forMs - 1;
		await attempt();
		expect(calls).toBe(1);
		now += 1;
		await attempt();
		expect(calls).toBe(2);
	});

	test.each([
		['a busy answer', refusal(-1)],
		['a lost connection', new WeComNetworkError('no answer', 'ECONNRESET', 'maybe')],
	])('%s is not remembered: the next caller asks again', async (_what, error) => {
		const { fetch } = source;
		source.fetch = async () => await Promise.reject(error);
		await expect(tokens.get(source)).rejects.toBe(error);
		source.fetch = fetch;
		expect(await tokens.get(source)).toBe('made-up-1');
	});

	const accountsOf = (count: number) =>
		Array.from({ length: count }, (_, index) => sourceOf(`account ${index}`));

	test.each([501, 5_000])('%d accounts in turn, three times: one fetch each', async (count) => {
		const sources = accountsOf(count);
		for (let round = 0; round < 3; round += 1) {
			for (const each of sources) await tokens.get(each);
		}
		expect(sources.every(({ fetches }) => fetches === 1)).toBe(true);
	});

	test('of too many accounts the one that was not used for longest is forgotten', async () => {
		const sources = accountsOf(5_001);
		for (const each of sources.slice(0, 5_000)) await tokens.get(each);
		await tokens.get(sources[0]);
		await tokens.get(sources[5_000]);
		await tokens.get(sources[0]);
		expect(sources[0].fetches).toBe(1);
		await tokens.get(sources[1]);
		expect(sources[1].fetches).toBe(2);
	});

	test('remembered refusals are bounded as well', async () => {
		let calls = 0;
		const refused = (cacheKey: string): TokenSource => ({
			cacheKey,
			fetch: async () => {
				calls += 1;
				return await Promise.reject(refusal(40001));
			},
		});
		const attempt = async (index: number) =>
			await tokens.get(refused(`account ${index}`)).catch(() => 'refused');
		for (let index = 0; index <= 5_000; index += 1) await attempt(index);
		await attempt(5_000);
		expect(calls).toBe(5_001);
		await attempt(0);
		expect(calls).toBe(5_002);
	});

	test('what a fetch is made with may change: a refusal holds for the old one only', async () => {
		source.attemptKey = 'account, made-up old ticket';
		source.fetch = async () => await Promise.reject(refusal(40085));
		await expect(tokens.get(source)).rejects.toMatchObject({ errcode: 40085 });
		const renewed = { ...sourceOf('account'), attemptKey: 'account, made-up new ticket' };
		expect(await tokens.get(renewed)).toBe('made-up-1');
		expect(await tokens.get(source)).toBe('made-up-1');
	});

	test('a token of one account is not touched by another being refused', async () => {
		const other = sourceOf('other');
		await tokens.get(source);
		await tokens.get(other);
		tokens.invalidate('other', 'made-up-1');
		now += HOUR_MS;
		expect(await tokens.get(source)).toBe('made-up-1');
		expect(await tokens.get(other)).toBe('made-up-2');
	});
});

describe('tokenCacheKey', () => {
	test('tells accounts apart by every part and by where one part ends', () => {
		const keys = [
			tokenCacheKey('https://a.example', 'corp', 'made-up'),
			tokenCacheKey('https://b.example', 'corp', 'made-up'),
			tokenCacheKey('https://a.example', 'corp', 'made-up too'),
			tokenCacheKey('https://a.example', 'corpmade-', 'up'),
			tokenCacheKey('https://a.example', 'corp', 'made-up', ''),
		];
		expect(new Set(keys).size).toBe(keys.length);
	});

	test('reveals none of its parts', () => {
		expect(tokenCacheKey('https://a.example', 'corp', 'made-up')).toMatch(/^[0-9a-f]{64}$/);
	});
});
