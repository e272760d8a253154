import { logText } from '../../helpers/engine';
import { quiet, setupTrigger } from './scene';
import { get, queryText, seal, secondsAgo, signed } from './sealing';

const scene = setupTrigger();
const ECHO = '1616140317555161061';

/** Seals the echo until its Base64 holds a plus sign; about one in four texts of this length holds none. */
function sealedWithPlus(): string {
	let sealed = '';
	while (!sealed.includes('+')) sealed = seal(scene.simulator.demo.corp, ECHO);
	return sealed;
}

test("the console's save succeeds: the bare echo, and nothing is started", async () => {
	const webhook = await scene.serve({ unsaved: true });
	const saved = await scene.simulator.verifyCallbackUrl(webhook.url);
	expect(saved).toEqual({ ok: true, status: 200, body: expect.stringMatching(/^\d+$/) as string });
	expect(scene.simulator.targets.app.callback?.url).toBe(webhook.url);
	await quiet();
	expect(webhook.executions).toEqual([]);
	expect(webhook.savedStaticData()).toEqual({});
	expect(logText()).toContain('WeCom verified the callback URL');
});

test('the echo is plain text without quotes, BOM or newline', async () => {
	const { url } = await scene.serve();
	const sealed = seal(scene.simulator.demo.corp, ECHO);
	const query = queryText({ ...signed(scene.simulator.demo.corp, sealed), echostr: sealed });
	const answer = await get(url, query);
	expect(answer).toMatchObject({ status: 200, text: ECHO });
	expect(answer.type).toMatch(/^text\/plain/);
});

describe('a + in echostr survives', () => {
	test.each([
		['percent-encoded', encodeURIComponent],
		['as it is, which a web framework reads as a space', (text: string) => text],
		['already made a space on the way', (text: string) => text.replace(/\+/g, '%20')],
	])('%s', async (_how, write) => {
		const { url } = await scene.serve();
		const sealed = sealedWithPlus();
		const query = queryText(signed(scene.simulator.demo.corp, sealed));
		const answer = await get(url, `${query}&echostr=${write(sealed)}`);
		expect(answer).toMatchObject({ status: 200, text: ECHO });
	});
});

test('parameters may come in any order and among others', async () => {
	const { url } = await scene.serve();
	const sealed = sealedWithPlus();
	const { msg_signature, timestamp, nonce } = signed(scene.simulator.demo.corp, sealed);
	const query = queryText({ echostr: sealed, debug: '', nonce, timestamp, x: '1', msg_signature });
	expect(await get(url, query)).toMatchObject({ status: 200, text: ECHO });
});

test("of a third-party app may name the provider's corp", async () => {
	const webhook = await scene.serve({ thirdPartyApp: true, unsaved: true });
	const { suite } = scene.simulator.targets;
	expect(await scene.simulator.verifyCallbackUrl(webhook.url, suite)).toMatchObject({ ok: true });
});

describe('a request that only looks like a verification', () => {
	const FORBIDDEN = { status: 403, text: 'forbidden' };

	test("is refused with another app's Token", async () => {
		const webhook = await scene.serve({ unsaved: true });
		scene.simulator.targets.app.callback!.token = 'AnotherToken';
		expect(await scene.simulator.verifyCallbackUrl(webhook.url)).toMatchObject({
			ok: false,
			status: 403,
			body: 'forbidden',
		});
	});

	test('is refused when it is for another corp', async () => {
		const { url } = await scene.serve();
		const other = { ...scene.simulator.demo.corp, corpId: 'wwanothercorp' };
		const sealed = seal(other, ECHO);
		const query = queryText({ ...signed(other, sealed), echostr: sealed });
		expect(await get(url, query)).toMatchObject(FORBIDDEN);
	});

	test('does not get a recorded message back', async () => {
		const { url } = await scene.serve();
		const sealed = seal(scene.simulator.demo.corp, '<xml><Content>made up</Content></xml>');
		const query = queryText({ ...signed(scene.simulator.demo.corp, sealed), echostr: sealed });
		expect(await get(url, query)).toMatchObject(FORBIDDEN);
	});

	test('is refused when it was recorded a while ago', async () => {
		const { url } = await scene.serve();
		const { corp } = scene.simulator.demo;
		const sealed = seal(corp, ECHO);
		const query = queryText({ ...signed(corp, sealed, secondsAgo(700)), echostr: sealed });
		expect(await get(url, query)).toMatchObject({ status: 401, text: 'request is not fresh' });
	});

	test.each(['msg_signature', 'timestamp', 'nonce', 'echostr'])(
		'is refused without %s, or with it twice',
		async (name) => {
			const { url } = await scene.serve();
			const sealed = seal(scene.simulator.demo.corp, ECHO);
			const all = { ...signed(scene.simulator.demo.corp, sealed), echostr: sealed };
			const without = Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
			const twice = `${queryText(all)}&${queryText({ [name]: 'x' })}`;
			for (const query of [queryText(without), twice]) {
				expect(await get(url, query)).toMatchObject({ status: 400, text: 'bad request' });
			}
		},
	);

	test.each(['', 'x=1', 'echostr=%E5%9', 'echostr[]=a&msg_signature[a]=b', '%'])(
		'is refused with the query %j',
		async (query) => {
			const { url } = await scene.serve();
			expect(await get(url, query)).toMatchObject({ status: 400, text: 'bad request' });
		},
	);
});
