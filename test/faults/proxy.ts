/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { freePorts } from '../../scripts/lib/ports';
import type { FaultClock } from './clock';
import type { Fault } from './fault';
import { bytesOf, readHead, valueOf, withHeaders } from './wire';
import type { Answer, RequestHead, Step } from './wire';

/** One call as it passed the proxy. */
export interface Call {
	/** Endpoint without `/cgi-bin/`; `link` for a file on another host. */
	name: string;
	/** 1 for the first call of this name. */
	nth: number;
	hasBody: boolean;
	/** Of WeCom's own answer; undefined when WeCom was not asked. */
	answer?: { status: number; isJson: boolean; bytes: number };
	/** Names of the fields of a JSON answer. */
	fields?: string[];
}

/** Where a fault strikes. */
export interface Target {
	fault: Fault;
	call: Call;
	/** Place in the order of all calls, from 0. */
	position: number;
	/** Only this call, or this and all later ones of the name. */
	always: boolean;
}

export interface ProxyOptions {
	clock: FaultClock;
	/** Origin behind a path; the path is handed on as it is. */
	originOf(path: string): string;
	/** Path of the API in front of `/cgi-bin/`. */
	prefix: string;
	target?: Target;
	/** Answer a Range with so many bytes at most, as some gateways do. */
	capRange?: number;
	/** ETag of every file. */
	etag?: string;
}

/** How long a host stays unreachable when it is so only once (ms); shorter than the first pause of a retry. */
const DOWN_MS = 400;
/** Somebody else's address: whoever follows a redirect to it has leaked the secret in the query. */
export const ELSEWHERE = '/elsewhere';

/** Stands between the nodes and WeCom on a port of its own, and does harm to one call. */
export class FaultProxy {
	readonly calls: Call[] = [];
	/** Redirects that were followed. */
	followed = 0;
	/** Bytes the nodes let themselves be sent in the longest answer. */
	longestAnswer = 0;
	private readonly counts = new Map<string, number>();
	private readonly sockets = new Set<Socket>();
	private server?: Server;
	private port = 0;
	private isDown = false;
	private wasDown = false;

	constructor(private readonly options: ProxyOptions) {}

	get origin(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get openSockets(): number {
		return this.sockets.size;
	}

	async start(): Promise<void> {
		// One that nobody else is given while it is not listened to.
		if (this.options.target?.fault.refused) [this.port] = await freePorts(1);
		await this.listen();
		await this.beUnreachableBefore(0);
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		this.isDown = true;
		await this.stopListening();
	}

	private async listen(): Promise<void> {
		const server = createServer((socket) => this.accept(socket));
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(this.port, '127.0.0.1', resolve);
		});
		this.port = (server.address() as AddressInfo).port;
		this.server = server;
	}

	private async stopListening(): Promise<void> {
		const { server } = this;
		this.server = undefined;
		// Connections that are open go on; only new ones are refused.
		server?.close();
		if (server) await new Promise((resolve) => setImmediate(resolve));
	}

	/** To be called when so many calls have been answered. */
	private async beUnreachableBefore(position: number): Promise<void> {
		const { target, clock } = this.options;
		if (!target?.fault.refused || target.position !== position || this.wasDown) return;
		this.wasDown = true;
		await this.stopListening();
		if (target.always) return;
		void clock.sleep(DOWN_MS).then(async () => {
			if (!this.isDown) await this.listen();
		});
	}

	private accept(socket: Socket): void {
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		socket.on('error', () => {});
		socket.setNoDelay(true);
		void this.serve(socket).catch(() => socket.destroy());
	}

	/** One connection, one request. */
	private async serve(socket: Socket): Promise<void> {
		let bytes: Buffer = Buffer.alloc(0);
		let head: RequestHead | undefined;
		let fault: Fault | undefined;
		let call: Call | undefined;
		let length = Infinity;
		const complete = new Promise<'complete' | 'broken'>((resolve, reject) => {
			socket.on('close', () => reject(new Error('gone')));
			// Goes on reading to the end of the connection, or its end would never be seen.
			socket.on('data', (piece: Buffer) => {
				bytes = Buffer.concat([bytes, piece]);
				if (!head) {
					head = readHead(bytes);
					if (!head) return;
					length = head.length + Number(valueOf(head.headers, 'content-length') ?? 0);
					call = this.file(head);
					fault = call && this.faultFor(call);
				}
				const { request } = fault ?? {};
				if (request && bytes.length >= Math.floor(request.after * length)) resolve('broken');
				else if (bytes.length >= length) resolve('complete');
			});
		});
		const state = await complete;
		const { request } = fault ?? {};
		if (state === 'broken' && request) {
			await this.play(socket, [...(request.steps ?? []), request.then]);
		} else if (head) {
			await this.reply(socket, head, bytes.subarray(head.length), call, fault);
		}
	}

	private file(head: RequestHead): Call | undefined {
		const path = head.target.split('?')[0];
		if (path.startsWith(ELSEWHERE)) this.followed += 1;
		const name = this.nameOf(path);
		// WeCom fetches links as well; the nodes are those who ask for an uncompressed body.
		if (name === undefined) return undefined;
		if (name === 'link' && valueOf(head.headers, 'accept-encoding') !== 'identity')
			return undefined;
		const nth = (this.counts.get(name) ?? 0) + 1;
		this.counts.set(name, nth);
		const hasBody = Number(valueOf(head.headers, 'content-length') ?? 0) > 0;
		const call: Call = { name, nth, hasBody };
		this.calls.push(call);
		return call;
	}

	private nameOf(path: string): string | undefined {
		const api = `${this.options.prefix}/cgi-bin/`;
		if (path.startsWith(api)) return path.slice(api.length);
		return path.startsWith(ELSEWHERE) ? undefined : 'link';
	}

	private faultFor({ name, nth }: Call): Fault | undefined {
		const { target } = this.options;
		if (!target || target.fault.refused || target.call.name !== name) return undefined;
		const { call, always, fault } = target;
		return (always ? nth >= call.nth : nth === call.nth) ? fault : undefined;
	}

	private async reply(
		socket: Socket,
		head: RequestHead,
		body: Buffer,
		call: Call | undefined,
		fault: Fault | undefined,
	): Promise<void> {
		const nothing: Answer = { status: 200, headers: [], body: Buffer.alloc(0) };
		const real = fault?.reaches === false ? nothing : await this.forward(head, body);
		if (call && fault?.reaches !== false) {
			const isJson = /json/.test(valueOf(real.headers, 'content-type') ?? '');
			call.answer = { status: real.status, isJson, bytes: real.body.length };
			if (isJson) call.fields = Object.keys(JSON.parse(real.body.toString()) as object);
		}
		if (call) await this.beUnreachableBefore(this.calls.length);
		const steps = fault?.answer?.(real, { head, origin: this.origin }) ?? whole(real);
		await this.play(socket, steps);
	}

	private async forward(head: RequestHead, body: Buffer): Promise<Answer> {
		const { originOf, capRange, etag } = this.options;
		const path = head.target.split('?')[0];
		if (path.startsWith(ELSEWHERE)) return { status: 200, headers: [], body: Buffer.from('{}') };
		const origin = originOf(path);
		const headers = Object.fromEntries(head.headers);
		for (const name of Object.keys(headers)) {
			if (name.toLowerCase() === 'range' && capRange)
				headers[name] = capped(headers[name], capRange);
			// WeCom does not know the ETag, which is the proxy's.
			if (name.toLowerCase() === 'if-range' && headers[name] === etag) delete headers[name];
		}
		const options = { method: head.method, headers, agent: false };
		const outgoing = httpRequest(`${origin}${head.target}`, options);
		const answered = new Promise<Answer>((resolve, reject) => {
			outgoing.on('error', reject);
			outgoing.on('response', (incoming) => {
				const pieces: Buffer[] = [];
				incoming.on('data', (piece: Buffer) => pieces.push(piece));
				incoming.on('error', reject);
				incoming.on('end', () => {
					const { rawHeaders, statusCode: status = 0 } = incoming;
					const pairs = rawHeaders.flatMap((name, index): Array<[string, string]> =>
						index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : [],
					);
					resolve({ status, headers: pairs, body: Buffer.concat(pieces) });
				});
			});
		});
		outgoing.end(body);
		const answer = await answered;
		const hopByHop = { 'Transfer-Encoding': undefined, Connection: 'close', Date: undefined };
		const isJson = /json/.test(valueOf(answer.headers, 'content-type') ?? '');
		const shown = isJson
			? Buffer.from(answer.body.toString().replaceAll(origin, this.origin))
			: answer.body;
		const file = etag && !isJson ? { ETag: etag } : {};
		return {
			...answer,
			headers: withHeaders(answer, { ...hopByHop, ...file, 'Content-Length': undefined }),
			body: shown,
		};
	}

	private async play(socket: Socket, steps: Iterable<Step>): Promise<void> {
		let sent = 0;
		for (const step of steps) {
			if (socket.destroyed) return;
			if (step === 'hang') return;
			if (step === 'reset') {
				socket.resetAndDestroy();
				return;
			}
			if (step === 'end') {
				socket.end();
				return;
			}
			if ('pauseMs' in step) await this.options.clock.sleep(step.pauseMs);
			else {
				sent += step.send.length;
				this.longestAnswer = Math.max(this.longestAnswer, sent);
				await written(socket, step.send);
			}
		}
	}
}

/** An answer as it came, and the end of the connection. */
export function* whole(answer: Answer): Generator<Step> {
	yield { send: bytesOf(answer) };
	yield 'end';
}

async function written(socket: Socket, bytes: Buffer): Promise<void> {
	await new Promise<void>((resolve) => {
		socket.once('close', resolve);
		socket.write(bytes, () => {
			socket.off('close', resolve);
			resolve();
		});
	});
}

function capped(range: string, bytes: number): string {
	const match = /^bytes=(\d+)-(\d+)$/.exec(range);
	if (!match) return range;
	const [start, end] = [Number(match[1]), Number(match[2])];
	return `bytes=${start}-${Math.min(end, start + bytes - 1)}`;
}
