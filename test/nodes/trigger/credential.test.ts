import { logText } from '../../helpers/engine';
import { activate } from './contexts';
import { doneFields, itemsOf, JOB_FINISH, quiet, setupTrigger } from './scene';
import { envelope, get, post, queryText, seal, signed } from './sealing';

const scene = setupTrigger();

describe('activating the workflow', () => {
	test.each([false, true])('succeeds with a complete credential (suite: %s)', async (suite) => {
		const credential = scene.credential({ thirdPartyApp: suite });
		await expect(activate({ credential, thirdPartyApp: suite })).resolves.toBe(true);
		expect(scene.simulator.record.all).toEqual([]);
	});

	const WHERE = 'WeCom admin console under 应用管理 → the app → 接收消息 → 设置API接收.';
	const TOKEN_AT = `Copy the value of Token from the ${WHERE}`;
	const KEY_AT = `Copy the value of EncodingAESKey from the ${WHERE}`;
	const short = 'MadeUpEncodingAesKeyOfTheDemoAppOfSimulato';

	test.each([
		['no Token', { callbackToken: '' }, `Callback Token is empty. ${TOKEN_AT}`],
		[
			'a Token with a blank inside',
			{ callbackToken: 'Demo Token' },
			`Callback Token contains something other than letters and digits. ${TOKEN_AT}`,
		],
		[
			'a Token of 33 characters',
			{ callbackToken: 'T'.repeat(33) },
			`Callback Token has 33 characters; WeCom takes at most 32. ${TOKEN_AT}`,
		],
		['no key', { encodingAesKey: '' }, `EncodingAESKey is empty. ${KEY_AT}`],
		[
			'a shortened key',
			{ encodingAesKey: short },
			`EncodingAESKey has 42 characters instead of 43. ${KEY_AT}`,
		],
		[
			'a key with its = copied along',
			{ encodingAesKey: `${short}A=` },
			`EncodingAESKey has 44 characters instead of 43. ${KEY_AT}`,
		],
		[
			'a key with other characters',
			{ encodingAesKey: `${short}+` },
			`EncodingAESKey contains something other than letters and digits. ${KEY_AT}`,
		],
	])('fails with %s, and says where it stands', async (_what, changes, sentence) => {
		const credential = scene.credential({ credential: changes });
		await expect(activate({ credential })).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: sentence,
		});
	});

	test('names the provider console for a third-party app', async () => {
		const credential = scene.credential({
			thirdPartyApp: true,
			credential: { callbackToken: '', authCorpId: '' },
		});
		await expect(activate({ credential, thirdPartyApp: true })).rejects.toMatchObject({
			message:
				'Callback Token is empty. Copy the value of Token from the provider console (服务商后台) under 应用管理 → the app → 回调配置.',
			description: expect.stringContaining('auth_corpid') as string,
		});
	});

	test('fails with every problem at once', async () => {
		const credential = scene.credential({
			credential: { callbackToken: '', encodingAesKey: short, corpId: '' },
		});
		await expect(activate({ credential })).rejects.toMatchObject({
			message: expect.stringMatching(/^Callback Token is empty/) as string,
			description: expect.stringMatching(
				/^EncodingAESKey has 42 characters.* The corp ID is empty.*我的企业/,
			) as string,
		});
	});

	test('forgives blanks around the values, which come from copying', async () => {
		const { callbackToken, encodingAesKey } = scene.simulator.demo.corp;
		const credential = scene.credential({
			credential: { callbackToken: ` ${callbackToken}\n`, encodingAesKey: `${encodingAesKey} ` },
		});
		await expect(activate({ credential })).resolves.toBe(true);
	});
});

describe('with a credential that cannot open callbacks', () => {
	test.each([
		['no Token', { callbackToken: '' }, 'Callback Token is empty'],
		[
			'a shortened key',
			{ encodingAesKey: 'MadeUpEncodingAesKey' },
			'EncodingAESKey has 20 characters',
		],
		['no corp ID', { corpId: '' }, 'The corp ID is empty'],
	])(
		'every request is answered with 503, and the log says why: %s',
		async (_what, credential, why) => {
			const { url, executions } = await scene.serve({ unsaved: true, credential });
			const { corp } = scene.simulator.demo;
			const sealed = seal(corp, '1616140317555161061');
			const query = queryText(signed(corp, sealed));
			const refused = { status: 503, text: 'not configured' };
			expect(await get(url, `${query}&${queryText({ echostr: sealed })}`)).toMatchObject(refused);
			expect(await post(url, query, envelope(sealed))).toMatchObject(refused);
			await quiet();
			expect(executions).toEqual([]);
			expect(logText()).toContain(why);
		},
	);
});

describe('the data callback of a third-party app', () => {
	const APP = 'thirdPartyApp';

	test('takes what is for the authorized company', async () => {
		const webhook = await scene.serve({ thirdPartyApp: true });
		const job = await scene.finishJob({ errcode: 830003 }, APP);
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: job.jobId, state: 'failed' }]);
		const good = await scene.finishJob({ callbackTimes: 2 }, APP);
		const [, item] = await itemsOf(webhook, 2);
		expect(item).toMatchObject({ event: JOB_FINISH, jobid: good.jobId, ...doneFields(good) });
	});

	test.each(['wwanothercompany', 'wwdemosuite', 'wwprovidercorp', ''])(
		'refuses what is for %j',
		async (receiveId) => {
			const webhook = await scene.serve({ thirdPartyApp: true });
			scene.simulator.callbacks.repeats = 0;
			const { attempts } = await scene.simulator.pushEvent(
				{ Event: JOB_FINISH, JobId: 'jobid_1' },
				{ target: scene.simulator.targets.suite, receiveId },
			);
			expect(attempts).toEqual([{ status: 403, body: 'forbidden' }]);
			await quiet();
			expect(webhook.executions).toEqual([]);
		},
	);
});
