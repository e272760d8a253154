/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Round robin over several servers on this machine, as nginx would do it: a dead one is passed over. */
export interface Balancer {
	url: string;
	/** Ports that get requests, in turn. */
	targets: number[];
	close(): Promise<void>;
}

/**
 * @param own pairs of path pattern and port whose requests always go to that one
 */
export async function startBalancer(targets: number[]): Promise<Balancer> {
	let turn = 0;
	const agentless = { agent: false as const, host: '127.0.0.1' };
	const server: Server = createServer((incoming, outgoing) => {
		const pieces: Buffer[] = [];
		incoming.on('data', (piece: Buffer) => pieces.push(piece));
		incoming.on('end', () => {
			const body = Buffer.concat(pieces);
			const order = balancer.targets.map(
				(_, index) => balancer.targets[(turn + index) % balancer.targets.length],
			);
			turn += 1;
			const attempt = ([port, ...others]: number[]): void => {
				if (port === undefined) {
					outgoing.writeHead(502).end();
					return;
				}
				const forwarded = request(
					{
						...agentless,
						port,
						method: incoming.method,
						path: incoming.url,
						headers: { ...incoming.headers, connection: 'close' },
					},
					(answer) => {
						outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
						answer.on('error', () => outgoing.destroy());
						answer.pipe(outgoing);
					},
				);
				forwarded.on('error', (error: NodeJS.ErrnoException) => {
					// Only a server that was never reached may be replaced by another one.
					if (error.code === 'ECONNREFUSED') attempt(others);
					else if (outgoing.headersSent) outgoing.destroy();
					else outgoing.writeHead(502).end();
				});
				outgoing.on('close', () => forwarded.destroy());
				forwarded.end(body);
			};
			attempt(order);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const balancer: Balancer = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		targets: [...targets],
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return balancer;
}
