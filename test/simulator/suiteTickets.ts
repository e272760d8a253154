import { randomBytes } from 'node:crypto';

import { eventXml, type CallbackSender, type SentCallback } from './callbackSender';
import type { Suite } from './model';
import type { SimulatorState } from './state';

/** Suite tickets: made every few minutes, pushed to the command callback (vendor page 90628). */
export class SuiteTickets {
	private readonly pushes = new Set<Promise<unknown>>();

	constructor(
		private readonly state: SimulatorState,
		private readonly callbacks: CallbackSender,
	) {}

	/**
	 * Makes the next ticket of a suite, by default the first one, and pushes it where a callback URL
	 * was saved. The ticket before works `suiteTicketGraceMs` longer.
	 */
	async renew(suite: Suite = this.state.suites[0]): Promise<SentCallback | undefined> {
		return await this.make(suite, this.state.now());
	}

	/** Makes every ticket that is due by the simulator's clock; pushes go on in the background. */
	renewDue(): void {
		const { suiteTicketEveryMs: every } = this.state.strict;
		if (every <= 0) return;
		for (const suite of this.state.suites) {
			suite.ticketMadeAt ??= this.state.now();
			while (this.state.now() - suite.ticketMadeAt >= every) {
				void this.make(suite, suite.ticketMadeAt + every);
			}
		}
	}

	/** Whether get_suite_token takes this ticket now. */
	isValid(suite: Suite, ticket: unknown): boolean {
		const now = this.state.now();
		if (ticket === suite.suiteTicket) return (suite.ticketExpiresAt ?? Infinity) > now;
		return suite.earlierTickets.some((earlier) => earlier.ticket === ticket && earlier.until > now);
	}

	/** Resolves when no push is under way any more. */
	async settled(): Promise<void> {
		await Promise.allSettled(this.pushes);
	}

	private async make(suite: Suite, at: number): Promise<SentCallback | undefined> {
		const until = at + this.state.strict.suiteTicketGraceMs;
		suite.earlierTickets.push({ ticket: suite.suiteTicket, until });
		suite.suiteTicket = `ticket@@@${randomBytes(32).toString('base64url')}`;
		suite.ticketMadeAt = at;
		if (!suite.callback.url) return undefined;
		const message = eventXml({
			SuiteId: suite.suiteId,
			InfoType: 'suite_ticket',
			TimeStamp: Math.floor(at / 1000),
			SuiteTicket: suite.suiteTicket,
		});
		const push = this.callbacks.push(suite, message);
		this.pushes.add(push);
		return await push.finally(() => this.pushes.delete(push));
	}
}
