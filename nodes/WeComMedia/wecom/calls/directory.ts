/**
 * Who and what an account may see, by name: members, departments, tags, service accounts (vendor pages 90227, 90208,
 * 90200, 90216, 90213, 90196, 94661). Names are withheld from third-party apps: WeCom puts the ID in their place.
 */
import type { System } from '../accounts/system';
import type { JsonAnswer, WeComClient } from '../client/client';
import { WeComApiError, WeComInputError } from '../client/errors';
import { orRefusal } from '../client/outcome';
import { Seats } from '../client/seats';

export interface DirectoryEntry {
	id: string;
	/** The same as `id` where WeCom gives no name; a department's with those above it: "Head office / Sales". */
	name: string;
}

export type DirectoryKind = 'members' | 'departments' | 'tags' | 'serviceAccounts';

/** How many calls an account makes at once; WeCom refuses more with 45033 and does not say from when on. */
const seats = new Seats(10, 100);
/** Members who are visible by themselves are asked for one by one; beyond so many they go by their ID. */
const MAX_SINGLE = 200;
/** Most that a page of kf/account/list holds. */
const ACCOUNT_PAGE = 100;
/** No right for this department, member or tag; or it has just been deleted. */
const OUT_OF_SIGHT = new Set([60003, 60011, 60111, 60123, 40068]);

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
	const reader = new Reader(client, system);
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

const LOADERS: Record<DirectoryKind, (reader: Reader) => Promise<DirectoryEntry[]>> = {
	members: async (reader) => await membersOf(reader),
	departments: async (reader) => {
		const { departments } = await reader.sight();
		return sorted(withPaths(departments));
	},
	tags: async (reader) => {
		const tags = listIn(await reader.get('tag/list'), 'taglist');
		return sorted(tags.map((tag) => entryOf(tag.tagid, tag.tagname)));
	},
	serviceAccounts: async (reader) => await reader.serviceAccounts(),
};

interface Range {
	userIds: string[];
	tagIds: string[];
	/** Whether departments are among what the app sees, by themselves or through a tag. */
	hasDepartments: boolean;
}

type Fields = Record<string, unknown>;

/** Asks for one account, at most ten calls at once, and notes what it was not allowed to see. */
class Reader {
	/** The first refusal of a part; the rest may still be shown. */
	refusal?: WeComApiError;

	constructor(
		private readonly client: WeComClient,
		private readonly system: System,
	) {}

	async get(path: string, query: Record<string, string> = {}): Promise<JsonAnswer> {
		const call = { path, method: 'GET', query, repeatable: true } as const;
		return await this.seated(async () => await this.client.call(call));
	}

	/** @returns undefined when this part is out of sight */
	async part(path: string, query: Record<string, string> = {}): Promise<JsonAnswer | undefined> {
		return this.seen(await orRefusal(this.get(path, query), () => true));
	}

	/**
	 * What the app may see, and its departments. Both are asked for at once; of an app whose range holds no departments
	 * the second answer, a refusal included, says nothing.
	 */
	async sight(): Promise<{ range: Range | undefined; departments: Fields[] }> {
		const [range, list] = await Promise.all([
			this.range(),
			orRefusal(this.get('department/list'), () => true),
		]);
		if (range?.hasDepartments === false) return { range, departments: [] };
		return { range, departments: listIn(this.seen(list), 'department') };
	}

	/** @returns the members, and the departments, of tags; without those that are out of sight */
	async tagged(tagIds: string[]): Promise<JsonAnswer[]> {
		const tags = await Promise.all(
			tagIds.map(async (tagid) => await this.part('tag/get', { tagid })),
		);
		return tags.filter((tag): tag is JsonAnswer => tag !== undefined);
	}

	/** @throws WeComApiError that does not say "out of sight" */
	private seen(answer: JsonAnswer | WeComApiError): JsonAnswer | undefined {
		if (!(answer instanceof WeComApiError)) return answer;
		if (!OUT_OF_SIGHT.has(answer.errcode)) throw answer;
		this.refusal ??= answer;
		return undefined;
	}

	/** @returns undefined when the Agent ID is not known */
	private async range(): Promise<Range | undefined> {
		const agentId = this.system.agentId || (await this.onlyAgent());
		if (!agentId) return undefined;
		const agent = await this.get('agent/get', { agentid: agentId });
		const users = listIn(agent.allow_userinfos, 'user');
		const tagIds = idsIn(agent.allow_tags, 'tagid');
		return {
			userIds: users.map(({ userid }) => String(userid)),
			tagIds,
			hasDepartments: tagIds.length + idsIn(agent.allow_partys, 'partyid').length > 0,
		};
	}

	private async onlyAgent(): Promise<string | undefined> {
		const agents = listIn(await this.get('agent/list'), 'agentlist');
		return agents.length === 1 ? String(agents[0].agentid) : undefined;
	}

	async serviceAccounts(): Promise<DirectoryEntry[]> {
		const accounts: DirectoryEntry[] = [];
		for (let offset = 0; ; offset += ACCOUNT_PAGE) {
			const body = { offset, limit: ACCOUNT_PAGE };
			const call = { path: 'kf/account/list', method: 'POST', body, repeatable: true } as const;
			const answer = await this.seated(async () => await this.client.call(call));
			const page = listIn(answer, 'account_list');
			accounts.push(...page.map((account) => entryOf(account.open_kfid, account.name)));
			if (page.length < ACCOUNT_PAGE) return sorted(accounts);
		}
	}

	private async seated<T>(work: () => Promise<T>): Promise<T> {
		const leave = await seats.take(this.system.fingerprint);
		try {
			return await work();
		} finally {
			leave();
		}
	}
}

async function membersOf(reader: Reader): Promise<DirectoryEntry[]> {
	const { range, departments } = await reader.sight();
	const tagged = await reader.tagged(range?.tagIds ?? []);
	const ids = new Set(departments.map(({ id }) => String(id)));
	for (const tag of tagged) for (const id of idsIn(tag, 'partylist')) ids.add(id);
	const lists = await Promise.all(
		[...ids].map(async (id) => await reader.part('user/simplelist', { department_id: id })),
	);
	const members = new Map<string, DirectoryEntry>();
	for (const member of [...lists, ...tagged].flatMap((answer) => listIn(answer, 'userlist'))) {
		const entry = entryOf(member.userid, member.name);
		members.set(entry.id, entry);
	}
	const single = (range?.userIds ?? []).filter((id) => !members.has(id));
	const named = await Promise.all(
		single.slice(0, MAX_SINGLE).map(async (userid) => await reader.part('user/get', { userid })),
	);
	for (const [index, id] of single.entries()) members.set(id, entryOf(id, named[index]?.name));
	return sorted([...members.values()]);
}

/** @returns the departments, each with the visible ones above it */
function withPaths(departments: Fields[]): DirectoryEntry[] {
	const known = new Map(departments.map((department) => [String(department.id), department]));
	return departments.map((department) => {
		const path: string[] = [];
		const passed = new Set<string>();
		let at: Fields | undefined = department;
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
const collator = new Intl.Collator('zh-Hans-CN', { numeric: true });

function sorted(entries: DirectoryEntry[]): DirectoryEntry[] {
	return entries.sort((a, b) => collator.compare(a.name, b.name) || collator.compare(a.id, b.id));
}

/** @returns the objects in a list of an answer; none where it is missing */
function listIn(answer: unknown, field: string): Fields[] {
	const list = (answer as Fields | null | undefined)?.[field];
	if (!Array.isArray(list)) return [];
	return list.filter((each): each is Fields => typeof each === 'object' && each !== null);
}

/** @returns the numbers or texts in a list of an answer, as text */
function idsIn(answer: unknown, field: string): string[] {
	const list = (answer as Fields | null | undefined)?.[field];
	return Array.isArray(list) ? list.map(String) : [];
}
