import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, NodeApiError } from 'n8n-workflow';

import { errorItem, toNodeError } from '../n8n/errors';
import { mapParallel } from '../n8n/parallel';
import { WeComCancelledError } from '../wecom/client/errors';
import { connect } from '../n8n/connect';
import { readFieldNames, readOptions, text } from './parameters';
import { operations, resources } from './resources';
import type { Operation, Resource, Run, Unit } from './types';
import type { Connection } from '../n8n/connect';

/**
 * Runs the chosen operation for every item: several at a time, results in the order of the items, each paired with
 * its item, and a failing one in its own place when the workflow goes on.
 */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const node = context.getNode();
	const items = context.getInputData();
	if (items.length === 0) return [[]];
	const operation = operations[text(context, 'operation', 0)];
	if (!operation) {
		throw new NodeOperationError(
			node,
			`The operation '${text(context, 'operation', 0)}' is not known`,
		);
	}
	const signal = context.getExecutionCancelSignal();
	const remarks = new Set<string>();
	const connectItem = connector(context);
	const failures: Array<{ itemIndex: number; error: NodeApiError | NodeOperationError }> = [];
	const waiting: Array<Promise<unknown>> = [];
	const fail = (error: unknown, itemIndex: number): never => {
		const failure = { itemIndex, error: toNodeError(node, error, itemIndex) };
		failures.push(failure);
		throw failure.error;
	};
	const onFailure = (error: unknown, itemIndex: number, field = ''): INodeExecutionData[] => {
		// A stopped run has no failed items, whatever error the stop came out as.
		if (signal?.aborted) return fail(new WeComCancelledError(), itemIndex);
		if (!context.continueOnFail()) return fail(error, itemIndex);
		return [errorItem(node, error, itemIndex, field)];
	};
	const runOf = (unit: Unit): Run => ({
		...unit,
		context,
		connect: async () => await connectItem(unit.itemIndex),
		remark: (message) => remarks.add(message),
	});
	const runUnit = async (unit: Unit): Promise<Outcome> => {
		const { itemIndex, field, isOneOfSeveral } = unit;
		const failed = (error: unknown) => onFailure(error, itemIndex, isOneOfSeveral ? field : '');
		const result = await operation.execute(runOf(unit)).catch(failed);
		if (Array.isArray(result)) return { settled: async () => result };
		const rest = result.rest().catch(failed);
		waiting.push(rest.catch(() => undefined));
		return { settled: async () => await rest };
	};
	const runItem = async (itemIndex: number): Promise<Outcome[]> => {
		const outcomes: Outcome[] = [];
		for (const unit of unitsOf(operation, runOf(wholeItem(itemIndex))))
			outcomes.push(await runUnit(unit));
		return outcomes;
	};
	const outcomes = await mapParallel(
		items,
		concurrencyOf(context, operation),
		async (_item, itemIndex) =>
			await Promise.resolve()
				.then(async () => await runItem(itemIndex))
				.catch((error: unknown) => {
					const failed = onFailure(error, itemIndex);
					return [{ settled: async () => failed }];
				}),
	).catch(() => []);
	// Nothing goes on behind the back of a node that has failed.
	await Promise.all(waiting);
	if (failures.length > 0) {
		throw failures.reduce((a, b) => (b.itemIndex < a.itemIndex ? b : a)).error;
	}
	const results: INodeExecutionData[] = [];
	for (const outcome of outcomes.flat()) results.push(...(await outcome.settled()));
	if (remarks.size > 0) {
		context.addExecutionHints(
			...[...remarks].map((message) => ({ message, location: 'outputPane' as const })),
		);
	}
	return [results];
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
	const fields = readFieldNames(context, itemIndex);
	return fields.map((field) => ({ ...whole, field, isOneOfSeveral: fields.length > 1 }));
}

function wholeItem(itemIndex: number): Unit {
	return { itemIndex, field: '', isOneOfSeveral: false, done: new Set() };
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

/** @returns a function that opens the account of an item; credentials may hold expressions, so each item has its own */
function connector(context: IExecuteFunctions): (itemIndex: number) => Promise<Connection> {
	const signal = context.getExecutionCancelSignal();
	return async (itemIndex) => {
		const entry = resources[text(context, 'resource', itemIndex) as Resource];
		const account = entry.account(text(context, 'authentication', itemIndex));
		const data = await context.getCredentials(account.credentialType, itemIndex);
		const { maxRetries, requestTimeout } = readOptions(context, itemIndex);
		return connect(context, account, data, {
			maxRetries,
			requestTimeoutMs: requestTimeout * 1000,
			signal,
		});
	};
}
