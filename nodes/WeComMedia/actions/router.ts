import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { labelOf } from '../n8n/binary';
import { errorItem, toNodeError } from '../n8n/nodeErrors';
import { mapParallel } from '../n8n/parallel';
import { WeComCanceledError } from '../wecom/client/errors';
import { connect } from '../n8n/connect';
import { readInputFiles, text } from './parameters';
import { operationOf, resources } from './resources';
import type { Operation, Resource, Run, Unit } from './operation';
import type { Connection } from '../n8n/connect';
import { readOptions } from './options';

/**
 * Runs the chosen operation for every item: several at a time, results in the order of the items, each paired with
 * its item, and a failing one in its own place when the workflow goes on.
 *
 * @throws NodeApiError or NodeOperationError of the earliest failing item, where the workflow does not go on
 */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const items = context.getInputData();
	if (items.length === 0) return [[]];
	const chosen = operationOf(text(context, 'resource', 0), text(context, 'operation', 0));
	if (!chosen) {
		throw new NodeOperationError(
			node,
			`The operation '${text(context, 'operation', 0)}' is not known`,
		);
	}
	const operation: Operation = chosen;
	const signal = context.getExecutionCancelSignal();
	const remarks = new Set<string>();
	if (operation.repeats && node.retryOnFail) remarks.add(retryRepeats(operation.repeats));
	const connectItem = connector(context);
	const failures: Array<{ at: number; error: NodeApiError | NodeOperationError }> = [];
	const waiting: Array<Promise<unknown>> = [];
	const fail = (error: unknown, { at, itemIndex }: Place): never => {
		const failure = { at, error: toNodeError(node, error, itemIndex) };
		failures.push(failure);
		throw failure.error;
	};
	const onFailure = (error: unknown, place: Place, field = ''): INodeExecutionData[] => {
		// A stopped run has no failed items, whatever error the stop came out as.
		if (signal?.aborted) return fail(new WeComCanceledError(), place);
		if (!context.continueOnFail()) return fail(error, place);
		return [errorItem(node, error, place.itemIndex, field)];
	};
	const runOf = (unit: Unit): Run => ({
		...unit,
		context,
		connect: async () => await connectItem(unit.itemIndex),
		remark: (message) => remarks.add(message),
	});
	const runUnit = async (unit: Unit, at: number): Promise<Outcome> => {
		const { itemIndex, field, isOneOfSeveral } = unit;
		const failed = (error: unknown) =>
			onFailure(error, { at, itemIndex }, isOneOfSeveral ? labelOf(field) : '');
		const result = await operation.execute(runOf(unit)).catch(failed);
		if (Array.isArray(result)) return { settled: async () => result };
		const rest = result.rest().catch(failed);
		waiting.push(rest.catch(() => undefined));
		return { settled: async () => await rest };
	};
	function* tasks(): Generator<(at: number) => Promise<Outcome>> {
		for (let itemIndex = 0; itemIndex < items.length; itemIndex += 1) {
			const turns = new Turns();
			try {
				for (const unit of unitsOf(operation, runOf(wholeItem(itemIndex)))) {
					const { take, wait } = turns.next();
					yield async (at) => await take(async () => await runUnit({ ...unit, turn: wait }, at));
				}
			} catch (error) {
				yield async (at) => {
					const failed = onFailure(error, { at, itemIndex });
					return { settled: async () => failed };
				};
			}
		}
	}
	const outcomes = await mapParallel(
		tasks(),
		concurrencyOf(context, operation),
		async (task, at) => await task(at),
	).catch(() => []);
	// Nothing goes on behind the back of a node that has failed.
	await Promise.all(waiting);
	if (failures.length > 0) {
		throw failures.reduce((a, b) => (b.at < a.at ? b : a)).error;
	}
	const results: INodeExecutionData[] = [];
	for (const outcome of outcomes) results.push(...(await outcome.settled()));
	if (remarks.size > 0) {
		context.addExecutionHints(
			...[...remarks].map((message) => ({ message, location: 'outputPane' as const })),
		);
	}
	return [results];
}

function retryRepeats(what: string): string {
	return `'Retry On Fail' in the settings of this node repeats all of its items after a failure, so ${what}. Turn it off: the node itself repeats what can be repeated safely.`;
}

/** Where in the run something failed: which unit of all, counted from 0, and of which item. */
interface Place {
	at: number;
	itemIndex: number;
}

/** What a unit of work has come to, or will. */
interface Outcome {
	settled(): Promise<INodeExecutionData[]>;
}

function unitsOf({ readsFiles }: Operation, run: Run): Unit[] {
	const { context, itemIndex } = run;
	const many = typeof readsFiles === 'function' ? readsFiles(run) : readsFiles;
	const whole = wholeItem(itemIndex);
	if (!many) return [whole];
	const files = readInputFiles(context, itemIndex);
	return files.map((field) => ({ ...whole, field, isOneOfSeveral: files.length > 1 }));
}

function wholeItem(itemIndex: number): Unit {
	return {
		itemIndex,
		field: '',
		isOneOfSeveral: false,
		done: new Set(),
		turn: async () => undefined,
	};
}

/** One number for the whole run: that of the first item. */
function concurrencyOf(context: IExecuteFunctions, operation: Operation): number {
	if (operation.sequential?.(text(context, 'resource', 0))) return 1;
	try {
		return readOptions(context, 0).concurrency;
	} catch {
		return 1;
	}
}

/**
 * @returns a function that opens the account of an item, once however many files the item has: n8n reads the credential
 * from its database each time. Credentials may hold expressions, so each item reads its own; those that come out alike
 * share one connection.
 */
function connector(context: IExecuteFunctions): (itemIndex: number) => Promise<Connection> {
	const signal = context.getExecutionCancelSignal();
	const opened = new Map<number, Promise<Connection>>();
	const connections = new Map<string, Connection>();
	const open = async (itemIndex: number): Promise<Connection> => {
		const resource = text(context, 'resource', itemIndex) as Resource;
		const account = resources[resource].account(text(context, 'authentication', itemIndex));
		const data = await context.getCredentials(account.credentialType, itemIndex);
		const { maxRetries, requestTimeout } = readOptions(context, itemIndex);
		const key = JSON.stringify([
			resource,
			account.credentialType,
			data,
			maxRetries,
			requestTimeout,
		]);
		const connection =
			connections.get(key) ??
			connect(context, account, data, {
				maxRetries,
				requestTimeoutMs: requestTimeout * 1000,
				signal,
			});
		connections.set(key, connection);
		return connection;
	};
	return async (itemIndex) => {
		const connection = opened.get(itemIndex) ?? open(itemIndex);
		opened.set(itemIndex, connection);
		return await connection;
	};
}

interface Turn {
	/** @throws WeComCanceledError when an earlier one has failed */
	wait(): Promise<void>;
	/** Does the work this turn is for; the next turn comes when it has ended. */
	take<T>(work: () => Promise<T>): Promise<T>;
}

/** The units of one item run side by side; what has an order among them waits for its turn. */
class Turns {
	private last: Promise<unknown> = Promise.resolve();

	/** @returns the turn behind all that were given before */
	next(): Turn {
		const before = this.last;
		let end: (work: Promise<unknown>) => void;
		const mine = new Promise<unknown>((resolve) => (end = resolve));
		const all = Promise.all([before, mine]);
		// Whether one has failed is for those who wait to hear.
		all.catch(() => undefined);
		this.last = all;
		return {
			wait: async () => {
				const hasFailed = await before.then(
					() => false,
					() => true,
				);
				if (hasFailed) throw new WeComCanceledError();
			},
			take: async (work) => {
				const working = work();
				end(working);
				return await working;
			},
		};
	}
}
