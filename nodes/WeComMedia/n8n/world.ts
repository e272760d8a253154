/** Time, chance, log and HTTP of n8n, as the protocol takes them. */
import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions, ILoadOptionsFunctions, IWebhookFunctions } from 'n8n-workflow';

import { WeComCanceledError } from '../wecom/client/errors';
import type { Transport, World } from '../wecom/client/wire';
import { plainTransport } from './transport';
import type { HttpRequest } from './transport';

/** n8n's own abortable sleep is gone since 2.34, so canceling is looked at this often (ms). */
const CANCEL_CHECK_MS = 500;

/** @returns false as soon as the signal says so, true after `ms` milliseconds */
async function wait(ms: number, signal?: AbortSignal): Promise<boolean> {
	for (let left = ms; left > 0 && !signal?.aborted; left -= CANCEL_CHECK_MS) {
		await sleep(Math.min(CANCEL_CHECK_MS, left));
	}
	return !signal?.aborted;
}

/**
 * Waits for work that is shared with other executions, and so goes on, only until this one is canceled.
 *
 * @throws WeComCanceledError
 */
export async function untilCanceled<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return await work;
	return await new Promise<T>((resolve, reject) => {
		const cancel = () => reject(new WeComCanceledError());
		if (signal.aborted) cancel();
		signal.addEventListener('abort', cancel, { once: true });
		void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
	});
}

/** The world of one execution: its calls and pauses end when it is canceled. */
export function executionWorld(
	context: IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions,
	transport: Transport,
	signal?: AbortSignal,
): World {
	return {
		transport,
		now: () => Date.now(),
		sleep: async (ms) => await wait(ms, signal),
		random: () => Math.random(),
		log: (line) => context.logger.info(`WeCom Media: ${line}`),
	};
}

/**
 * The world of token calls. Several executions may wait for the same answer, so it does not end with one of them.
 *
 * @param timeoutMs for each call, as the one who asks for the token wants it
 */
export function accountWorld(
	httpRequest: HttpRequest,
	log: World['log'] = () => undefined,
	timeoutMs?: number,
): World {
	return {
		timeoutMs,
		transport: plainTransport(httpRequest),
		now: () => Date.now(),
		sleep: async (ms) => await wait(ms),
		random: () => Math.random(),
		log,
	};
}
