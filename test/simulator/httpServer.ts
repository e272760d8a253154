/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Starts, stops and has an address; knows no protocol. */
export class HttpServer {
	private readonly server: Server;
	private readonly sockets = new Set<Socket>();

	constructor(handler: HttpHandler) {
		this.server = createServer((request, response) => {
			handler(request, response).catch((error: unknown) => answerFailure(response, error));
		});
		this.server.on('connection', (socket) => {
			this.sockets.add(socket);
			socket.on('close', () => this.sockets.delete(socket));
		});
	}

	/** Listens; port 0 takes a free one. */
	async start(port = 0, host = '127.0.0.1'): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, host, resolve);
		});
	}

	get url(): string {
		const { address, port, family } = this.server.address() as AddressInfo;
		return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
	}

	/** Ends every connection, finished or not, and stops listening. */
	async stop(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
		for (const socket of this.sockets) socket.destroy();
		await closed;
	}
}

/** A handler that throws must still answer, or its client waits for the whole of its timeout. */
function answerFailure(response: ServerResponse, error: unknown): void {
	const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
	// Nobody is left to answer, be it a broken upload or a broken download.
	if (response.destroyed || response.headersSent) {
		response.destroy();
		return;
	}
	response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' });
	response.end(`The simulator failed: ${reason}\n`);
}
