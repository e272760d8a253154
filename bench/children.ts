/* eslint-disable @n8n/community-nodes/no-dangerous-functions -- every measurement runs in a process of its own */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ServerCounts } from './spec';

/** Starts a script of this folder; it ends itself when this process goes away. */
function startScript(name: string, order: object): ChildProcess {
	const child = fork(join(__dirname, name), [], {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	child.send(order);
	return child;
}

/** Gives a script its order and, once it has ended, the one message it has sent. */
export async function runScript<T>(name: string, order: object): Promise<T> {
	const child = startScript(name, order);
	return await new Promise((resolve, reject) => {
		let message: T | undefined;
		child.once('message', (sent) => {
			message = sent as T;
		});
		child.once('error', reject);
		child.once('close', (code) => {
			if (message === undefined) reject(new Error(`${name} ended with code ${code}`));
			else resolve(message);
		});
	});
}

export interface Server {
	baseUrl: string;
	/** What it has answered since the last call. */
	counts(): Promise<ServerCounts>;
	stop(): void;
}

/** Starts the fixed server. @param latencyMs how long every answer waits */
export async function startServer(latencyMs: number): Promise<Server> {
	const child = startScript('server.ts', { latencyMs });
	const { port } = await new Promise<{ port: number }>((resolve, reject) => {
		child.once('message', (sent) => resolve(sent as { port: number }));
		child.once('close', (code) => reject(new Error(`server.ts ended with code ${code}`)));
	});
	const baseUrl = `http://127.0.0.1:${port}`;
	return {
		baseUrl,
		counts: async () => (await (await fetch(`${baseUrl}/counts`)).json()) as ServerCounts,
		stop: () => child.disconnect(),
	};
}
