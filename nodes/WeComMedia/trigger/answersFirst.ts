import { sleep } from 'n8n-workflow';

/** How long an execution lets pushes go before it, so that an endless row of them keeps none from its end (ms). */
const LONGEST_MS = 2_000;
/** Between two executions, and between two looks (ms). */
const MOMENT_MS = 5;

/**
 * WeCom waits 5 s for an answer, and an execution has time. In n8n's regular mode one process does both, so an execution
 * goes on when no push of this process waits for its answer, one execution after the other. On a worker it goes on at once.
 */
export class AnswersFirst {
	private unanswered = 0;
	private queued = 0;
	private last: Promise<void> = Promise.resolve();

	constructor(private readonly clock = { now: () => Date.now(), sleep }) {}

	/** @returns says that the push was answered, or that its connection has ended */
	waiting(): () => void {
		this.unanswered += 1;
		let isAnswered = false;
		return () => {
			if (!isAnswered) this.unanswered -= 1;
			isAnswered = true;
		};
	}

	/** Waits until an execution may go on. */
	async turn(): Promise<void> {
		const latest = this.clock.now() + LONGEST_MS;
		const { last } = this;
		const isAlone = this.queued === 0;
		this.queued += 1;
		const mine = (async () => {
			await last;
			if (!isAlone) await this.clock.sleep(MOMENT_MS);
			while (this.unanswered > 0 && this.clock.now() < latest) await this.clock.sleep(MOMENT_MS);
			this.queued -= 1;
		})();
		this.last = mine;
		await mine;
	}
}

/** Shared by both halves of the trigger. */
export const answersFirst = new AnswersFirst();
