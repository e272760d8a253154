/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { decrypt } from '@wecom/crypto';

import { HttpServer } from './httpServer';

/** What a callback URL received, decrypted. */
export interface Push {
	query: Record<string, string>;
	body: string;
	message: string;
	/** The receiver inside the envelope. */
	id: string;
}

/** A callback URL for the simulator's own tests: decrypts what comes and answers as told. */
export interface Receiver {
	url: string;
	pushes: Push[];
	verifications: Array<{ message: string; id: string }>;
	/** Status of the answer to a push, or `cut`. */
	onPush: (push: Push) => number | 'cut' | Promise<number | 'cut'>;
	/** Body of the answer to a verification, or a status. */
	onVerification: (echo: string) => string | number;
	close(): Promise<void>;
}

export async function startReceiver(settings: { encodingAesKey: string }): Promise<Receiver> {
	const server = new HttpServer(async (request: IncomingMessage, response: ServerResponse) => {
		const query = Object.fromEntries(new URL(request.url ?? '', 'http://host').searchParams);
		if (request.method === 'GET') {
			const { message, id } = decrypt(settings.encodingAesKey, query.echostr);
			receiver.verifications.push({ message, id });
			const answer = receiver.onVerification(message);
			response.statusCode = typeof answer === 'number' ? answer : 200;
			response.end(String(answer));
			return;
		}
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const body = Buffer.concat(chunks).toString('utf8');
		const encrypted = body.startsWith('{')
			? (JSON.parse(body) as { encrypt: string }).encrypt
			: (/<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '');
		const { message, id } = decrypt(settings.encodingAesKey, encrypted);
		const push = { query, body, message, id };
		receiver.pushes.push(push);
		const answer = await receiver.onPush(push);
		if (answer === 'cut') {
			response.destroy();
			return;
		}
		response.statusCode = answer;
		response.end();
	});
	await server.start();
	const receiver: Receiver = {
		url: `${server.url}/callback?from=wecom`,
		pushes: [],
		verifications: [],
		onPush: () => 200,
		onVerification: (echo) => echo,
		close: async () => await server.stop(),
	};
	return receiver;
}
