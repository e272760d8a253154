/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { InstalledN8n } from '../../scripts/lib/n8nInstall';
import { freePort } from '../../scripts/lib/ports';

/** n8n reaches for its makers' services at every start; none of them is needed here. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
};

/** A person's own n8n settings, npm's and jest's are not this n8n's; n8n reads most of these. */
const NOT_INHERITED =
	/^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|NODES|WEBHOOK|VUE_APP|npm|JEST)_|^(NODE_ENV|NODE_OPTIONS|no_proxy)$/i;

/** The environment of one n8n process on 127.0.0.1, whatever its role. */
export async function n8nEnvironment(
	installed: InstalledN8n,
	userFolder: string,
): Promise<NodeJS.ProcessEnv> {
	const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
	const { NO_PROXY, no_proxy } = process.env;
	return {
		...Object.fromEntries(inherited),
		...installed.node.env,
		...installed.env,
		...QUIET,
		// A company's proxy cannot reach the simulator.
		NO_PROXY: ['127.0.0.1', 'localhost', NO_PROXY ?? no_proxy].filter(Boolean).join(','),
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		// The editor is reached over http.
		N8N_SECURE_COOKIE: 'false',
	};
}
