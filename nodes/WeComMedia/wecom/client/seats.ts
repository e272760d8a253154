/** Places for who wants to read: so many for one thing, so many for all. Who finds none waits until one is left. */
export class Seats {
	private readonly taken = new Map<string, number>();
	private all = 0;
	private readonly waiting: Array<{ key: string; sit: () => void }> = [];

	constructor(
		private readonly perKey: number,
		private readonly altogether: number,
	) {}

	/** @returns leaves the place; to be called once */
	async take(key: string): Promise<() => void> {
		if (this.isFree(key)) this.occupy(key);
		else await new Promise<void>((sit) => this.waiting.push({ key, sit }));
		return () => this.leave(key);
	}

	private isFree(key: string): boolean {
		return this.all < this.altogether && (this.taken.get(key) ?? 0) < this.perKey;
	}

	private occupy(key: string): void {
		this.all += 1;
		this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
	}

	private leave(key: string): void {
		this.all -= 1;
		const left = (this.taken.get(key) ?? 1) - 1;
		if (left > 0) this.taken.set(key, left);
		else this.taken.delete(key);
		// In the order in which they came, except for those of another key that has no place left.
		const next = this.waiting.findIndex((each) => this.isFree(each.key));
		if (next < 0) return;
		const [{ key: seated, sit }] = this.waiting.splice(next, 1);
		this.occupy(seated);
		sit();
	}
}
