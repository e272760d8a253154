/**
 * Reads a credential's fields: trims blanks, checks shapes, and says which field is wrong before anything is sent.
 * The values themselves never appear in a message.
 */
import { normalizeBaseUrl } from './baseUrl';
import { WeComInputError } from '../client/errors';

export type CredentialData = Record<string, unknown>;

export const QYAPI_URL = 'https://qyapi.weixin.qq.com';
export const OFFICIAL_ACCOUNT_URL = 'https://api.weixin.qq.com';

export interface CorpSettings {
	baseUrl: string;
	corpId: string;
	corpSecret: string;
	/** '' when the credential has none; needed for sending only. */
	agentId: string;
}

export interface SuiteSettings {
	baseUrl: string;
	suiteId: string;
	suiteSecret: string;
	suiteTicket: string;
	authCorpId: string;
	permanentCode: string;
}

export interface WebhookSettings {
	baseUrl: string;
	webhookKey: string;
}

export interface OfficialAccountSettings {
	baseUrl: string;
	appId: string;
	appSecret: string;
}

/**
 * Reads the fields of WeCom Corp Secret API.
 *
 * @throws WeComInputError that names the field
 */
export function readCorpSettings(data: CredentialData): CorpSettings {
	return {
		baseUrl: readBaseUrl(data, QYAPI_URL),
		corpId: readId(data.corpId, 'Corp ID', '我的企业 → 企业信息 → 企业ID'),
		corpSecret: readSecret(data.corpSecret, 'Corp Secret', '应用管理 → the app → Secret'),
		agentId: readAgentId(data.agentId),
	};
}

/**
 * Reads the fields of WeCom Third-Party App API.
 *
 * @throws WeComInputError that names the field
 */
export function readSuiteSettings(data: CredentialData): SuiteSettings {
	return {
		baseUrl: readBaseUrl(data, QYAPI_URL),
		suiteId: readId(data.suiteId, 'Suite ID', '服务商后台 → 应用管理 → the app → 基本信息'),
		suiteSecret: readSecret(
			data.suiteSecret,
			'Suite Secret',
			'服务商后台 → 应用管理 → the app → 基本信息',
		),
		suiteTicket: readSecret(
			data.suiteTicket,
			'Suite Ticket',
			'the suite_ticket event that WeCom pushes every 10 minutes to 指令回调URL',
		),
		authCorpId: readId(data.authCorpId, 'Authorized Corp ID', 'the answer of get_permanent_code'),
		permanentCode: readSecret(
			data.permanentCode,
			'Permanent Code',
			'the answer of get_permanent_code',
		),
	};
}

/**
 * Reads the fields of WeCom Group Robot Webhook API.
 *
 * @throws WeComInputError that names the field and never holds the key
 */
export function readWebhookSettings(data: CredentialData): WebhookSettings {
	const parsed = parseWebhookKey(String(data.webhookKey ?? ''));
	if (!parsed.ok) {
		throw new WeComInputError(
			parsed.problem,
			"Paste the robot's whole webhook address into 'Webhook Key' of the credential (群机器人 → Webhook地址).",
			'Webhook Key',
		);
	}
	const typed = readBaseUrl(data, QYAPI_URL);
	// A webhook address pasted from a private deployment says where the robot lives, unless Base URL was changed.
	const pasted = typed === QYAPI_URL && parsed.origin ? { ...data, baseUrl: parsed.origin } : data;
	return { baseUrl: readBaseUrl(pasted, QYAPI_URL), webhookKey: parsed.key };
}

/**
 * Reads the fields of WeChat Official Account API.
 *
 * @throws WeComInputError that names the field
 */
export function readOfficialAccountSettings(data: CredentialData): OfficialAccountSettings {
	return {
		baseUrl: readBaseUrl(data, OFFICIAL_ACCOUNT_URL),
		appId: readId(data.appId, 'App ID', '设置与开发 → 开发接口管理 → 开发者ID(AppID)'),
		appSecret: readSecret(
			data.appSecret,
			'App Secret',
			'设置与开发 → 开发接口管理 → 开发者密码(AppSecret)',
		),
	};
}

function readBaseUrl(data: CredentialData, defaultUrl: string): string {
	const result = normalizeBaseUrl(String(data.baseUrl ?? ''), {
		defaultUrl,
		allowInsecureHttp: data.allowInsecureHttp === true,
	});
	if (!result.ok) {
		throw new WeComInputError(
			result.problem,
			`Enter ${defaultUrl}, or the address of your proxy or private deployment, as 'Base URL' of the credential.`,
			'Base URL',
		);
	}
	return result.url;
}

function readId(value: unknown, label: string, where: string): string {
	const id = String(value ?? '').trim();
	const hint = `Copy it again from ${where}.`;
	if (id === '') throw new WeComInputError(`'${label}' of the credential is empty`, hint, label);
	if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
		throw new WeComInputError(
			`'${label}' of the credential has characters that no such ID has`,
			hint,
			label,
		);
	}
	return id;
}

function readSecret(value: unknown, label: string, where: string): string {
	const secret = String(value ?? '').trim();
	const hint = `Copy it again from ${where}.`;
	if (secret === '') {
		throw new WeComInputError(`'${label}' of the credential is empty`, hint, label);
	}
	if (/[\s\p{Cc}]/u.test(secret)) {
		throw new WeComInputError(
			`'${label}' of the credential contains a space or line break`,
			hint,
			label,
		);
	}
	return secret;
}

function readAgentId(value: unknown): string {
	const agentId = String(value ?? '').trim();
	if (agentId === '' || /^\d{1,10}$/.test(agentId)) return agentId;
	throw new WeComInputError(
		"'Agent ID' of the credential is not a number",
		'Copy it again from 应用管理 → the app → AgentId.',
		'Agent ID',
	);
}

type ParsedKey = { ok: true; key: string; origin?: string } | { ok: false; problem: string };

const KEY = /^[A-Za-z0-9-]{1,128}$/;
const WHERE = 'copy the webhook URL again from the robot in the group chat (消息推送 / 群机器人)';

/**
 * Takes the webhook key out of what the user pasted: the bare key, or the whole webhook URL that the console
 * shows (`…/cgi-bin/webhook/send?key=…`, vendor page 99110), also without its `https://`, or its end `key=…`.
 *
 * @returns the key; with a URL also `origin`, its address up to `/cgi-bin` (a proxy's path prefix included), to be
 * checked like any Base URL. The problem is one sentence that never repeats the value, which is a secret.
 */
export function parseWebhookKey(value: string): ParsedKey {
	const text = value.trim();
	if (text === '') return { ok: false, problem: `The webhook key is empty: ${WHERE}` };
	const bare = text.replace(/^\??key=/, '');
	if (KEY.test(bare)) return { ok: true, key: bare };
	const url = parseUrl(text);
	if (!url) {
		return {
			ok: false,
			problem: `The webhook key may hold only letters, digits and dashes: ${WHERE}`,
		};
	}
	const prefix = /^(.*)\/cgi-bin\/webhook\/[a-z_]+\/?$/.exec(url.pathname);
	if (!prefix) {
		return { ok: false, problem: `The address pasted is not that of a WeCom webhook: ${WHERE}` };
	}
	const key = url.searchParams.get('key')?.trim() ?? '';
	if (!KEY.test(key)) {
		return { ok: false, problem: `The webhook URL has no usable key at its end: ${WHERE}` };
	}
	return { ok: true, key, origin: url.origin + prefix[1] };
}

function parseUrl(text: string): URL | undefined {
	if (/\s/.test(text) || !text.includes('/')) return undefined;
	try {
		const url = new URL(text.includes('://') ? text : `https://${text}`);
		return /^https?:$/.test(url.protocol) ? url : undefined;
	} catch {
		return undefined;
	}
}
