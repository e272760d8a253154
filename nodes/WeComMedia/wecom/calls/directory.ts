/**
 * Who and what an account may see, by name: members, departments, tags, service accounts (vendor pages 90227, 90208,
 * 90200, 90216, 90213, 90196, 94661). Names are withheld from third-party apps: WeCom puts the ID in their place.
 */
import type { System } from '../accounts/system';
import type { WeComClient } from '../client/client';
import { WeComInputError } from '../client/errors';
import { allEnded, DirectoryReader, idsUnder, rowsUnder } from './directoryReader';
import type { Row } from './directoryReader';

export interface DirectoryEntry {
	id: string;
	/** The same as `id` where WeCom gives no name; a department's with those above it: "Head office / Sales". */
	name: string;
}

export type DirectoryKind = 'members' | 'departments' | 'tags' | 'serviceAccounts';

/** Members who are visible by themselves are asked for one by one; beyond so many they go by their ID. */
const MAX_SINGLE = 200;

/**
 * Loads all of one kind.
 *
 * @throws WeComInputError when there is nothing to see, else as WeComClient.call
 */
export async function loadDirectory(
	client: WeComClient,
	system: System,
	kind: DirectoryKind,
): Promise<DirectoryEntry[]> {
	const reader = new DirectoryReader(client, system);
	const entries = await LOADERS[kind](reader);
	if (entries.length > 0) return entries;
	if (reader.refusal) throw reader.refusal;
	throw NOTHING[kind]();
}

const WHERE = '应用管理 → the app → 可见范围';
const NOTHING: Record<DirectoryKind, () => WeComInputError> = {
	members: () =>
		new WeComInputError(
			'The app sees no members',
			`Add members or departments to its visible range (${WHERE}), then open the list again.`,
			'Members',
		),
	departments: () =>
		new WeComInputError(
			'The app sees no departments',
			`Add departments to its visible range (${WHERE}), then open the list again.`,
			'Departments',
		),
	tags: () =>
		new WeComInputError(
			'There are no tags that the app sees',
			'Create a tag (通讯录 → 标签), then open the list again. A third-party app sees only tags of its own.',
			'Tags',
		),
	serviceAccounts: () =>
		new WeComInputError(
			'This Secret manages no service accounts',
			'Create one, or let the app manage one (微信客服 → 可调用接口的应用), then open the list again.',
			'Service Account ID',
		),
};

const LOADERS: Record<DirectoryKind, (reader: DirectoryReader) => Promise<DirectoryEntry[]>> = {
	members: async (reader) => await membersOf(reader),
	departments: async (reader) => {
		const { departments } = await reader.sight();
		return sorted(withPaths(departments));
	},
	tags: async (reader) => {
		const tags = rowsUnder(await reader.get('tag/list'), 'taglist');
		return sorted(tags.map((tag) => entryOf(tag.tagid, tag.tagname)));
	},
	serviceAccounts: async (reader) => {
		const all = await reader.serviceAccounts();
		return sorted(all.map((account) => entryOf(account.open_kfid, account.name)));
	},
};

async function membersOf(reader: DirectoryReader): Promise<DirectoryEntry[]> {
	const { range, departments } = await reader.sight();
	const tagged = await reader.tagged(range?.tagIds ?? []);
	const ids = new Set(departments.map(({ id }) => String(id)));
	for (const tag of tagged) for (const id of idsUnder(tag, 'partylist')) ids.add(id);
	const lists = await allEnded(
		[...ids].map(async (id) => await reader.part('user/simplelist', { department_id: id })),
	);
	const members = new Map<string, DirectoryEntry>();
	for (const member of [...lists, ...tagged].flatMap((answer) => rowsUnder(answer, 'userlist'))) {
		const entry = entryOf(member.userid, member.name);
		members.set(entry.id, entry);
	}
	const single = (range?.userIds ?? []).filter((id) => !members.has(id));
	const named = await allEnded(
		single.slice(0, MAX_SINGLE).map(async (userid) => await reader.part('user/get', { userid })),
	);
	for (const [index, id] of single.entries()) members.set(id, entryOf(id, named[index]?.name));
	return sorted([...members.values()]);
}

/** @returns the departments, each with the visible ones above it */
function withPaths(departments: Row[]): DirectoryEntry[] {
	const known = new Map(departments.map((department) => [String(department.id), department]));
	return departments.map((department) => {
		const path: string[] = [];
		const passed = new Set<string>();
		let at: Row | undefined = department;
		while (at && !passed.has(String(at.id))) {
			passed.add(String(at.id));
			path.unshift(nameOf(at.name, String(at.id)));
			at = known.get(String(at.parentid));
		}
		return { id: String(department.id), name: path.join(' / ') };
	});
}

function entryOf(id: unknown, name: unknown): DirectoryEntry {
	return { id: String(id), name: nameOf(name, String(id)) };
}

function nameOf(name: unknown, id: string): string {
	return typeof name === 'string' && name.trim() !== '' ? name.trim() : id;
}

/** By pinyin, as the console sorts. */
let collator: Intl.Collator | undefined;

function sorted(entries: DirectoryEntry[]): DirectoryEntry[] {
	// On first use: most who load the package open no list.
	const { compare } = (collator ??= new Intl.Collator('zh-Hans-CN', { numeric: true }));
	return entries.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
}
