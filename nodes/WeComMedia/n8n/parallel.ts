/** What may go on at the same time. */

/**
 * Works through a list, several at a time, and gives the results in the order of the list. Each entry is asked for only
 * when there is room for it.
 *
 * A failure stops new work, lets what runs finish, and is then thrown: the one of the earliest entry.
 *
 * @param limit how many run at once, at least 1
 * @throws what the work throws
 */
export async function mapParallel<T, R>(
	list: Iterable<T>,
	limit: number,
	work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
	const entries = list[Symbol.iterator]();
	const results: R[] = [];
	const failures: Array<{ index: number; error: unknown }> = [];
	let begun = 0;
	const worker = async () => {
		while (failures.length === 0) {
			const { done, value } = entries.next();
			if (done) return;
			const index = begun++;
			await work(value, index).then(
				(result) => {
					results[index] = result;
				},
				(error: unknown) => {
					failures.push({ index, error });
				},
			);
		}
	};
	await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
	if (failures.length > 0) {
		throw failures.reduce((a, b) => (b.index < a.index ? b : a)).error;
	}
	return results;
}

/** One thing at a time per key, in the order of asking; used where WeCom refuses simultaneous calls (45033). */
export class KeyedLock {
	private readonly tails = new Map<string, Promise<unknown>>();

	/** @throws what the work throws; the next begins all the same */
	async run<T>(key: string, work: () => Promise<T>): Promise<T> {
		const before = this.tails.get(key) ?? Promise.resolve();
		const mine = before.then(work, work);
		const tail = mine.catch(() => undefined);
		this.tails.set(key, tail);
		void tail.then(() => {
			if (this.tails.get(key) === tail) this.tails.delete(key);
		});
		return await mine;
	}
}
