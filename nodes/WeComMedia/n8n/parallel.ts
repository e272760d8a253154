/**
 * Works through a list, several at a time, and gives the results in the order of the list.
 *
 * A failure stops new work, lets what runs finish, and is then thrown: the one of the earliest entry.
 *
 * @param limit how many run at once, at least 1
 */
export async function mapParallel<T, R>(
	list: readonly T[],
	limit: number,
	work: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
	const results = new Array<R>(list.length);
	const failures: Array<{ index: number; error: unknown }> = [];
	let next = 0;
	const worker = async () => {
		while (next < list.length && failures.length === 0) {
			const index = next++;
			await work(list[index], index).then(
				(result) => {
					results[index] = result;
				},
				(error: unknown) => {
					failures.push({ index, error });
				},
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(Math.max(1, limit), list.length) }, worker));
	if (failures.length > 0) {
		throw failures.reduce((a, b) => (b.index < a.index ? b : a)).error;
	}
	return results;
}
