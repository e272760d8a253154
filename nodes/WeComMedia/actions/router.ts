import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorItem, toNodeError } from '../helpers/errors';
import { mapParallel } from '../helpers/parallel';
import { accountWorld, executionWorld } from '../helpers/world';
import { WeComClient } from '../protocol/client';
import { WeComCancelledError } from '../protocol/errors';
import { credentialTransport } from '../transport/n8nTransport';
import { readFieldNames, readOptions, text } from './parameters';
import { operations, resources } from './resources';
import type { Connection, Operation, Resource, Run, Unit } from './types';

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
	const remarks = new Set<string>();
	const connect = connector(context);
	const work = async (itemIndex: number): Promise<INodeExecutionData[]> => {
		const units = unitsOf(context, operation, itemIndex);
		const outputs: INodeExecutionData[] = [];
		for (const unit of units) {
			const run: Run = {
				...unit,
				context,
				connect: async () => await connect(itemIndex),
				remark: (message) => remarks.add(message),
			};
			outputs.push(
				...(await operation.execute(run).catch((error: unknown) => onFailure(error, itemIndex))),
			);
		}
		return outputs;
	};
	const onFailure = (error: unknown, itemIndex: number): INodeExecutionData[] => {
		if (!context.continueOnFail() || error instanceof WeComCancelledError) {
			throw toNodeError(node, error, itemIndex);
		}
		return [errorItem(node, error, itemIndex)];
	};
	const results = await mapParallel(
		items,
		concurrencyOf(context),
		async (_item, itemIndex) =>
			await Promise.resolve()
				.then(async () => await work(itemIndex))
				.catch((error: unknown) => onFailure(error, itemIndex)),
	);
	if (remarks.size > 0) {
		context.addExecutionHints(
			...[...remarks].map((message) => ({ message, location: 'outputPane' as const })),
		);
	}
	return [results.flat()];
}

function unitsOf(context: IExecuteFunctions, operation: Operation, itemIndex: number): Unit[] {
	if (!operation.readsFiles) return [{ itemIndex, field: '' }];
	return readFieldNames(context, itemIndex).map((field) => ({ itemIndex, field }));
}

/** One number for the whole run: that of the first item. */
function concurrencyOf(context: IExecuteFunctions): number {
	try {
		return readOptions(context, 0).concurrency;
	} catch {
		return 1;
	}
}

/** @returns a function that opens the account of an item; credentials may hold expressions, so each item has its own */
function connector(context: IExecuteFunctions): (itemIndex: number) => Promise<Connection> {
	const signal = context.getExecutionCancelSignal();
	const shared = accountWorld(
		async (options) => await context.helpers.httpRequest(options),
		(line) => context.logger.info(`WeCom Media: ${line}`),
	);
	return async (itemIndex) => {
		const entry = resources[text(context, 'resource', itemIndex) as Resource];
		const account = entry.account(text(context, 'authentication', itemIndex));
		const { credentialType } = account;
		const data = await context.getCredentials(credentialType, itemIndex);
		const system = account.open(data, shared);
		const { maxRetries, requestTimeout } = readOptions(context, itemIndex);
		const transport = credentialTransport(context, { credentialType, data }, signal);
		const client = new WeComClient(system, {
			world: executionWorld(context, transport, signal),
			maxRetries,
			requestTimeoutMs: requestTimeout * 1000,
		});
		return { client, system };
	};
}
