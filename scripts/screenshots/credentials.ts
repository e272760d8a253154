import type { Editor } from '../../test/browser/editor';
import { areaOf, type Picture, type Studio } from './studio';

/** n8n's dialog scrolls where it is higher than 750 pixels. */
const WHOLE =
	'[data-test-id="editCredential-modal"] { height: auto !important; max-height: none !important; }';

/** The dialog from its head to this field; Base URL, which here is the simulator's, comes after. */
async function dialogDownTo(editor: Editor, field: string) {
	await editor.page.addStyleTag({ content: WHOLE });
	// Neither the mouse nor the focus should mark a field.
	await editor.page.mouse.move(1, 1);
	await editor.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
	const { x, y, width } = await areaOf(editor.part('editCredential-modal'));
	const last = await areaOf(
		editor
			.part('credential-connection-parameter')
			.filter({ has: editor.part(`parameter-input-${field}`) }),
	);
	const height = last.y + last.height - y + 16;
	return { page: editor.page, clip: { x, y, width, height } };
}

type Fill = (studio: Studio) => Record<string, string>;

const DIALOGS: Array<[name: string, type: string, last: string, fill: Fill]> = [
	[
		'corp',
		'WeCom Corp Secret (企业微信) API',
		'encodingAesKey',
		({ world }) => {
			const { corpId, corpSecret, agentId, callbackToken, encodingAesKey } =
				world.simulator.demo.corp;
			return { corpId, corpSecret, agentId: String(agentId), callbackToken, encodingAesKey };
		},
	],
	[
		'third-party',
		'WeCom Third-Party App (企业微信第三方应用) API',
		'permanentCode',
		({ world }) => {
			const { suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode } =
				world.simulator.demo.suite;
			return { suiteId, suiteSecret, suiteTicket, authCorpId, permanentCode };
		},
	],
	[
		'official-account',
		'WeChat Official Account (微信公众号) API',
		'appSecret',
		({ world }) => {
			const { appId, appSecret } = world.simulator.demo.officialAccount;
			return { appId, appSecret };
		},
	],
];

const untested = DIALOGS.map(([name, type, last, fill]): Picture => ({
	path: `docs/credential-${name}.png`,
	async show(editor, studio) {
		await editor.newCredential(type);
		await editor.fillCredential(fill(studio));
		return await dialogDownTo(editor, last);
	},
}));

/** Saved and found good: the robot's, which has no account to set up before. */
const good: Picture = {
	path: 'docs/credential-robot.png',
	async show(editor, { world: { simulator } }) {
		await editor.newCredential('WeCom Group Robot Webhook (企业微信群机器人) API');
		const { webhookUrl } = simulator.demo.robot;
		await editor.fillCredential({ webhookKey: webhookUrl, baseUrl: simulator.url });
		const { ok, text } = await editor.saveCredential();
		if (!ok) throw new Error(text);
		return await dialogDownTo(editor, 'webhookKey');
	},
};

/** What the credential holds of an app that does not trust the IP of this n8n, 203.0.113.7. */
export function untrustedApp({ world: { simulator } }: Studio) {
	const { corpId } = simulator.demo.corp;
	const corpSecret = 'made-up-secret-of-a-new-app';
	simulator.state.clientIp = '203.0.113.7';
	simulator.state.addApp({ corpId, secret: corpSecret, ipTrusted: false });
	return { corpId, corpSecret, baseUrl: simulator.url };
}

/** Saved, and refused because WeCom does not trust the IP, which it names. */
const untrusted: Picture = {
	path: 'docs/credential-untrusted-ip.png',
	async show(editor, studio) {
		await editor.newCredential('WeCom Corp Secret (企业微信) API');
		await editor.fillCredential(untrustedApp(studio));
		const { text } = await editor.saveCredential();
		if (!text.includes('203.0.113.7')) throw new Error(`The IP is not named: ${text}`);
		return await dialogDownTo(editor, 'corpSecret');
	},
};

export const credentialPictures: Picture[] = [...untested, good, untrusted];
