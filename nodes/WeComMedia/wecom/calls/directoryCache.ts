import type { System } from '../accounts/system';
import type { WeComClient } from '../client/client';
import { loadDirectory } from './directory';
import type { DirectoryEntry, DirectoryKind } from './directory';

/** A list is asked for with every letter that is typed, and is true enough for so long (ms). */
const KEPT_MS = 60_000;
/** Lists in memory; one of 10,000 members takes about 3 MB. */
const MAX_LISTS = 50;
const PAGE_SIZE = 500;

interface Searchable extends DirectoryEntry {
	/** Name and ID in lower case. */
	text: string;
}

interface Kept {
	loading: Promise<Searchable[]>;
	/** ms since 1970; loading counts as fresh. */
	until: number;
}

const lists = new Map<string, Kept>();

interface DirectoryPage {
	entries: DirectoryEntry[];
	/** Where the next page begins; undefined on the last one. */
	next?: number;
}

/**
 * Searches all of one kind by name and ID. The list is loaded once a minute and account, however many ask.
 *
 * @param text '' gives all
 * @param from entries of the result that are left out, in front
 * @throws as loadDirectory
 */
export async function searchDirectory(
	client: WeComClient,
	system: System,
	kind: DirectoryKind,
	{ text, from }: { text: string; from: number },
): Promise<DirectoryPage> {
	const all = await listOf(client, system, kind);
	const wanted = text.trim().toLowerCase();
	const found = wanted === '' ? all : all.filter((entry) => entry.text.includes(wanted));
	const end = from + PAGE_SIZE;
	const entries = found.slice(from, end).map(({ id, name }) => ({ id, name }));
	return { entries, ...(end < found.length ? { next: end } : {}) };
}

async function listOf(
	client: WeComClient,
	system: System,
	kind: DirectoryKind,
): Promise<Searchable[]> {
	const key = `${kind} ${system.fingerprint}`;
	const now = client.world.now();
	const known = lists.get(key);
	if (known && known.until > now) return await known.loading;
	const kept: Kept = { loading: load(client, system, kind), until: Number.POSITIVE_INFINITY };
	lists.delete(key);
	lists.set(key, kept);
	const oldest = lists.keys().next();
	if (lists.size > MAX_LISTS && !oldest.done) lists.delete(oldest.value);
	let hasLoaded = false;
	try {
		const all = await kept.loading;
		hasLoaded = true;
		return all;
	} finally {
		kept.until = client.world.now() + KEPT_MS;
		// Whoever opens the list again after the advice was followed must not meet the old failure.
		if (!hasLoaded && lists.get(key) === kept) lists.delete(key);
	}
}

async function load(
	client: WeComClient,
	system: System,
	kind: DirectoryKind,
): Promise<Searchable[]> {
	const entries = await loadDirectory(client, system, kind);
	return entries.map((entry) => ({ ...entry, text: `${entry.name}\n${entry.id}`.toLowerCase() }));
}
