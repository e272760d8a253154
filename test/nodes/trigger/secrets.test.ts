import { leaks, logText } from '../../helpers/engine';
import { eventXml, type Fault } from '../../simulator';
import { itemsOf, JOB_FINISH, QUERY, quiet, setupTrigger } from './scene';
import { envelope, get, post, queryText, seal, signed } from './sealing';

const scene = setupTrigger();

/** What must not be in a log, an item or the static data: every secret, and what opens or repeats a push. */
function secrets(): string[] {
	const { corp, suite } = scene.simulator.demo;
	return [
		corp.corpSecret,
		corp.callbackToken,
		corp.encodingAesKey,
		suite.suiteSecret,
		suite.suiteTicket,
		suite.permanentCode,
		suite.callbackToken,
		suite.encodingAesKey,
		...scene.simulator.state.tokens.all().map(({ value }) => value),
	];
}

test.each([false, true])('a finished job leaves no secret behind (suite: %s)', async (suite) => {
	const webhook = await scene.serve({ thirdPartyApp: suite });
	await scene.finishJob({ callbackTimes: 2 }, suite ? 'thirdPartyApp' : 'app');
	const items = await itemsOf(webhook);
	expect(items).toMatchObject([{ state: 'done' }]);
	expect(scene.simulator.state.tokens.all()).not.toEqual([]);
	expect(leaks(secrets(), items, webhook.savedStaticData(), logText())).toEqual([]);
});

test.each<[string, Fault]>([
	['a refusal', { errcode: 60020 }],
	['HTTP 502', { status: 502 }],
	['a cut connection', { cut: 'onArrival' }],
	['garbage', { body: '<html>' }],
])('a result query that ends in %s leaves no secret behind', async (_what, fault) => {
	const webhook = await scene.serve();
	scene.simulator.faults.next({ path: QUERY, times: 99, ...fault });
	await scene.finishJob();
	const items = await itemsOf(webhook);
	expect(items[0].error).toBeDefined();
	expect(leaks(secrets(), items, webhook.savedStaticData(), logText())).toEqual([]);
});

test('a token call that quotes the Secret leaves none behind', async () => {
	const webhook = await scene.serve();
	const { corpSecret } = scene.simulator.demo.corp;
	const errmsg = `invalid corpsecret ${corpSecret}`;
	scene.simulator.faults.next({ path: 'gettoken', errcode: 40001, errmsg, times: 99 });
	await scene.finishJob();
	const items = await itemsOf(webhook);
	expect(items[0].error).toContain('40001');
	expect(leaks(secrets(), items, logText())).toEqual([]);
});

test('refused requests leave neither a secret nor anything of the message in the log', async () => {
	const { url, executions } = await scene.serve();
	const { corp } = scene.simulator.demo;
	const message = eventXml({ Event: JOB_FINISH, JobId: 'jobid_private', Content: 'private words' });
	const foreign = { ...corp, corpId: 'wwanothercorp' };
	const sealed = seal(foreign, message);
	const query = queryText(signed(foreign, sealed));
	expect((await post(url, query, envelope(sealed))).status).toBe(403);
	expect((await post(url, query.replace('=', '=0'), envelope(sealed))).status).toBe(403);
	expect((await get(url, `${query}&${queryText({ echostr: sealed })}`)).status).toBe(403);
	expect((await post(url, '', envelope(sealed))).status).toBe(400);
	await quiet();
	expect(executions).toEqual([]);
	expect(logText().match(/request refused/g)).toHaveLength(4);
	const traces = [sealed, 'jobid_private', 'private words', 'wwanothercorp'];
	expect(leaks([...secrets(), ...traces], logText())).toEqual([]);
});

test('a credential that cannot open callbacks is not quoted in the log', async () => {
	const credential = { encodingAesKey: 'MadeUpButTooShortKey', callbackToken: 'made-up token' };
	const { url } = await scene.serve({ unsaved: true, credential });
	expect((await get(url, 'echostr=x')).status).toBe(503);
	expect(logText()).toContain('Callback Token contains something other than letters and digits');
	expect(leaks([...Object.values(credential), ...secrets()], logText())).toEqual([]);
});
