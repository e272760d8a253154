import { decodeEncodingAesKey, encodingAesKeyProblem } from './encryptor';

/** What opening a callback needs; made by {@link readCallbackSettings} only. */
export interface CallbackSettings {
	readonly token: string;
	/** 32 bytes. */
	readonly aesKey: Buffer;
	/** Never empty; holds the empty text only where that was asked for. */
	readonly receiveIds: readonly string[];
}

export interface CallbackSettingsInput {
	callbackToken?: string;
	encodingAesKey?: string;
	/**
	 * Whose messages are accepted: the corpid; for the data callback of a third-party app the authorized corp's corpid, for
	 * its command callback the suite id (vendor page 90968). Blank entries are dropped.
	 */
	receiveIds: ReadonlyArray<string | undefined>;
	/** Whose console the values come from; default the company's own. */
	console?: keyof typeof CONSOLES;
	/** Accept messages without a receiver: third-party apps of individual developers and smart bots only. */
	allowEmptyReceiveId?: boolean;
}

interface SettingsProblem {
	field: 'callbackToken' | 'encodingAesKey' | 'receiveIds';
	/** Whole sentences for the user; never holds a value of the credential. */
	message: string;
}

const MAX_TOKEN_LENGTH = 32;
/** Where Token and EncodingAESKey stand, and where the corpid (vendor pages 90930, 97172). */
const CONSOLES = {
	company: {
		callback: 'WeCom admin console under 应用管理 → the app → 接收消息 → 设置API接收',
		corpId: 'Copy 企业ID from the WeCom admin console under 我的企业 → 企业信息.',
	},
	smartBot: {
		callback: 'WeCom admin console under 智能机器人 → the bot → API模式 → URL回调',
		corpId: '',
	},
	provider: {
		callback: 'provider console (服务商后台) under 应用管理 → the app → 回调配置',
		corpId: 'Enter the corpid of the company that authorized the app (auth_corpid).',
	},
} as const;

/**
 * Checks the callback fields of a credential (vendor pages 90930, 90968). Blanks around a value are forgiven: they come
 * from copying.
 *
 * @returns the settings, or every problem at once
 */
export function readCallbackSettings(
	input: CallbackSettingsInput,
): { ok: true; settings: CallbackSettings } | { ok: false; problems: SettingsProblem[] } {
	const where = CONSOLES[input.console ?? 'company'];
	const token = (input.callbackToken ?? '').trim();
	const encodingAesKey = input.encodingAesKey ?? '';
	const receiveIds = input.receiveIds.map((id) => (id ?? '').trim()).filter((id) => id !== '');
	if (input.allowEmptyReceiveId) receiveIds.push('');

	const problems: SettingsProblem[] = [];
	const wrongToken = tokenProblem(token);
	if (wrongToken) {
		problems.push({
			field: 'callbackToken',
			message: `${wrongToken}. Copy the value of Token from the ${where.callback}.`,
		});
	}
	const wrongKey = encodingAesKeyProblem(encodingAesKey);
	if (wrongKey) {
		problems.push({
			field: 'encodingAesKey',
			message: `${wrongKey}. Copy the value of EncodingAESKey from the ${where.callback}.`,
		});
	}
	if (receiveIds.length === 0) {
		problems.push({
			field: 'receiveIds',
			message: `The corp ID is empty, so nobody could tell whether a message is meant for this corp. ${where.corpId}`,
		});
	}
	if (problems.length > 0) return { ok: false, problems };
	return {
		ok: true,
		settings: { token, aesKey: decodeEncodingAesKey(encodingAesKey), receiveIds },
	};
}

function tokenProblem(token: string): string | undefined {
	if (token === '') return 'Callback Token is empty';
	if (token.length > MAX_TOKEN_LENGTH) {
		return `Callback Token has ${token.length} characters; WeCom takes at most ${MAX_TOKEN_LENGTH}`;
	}
	if (!/^[A-Za-z0-9]+$/.test(token)) {
		return 'Callback Token contains something other than letters and digits';
	}
	return undefined;
}
