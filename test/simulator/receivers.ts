import { Refusal } from './errcodes';
import type { Corp } from './model';

/** Who a message reaches, and the answer's lists of those it does not reach. */
export interface Addressees {
	reached: string[];
	missed: Partial<Record<'invaliduser' | 'invalidparty' | 'invalidtag' | 'unlicenseduser', string>>;
}

/**
 * Looks up touser, toparty and totag (vendor page 90236).
 * @throws Refusal 82001, 40032, 82002, 82003, or 81013 when nobody at all is reached
 */
export function addressees(corp: Corp, body: Record<string, unknown>): Addressees {
	const users = listOf(body.touser);
	const parties = listOf(body.toparty);
	const tags = listOf(body.totag);
	if (users.length + parties.length + tags.length === 0) throw new Refusal(82001);
	if (users.length > 1000) throw new Refusal(40032);
	if (parties.length > 100) throw new Refusal(82002);
	if (tags.length > 100) throw new Refusal(82003);
	// Everybody in the visible range; toparty and totag are ignored then.
	if (users.length === 1 && users[0] === '@all') return { reached: ['@all'], missed: {} };

	const find = (userId: string) =>
		corp.users.find((user) => user.userId.toLowerCase() === userId.toLowerCase());
	const visible = users.filter((userId) => find(userId)?.visible);
	const licensed = visible.filter((userId) => find(userId)?.licensed);
	const reached = [
		...licensed,
		...parties.filter((party) => corp.departments.includes(party)),
		...tags.filter((tag) => corp.tags.includes(tag)),
	];
	// User ids come back in lower case.
	const missed = {
		invaliduser: users.filter((userId) => !visible.includes(userId)).map(lowerCase),
		invalidparty: parties.filter((party) => !corp.departments.includes(party)),
		invalidtag: tags.filter((tag) => !corp.tags.includes(tag)),
		unlicenseduser: visible.filter((userId) => !licensed.includes(userId)).map(lowerCase),
	};
	const joined = Object.fromEntries(
		Object.entries(missed)
			.filter(([, list]) => list.length > 0)
			.map(([name, list]) => [name, list.join('|')]),
	);
	if (reached.length === 0) throw new Refusal(81013, undefined, joined);
	return { reached, missed: joined };
}

function listOf(value: unknown): string[] {
	return typeof value === 'string' ? value.split('|').filter((entry) => entry !== '') : [];
}

function lowerCase(text: string): string {
	return text.toLowerCase();
}
