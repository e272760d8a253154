/** App chats (应用群聊): groups that an app creates and then writes to (vendor page 90245). */
import { CHAT_RULES } from '../accounts/rules';
import { grouped } from '../client/bytes';
import type { WeComClient } from '../client/client';
import { isWeComError, WeComApiError, WeComInputError } from '../client/errors';
import { textIn } from '../client/outcome';
import { refuseNames } from './receivers';

interface ChatRequest {
	/** '' = WeCom makes one of the members' names. */
	name: string;
	members: readonly string[];
	/** '' = WeCom takes one of the members by chance. */
	owner: string;
	/** '' = WeCom gives one. */
	chatId: string;
}

const PATH = 'appchat/create';
/** The chat ID exists already (vendor page 90313). */
const EXISTS = 86215;
const MAYBE_CREATED =
	"The chat may have been created all the same, without its chatid reaching n8n, so it was not created again. Look in WeCom first; with a 'Chat ID' of your own in the options the node itself can try again.";

/**
 * Creates an app chat. Repeated after an unknown outcome only where it has an ID of its own: a second one of that ID
 * cannot be.
 *
 * @returns the chatid
 * @throws WeComInputError before anything is sent, then as WeComClient.call
 */
export async function createAppChat(client: WeComClient, request: ChatRequest): Promise<string> {
	const { name, chatId } = request;
	const members = readMembers(request);
	refuseUnfit(request);
	const body = {
		...(name ? { name } : {}),
		...(request.owner ? { owner: request.owner } : {}),
		userlist: members,
		...(chatId ? { chatid: chatId } : {}),
	};
	for (let lost = 0; ; lost += 1) {
		try {
			const answer = await client.call({
				path: PATH,
				method: 'POST',
				body,
				repeatable: false,
				proof: ['chatid'],
				ifLost: MAYBE_CREATED,
			});
			return textIn(answer, ['chatid']);
		} catch (error) {
			// The try whose answer was lost has created it.
			if (lost > 0 && isExisting(error)) return chatId;
			const final = chatId !== '' && lost < client.maxRetries ? unlessLost(error) : error;
			if (final) throw final;
		}
		await client.pause(lost, `${PATH}: the answer was lost`);
	}
}

/** The owner is a member. */
function readMembers({ members, owner }: ChatRequest): string[] {
	refuseNames(members, 'Members');
	if (owner) refuseNames([owner], 'Owner');
	const all = [...new Set(owner ? [owner, ...members] : members)];
	const { fewest, most } = CHAT_RULES.members;
	if (all.length >= fewest && all.length <= most) return all;
	const limit = `an app chat has ${fewest} to ${grouped(most)}`;
	throw new WeComInputError(
		`'Members' names ${all.length === 0 ? 'nobody' : grouped(all.length)}; ${limit}`,
		all.length < fewest ? 'Add more members.' : 'Split them over several chats.',
		'Members',
	);
}

function refuseUnfit({ name, chatId }: ChatRequest): void {
	const characters = [...name].length;
	if (characters > CHAT_RULES.nameCharacters) {
		throw new WeComInputError(
			`'Chat Name' has ${characters} characters; WeCom takes up to ${CHAT_RULES.nameCharacters}`,
			'Shorten it, because WeCom would cut it off.',
			'Chat Name',
		);
	}
	if (chatId === '' || CHAT_RULES.chatId.test(chatId)) return;
	throw new WeComInputError(
		`'${chatId.slice(0, 40)}' cannot be a chat ID`,
		'Use up to 32 letters and digits, or leave it empty so that WeCom gives one.',
		'Chat ID',
	);
}

function isExisting(error: unknown): boolean {
	return error instanceof WeComApiError && error.errcode === EXISTS;
}

/** @returns undefined for a call of which nobody knows what has become */
function unlessLost(error: unknown): unknown {
	return isWeComError(error) && error.outcomeUnknown ? undefined : error;
}
