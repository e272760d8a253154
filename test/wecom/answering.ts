/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server whose answers a test writes by hand, down to the bytes on the wire. */
export interface Answering {
	readonly url: string;
	/** Without a path. */
	readonly base: string;
	/** Those of the running test. */
	readonly requests: IncomingMessage[];
	/** Connections that are open. */
	readonly sockets: Set<Socket>;
	answer: (request: IncomingMessage, response: ServerResponse) => void;
	/** Instead of `answer`: these bytes, and then the connection is closed, unless it should stay open. */
	raw?: string | Buffer;
	leaveOpen: boolean;
	/** Behind those bytes, again and again for as long as the connection is open. */
	drip: string;
}

/** To be called once in a test file, outside any test. */
export function answering(): Answering {
	const sockets = new Set<Socket>();
	let server: Server;
	const state: Answering & { requests: IncomingMessage[] } = {
		get base() {
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		},
		get url() {
			return `${state.base}/file`;
		},
		leaveOpen: false,
		drip: '',
		requests: [],
		sockets,
		answer: (_request, response) => void response.end(),
	};
	beforeAll(async () => {
		server = createServer((request, response) => {
			state.requests.push(request);
			if (state.raw === undefined) return state.answer(request, response);
			request.resume();
			if (!state.leaveOpen) return void request.socket.end(state.raw);
			request.socket.write(state.raw);
			if (state.drip) dripInto(request.socket, state.drip);
		});
		server.on('connection', (socket) => {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});
	beforeEach(() => {
		state.requests.length = 0;
		state.raw = undefined;
		state.leaveOpen = false;
		state.drip = '';
	});
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return state;
}

function dripInto(socket: Socket, drop: string): void {
	const drops = setInterval(() => socket.write(drop), 10);
	socket.on('close', () => clearInterval(drops));
}
