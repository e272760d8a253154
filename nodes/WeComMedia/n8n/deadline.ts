/** Milliseconds after which n8n's own limit would strike, should ours not: it leaves connections open. */
export const BACKSTOP_MS = 10_000;

/** When a request ends before its answer does: its time is over, its execution is canceled, or nobody wants the rest. */
export interface Deadline {
	/** For the HTTP client; ending it closes the connection. */
	readonly signal: AbortSignal;
	/** Whether the time was over first. */
	isOver(): boolean;
	/** From now on the time does not matter, canceling still does. */
	lift(): void;
	/** The answer is complete. */
	release(): void;
	/** Closes the connection. */
	close(): void;
}

const MOST_STEP_MS = 1_024;

/** Timers by the time they were set for (ms), and when they were set. */
const timers = new Map<number, { signal: AbortSignal; setAt: number }>();

/**
 * A timer costs as much as reading a small answer, and stays until its time is over. So requests share one where they begin
 * within a 64th of their time; it strikes later by a 32nd at most, and long before {@link BACKSTOP_MS}.
 */
function timerOf(ms: number): AbortSignal {
	const step = Math.min(2 ** Math.floor(Math.log2(ms / 64)), MOST_STEP_MS);
	const time = Math.ceil(ms / step + 1) * step;
	const now = Date.now();
	const known = timers.get(time);
	// The machine's clock may have been set, also back.
	const isYoung = known && known.setAt <= now && now < known.setAt + step;
	if (isYoung && !known.signal.aborted) return known.signal;
	// It keeps no process alive.
	const signal = AbortSignal.timeout(Math.ceil(time));
	timers.set(time, { signal, setAt: now });
	return signal;
}

/**
 * @param ms at least so long, a 32nd more at most
 * @param canceled ends the request, too
 */
export function deadlineIn(ms: number, canceled?: AbortSignal): Deadline {
	const controller = new AbortController();
	const timer = timerOf(ms);
	let isOver = false;
	const close = () => {
		release();
		controller.abort();
	};
	const onTime = () => {
		isOver = true;
		close();
	};
	const lift = () => timer.removeEventListener('abort', onTime);
	const release = () => {
		lift();
		canceled?.removeEventListener('abort', close);
	};
	timer.addEventListener('abort', onTime);
	canceled?.addEventListener('abort', close);
	if (canceled?.aborted) close();
	return { signal: controller.signal, isOver: () => isOver, lift, release, close };
}
