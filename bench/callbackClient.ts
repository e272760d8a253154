/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Posts prepared requests to one URL, a new connection each, and notes how long each answer takes. */
import { Agent, request } from 'node:http';
import { serve } from './serve';

export interface CallbackSpec {
	url: string;
	/** One per request, in this order. */
	requests: Array<{ query: string; body: string }>;
	contentType: string;
	/** Requests per second; 0 = all at once. */
	rate: number;
}

export interface CallbackReport {
	/** Milliseconds from opening the connection to the end of the answer, in the order of the requests. */
	latencies: number[];
	/** How many answers had another status than 200 or did not come. */
	failed: number;
	/** Milliseconds from the first request to the last answer. */
	ms: number;
}

const agent = new Agent({ keepAlive: false, maxSockets: Infinity });

async function main({ url, requests, contentType, rate }: CallbackSpec): Promise<CallbackReport> {
	const report: CallbackReport = { latencies: [], failed: 0, ms: 0 };
	const startedAt = performance.now();
	await Promise.all(
		requests.map(async ({ query, body }, index) => {
			// Every request has its own time, kept however slow the answers are.
			if (rate > 0) await until(startedAt + (index * 1000) / rate);
			const sentAt = performance.now();
			const status = await post(`${url}?${query}`, body, contentType);
			report.latencies[index] = performance.now() - sentAt;
			if (status !== 200) report.failed += 1;
		}),
	);
	report.ms = performance.now() - startedAt;
	return report;
}

async function until(time: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, time - performance.now()));
}

async function post(url: string, body: string, contentType: string): Promise<number> {
	return await new Promise((resolve) => {
		const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
		const sent = request(url, { agent, method: 'POST', headers }, (answer) => {
			answer.resume();
			answer.once('end', () => resolve(answer.statusCode ?? 0));
			answer.once('error', () => resolve(0));
		});
		sent.once('error', () => resolve(0));
		sent.end(body);
	});
}

serve(main);
