/** Memory of pieces that a connection or a disk has brought: who has no use for it any more gives it back at once. */

/** Bytes; a smaller piece isn't worth the call. */
const WORTH_BYTES = 16 * 1024;

/** Memory as Node 22 and later know it. */
interface Transferable {
	transfer?(newByteLength: number): unknown;
}

/**
 * Frees the memory of a piece that nobody reads any more. V8 itself does so with its collections only, and lets 60 MB or so
 * of such memory come together before it then collects n8n's whole heap (bench/RESULTS.md).
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
	// A part of a larger piece of memory has neighbours.
	if (byteLength < WORTH_BYTES || byteLength !== buffer.byteLength) return;
	try {
		const { transfer } = buffer as Transferable;
		// Both make a copy of nothing, with which the memory goes: from Node 22 on at once, in Node 20 with V8's next small
		// collection. In Node 24 the memory of the second kind heaped up until V8 collected its whole heap.
		if (transfer) transfer.call(buffer, 0);
		else structuredClone(0, { transfer: [buffer as ArrayBuffer] });
	} catch {
		// Memory that can't be moved is left to the collection.
	}
}

/**
 * The same bytes in fewer pieces, each of whole ones that fit in `size` bytes. What has been copied is given back; what is
 * larger passes as it is.
 *
 * @param pieces nobody else may read them
 * @throws what the pieces throw
 */
export function joined(pieces: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
	const source = pieces[Symbol.asyncIterator]();
	let left: Uint8Array | undefined;
	// No generator: each costs as much for a piece as Node's stream does.
	const next = async (): Promise<IteratorResult<Uint8Array>> => {
		let block: Buffer | undefined;
		let end = 0;
		do {
			const result = left ? { value: left } : await source.next();
			if (result.done) break;
			const piece: Uint8Array = result.value;
			left = undefined;
			if (end + piece.length > size) {
				if (!block) return { value: piece };
				left = piece;
				break;
			}
			block ??= Buffer.allocUnsafeSlow(size);
			block.set(piece, end);
			end += piece.length;
			giveBack(piece);
		} while (end < size);
		return block ? { value: block.subarray(0, end) } : { done: true, value: undefined };
	};
	const close = async () => (await source.return?.()) ?? { done: true as const, value: undefined };
	return { [Symbol.asyncIterator]: () => ({ next, return: close }) };
}
