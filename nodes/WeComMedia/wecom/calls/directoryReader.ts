/** Asks WeCom for what the lists of the panel show; which of it makes which list stands in directory.ts. */
import type { System } from '../accounts/system';
import type { JsonAnswer, WeComClient } from '../client/client';
import { WeComApiError } from '../client/errors';
import { orRefusal } from '../client/outcome';
import { Seats } from '../client/seats';

/** How many calls an account makes at once; WeCom refuses more with 45033 and does not say from when on. */
const seats = new Seats(10, 100);
/** Most that a page of kf/account/list holds. */
const ACCOUNT_PAGE = 100;
/** So that a server that gives one page again and again comes to an end. */
const MOST_ACCOUNTS = 10_000;
/** No right for this department, member or tag; or it has just been deleted. */
const OUT_OF_SIGHT = new Set([60003, 60011, 60111, 60123, 40068]);

/** An object that says nothing is no empty list. */
const ASKED = { repeatable: true, proof: ['errcode'] } as const;

/** What an app may see. */
interface Range {
	userIds: string[];
	tagIds: string[];
	/** Whether departments are among what the app sees, by themselves or through a tag. */
	hasDepartments: boolean;
}

export type Row = Record<string, unknown>;

/**
 * Asks for one account, at most ten calls at once, and notes what it was not allowed to see. After a failure nothing more is
 * asked: a company may have hundreds of departments.
 */
export class DirectoryReader {
	/** The first refusal of a part; the rest may still be shown. */
	refusal?: WeComApiError;
	private hasFailed = false;

	constructor(
		private readonly client: WeComClient,
		private readonly system: System,
	) {}

	/**
	 * Asks one question that changes nothing.
	 *
	 * @throws as WeComClient.call
	 */
	async get(path: string, query: Record<string, string> = {}): Promise<JsonAnswer> {
		const call = { path, method: 'GET', query, ...ASKED } as const;
		return await this.seated(async () => await this.client.call(call));
	}

	/** @returns undefined when this part is out of sight, or something else has failed */
	async part(path: string, query: Record<string, string>): Promise<JsonAnswer | undefined> {
		const call = { path, method: 'GET', query, ...ASKED } as const;
		return await this.seated(async () => {
			if (this.hasFailed) return undefined;
			let isDone = false;
			try {
				const answer = this.seen(await orRefusal(this.client.call(call), () => true));
				isDone = true;
				return answer;
			} finally {
				this.hasFailed ||= !isDone;
			}
		});
	}

	/**
	 * What the app may see, and its departments. Both are asked for at once; of an app whose range holds no departments
	 * the second answer, a refusal included, says nothing.
	 */
	async sight(): Promise<{ range: Range | undefined; departments: Row[] }> {
		const [range, list] = await allEnded([
			this.range(),
			orRefusal(this.get('department/list'), () => true),
		] as const);
		if (range?.hasDepartments === false) return { range, departments: [] };
		return { range, departments: rowsUnder(this.seen(list), 'department') };
	}

	/** @returns the members, and the departments, of tags; without those that are out of sight */
	async tagged(tagIds: string[]): Promise<JsonAnswer[]> {
		const tags = await allEnded(tagIds.map(async (tagid) => await this.part('tag/get', { tagid })));
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
		const users = rowsUnder(agent.allow_userinfos, 'user');
		const tagIds = idsUnder(agent.allow_tags, 'tagid');
		return {
			userIds: users.map(({ userid }) => String(userid)),
			tagIds,
			hasDepartments: tagIds.length + idsUnder(agent.allow_partys, 'partyid').length > 0,
		};
	}

	private async onlyAgent(): Promise<string | undefined> {
		const agents = rowsUnder(await this.get('agent/list'), 'agentlist');
		return agents.length === 1 ? String(agents[0].agentid) : undefined;
	}

	/**
	 * @returns all service accounts (kf/account/list, vendor page 94661)
	 * @throws as WeComClient.call
	 */
	async serviceAccounts(): Promise<Row[]> {
		const accounts: Row[] = [];
		for (let offset = 0; offset < MOST_ACCOUNTS; offset += ACCOUNT_PAGE) {
			const body = { offset, limit: ACCOUNT_PAGE };
			const call = { path: 'kf/account/list', method: 'POST', body, ...ASKED } as const;
			const answer = await this.seated(async () => await this.client.call(call));
			const page = rowsUnder(answer, 'account_list');
			accounts.push(...page);
			if (page.length < ACCOUNT_PAGE) break;
		}
		return accounts;
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

/**
 * @returns what all gave, once all have ended: nothing goes on behind the back of a list that has failed
 * @throws what one of them threw
 */
export async function allEnded<T extends readonly unknown[]>(
	parts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
	const ended = await Promise.allSettled(parts);
	for (const each of ended) if (each.status === 'rejected') throw each.reason as Error;
	return ended.map((each) => (each as PromiseFulfilledResult<unknown>).value) as {
		-readonly [K in keyof T]: Awaited<T[K]>;
	};
}

/** @returns the objects in a list of an answer; none where it is missing */
export function rowsUnder(answer: unknown, field: string): Row[] {
	const list = (answer as Row | null | undefined)?.[field];
	if (!Array.isArray(list)) return [];
	return list.filter((each): each is Row => typeof each === 'object' && each !== null);
}

/** @returns the numbers or texts in a list of an answer, as text */
export function idsUnder(answer: unknown, field: string): string[] {
	const list = (answer as Row | null | undefined)?.[field];
	return Array.isArray(list) ? list.map(String) : [];
}
