import { WeComCanceledError } from '../wecom/client/errors';

interface Turn {
	/** @throws WeComCanceledError when an earlier one has failed */
	wait(): Promise<void>;
	/** Does the work this turn is for; the next turn comes when it has ended. */
	take<T>(work: () => Promise<T>): Promise<T>;
}

/** The units of one item run side by side; what has an order among them waits for its turn. */
export class Turns {
	private last: Promise<unknown> = Promise.resolve();

	/** @returns the turn behind all that were given before */
	next(): Turn {
		const before = this.last;
		let end: (work: Promise<unknown>) => void;
		const mine = new Promise<unknown>((resolve) => (end = resolve));
		const all = Promise.all([before, mine]);
		// Whether one has failed is for those who wait to hear.
		all.catch(() => undefined);
		this.last = all;
		return {
			wait: async () => {
				const hasFailed = await before.then(
					() => false,
					() => true,
				);
				if (hasFailed) throw new WeComCanceledError();
			},
			take: async (work) => {
				const working = work();
				end(working);
				return await working;
			},
		};
	}
}
