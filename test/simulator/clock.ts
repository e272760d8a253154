/** Time of the simulated world: a base clock plus what `advance` added. */
export class Clock {
	private offset = 0;

	constructor(private readonly base: () => number = Date.now) {}

	/** Milliseconds since 1970. */
	now(): number {
		return this.base() + this.offset;
	}

	/** Moves the world's time forward; nobody waits. */
	advance(milliseconds: number): void {
		this.offset += milliseconds;
	}
}

/** Keeps the entries of a sliding window and tells how many remain. */
export function countSince(times: number[], from: number): number {
	while (times.length > 0 && times[0] <= from) times.shift();
	return times.length;
}

/** Start of the natural day in China, which WeCom's daily quotas follow. */
export function startOfDay(now: number): number {
	const eightHours = 8 * 3_600_000;
	const day = 24 * 3_600_000;
	return Math.floor((now + eightHours) / day) * day - eightHours;
}

/** Start of the natural month in China. */
export function startOfMonth(now: number): number {
	const eightHours = 8 * 3_600_000;
	const local = new Date(now + eightHours);
	return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - eightHours;
}
