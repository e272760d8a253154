import { WeComCancelledError } from '../client/errors';
import type { World } from '../client/wire';

/** A robot takes 20 messages a minute (vendor page 99110). */
const MESSAGES = 20;
const WINDOW_MS = 60_000;

/** One message, from the moment it may be sent. */
interface Message {
	/** ms since 1970; undefined while it is on its way. */
	answeredAt?: number;
}

export interface Turn {
	/** Milliseconds waited for it. */
	waited: number;
	/**
	 * To be called when the message was answered, or has failed. Its minute begins then: WeCom counts from the moment it
	 * arrived, which only the answer proves to be past.
	 */
	end(): void;
}

/** Keeps a robot's messages below its limit, over all executions of this process. */
export class Pace {
	private readonly sent = new Map<string, Message[]>();

	/**
	 * Waits until one more message fits into the last minute, and counts it.
	 *
	 * @param key tells robots apart
	 * @throws WeComCancelledError when the execution is cancelled meanwhile
	 */
	async next(key: string, world: World): Promise<Turn> {
		let waited = 0;
		for (;;) {
			const now = world.now();
			const freeAt = ({ answeredAt = now }: Message) => answeredAt + WINDOW_MS;
			const recent = (this.sent.get(key) ?? []).filter((message) => freeAt(message) > now);
			if (recent.length < MESSAGES) {
				const message: Message = {};
				this.sent.set(key, [...recent, message]);
				const end = () => {
					message.answeredAt = world.now();
				};
				return { waited, end };
			}
			const ends = recent.map(freeAt).sort((a, b) => a - b);
			const pause = ends[recent.length - MESSAGES] - now + 1;
			world.log(
				`this robot has sent ${MESSAGES} messages in the last minute, waiting ${Math.ceil(pause / 1000)} s`,
			);
			if (!(await world.sleep(pause))) throw new WeComCancelledError();
			waited += pause;
		}
	}

	/** After WeCom said 45009: whoever comes next waits a whole minute. */
	exhaust(key: string, world: World): void {
		const answeredAt = world.now();
		this.sent.set(
			key,
			Array.from({ length: MESSAGES }, () => ({ answeredAt })),
		);
	}
}
