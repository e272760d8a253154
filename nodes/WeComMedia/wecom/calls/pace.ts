/** Keeps messages below what WeCom takes or delivers, over all executions of this process. */
import type { PaceRule } from '../accounts/rules';
import {
	WeComApiError,
	WeComCanceledError,
	WeComInputError,
	withMoreAdvice,
} from '../client/errors';
import type { World } from '../client/wire';
import { EVERYBODY } from './receivers';

/** Longest wait of one message in all. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** Pause after a refusal: WeCom's minute, since refused messages may count into it, and some more by chance. */
const REFUSED_PAUSE_MS = 60_000;
/** So that several processes do not come back together. */
const REFUSED_JITTER_MS = 30_000;
/** Receivers of one account that are remembered before those who got nothing lately are forgotten. */
const MANY_RECEIVERS = 5_000;

/** What a message is counted by. */
export interface PacePlan {
	rule: PaceRule;
	/** Tells accounts apart. */
	account: string;
	/** Each has a pace of its own; {@link EVERYBODY} stands for all of them. */
	receivers: readonly string[];
}

/** One message, from the moment it may be sent. */
interface Message {
	/**
	 * ms since 1970; undefined while it is on its way. Its minute begins with the answer: WeCom counts from the moment it
	 * arrived, which only the answer proves to be past.
	 */
	answeredAt?: number;
}

interface Sent {
	byReceiver: Map<string, Message[]>;
	/** ms since 1970, set when WeCom refused for the pace. */
	blockedUntil: number;
	/** So many receivers are looked through for those who got nothing lately. */
	forgetAbove: number;
}

export class Pace {
	private readonly accounts = new Map<string, Sent>();

	/**
	 * Sends a message when it is its turn. One that is refused for the pace, because somebody else speaks through the same
	 * account, has certainly not arrived: it waits and is sent again, ten minutes in all at most.
	 *
	 * @param send sends it once
	 * @returns what `send` gives, and the milliseconds it paused for its turn
	 * @throws WeComInputError when its turn comes too late, WeComCanceledError, and what `send` throws
	 */
	async send<T>(
		plan: PacePlan,
		world: World,
		send: () => Promise<T>,
	): Promise<{ answer: T; waitedMs: number }> {
		const startedAt = world.now();
		let waitedMs = 0;
		for (;;) {
			const message = await this.turn(plan, world, startedAt);
			waitedMs += message.pausedMs;
			try {
				return { answer: await send(), waitedMs };
			} catch (error) {
				const final = this.afterFailure(error, plan, world, startedAt);
				if (final) throw final;
			} finally {
				message.counted.answeredAt = world.now();
			}
		}
	}

	/** @returns the error that ends the sending; undefined where the message is to be sent again */
	private afterFailure(error: unknown, plan: PacePlan, world: World, startedAt: number): unknown {
		if (!(error instanceof WeComApiError) || error.errcode !== plan.rule.refusal) return error;
		const pause = REFUSED_PAUSE_MS + Math.round(REFUSED_JITTER_MS * world.random());
		const goesOnAt = world.now() + pause;
		if (goesOnAt - startedAt > LONGEST_WAIT_MS) {
			return withMoreAdvice(error, waitedInVain(world.now() - startedAt));
		}
		this.of(plan).blockedUntil = goesOnAt;
		return undefined;
	}

	/** Waits until one more message fits, and counts it. */
	private async turn(plan: PacePlan, world: World, startedAt: number) {
		let pausedMs = 0;
		for (;;) {
			const now = world.now();
			const freeAt = this.freeAt(plan, now);
			if (freeAt <= now) return { counted: this.count(plan, now), pausedMs };
			const pause = freeAt - now;
			if (freeAt - startedAt > LONGEST_WAIT_MS) throw tooLate(plan.rule, pause);
			world.log(`${plan.rule.says}; waiting ${Math.ceil(pause / 1000)} s`);
			if (!(await world.sleep(pause))) throw new WeComCanceledError();
			pausedMs += pause;
		}
	}

	/** @returns when the next message fits, in ms since 1970 */
	private freeAt({ rule, receivers, ...plan }: PacePlan, now: number): number {
		const { byReceiver, blockedUntil } = this.of(plan);
		const everybody = byReceiver.get(EVERYBODY) ?? [];
		const asked = receivers.includes(EVERYBODY) ? [...byReceiver.keys()] : receivers;
		let free = blockedUntil;
		for (const receiver of asked) {
			const own = receiver === EVERYBODY ? [] : (byReceiver.get(receiver) ?? []);
			for (const { most, ms } of rule.windows) {
				if (own.length + everybody.length < most) continue;
				const times = [...own, ...everybody]
					.map(({ answeredAt = now }) => answeredAt)
					.sort((a, b) => a - b);
				free = Math.max(free, times[times.length - most] + ms + 1);
			}
		}
		return free;
	}

	private count({ rule, receivers, ...plan }: PacePlan, now: number): Message {
		const sent = this.of(plan);
		const { byReceiver } = sent;
		const longest = Math.max(0, ...rule.windows.map(({ ms }) => ms));
		const isRecent = ({ answeredAt = now }: Message) => answeredAt + longest >= now;
		const message: Message = {};
		if (longest === 0) return message;
		for (const receiver of receivers) {
			const recent = (byReceiver.get(receiver) ?? []).filter(isRecent);
			byReceiver.set(receiver, [...recent, message]);
		}
		if (byReceiver.size > sent.forgetAbove) {
			for (const [receiver, messages] of byReceiver) {
				if (!messages.some(isRecent)) byReceiver.delete(receiver);
			}
			sent.forgetAbove = Math.max(MANY_RECEIVERS, 2 * byReceiver.size);
		}
		return message;
	}

	private of({ account }: Pick<PacePlan, 'account'>): Sent {
		const known = this.accounts.get(account) ?? {
			byReceiver: new Map<string, Message[]>(),
			blockedUntil: 0,
			forgetAbove: MANY_RECEIVERS,
		};
		this.accounts.set(account, known);
		return known;
	}
}

function tooLate({ says }: PaceRule, pauseMs: number): WeComInputError {
	return new WeComInputError(
		`The message was not sent: ${says}, so its turn comes in ${minutes(pauseMs)} only`,
		'Run it again later, or send fewer and longer messages; one message waits for at most 10 minutes.',
	);
}

function waitedInVain(ms: number): string {
	return `It was tried again for ${minutes(ms)} and has not been sent.`;
}

function minutes(ms: number): string {
	const whole = Math.max(1, Math.ceil(ms / 60_000));
	return whole === 1 ? 'a minute' : `${whole} minutes`;
}
