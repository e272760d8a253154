/**
 * Makes sure that a folder can be written to and that its disk has room, before minutes are spent.
 *
 * @param needed bytes
 * @param remedy what the person can do, as a whole sentence
 * @param freeSpace bytes free for this user on the disk of a folder
 * @throws Error that names the folder and the remedy
 */
export function ensureRoom(
	folder: string,
	needed: number,
	remedy: string,
	freeSpace?: (folder: string) => Promise<number>,
): Promise<void>;

/** The tools for compiling that no folder of PATH holds; empty if all are there. */
export function missingCompilers(path?: string): Promise<string[]>;

export const HOW_TO_GET_COMPILERS: string;
