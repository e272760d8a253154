import { WeComCancelledError } from './errors';
import type { World } from './wire';

/** A robot takes 20 messages a minute (vendor page 99110). */
const MESSAGES = 20;
const WINDOW_MS = 60_000;

/** Keeps a robot's messages below its limit, over all executions of this process. */
export class Pace {
	private readonly sent = new Map<string, number[]>();

	/**
	 * Waits until one more message fits into the last minute, and counts it.
	 *
	 * @param key tells robots apart
	 * @returns milliseconds waited
	 * @throws WeComCancelledError when the execution is cancelled meanwhile
	 */
	async next(key: string, world: World): Promise<number> {
		let waited = 0;
		for (;;) {
			const now = world.now();
			const recent = (this.sent.get(key) ?? []).filter((at) => at > now - WINDOW_MS);
			if (recent.length < MESSAGES) {
				this.sent.set(key, [...recent, now]);
				return waited;
			}
			const pause = recent[recent.length - MESSAGES] + WINDOW_MS - now + 1;
			world.log(
				`this robot has sent ${MESSAGES} messages in the last minute, waiting ${Math.ceil(pause / 1000)} s`,
			);
			if (!(await world.sleep(pause))) throw new WeComCancelledError();
			waited += pause;
		}
	}

	/** After WeCom said 45009: whoever comes next waits a whole minute. */
	exhaust(key: string, world: World): void {
		this.sent.set(key, Array<number>(MESSAGES).fill(world.now()));
	}
}
