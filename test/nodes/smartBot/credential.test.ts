import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { WeComMedia } from '../../../nodes/WeComMedia/WeComMedia.node';
import { setupScene } from '../scene';

const scene = setupScene();

/** n8n finds the test by the name that the node's entry of the credential gives. */
async function check(data: ICredentialsDecrypted['data']) {
	const { description, methods } = new WeComMedia();
	const { testedBy } = description.credentials!.find(({ name }) => name === 'weComSmartBotApi')!;
	const test = methods.credentialTest[testedBy as keyof typeof methods.credentialTest];
	const credential = { id: '1', name: 'bot', type: 'weComSmartBotApi', data };
	return await test.call({} as ICredentialTestFunctions, credential);
}

test('the right form passes, says that no more could be tested, and asks nobody', async () => {
	const { status, message } = await check(scene.credential('smartBot'));
	expect(status).toBe('OK');
	expect(message).toContain('WeCom has no call to test more');
	expect(scene.simulator.record.all).toEqual([]);
});

test.each([
	['a short key', { encodingAesKey: 'short' }, /EncodingAESKey has 5 characters instead of 43/],
	['no token', { callbackToken: '' }, /Callback Token is empty/],
	['both wrong', { callbackToken: '!', encodingAesKey: '' }, /Callback Token.*EncodingAESKey/],
])('%s fails with where the value stands, and quotes none', async (_what, change, message) => {
	const data = scene.credential('smartBot', change);
	const result = await check(data);
	expect(result.status).toBe('Error');
	expect(result.message).toMatch(message);
	expect(result.message).toContain('智能机器人');
	for (const value of [data.callbackToken, data.encodingAesKey]) {
		if (String(value).length > 5) expect(result.message).not.toContain(value);
	}
});

test('an operation that a smart bot does not have is refused by its name', async () => {
	const { error } = await scene.run({ system: 'smartBot', operation: 'upload' });
	expect(error?.message).toContain("The operation 'upload' is not known");
});
