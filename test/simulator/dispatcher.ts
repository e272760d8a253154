/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { callerIp, recognizeProduct } from './access';
import { inForm } from './answerForm';
import type { AsyncJobs } from './asyncJobs';
import type { DemoCredentials } from './demo';
import { Refusal } from './errcodes';
import { withoutPrefix, type Fault, type Faults } from './faults';
import type { CallbackSender } from './callbackSender';
import type { People } from './inbox/people';
import { plainPages } from './plainPages';
import { receiveBody } from './receive';
import type { CallRecord, RecordedCall } from './record';
import { emptyReply, failureReply, sendReply, type Reply } from './reply';
import { routeFor } from './routes';
import type { SimulatorState } from './state';
import type { SuiteTickets } from './suiteTickets';
import type { WeComRequest } from './wecomRequest';

export interface World {
	state: SimulatorState;
	faults: Faults;
	record: CallRecord;
	jobs: AsyncJobs;
	tickets: SuiteTickets;
	callbacks: CallbackSender;
	people: People;
	/** What the demo's credentials hold. */
	demo: () => DemoCredentials;
	sleep: (milliseconds: number) => Promise<void>;
	/** Milliseconds every call takes longer. */
	latencyMs: number;
	/** Where a path prefix of a reverse proxy is imitated; otherwise empty. */
	pathPrefix: string;
	baseUrl: () => string;
}

/** From request to answer: file it, bend it, route it, send it. */
export async function dispatch(
	world: World,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://simulator');
	if (!url.pathname.startsWith(world.pathPrefix)) {
		await sendReply(response, emptyReply(404));
		return;
	}
	const path = url.pathname.slice(world.pathPrefix.length);
	const page = await plainPages(world, request, path);
	if (page) {
		await sendReply(response, page);
		return;
	}

	const call = fileCall(world, request, path, url.searchParams);
	// A client may not notice the end of its answer before it sends the next call, so whichever comes
	// first closes the record: the last byte handed to the system, or the end of the connection.
	response.on('finish', () => world.record.end(call));
	response.on('close', () => world.record.end(call, 'the client went away'));

	const fault = world.faults.take(call) ?? {};
	if (fault.cut === 'onArrival') {
		world.record.end(call, 'cut on arrival');
		response.destroy();
		return;
	}
	const multipart = await receiveBody(request, call);
	await pause(world, fault);

	if (fault.token !== undefined) {
		const { tokens } = world.state;
		tokens[fault.token](url.searchParams.get('access_token') ?? '');
	}
	const { state, jobs, tickets, record } = world;
	const wecomRequest: WeComRequest = {
		call,
		query: url.searchParams,
		multipart,
		state,
		jobs,
		tickets,
		record,
		baseUrl: world.baseUrl(),
		product: 'corp',
		wrongJson: false,
	};
	const reply = await answer(world, wecomRequest, fault);
	await deliver(world, call, fault, reply, response);
}

/** Notes the answer and lets it out, as far as the fault allows. */
async function deliver(
	world: World,
	call: RecordedCall,
	fault: Fault,
	reply: Reply,
	response: ServerResponse,
): Promise<void> {
	call.reply = {
		status: reply.status,
		headers: { ...reply.headers, ...fault.headers },
		errcode: reply.errcode,
		bytes: reply.body.length,
	};
	if (fault.stall) {
		call.ending = 'never answered';
		return;
	}
	if (fault.cut === 'beforeAnswer') {
		world.record.end(call, 'cut before the answer');
		response.destroy();
		return;
	}
	const ending = await sendReply(response, reply, fault);
	if (ending !== undefined) call.ending = ending;
}

function fileCall(
	world: World,
	request: IncomingMessage,
	path: string,
	query: URLSearchParams,
): RecordedCall {
	const { headers } = request;
	return world.record.begin({
		at: world.state.now(),
		method: request.method ?? 'GET',
		path,
		search: /\?.*/s.exec(request.url ?? '')?.[0] ?? '',
		query: Object.fromEntries(query),
		headers,
		rawHeaders: request.rawHeaders,
		contentLength:
			headers['content-length'] === undefined ? undefined : Number(headers['content-length']),
		chunked: /chunked/i.test(headers['transfer-encoding'] ?? ''),
	});
}

async function pause(world: World, fault: Fault): Promise<void> {
	const milliseconds = world.latencyMs + (fault.delayMs ?? 0);
	if (milliseconds > 0) await world.sleep(milliseconds);
	await fault.hold;
}

/** The bent answer where a fault says so, otherwise the route's own. */
async function answer(world: World, request: WeComRequest, fault: Fault): Promise<Reply> {
	const { errcode, status, body } = fault;
	const bent = errcode !== undefined || status !== undefined || body !== undefined;
	if (!bent || fault.afterEffect) {
		const real = await handle(world, request);
		const form = fault.form ?? world.state.strict.answers[withoutPrefix(request.call.path)];
		if (!bent) return form === undefined ? real : inForm(real, form);
	}
	if (errcode !== undefined) {
		recognizeProduct(request);
		const refusal = new Refusal(errcode, fault.errmsg);
		const reply = failureReply(refusal, request.product, callerIp(request), world.state.now());
		return { ...reply, status: status ?? 200 };
	}
	return {
		status: status ?? 200,
		headers: { 'Content-Type': 'text/html' },
		body: Buffer.from(body ?? ''),
	};
}

async function handle(world: World, request: WeComRequest): Promise<Reply> {
	const route = routeFor(request.call.path);
	// An unknown path is answered by the front server: no JSON, not even a body.
	if (!route) return emptyReply(404);
	const handled = Promise.resolve().then(async () => {
		if (route.method !== request.call.method) throw new Refusal(40063, 'wrong HTTP method');
		return await route.handle(request);
	});
	return await handled.catch((error: unknown) => {
		if (!(error instanceof Refusal)) throw error;
		const text = request.wrongJson ? `${error.message} Warning: wrong json format.` : error.message;
		const fields = { ...route.fieldsOfFailure, ...error.fields };
		const refusal = new Refusal(error.errcode, text, fields);
		return failureReply(refusal, request.product, callerIp(request), world.state.now());
	});
}
