import type { WeComClient } from '../client/client';
import { isWeComError, WeComNetworkError } from '../client/errors';
import { asNetworkError } from '../client/retries';
import { MIN_PROGRESS } from '../client/watch';

/** How often one download was thrown back without getting on between. */
export class Setbacks {
	private count = 0;
	/** Byte at which the last one was. */
	private at = 0;

	constructor(
		private readonly client: WeComClient,
		private readonly name: string,
	) {}

	/**
	 * Waits before a broken download goes on.
	 *
	 * @param position the byte at which it broke
	 * @param ofTotal " of 1234" behind that number in messages; '' where nobody says how long the file is
	 * @throws WeComNetworkError when it got no further too often, every failure that is none of the connection, and
	 * WeComCanceledError
	 */
	async recover(failure: unknown, position: number, ofTotal: string): Promise<void> {
		const error = asNetworkError({ path: this.name }, failure);
		if (isWeComError(error) && !(error instanceof WeComNetworkError)) throw error;
		const { maxRetries } = this.client;
		// A server that sends a few bytes before it breaks off, or drips them, would go on for ever.
		if (position - this.at >= MIN_PROGRESS) this.count = 0;
		this.at = position;
		if (this.count >= maxRetries) {
			throw new WeComNetworkError(
				`${this.name}: the connection broke at byte ${position}${ofTotal} and could not be continued after ${maxRetries} tries`,
				'INTERRUPTED',
				'maybe',
				"Run it again; on a shaky line raise 'Max Retries'.",
			);
		}
		await this.client.pause(
			this.count,
			`${this.name}: connection lost at byte ${position}${ofTotal}`,
		);
		this.count += 1;
	}
}
