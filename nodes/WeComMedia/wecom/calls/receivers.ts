/** IDs of people, departments, tags and chats: what WeCom wants, and what people type instead. */
import { WeComInputError } from '../client/errors';

export interface Receivers {
	toUser: readonly string[];
	toParty: readonly string[];
	toTag: readonly string[];
}

/** How an ID of one kind looks, and where it stands. */
interface IdKind {
	pattern: RegExp;
	/** "user IDs" */
	name: string;
	/** One sentence. */
	where: string;
}

/** Vendor page 90195: 1 to 64 of these characters, a letter or digit first. */
const USER: IdKind = {
	pattern: /^[0-9A-Za-z][\w.@-]{0,63}$/,
	name: 'user IDs',
	where: 'A user ID stands in 通讯录 → the member → 账号, for example zhangsan.',
};
const DEPARTMENT: IdKind = {
	pattern: /^\d+$/,
	name: 'department IDs, which are numbers',
	where: 'A department ID stands in 通讯录 → ⋮ beside the department → 部门ID.',
};
const TAG: IdKind = {
	pattern: /^\d+$/,
	name: 'tag IDs, which are numbers',
	where: 'A tag ID stands in 通讯录 → 标签 → the tag → 标签详情.',
};
/** The field can also be filled from a list, where names are shown. */
const listed = (kind: IdKind): IdKind => ({
	...kind,
	where: `Switch the field to 'From List' and choose by name. ${kind.where}`,
});
/** Opaque ids of WeCom: only what can never be one is refused. */
const opaque = (name: string, where: string): IdKind => ({
	pattern: /^[\x21-\x7e]+$/,
	name,
	where,
});
const ID_KINDS = {
	Members: listed(USER),
	Owner: listed(USER),
	'Mentioned Users': USER,
	Departments: listed(DEPARTMENT),
	Tags: listed(TAG),
	Customer: opaque(
		'an external_userid',
		'The external_userid of the customer stands in the message that was received.',
	),
	'Service Account ID': listed(
		opaque('an open_kfid', 'The open_kfid of the service account (客服账号) begins with wk.'),
	),
	Follower: opaque('an OpenID', 'The OpenID of the follower stands in the message received.'),
	'Chat ID': opaque('a chatid', "The chatid is in the output of 'Create App Chat'."),
} satisfies Record<string, IdKind>;

/** Fields that hold such IDs, as the panel labels them. */
type IdField = keyof typeof ID_KINDS;

/** Most receivers of one message (vendor page 90236). */
const MAX_RECEIVERS = { toUser: 1000, toParty: 100, toTag: 100 } as const;
const LABELS = { toUser: 'Members', toParty: 'Departments', toTag: 'Tags' } as const;
/** All who see the app; as a mention, all in the chat. */
export const EVERYBODY = '@all';
const SHOWN = 3;

/** @throws WeComInputError for entries that are names, or no IDs of this kind */
export function refuseNames(ids: readonly string[], field: IdField): void {
	const { pattern, name, where } = ID_KINDS[field];
	const wrong = ids.filter((id) => !pattern.test(id));
	if (wrong.length === 0) return;
	const shown = wrong.slice(0, SHOWN).map((id) => `'${id.slice(0, 40)}'`);
	const more = wrong.length > SHOWN ? ` and ${wrong.length - SHOWN} more` : '';
	const are = wrong.length === 1 ? 'is a name or no ID' : 'are names or no IDs';
	throw new WeComInputError(
		`${shown.join(', ')}${more} in '${field}' ${are}; WeCom wants ${name} there`,
		where,
		field,
	);
}

/**
 * @returns the ID, trimmed
 * @throws WeComInputError when there is none, or it is a name
 */
export function requiredId(value: string, field: IdField, hint: string): string {
	const id = value.trim();
	if (id === '') throw new WeComInputError(`'${field}' is empty`, hint, field);
	refuseNames([id], field);
	return id;
}

/**
 * @returns touser, toparty and totag as message/send takes them
 * @throws WeComInputError when nobody or too many receive it, or names stand where IDs are wanted
 */
export function wireReceivers(receivers: Receivers): Record<string, string> {
	refuseEverybodyOutside(receivers);
	if (receivers.toUser.includes(EVERYBODY)) return { touser: EVERYBODY };
	const fields: Record<string, string> = {};
	for (const name of ['toUser', 'toParty', 'toTag'] as const) {
		const list = receivers[name];
		const label = LABELS[name];
		refuseNames(list, label);
		if (list.length > MAX_RECEIVERS[name]) {
			throw new WeComInputError(
				`'${label}' names ${list.length}; WeCom takes up to ${MAX_RECEIVERS[name]} in one message`,
				'Split the list over several items, or send to a department or tag.',
				label,
			);
		}
		if (list.length > 0) fields[name.toLowerCase()] = list.join('|');
	}
	if (Object.keys(fields).length > 0) return fields;
	throw new WeComInputError(
		"Nobody would receive the message: 'Members', 'Departments' and 'Tags' are all empty",
		"Fill in at least one of them; '@all' in 'Members' means everybody who sees the app.",
		'Members',
	);
}

/** A message meant for a tag must not reach the whole company. */
function refuseEverybodyOutside(receivers: Receivers): void {
	for (const name of ['toParty', 'toTag'] as const) {
		if (!receivers[name].includes(EVERYBODY)) continue;
		throw new WeComInputError(
			`'${EVERYBODY}' in '${LABELS[name]}' means nobody; it is understood in 'Members' only`,
			`To reach everybody who sees the app, put '${EVERYBODY}' into 'Members'; to reach all of a department or tag, enter its ID.`,
			LABELS[name],
		);
	}
}
