/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Real milliseconds between two ticks, and what each of them is worth to the nodes. */
const TICK_MS = 4;
const MS_PER_TICK = 200;

interface Sleeper {
	until: number;
	wake(): void;
}

/**
 * Time that passes by turns of the event loop. A busy machine makes a turn longer and leaves time where it was, so a
 * deadline of 20 s is a hundred chances to get on, on any machine, and half a second where nothing happens.
 */
export class FaultClock {
	private time = Date.now();
	private sleepers: Sleeper[] = [];

	/** Makes it the clock of this process: `Date.now`, the `sleep` that n8n gives its nodes, and the signals of deadlines. */
	install(): void {
		Date.now = () => this.time;
		const load = createRequire(__filename);
		const folder = dirname(load.resolve('n8n-workflow'));
		const utils = load(join(folder, 'utils.js')) as { sleep(ms: number): Promise<void> };
		utils.sleep = async (ms) => await this.sleep(ms);
		AbortSignal.timeout = (ms) => this.timeout(ms);
		const tick = () => {
			this.advance();
			setTimeout(tick, TICK_MS).unref();
		};
		tick();
	}

	/** Milliseconds since 1970. */
	now(): number {
		return this.time;
	}

	/** As the real one, an end that nobody hears of any more. */
	private timeout(ms: number): AbortSignal {
		const controller = new AbortController();
		const wake = () => controller.abort(new DOMException('The time is over', 'TimeoutError'));
		this.sleepers.push({ until: this.time + ms, wake });
		return controller.signal;
	}

	async sleep(ms: number): Promise<void> {
		// Nobody but the ticking would keep the process alive.
		const alive = setInterval(() => {}, 60_000);
		await new Promise<void>((wake) => this.sleepers.push({ until: this.time + ms, wake }));
		clearInterval(alive);
	}

	private advance(): void {
		this.time += MS_PER_TICK;
		const due = this.sleepers.filter(({ until }) => until <= this.time);
		if (due.length === 0) return;
		this.sleepers = this.sleepers.filter(({ until }) => until > this.time);
		for (const { wake } of due) wake();
	}
}
