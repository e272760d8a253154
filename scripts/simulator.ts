/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- runs in Node, never inside n8n; a command line talks through the console */
/**
 * Runs the WeCom simulator until Ctrl-C: `npx tsx scripts/simulator.ts [--port N] [--host ADDRESS]
 * [--callback-url URL]`.
 */
import { parseArgs } from 'node:util';

import { startSimulator, type Simulator } from '../test/simulator';
import { demoValues } from '../test/simulator/demoValues';

const DEFAULT_PORT = '8900';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: DEFAULT_PORT },
			host: { type: 'string' },
			'callback-url': { type: 'string' },
		},
	});
	const simulator = await startSimulator({ port: Number(values.port), host: values.host });
	console.log(introduction(simulator));
	const callbackUrl = values['callback-url'];
	if (callbackUrl !== undefined) {
		const { ok, reason } = await simulator.verifyCallbackUrl(callbackUrl);
		console.log(ok ? `Callback URL saved: ${callbackUrl}\n` : `Callback URL refused: ${reason}\n`);
	}
	const stop = () => {
		void simulator.close().then(() => process.exit(0));
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

/** What the terminal shows: where it runs, and what to fill into credentials. */
function introduction({ url, demo }: Simulator): string {
	const lines = demoValues(url, demo).flatMap(([title, fields]) => [
		'',
		`  ${title}`,
		...Object.entries(fields).map(([name, value]) => `    ${name.padEnd(20)}${value}`),
	]);
	return [
		'',
		`The WeCom simulator runs at ${url}. It is not WeCom: nothing leaves this machine.`,
		`Open that address in a browser to see what arrives. Ctrl-C stops it and forgets everything.`,
		...lines,
		'',
	].join('\n');
}

main().catch((error: unknown) => {
	const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
	console.error(busy ? 'That port is in use; choose another with --port.' : error);
	process.exit(1);
});
