import type { Editor } from '../../test/browser/editor';
import { untrustedApp } from './credentials';
import { CORP, openPanel, SERVICE, type Panel } from './panels';
import { areaOf, around, type Picture } from './studio';

const SEND: Panel = {
	name: 'picker',
	parameters: { resource: 'app', operation: 'send' },
	credential: CORP,
};
const SERVICE_SEND: Panel = {
	name: 'picker',
	parameters: {
		resource: 'customerService',
		operation: 'send',
		toUser: '={{ $json.external_userid }}',
	},
	credential: SERVICE,
};
const CREATE_CHAT: Panel = {
	name: 'picker',
	parameters: {
		...{ resource: 'app', operation: 'createChat', chatName: '每日销售报告' },
		chatMembers: { member: [chosen('ZhangSan', '张三'), chosen('WangWu', '王五')] },
	},
	credential: CORP,
};

/** An entry of "Add Member" whose member was picked from the list. */
function chosen(value: string, name: string) {
	return { userId: { __rl: true, mode: 'list', value, cachedResultName: `${name} (${value})` } };
}

/** From the label of a field down to the end of the list that is open below another, or the same one. */
async function withList(editor: Editor, first: string, open: string) {
	const list = editor.openList();
	await list.waitFor();
	const { x, width } = await areaOf(editor.part(`parameter-input-${open}`));
	const { y } = await areaOf(editor.part(`parameter-input-${first}`).first());
	const { y: top, height } = await areaOf(list);
	// Above the field is its label.
	const clip = around([{ x, width, y: y - 20, height: top + height - y + 20 }], 14);
	return { page: editor.page, clip };
}

const LISTS: Array<[name: string, panel: Panel, field: string]> = [
	['members', SEND, 'toUser'],
	['departments', SEND, 'toParty'],
	['tags', SEND, 'toTag'],
	['service-accounts', SERVICE_SEND, 'openKfId'],
];

const lists = LISTS.map(([name, panel, field]): Picture => ({
	path: `docs/picker-${name}.png`,
	async show(editor, studio) {
		await openPanel(editor, studio, panel);
		await editor.openPicker(field);
		return await withList(editor, field, field);
	},
}));

const ofChat: Picture = {
	path: 'docs/picker-chat.png',
	async show(editor, studio) {
		await openPanel(editor, studio, CREATE_CHAT);
		await editor.openPicker('chatOwner');
		return await withList(editor, 'userId', 'chatOwner');
	},
};

/** A list that says why it is empty, and what to do. */
const refused: Picture = {
	path: 'docs/picker-error.png',
	async show(editor, studio) {
		const { rest } = studio.world;
		const saved = await rest.createCredential('weComCorpApi', untrustedApp(studio), 'A new app');
		studio.credentials.set('newApp', saved);
		await openPanel(editor, studio, { ...SEND, credential: ['weComCorpApi', 'newApp'] });
		await editor.part('parameter-input-toUser').locator('[data-test-id="rlc-input"]').click();
		await editor.part('rlc-error-container').filter({ visible: true }).waitFor();
		return await withList(editor, 'toUser', 'toUser');
	},
};

export const pickerPictures: Picture[] = [...lists, ofChat, refused];
