import { CALL_HINTS, SMART_BOT_HINTS } from './callHints';
import { ACCESS_HINTS, THIRD_PARTY_HINTS } from './accessHints';
import { MEDIA_HINTS } from './mediaHints';
import { CUSTOMER_SERVICE_HINTS, MESSAGE_HINTS, ROBOT_HINTS } from './messageHints';
import { OFFICIAL_ACCOUNT_HINTS } from './officialAccountHints';
import type { ErrorHint, SystemId, HintTable } from './types';

export type { ErrorHint } from './types';

/** One namespace of errcodes for all of qyapi (vendor page 90313). */
const WECOM: HintTable = {
	...CUSTOMER_SERVICE_HINTS,
	...ROBOT_HINTS,
	...MESSAGE_HINTS,
	...MEDIA_HINTS,
	...ACCESS_HINTS,
};

/** Later tables override earlier ones. The Official Account shares numbers with WeCom, not meanings. */
const TABLES: Record<SystemId, HintTable> = {
	corpApp: WECOM,
	thirdPartyApp: { ...WECOM, ...THIRD_PARTY_HINTS },
	customerService: { ...WECOM, ...CUSTOMER_SERVICE_HINTS },
	robot: { ...WECOM, ...ROBOT_HINTS },
	smartBot: { ...WECOM, ...SMART_BOT_HINTS },
	officialAccount: OFFICIAL_ACCOUNT_HINTS,
};

/** Characters of the vendor's text that are shown; its own are shorter. */
const MAX_ERRMSG = 500;
const UNNAMED_IP = 'the public IP address of your n8n server';
/** What WeCom appends to the text proper; the client shows the id on its own and the user needs no link twice. */
const APPENDIX = /[,.;\s]*(?:hint: ?\[|from ip: ?|more info at |\brid: ?)/i;

/**
 * Turns an errcode into plain English. Decides by the number, never by the vendor's text, which changes
 * (vendor page 90313); only the IP address to allow is taken out of errmsg.
 *
 * @returns for an unknown code: the vendor's text and where to look the code up
 */
export function hintFor(
	errcode: number,
	context: { system: SystemId; errmsg: string; call?: string },
): ErrorHint {
	const known = CALL_HINTS[context.call ?? '']?.[errcode] ?? TABLES[context.system][errcode];
	if (!known) return unknown(errcode, context);
	const [meaning, hint] = known;
	return { meaning, hint: hint.replace('{ip}', ipFromErrmsg(context.errmsg) ?? UNNAMED_IP) };
}

/**
 * The caller's address as WeCom saw it: `…, from ip: 203.0.113.7, …` (60020), in the Official Account
 * `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist …` (40164).
 *
 * @returns undefined if errmsg names none
 */
export function ipFromErrmsg(errmsg: string): string | undefined {
	const named = /\b(?:from ip:?|invalid ip:?)\s*([0-9a-f.:]{3,45})/i.exec(errmsg)?.[1];
	// An IPv4 address in IPv6 clothes is entered in the console in its IPv4 form.
	const ip = named?.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/[.:]$/, '') ?? '';
	return isIpv4(ip) || isIpv6(ip) ? ip : undefined;
}

/**
 * The id of this one failure, which Tencent's support asks for: what stands in brackets after `hint:`, in the
 * Official Account also after `rid:`.
 *
 * @returns undefined if errmsg has none
 */
export function hintIdFromErrmsg(errmsg: string): string | undefined {
	const match = /\bhint:\s*\[\s*([\w-]+)\s*\]/i.exec(errmsg) ?? /\brid:\s*([\w-]+)/i.exec(errmsg);
	return match?.[1];
}

/** @returns the vendor's text proper on one line: without what it appends for its support */
export function ownWords(errmsg: string): string {
	const text = errmsg.slice(0, MAX_ERRMSG).replace(/[\s\p{Cc}]+/gu, ' ');
	return text.split(APPENDIX, 1)[0].trim();
}

/** @returns what to do about a call of the API that was answered with an HTTP status other than 2xx */
export function hintForStatus(status: number): string {
	if (status >= 300 && status < 400) {
		return 'Base URL leads to a redirect, which is not followed because the query holds a secret. Use the final https address.';
	}
	if (status === 404) return 'Check Base URL: the address has no such path. Leave out /cgi-bin.';
	if (status === 412) return 'A proxy between n8n and WeCom changes the upload. Check Base URL.';
	if (status === 413)
		return 'A proxy between n8n and WeCom limits the size of uploads. Raise its limit.';
	if (status === 416) return 'The file is empty, or the server has no such part of it.';
	if (status >= 500) return 'WeCom or a proxy before it is disturbed. Try again later.';
	return 'Check Base URL and what stands between n8n and WeCom.';
}

/** @returns what to do about a link outside the API that was answered so */
export function hintForLink(status: number): string {
	return status >= 500
		? 'The server of the link is disturbed. Try again later.'
		: 'The link does not lead to the file, or no longer. Run it again to get a fresh link.';
}

function unknown(
	errcode: number,
	{ system, errmsg }: { system: SystemId; errmsg: string },
): ErrorHint {
	const text = ownWords(errmsg);
	const page =
		system === 'officialAccount'
			? 'https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html'
			: `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
	return {
		meaning: text || 'refused without a reason',
		hint: `Look up error ${errcode} at ${page}`,
	};
}

function isIpv4(text: string): boolean {
	const parts = text.split('.');
	return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
	return /^[0-9a-f:]+$/i.test(text) && text.split(':').length > 2;
}
