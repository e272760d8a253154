import type { DemoCredentials } from './demo';
import { escape } from './html';

/** Values of one account, by the names that the credential's fields have in n8n. */
export type DemoSection = [title: string, values: Record<string, string | number>];

/** Everything a person needs to fill in credentials; the secrets are made up, so they are shown. */
export function demoValues(url: string, demo: DemoCredentials): DemoSection[] {
	const { corp, suite, robot, officialAccount, customerService, bot } = demo;
	const callback = (from: { callbackToken: string; encodingAesKey: string }) => ({
		'Callback Token': from.callbackToken,
		EncodingAESKey: from.encodingAesKey,
	});
	return [
		['Base URL of every credential', { 'Base URL': url }],
		['Group robot', { 'Webhook Key': robot.webhookKey, 'Webhook URL': robot.webhookUrl }],
		[
			'Corp app',
			{
				'Corp ID': corp.corpId,
				'Corp Secret': corp.corpSecret,
				'Agent ID': corp.agentId,
				...callback(corp),
				'App chat': corp.chatId,
				Members: 'ZhangSan, LiSi, WangWu',
			},
		],
		[
			'Customer Service',
			{
				'Corp ID': customerService.corpId,
				'Corp Secret': customerService.corpSecret,
				...callback(customerService),
				'Service account': customerService.openKfId,
				Customer: customerService.customer,
			},
		],
		['Smart bot', callback(bot)],
		[
			'Third-party app',
			{
				'Suite ID': suite.suiteId,
				'Suite Secret': suite.suiteSecret,
				'Suite Ticket': suite.suiteTicket,
				'Authorized Corp ID': suite.authCorpId,
				'Permanent Code': suite.permanentCode,
				...callback(suite),
			},
		],
		[
			'Official Account',
			{
				'App ID': officialAccount.appId,
				'App Secret': officialAccount.appSecret,
				Follower: officialAccount.follower,
			},
		],
	];
}

/** The values as a page, each with a button that copies it. */
export function demoValuesPage(sections: DemoSection[]): string {
	const rows = sections.map(([title, values]) => {
		const cells = Object.entries(values).map(
			([name, value]) =>
				`<tr><td>${escape(name)}</td><td><code>${escape(String(value))}</code></td><td><button>Copy</button></td></tr>`,
		);
		return `<h2>${escape(title)}</h2><table>${cells.join('')}</table>`;
	});
	return `${rows.join('')}<script>
document.addEventListener('click', async ({ target }) => {
	if (target.tagName !== 'BUTTON') return;
	await navigator.clipboard.writeText(target.closest('tr').querySelector('code').textContent);
	target.textContent = 'Copied';
});</script>`;
}
