/** The tables of docs/ that are made from the code, so that they cannot part from it. */
import {
	ATTACHMENTS,
	OFFICIAL_ACCOUNT_IMAGE_LINKS,
	PERMANENT_MATERIAL,
} from '../../nodes/WeComMedia/wecom/accounts/materials';
import {
	OFFICIAL_ACCOUNT_TYPES,
	PACES,
	ROBOT_INLINE_IMAGE,
	ROBOT_TYPES,
	TEXT_RULES,
	VIDEO_TEXTS,
	WECOM_TYPES,
	WECOM_UPLOADIMG,
} from '../../nodes/WeComMedia/wecom/accounts/rules';
import type { PaceRule, TextRule } from '../../nodes/WeComMedia/wecom/accounts/rules';
import type { MediaRule } from '../../nodes/WeComMedia/wecom/files/mediaRule';
import { ACCESS_HINTS, THIRD_PARTY_HINTS } from '../../nodes/WeComMedia/wecom/hints/accessHints';
import { CALL_HINTS, JOB_HINTS } from '../../nodes/WeComMedia/wecom/hints/callHints';
import { hintFor } from '../../nodes/WeComMedia/wecom/hints/errorHints';
import { MEDIA_HINTS } from '../../nodes/WeComMedia/wecom/hints/mediaHints';
import {
	CUSTOMER_SERVICE_HINTS,
	MESSAGE_HINTS,
	ROBOT_HINTS,
} from '../../nodes/WeComMedia/wecom/hints/messageHints';
import { OFFICIAL_ACCOUNT_HINTS } from '../../nodes/WeComMedia/wecom/hints/officialAccountHints';
import type { HintTable, SystemId } from '../../nodes/WeComMedia/wecom/hints/types';

export type Language = 'en' | 'zh';

/** The Chinese for each meaning. */
export type ChineseMeanings = Record<string, string>;

const WORDS = {
	en: {
		code: ['Code', 'System', 'Meaning', 'What to do'],
		limit: ['Type', 'Formats', 'Smallest', 'Largest', 'Longest'],
		all: 'all of WeCom',
		corpApp: 'Corp App',
		thirdPartyApp: 'third-party app',
		customerService: 'Customer Service',
		robot: 'Group Robot',
		officialAccount: 'Official Account',
		smartBot: 'Smart Bot',
		job: 'large upload',
		seconds: 's',
		members: 'Corp App, members',
		appChat: 'Corp App, app chat',
		welcomeMaterial: 'welcome material',
		texts: 'Texts, in UTF-8 bytes',
		text: ['Text', 'Longest', 'Each part of a split text'],
		title: 'title of a video',
		description: 'description of a video',
		paces: 'Messages to one receiver',
		pace: ['Channel', 'At most'],
		per: (most: string, window: string) => `${most} ${window}`,
		windows: ['a minute', 'an hour', 'a day'],
		asRefused: 'no fixed number: until WeChat refuses',
		permanentImage: 'permanent image',
		moments: 'Corp App, Upload for Moments (朋友圈)',
		catalog: 'Corp App, Upload for the product catalog (商品图册)',
		permanent: 'Official Account, permanent material (永久素材)',
		articleImage: 'article image',
		pixels: 'pixels',
		inlineImage: 'image, inside the message',
		and: ', ',
		bytes: (count: string) => (count === '1' ? '1 byte' : `${count} bytes`),
		accepts: (formats: string) => formats,
	},
	zh: {
		code: ['错误码', '系统', '含义', '下一步（节点显示的英文原文）'],
		limit: ['类型', '格式', '最小', '最大', '最长'],
		all: '企业微信各系统',
		corpApp: '应用',
		thirdPartyApp: '第三方应用',
		customerService: '微信客服',
		robot: '群机器人',
		officialAccount: '公众号',
		smartBot: '智能机器人',
		job: '大文件上传',
		seconds: '秒',
		members: '应用发给成员',
		appChat: '应用群聊',
		welcomeMaterial: '入群欢迎语素材',
		texts: '文字，按 UTF-8 字节',
		text: ['文字', '最长', '拆分后的每条'],
		title: '视频标题',
		description: '视频描述',
		paces: '发给同一接收者的消息',
		pace: ['渠道', '最多'],
		per: (most: string, window: string) => `每${window} ${most} 条`,
		windows: ['分钟', '小时', '天'],
		asRefused: '没有固定数字，直到微信拒绝',
		permanentImage: '永久图片',
		moments: '应用，为朋友圈上传',
		catalog: '应用，为商品图册上传',
		permanent: '公众号，永久素材',
		articleImage: '图文正文图片',
		pixels: '像素',
		inlineImage: 'image（图片消息）',
		and: '、',
		bytes: (count: string) => `${count} 字节`,
		accepts: (formats: string) =>
			formats
				.replaceAll(', ', '、')
				.replace(' or ', ' 或 ')
				.replace('any file', '任意文件')
				.replace(' (narrow-band)', '（窄带）'),
	},
} as const;

const WECOM_SYSTEMS: SystemId[] = ['corpApp', 'thirdPartyApp', 'customerService', 'robot'];
const WECOM_TABLES: HintTable[] = [
	...[ACCESS_HINTS, THIRD_PARTY_HINTS, MEDIA_HINTS, MESSAGE_HINTS],
	...[CUSTOMER_SERVICE_HINTS, ROBOT_HINTS],
];

interface Row {
	code: number;
	systems: string;
	meaning: string;
	hint: string;
}

/** Every errcode that the nodes explain, with the systems that give it the same meaning. */
export function errorRows(language: Language): Row[] {
	const words = WORDS[language];
	const codes = new Set(WECOM_TABLES.flatMap((table) => Object.keys(table).map(Number)));
	const wecom = [...codes].flatMap((code) => {
		const groups = new Map<string, SystemId[]>();
		for (const system of WECOM_SYSTEMS) {
			const text = JSON.stringify(hintFor(code, { system, errmsg: '' }));
			groups.set(text, [...(groups.get(text) ?? []), system]);
		}
		return [...groups].map(([text, systems]): Row => {
			const { meaning, hint } = JSON.parse(text) as Pick<Row, 'meaning' | 'hint'>;
			const isAll = systems.length === WECOM_SYSTEMS.length;
			const named = isAll ? words.all : systems.map((system) => words[system]).join(words.and);
			return { code, systems: named, meaning, hint };
		});
	});
	const own = (table: HintTable, system: 'officialAccount' | 'job'): Row[] =>
		Object.entries(table).map(([code, [meaning, hint]]) => ({
			code: Number(code),
			systems: words[system],
			meaning,
			hint,
		}));
	const ofCalls = Object.entries(CALL_HINTS).flatMap(([call, table]) =>
		Object.entries(table).map(([code, [meaning, hint]]): Row => {
			return { code: Number(code), systems: `\`${call}\``, meaning, hint };
		}),
	);
	const rows = [
		...ofCalls,
		...wecom.filter(({ hint }) => !hint.startsWith('Look up error ')),
		...own(OFFICIAL_ACCOUNT_HINTS, 'officialAccount'),
		...own(JOB_HINTS, 'job'),
	];
	return rows.sort((a, b) => a.code - b.code);
}

export function errorTable(language: Language, meanings: ChineseMeanings): string {
	const cells = errorRows(language).map((row) => [
		String(row.code),
		row.systems,
		language === 'zh' ? (meanings[row.meaning] ?? row.meaning) : row.meaning,
		row.hint.replace('{ip}', 'the public IP address of your n8n server'),
	]);
	return markdownTable([...WORDS[language].code], cells);
}

/** What each system takes of each media type. */
export function limitTables(language: Language): string {
	const words = WORDS[language];
	const rows = (rules: Array<[kind: string, rule: MediaRule]>) =>
		rules.map(([kind, { accepts, minBytes, maxBytes, maxSeconds, maxPixels }]) => [
			kind,
			maxPixels
				? `${words.accepts(accepts)}${words.and}${[maxPixels.longSide, maxPixels.shortSide].map(grouped).join(' × ')} ${words.pixels}`
				: words.accepts(accepts),
			size(minBytes, language),
			size(maxBytes, language),
			maxSeconds ? `${maxSeconds} ${words.seconds}` : '–',
		]);
	const typed = (types: Partial<Record<string, MediaRule>>) =>
		Object.entries(types).map(([type, rule]): [string, MediaRule] => [`\`${type}\``, rule!]);
	const sections: Array<[string, Array<[string, MediaRule]>]> = [
		[
			`${words.corpApp}${words.and}${words.customerService}`,
			[...typed(WECOM_TYPES), [words.permanentImage, WECOM_UPLOADIMG]],
		],
		[words.robot, [...typed(ROBOT_TYPES), [words.inlineImage, ROBOT_INLINE_IMAGE]]],
		[words.moments, typed(ATTACHMENTS.moments.types)],
		[words.catalog, typed(ATTACHMENTS.catalog.types)],
		[
			words.officialAccount,
			[...typed(OFFICIAL_ACCOUNT_TYPES), [words.articleImage, OFFICIAL_ACCOUNT_IMAGE_LINKS.rule]],
		],
		[words.permanent, typed(PERMANENT_MATERIAL.types)],
	];
	const files = sections
		.map(([title, rules]) => `### ${title}\n\n${markdownTable([...words.limit], rows(rules))}`)
		.join('\n\n');
	return [files, textLimits(language), paceLimits(language)].join('\n\n');
}

/** Channels as people call them; each key of the rules has its word. */
function channelName(language: Language, channel: keyof typeof TEXT_RULES | keyof typeof PACES) {
	return WORDS[language][channel];
}

function textLimits(language: Language): string {
	const words = WORDS[language];
	const channels = Object.keys(TEXT_RULES) as Array<keyof typeof TEXT_RULES>;
	const rows = channels.flatMap((channel) =>
		Object.entries<TextRule>(TEXT_RULES[channel]).map(([kind, { maxBytes, partBytes }]) => [
			`${channelName(language, channel)}${words.and}\`${kind}\``,
			maxBytes.toLocaleString('en-US'),
			(partBytes ?? maxBytes).toLocaleString('en-US'),
		]),
	);
	const video = (['title', 'description'] as const).map((part) => [
		words[part],
		String(VIDEO_TEXTS[part]),
		'–',
	]);
	return `### ${words.texts}\n\n${markdownTable([...words.text], [...rows, ...video])}`;
}

const WINDOW_MS = [60_000, 3_600_000, 86_400_000];

function paceLimits(language: Language): string {
	const words = WORDS[language];
	const rows = Object.entries<PaceRule>(PACES).map(([channel, { windows }]) => {
		const limits = windows.map(({ most, ms }) =>
			words.per(most.toLocaleString('en-US'), words.windows[WINDOW_MS.indexOf(ms)]),
		);
		const name = channelName(language, channel as keyof typeof PACES);
		return [name, limits.join(words.and) || words.asRefused];
	});
	return `### ${words.paces}\n\n${markdownTable([...words.pace], rows)}`;
}

const grouped = (number: number) => number.toLocaleString('en-US');

function size(bytes: number, language: Language): string {
	const units: Array<[number, string]> = [
		[1024 * 1024, 'MB'],
		[1024, 'KB'],
	];
	// The last byte below a limit is not rounded up to it.
	const found = units.find(([one]) => bytes >= one && bytes % 1024 === 0);
	if (!found) return WORDS[language].bytes(grouped(bytes));
	const [factor, unit] = found;
	return `${grouped(bytes / factor)} ${unit}`;
}

function markdownTable(head: string[], rows: string[][]): string {
	const line = (cells: string[]) =>
		`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
