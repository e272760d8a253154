import { sleep } from 'n8n-workflow';

/** How long an execution lets pushes go before it, so that an endless row of them keeps none from its end (ms). */
const LONGEST_MS = 2_000;
/**
 * Where no push was answered for so long, they wait for something else: with a limit of executions at a time n8n answers
 * only when one of them has ended (ms).
 */
const PATIENCE_MS = 10;
/** Between two executions, and between two looks (ms). */
const MOMENT_MS = 5;

/**
 * WeCom waits 5 s for an answer, and an execution has time. In n8n's regular mode one process does both, so an execution
 * goes on when no push of this process waits for its answer, one execution after the other. On a worker it goes on at once.
 */
export class AnswersFirst {
	private unanswered = 0;
	/** When the last answer went out, ms since 1970. */
	private answeredAt = 0;
	private queued = 0;
	private last: Promise<void> = Promise.resolve();

	constructor(
		private readonly clock = {
			now: () => Date.now(),
			sleep: async (ms: number) => await sleep(ms),
		},
	) {}

	/** @returns says that the push was answered, or that its connection has ended */
	waiting(): () => void {
		this.unanswered += 1;
		let isAnswered = false;
		return () => {
			if (isAnswered) return;
			isAnswered = true;
			this.unanswered -= 1;
			this.answeredAt = this.clock.now();
		};
	}

	/** Waits until an execution may go on. */
	async turn(): Promise<void> {
		const { last } = this;
		const { now, sleep: pause } = this.clock;
		const latest = now() + LONGEST_MS;
		const isAlone = this.queued === 0;
		this.queued += 1;
		const mine = (async () => {
			await last;
			if (!isAlone) await pause(MOMENT_MS);
			const began = now();
			const quietFor = () => now() - Math.max(began, this.answeredAt);
			while (this.unanswered > 0 && quietFor() < PATIENCE_MS && now() < latest) {
				await pause(MOMENT_MS);
			}
			this.queued -= 1;
		})();
		this.last = mine;
		await mine;
	}
}

/** Shared by both halves of the trigger. */
export const answersFirst = new AnswersFirst();
