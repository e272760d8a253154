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

/** @param canceled ends the request, too */
export function deadlineIn(ms: number, canceled?: AbortSignal): Deadline {
	const controller = new AbortController();
	// Its timer keeps no process alive, and goes when nobody listens any more.
	const timer = AbortSignal.timeout(Math.ceil(ms));
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
