import { readCallbackSettings } from '../../../nodes/WeComMedia/wecom/callback/callbackSettings';
import { aesKey, corpId, encodingAesKey, token } from './support';

const good = { callbackToken: token, encodingAesKey, receiveIds: [corpId] };
const CONSOLE = '应用管理 → the app → 接收消息 → 设置API接收';

describe('callback settings', () => {
	it('of a good credential are read', () => {
		expect(readCallbackSettings(good)).toEqual({
			ok: true,
			settings: { token, aesKey, receiveIds: [corpId] },
		});
	});

	it('forgive blanks that came with copying', () => {
		const pasted = {
			callbackToken: ` ${token}\n`,
			encodingAesKey: `\t${encodingAesKey} `,
			receiveIds: [` ${corpId} `, '', '  ', undefined],
		};
		expect(readCallbackSettings(pasted)).toEqual(readCallbackSettings(good));
	});

	it.each([
		[undefined, 'Callback Token is empty'],
		['', 'Callback Token is empty'],
		['  \n', 'Callback Token is empty'],
		['two words', 'Callback Token contains something other than letters and digits'],
		['a-b', 'Callback Token contains something other than letters and digits'],
		['令牌', 'Callback Token contains something other than letters and digits'],
		['a'.repeat(33), 'Callback Token has 33 characters; WeCom takes at most 32'],
	])('with the token %j are refused', (callbackToken, start) => {
		expect(readCallbackSettings({ ...good, callbackToken })).toEqual({
			ok: false,
			problems: [
				{
					field: 'callbackToken',
					message: `${start}. Copy the value of Token from the WeCom admin console under ${CONSOLE}.`,
				},
			],
		});
	});

	it.each([
		[undefined, 'EncodingAESKey is empty'],
		['a'.repeat(42), 'EncodingAESKey has 42 characters instead of 43'],
		[`${'a'.repeat(42)}!`, 'EncodingAESKey contains something other than letters and digits'],
	])('with the EncodingAESKey %j are refused', (key, start) => {
		expect(readCallbackSettings({ ...good, encodingAesKey: key })).toEqual({
			ok: false,
			problems: [
				{
					field: 'encodingAesKey',
					message: `${start}. Copy the value of EncodingAESKey from the WeCom admin console under ${CONSOLE}.`,
				},
			],
		});
	});

	it.each([[[]], [['']], [[' ', undefined]]])('with the receivers %j are refused', (receiveIds) => {
		expect(readCallbackSettings({ ...good, receiveIds })).toMatchObject({
			ok: false,
			problems: [{ field: 'receiveIds', message: expect.stringContaining('企业ID') as unknown }],
		});
	});

	it('hold the empty receiver only where that was asked for', () => {
		const bot = { ...good, receiveIds: [], allowEmptyReceiveId: true };
		expect(readCallbackSettings(bot)).toMatchObject({ ok: true, settings: { receiveIds: [''] } });
	});

	it('name every problem at once and quote no value', () => {
		const wrong = { callbackToken: 'my token', encodingAesKey: 'my key', receiveIds: [] };
		const read = readCallbackSettings(wrong);
		expect(read).toMatchObject({
			problems: [{ field: 'callbackToken' }, { field: 'encodingAesKey' }, { field: 'receiveIds' }],
		});
		expect(JSON.stringify(read)).not.toMatch(/my token|my key/);
	});
});
