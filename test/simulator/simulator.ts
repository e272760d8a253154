/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { AsyncJobs } from './asyncJobs';
import {
	CallbackSender,
	eventXml,
	type CallbackTarget,
	type EventFields,
	type PushOptions,
	type SentCallback,
	type VerificationResult,
} from './callbackSender';
import { populateDemo, type DemoCredentials } from './demo';
import { dispatch, type World } from './dispatcher';
import { Faults } from './faults';
import { HttpServer } from './httpServer';
import { People } from './inbox/people';
import type { App, SmartBot, Suite } from './model';
import { CallRecord } from './record';
import { SimulatorState } from './state';
import type { StrictSwitches } from './strict';
import { SuiteTickets } from './suiteTickets';

export interface SimulatorOptions {
	/** 0, the default, takes a free port. */
	port?: number;
	/** Default 127.0.0.1. */
	host?: string;
	/** Base of the simulator's clock, milliseconds since 1970; `advance` adds to it. */
	now?: () => number;
	sleep?: (milliseconds: number) => Promise<void>;
	strict?: Partial<StrictSwitches>;
	/** Milliseconds every call takes longer; default 0. */
	latencyMs?: number;
	/** Serve everything below this path, as behind a reverse proxy; e.g. `/proxy/wecom`. */
	pathPrefix?: string;
	/** Stored files beyond this many bytes push the oldest out; default 1 GiB. */
	mediaStoreBytes?: number;
}

export interface Simulator {
	/** `http://127.0.0.1:port`, with the path prefix where there is one; no trailing slash. */
	url: string;
	state: SimulatorState;
	faults: Faults;
	record: CallRecord;
	/** Ready-made credentials of every kind. */
	demo: DemoCredentials;
	/** Background work of upload_by_url. */
	jobs: AsyncJobs;
	/** Tickets of the suites: `renew()` makes the next one. */
	tickets: SuiteTickets;
	/** Pushes so far, timing, and pushes of any kind. */
	callbacks: CallbackSender;
	/** What people send: to an app, a smart bot, a Customer Service account. */
	people: People;
	/** The demo corp's app, its Customer Service, the demo suite and the demo bot, as targets of callbacks. */
	targets: { app: App; customerService: App; suite: Suite; bot: SmartBot };
	/**
	 * The console's "save": asks the URL for the bare echo and, when that is right, keeps it as the
	 * target's callback URL. Default target: the demo corp's app.
	 */
	verifyCallbackUrl(url: string, target?: CallbackTarget): Promise<VerificationResult>;
	/**
	 * Pushes an event with these fields, e.g. `{ Event: 'subscribe' }`; ToUserName, FromUserName,
	 * CreateTime and MsgType have defaults. Default target: the demo corp's app.
	 */
	pushEvent(
		fields: EventFields,
		options?: PushOptions & { target?: App | Suite },
	): Promise<SentCallback>;
	/**
	 * Moves the simulator's clock forward by milliseconds; nobody waits. Suite tickets that are due by
	 * then are made and pushed in the background (`tickets.settled()`).
	 */
	advance(milliseconds: number): void;
	/** Ends all connections and background work. */
	close(): Promise<void>;
}

/** Starts a server that speaks WeCom, with a populated demo world behind it. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const sleep =
		options.sleep ??
		((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
	const pathPrefix = (options.pathPrefix ?? '').replace(/\/+$/, '');
	const state = new SimulatorState(options);
	const faults = new Faults();
	const record = new CallRecord();
	const ending = new AbortController();
	const callbacks = new CallbackSender(state, sleep, ending.signal);
	const jobs = new AsyncJobs(state, callbacks, ending.signal);
	const tickets = new SuiteTickets(state, callbacks);
	const people = new People(state, callbacks, () => world.baseUrl());
	const world: World = {
		state,
		faults,
		record,
		jobs,
		tickets,
		callbacks,
		people,
		demo: () => demo,
		sleep,
		latencyMs: options.latencyMs ?? 0,
		pathPrefix,
		baseUrl: () => `${server.url}${pathPrefix}`,
	};
	const server = new HttpServer(
		async (request, response) => await dispatch(world, request, response),
	);
	await server.start(options.port, options.host);
	const url = world.baseUrl();
	const demo = populateDemo(state, url);
	const targets = {
		app: state.apps[0],
		customerService: state.apps[1],
		suite: state.suites[0],
		bot: state.smartBots[0],
	};
	return {
		url,
		state,
		faults,
		record,
		demo,
		jobs,
		tickets,
		callbacks,
		people,
		targets,
		verifyCallbackUrl: async (callbackUrl, target = targets.app) =>
			await callbacks.save(target, callbackUrl),
		async pushEvent(fields, { target = targets.app, ...options } = {}) {
			const message = eventXml({
				ToUserName: 'corpId' in target ? target.corpId : target.suiteId,
				FromUserName: 'sys',
				CreateTime: Math.floor(state.now() / 1000),
				MsgType: 'event',
				...fields,
			});
			return await callbacks.push(target, message, options);
		},
		advance(milliseconds) {
			state.clock.advance(milliseconds);
			tickets.renewDue();
		},
		async close() {
			ending.abort();
			await jobs.close();
			await tickets.settled();
			await server.stop();
		},
	};
}
