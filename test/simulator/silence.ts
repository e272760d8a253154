import { countSince } from './clock';
import { Refusal } from './errcodes';
import type { App, Corp, DeliveredMessage } from './model';
import type { SimulatorState } from './state';
import type { StrictSwitches } from './strict';
import { isObject } from './wecomRequest';

/** What WeCom does without a word: it answers errcode 0, and a member gets less, or nothing. */

const PER_MINUTE = 30;
const PER_HOUR = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * The receivers that are not over their 30 messages a minute, 1 000 an hour, of one app (vendor page
 * 90236). `@all` is every visible member; departments and tags are counted as they are named.
 */
export function withinPace(
	state: SimulatorState,
	app: App,
	corp: Corp,
	receivers: string[],
): string[] {
	const everybody = receivers.includes('@all');
	const visible = corp.users.filter((user) => user.visible).map(({ userId }) => userId);
	const names = everybody ? visible : receivers;
	const open = names.filter((name) => isOpen(state, `${corp.corpId} ${app.agentId} ${name}`));
	return everybody && open.length === names.length ? receivers : open;
}

/** Counts one message to one member, unless there were too many already. */
function isOpen(state: SimulatorState, key: string): boolean {
	const now = state.now();
	const times = state.memberPace.get(key.toLowerCase()) ?? [];
	state.memberPace.set(key.toLowerCase(), times);
	const hour = countSince(times, now - HOUR_MS);
	const minute = times.filter((at) => at > now - MINUTE_MS).length;
	if (state.strict.dropsBeyondPace && (minute >= PER_MINUTE || hour >= PER_HOUR)) return false;
	times.push(now);
	return true;
}

type Limits = Record<string, Record<string, number>>;

const TEXT: Limits = { text: { content: 2048 } };
const CARDS: Limits = { textcard: { title: 128, description: 512 } };
const VIDEO: Limits = { video: { title: 128, description: 512 } };

/** Bytes beyond which a field is cut, by channel, msgtype and field. */
const CUT_AT: Partial<Record<DeliveredMessage['via'], Limits>> = {
	app: { ...TEXT, ...CARDS, ...VIDEO },
	appChat: { ...TEXT, ...CARDS, ...VIDEO },
	customerService: { ...TEXT, link: { title: 128, desc: 512 } },
};

/**
 * The body of a message as its receiver sees it: texts that are too long are cut.
 * @throws Refusal 45002 for long markdown, where `longMarkdown` says so
 */
export function asShown(
	strict: StrictSwitches,
	via: DeliveredMessage['via'],
	body: Record<string, unknown>,
): Record<string, unknown> {
	const msgtype = String(body.msgtype);
	const content = body[msgtype];
	if (!isObject(content)) return body;
	const limits = { ...limitsOf(strict, via, msgtype) };
	const shown = Object.entries(content).map(([name, value]) => {
		const limit = Object.hasOwn(limits, name) ? limits[name] : Infinity;
		const tooLong = typeof value === 'string' && Buffer.byteLength(value) > limit;
		if (tooLong && msgtype === 'markdown' && strict.longMarkdown === 'refused') {
			throw new Refusal(45002);
		}
		return [name, tooLong ? cut(value, limit) : value] as const;
	});
	return { ...body, [msgtype]: Object.fromEntries(shown) };
}

function limitsOf(
	strict: StrictSwitches,
	via: DeliveredMessage['via'],
	msgtype: string,
): Record<string, number> {
	if (msgtype === 'markdown') return strict.longMarkdown === 'whole' ? {} : { content: 2048 };
	return strict.cutsLongText ? (CUT_AT[via]?.[msgtype] ?? {}) : {};
}

/** By bytes, through a character where it falls so; what is left of one shows as U+FFFD. */
function cut(text: string, bytes: number): string {
	return Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8');
}
