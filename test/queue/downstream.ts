/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Step } from '../e2e/workflowOf';

/** What stands behind a workflow: counts how often each key arrives. */
export interface Downstream {
	url: string;
	/** Arrivals by key. */
	counts: Map<string, number>;
	/** While it is true, calls are neither counted nor answered. */
	holds: boolean;
	/** Calls that have arrived while it held. */
	held: number;
	/** n8n's HTTP Request node that calls it once for each item. */
	step(keyExpression: string): Step;
	close(): Promise<void>;
}

export async function startDownstream(): Promise<Downstream> {
	const counts = new Map<string, number>();
	const server = createServer((request, response) => {
		const key = new URL(request.url ?? '/', 'http://localhost').searchParams.get('key') ?? '';
		request.resume();
		if (downstream.holds) {
			downstream.held += 1;
			return;
		}
		counts.set(key, (counts.get(key) ?? 0) + 1);
		response.setHeader('connection', 'close');
		response.setHeader('content-type', 'application/json');
		response.end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const downstream: Downstream = {
		url,
		counts,
		holds: false,
		held: 0,
		step: (keyExpression) => ({
			name: 'Downstream',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'GET',
				url: `=${url}/?key={{ encodeURIComponent(${keyExpression}) }}`,
				options: {},
			},
		}),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return downstream;
}
