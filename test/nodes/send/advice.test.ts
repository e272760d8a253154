import { setupSending } from './sending';
import { sampleFile } from '../scene';

const scene = setupSending();
const report = () => [{ binary: { data: sampleFile('report.pdf') } }];
const text = { content: 'text', text: 'hello' };

describe("WeCom's own words", () => {
	test('stand in what the editor displays, without what WeCom appends for its support', async () => {
		scene.simulator.faults.next({
			path: 'webhook/send',
			errcode: 40058,
			errmsg: "invalid param 'text.mentioned_list'",
		});
		const { error } = await scene.send({ system: 'robot', parameters: text });
		expect(error?.description).toMatch(
			/^Read WeCom's own text: .* WeCom's own text: "invalid param 'text.mentioned_list'"\. If you ask WeCom's support, name this reference: \S+$/,
		);
	});

	test('are not said twice where a code is not known', async () => {
		scene.simulator.faults.next({ path: 'message/send', errcode: 987654, errmsg: 'strange thing' });
		const { error } = await scene.send({ parameters: text });
		expect(error?.message).toBe('message/send failed (987654: strange thing) [item 0]');
		expect(error?.description).not.toContain('strange thing');
	});

	test('never hold a key that WeCom quotes', async () => {
		const { webhookKey } = scene.simulator.demo.robot;
		scene.simulator.faults.next({
			path: 'webhook/send',
			errcode: 40058,
			errmsg: `bad request /cgi-bin/webhook/send?key=${webhookKey} in ${webhookKey}`,
		});
		const { error } = await scene.send({ system: 'robot', parameters: text });
		expect(error?.description).toContain('bad request');
		expect(error?.description).not.toContain(webhookKey);
	});
});

describe('a wrong webhook key', () => {
	const credential = { webhookKey: '00000000-1111-4222-8333-444444444444' };
	const meaning = 'The webhook key is not valid, or the robot was removed';

	test.each([
		['a text', text, [{}], 'webhook/send failed (93000'],
		['a file', {}, report(), 'webhook/upload_media failed (40058'],
	])('is the same sentence for %s', async (_what, parameters, items, call) => {
		const { error } = await scene.send({ system: 'robot', credential, parameters, items });
		expect(error?.message).toBe(`${call}: ${meaning}) [item 0]`);
		expect(error?.description).toMatch(/^Copy the webhook URL of the robot again/);
	});
});

describe('advice is of the system whose credential is used', () => {
	test('a wrong Secret of Customer Service leads to Customer Service', async () => {
		const { error } = await scene.send({
			system: 'customerService',
			credential: { corpSecret: 'made-up-wrong-secret' },
			parameters: text,
		});
		expect(error?.message).toContain('gettoken failed (40001');
		expect(error?.description).toMatch(/^Use the Secret of Customer Service \(微信客服 → API\)/);
	});

	test('a wrong Secret of an app leads to the app', async () => {
		const { error } = await scene.send({
			credential: { corpSecret: 'made-up-wrong-secret' },
			parameters: text,
		});
		expect(error?.description).toContain('应用管理 → the app → Secret');
	});

	test('a third-party app is not told to fill in a field its credential lacks', async () => {
		scene.simulator.state.strict.suiteNeedsAgentId = true;
		const { error } = await scene.send({ system: 'thirdPartyApp', parameters: text });
		expect(error?.message).toContain('message/send failed (41011: WeCom wants an agentid)');
		expect(error?.description).toContain('获取企业授权信息');
		expect(error?.description).not.toContain('Fill in Agent ID');
	});

	test('an app chat refused for the app names the range of the app, not Customer Contact', async () => {
		scene.simulator.state.apps[0].rootVisible = false;
		const { error } = await scene.send({
			parameters: { ...text, sendTo: 'appChat', chatId: 'demochat' },
		});
		expect(error?.message).toContain('appchat/send failed (48002: The app may not use app chats)');
		expect(error?.description).toContain('可见范围');
		expect(error?.description).not.toContain('Upload Large File');
	});
});
