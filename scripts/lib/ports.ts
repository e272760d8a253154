/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

function canListen(port: number): Promise<number | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, LOOPBACK, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
		});
	});
}

/** The preferred port of 127.0.0.1 or the next free one; without a preference any free port. */
export async function freePort(preferred = 0): Promise<number> {
	for (let port = preferred; port < preferred + 100; port += 1) {
		const free = await canListen(port);
		if (free !== undefined) return free;
	}
	throw new Error(`No free port between ${preferred} and ${preferred + 99} on ${LOOPBACK}.`);
}

/** Ports for servers that start one after the other: below the range that the system gives to whoever asks for any port. */
export async function freePorts(count: number): Promise<number[]> {
	const ports: number[] = [];
	while (ports.length < count) {
		const port = await freePort(randomInt(20_000, 32_000));
		if (!ports.includes(port)) ports.push(port);
	}
	return ports;
}
