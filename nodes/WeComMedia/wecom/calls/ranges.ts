/** Which bytes of a file one request asks for. */
import { DOWNLOADS } from '../accounts/rules';

/** Media that are stored encrypted can only be cut between blocks of so many bytes. */
const ALIGNMENT = 16;

/** @returns the Range header that asks for the piece in which a byte lies, from that byte on */
export function rangeOf(position: number): string {
	const { pieceBytes } = DOWNLOADS;
	const end = (Math.floor(position / pieceBytes) + 1) * pieceBytes - 1;
	return `bytes=${alignedDown(position)}-${end}`;
}

/** @returns the first byte of the block in which a byte lies */
export function alignedDown(position: number): number {
	return position - (position % ALIGNMENT);
}

/** @returns the first byte of the block that begins there or next */
export function alignedUp(position: number): number {
	return alignedDown(position + ALIGNMENT - 1);
}
