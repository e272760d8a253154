import {
	WeComApiError,
	WeComHttpError,
	WeComTransferError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { parseObject } from '../../nodes/WeComMedia/wecom/client/answerKind';
import type { Fault } from '../simulator';
import { failureOf, harmlessCall, sceneOf, useScene } from './scene';

const scene = useScene();

async function failureWith(fault: Fault): Promise<WeComHttpError> {
	scene.sim.faults.next({ ...fault, path: 'getcallbackip', times: 9 });
	return await failureOf(harmlessCall(scene.app()), WeComHttpError);
}

describe('an answer that is not WeCom’s', () => {
	test.each([
		['an HTML page', '<html><body>Please log in</body></html>'],
		['an empty body', ''],
		['half a JSON object', '{"errcode":0,"errmsg":'],
		['a JSON list', '[1,2]'],
		['a JSON text', '"ok"'],
		['binary garbage', '\u0000\u0001\u0002'],
	])('%s with HTTP 200 leads to Base URL', async (_what, body) => {
		const failure = await failureWith({ body });
		expect(failure).toMatchObject({
			message: 'getcallbackip was answered with something that is not JSON',
			status: 200,
			hint: expect.stringContaining('Base URL'),
		});
		expect(scene.sim.record.count('getcallbackip')).toBe(1);
	});

	test('a redirect is not followed and says why', async () => {
		const target = `${scene.sim.url}/cgi-bin/get_api_domain_ip`;
		const failure = await failureWith({ status: 301, headers: { Location: target } });
		expect(failure).toMatchObject({
			message: 'getcallbackip was answered with HTTP status 301',
			status: 301,
			hint: expect.stringMatching(/redirect, which is not followed/),
		});
		// One look at the IP after gettoken; the redirect led there a second time if it were followed.
		expect(scene.sim.record.count('get_api_domain_ip')).toBe(1);
	});

	test('an empty 404 leads to a wrong path in Base URL', async () => {
		const { sim, world, tokens } = scene;
		const lost = sceneOf({ ...sim, url: `${sim.url}/elsewhere` }, {}, tokens).app();
		const failure = await failureOf(harmlessCall(lost), WeComHttpError);
		expect(failure).toMatchObject({
			message: 'gettoken was answered with HTTP status 404',
			status: 404,
			hint: expect.stringContaining('/cgi-bin'),
		});
		expect(world.pauses).toEqual([]);
	});

	test.each([
		[412, /proxy/],
		[413, /limits the size/],
		[500, /Try again later/],
		[403, /Base URL/],
	])('HTTP %d comes with advice of its own', async (status, hint) => {
		expect((await failureWith({ status })).hint).toMatch(hint);
	});

	test('a short excerpt of an error page is shown on one line', async () => {
		const failure = await failureWith({ status: 403, body: 'Blocked by\n\n  the <b>firewall</b>' });
		expect(failure.message).toBe(
			'getcallbackip was answered with HTTP status 403: Blocked by the <b>firewall</b>',
		);
		const long = await failureWith({ status: 403, body: 'x'.repeat(1500) });
		expect(long.message.length).toBeLessThan(300);
	});

	test('of an error page of any size the beginning is shown', async () => {
		const body = `Blocked by the firewall ${'x'.repeat(3_000_000)}`;
		const failure = await failureWith({ status: 403, body });
		expect(failure.message).toMatch(
			/^getcallbackip was answered with HTTP status 403: Blocked by the firewall x+$/,
		);
		expect(failure.message.length).toBeLessThan(300);
	});

	test('an answer longer than 4 MB is not read to its end', async () => {
		scene.sim.faults.next({ path: 'getcallbackip', body: ' '.repeat(9_000_000), times: 9 });
		const failure = await failureOf(harmlessCall(scene.app()), WeComTransferError);
		expect(failure.message).toBe('getcallbackip was answered with more than 4 MB');
		expect(scene.sim.record.count('getcallbackip')).toBe(1);
	});

	test('a refusal nested 200,000 levels deep is a refusal like any other', async () => {
		const nested = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
		const body = `{"errcode":48002,"errmsg":"api forbidden","more":${nested}}`;
		scene.sim.faults.next({ path: 'getcallbackip', body });
		const failure = await failureOf(harmlessCall(scene.app()), WeComApiError);
		expect(failure.errcode).toBe(48002);
		expect(failure.errmsg).toBe('api forbidden');
	});
});

describe('an answer of WeCom', () => {
	test.each([
		['without errcode', '{"ip_list":[]}'],
		['with errcode 0', '{"errcode":0,"errmsg":"ok"}'],
		['with errcode "0"', '{"errcode":"0"}'],
		['with another errmsg than ok', '{"errcode":0,"errmsg":""}'],
		['with blanks and a byte order mark around it', '\ufeff {"errcode":0} \n'],
	])('%s is a success', async (_what, body) => {
		scene.sim.faults.next({ path: 'getcallbackip', body });
		await harmlessCall(scene.app());
		expect(scene.sim.record.count('getcallbackip')).toBe(1);
	});

	test.each([
		['with a numeric errcode', '{"errcode":48002,"errmsg":"api forbidden"}'],
		['with an errcode in quotes', '{"errcode":"48002"}'],
		['that still has its own fields', '{"ip_list":[],"errcode":48002}'],
	])('%s is a refusal', async (_what, body) => {
		scene.sim.faults.next({ path: 'getcallbackip', body });
		const failure = await failureOf(harmlessCall(scene.app()), WeComApiError);
		expect(failure.errcode).toBe(48002);
		expect(failure.message).toMatch(/^getcallbackip failed \(48002: .+\)$/);
		expect(failure.hint).not.toBe('');
	});

	test('keeps the vendor’s text with its reference for the user', async () => {
		scene.sim.state.clientIp = '203.0.113.7';
		scene.sim.faults.next({ path: 'getcallbackip', errcode: 48002 });
		const failure = await failureOf(harmlessCall(scene.app()), WeComApiError);
		expect(failure.errmsg).toMatch(/^api forbidden, hint: \[\w+\], from ip: 203\.0\.113\.7/);
	});

	test('may be JSON without a token: the call says what is missing', async () => {
		scene.sim.faults.next({ path: 'gettoken', body: '{"errcode":0,"access_token":""}' });
		const failure = await failureOf(harmlessCall(scene.app()), WeComHttpError);
		expect(failure.message).toBe('gettoken was answered without access_token');
	});
});

test.each([['{"a":1}'], ['\r\n {"a":1}\r\n']])('parseObject reads %j', (text) => {
	expect(parseObject(Buffer.from(text))).toEqual({ a: 1 });
});
test.each([['[{"a":1}]'], ['{'], [''], ['null'], ['{"a":1}{']])(
	'parseObject refuses %j',
	(text) => {
		expect(parseObject(Buffer.from(text))).toBeUndefined();
	},
);
