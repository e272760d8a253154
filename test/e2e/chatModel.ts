/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as OpenAI's chat completions take it, as far as it is looked at here. */
export interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown; tool_call_id?: string }>;
	tools?: Array<{
		type: string;
		function: { name: string; description: string; parameters: { properties: object } };
	}>;
}

/** What the model says: a text, or that a tool be called with these arguments. */
export type Turn = string | { tool: string; args: Record<string, unknown> };

/** A chat model that says what it was told to. */
export interface ChatModel {
	/** For the credential's Base URL. */
	url: string;
	/** What it was asked, oldest first. */
	requests: ChatRequest[];
	/** What it says to the coming requests, one after the other. */
	script: Turn[];
	close(): Promise<void>;
}

/** Starts a server on loopback that speaks OpenAI's chat completions without streaming. */
export async function startChatModel(): Promise<ChatModel> {
	const requests: ChatRequest[] = [];
	const script: Turn[] = [];
	const server = createServer((request, response) => {
		void bodyOf(request).then((text) => {
			const asked = JSON.parse(text) as ChatRequest;
			requests.push(asked);
			const turn = script.shift();
			const ok = turn !== undefined && !asked.stream && request.url === '/v1/chat/completions';
			const answer = ok
				? completion(turn, requests.length)
				: { error: { message: `not in the script: ${request.url}` } };
			response.writeHead(ok ? 200 : 400, {
				'content-type': 'application/json',
				connection: 'close',
			});
			response.end(JSON.stringify(answer));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		requests,
		script,
		close: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece as Buffer);
	return Buffer.concat(pieces).toString('utf8');
}

function completion(turn: Turn, count: number) {
	const called = typeof turn === 'string' ? undefined : turn;
	const message = called
		? {
				role: 'assistant',
				content: null,
				tool_calls: [
					{
						id: `call_${count}`,
						type: 'function',
						function: { name: called.tool, arguments: JSON.stringify(called.args) },
					},
				],
			}
		: { role: 'assistant', content: turn };
	return {
		id: `chatcmpl-${count}`,
		object: 'chat.completion',
		created: 1_700_000_000,
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: called ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
