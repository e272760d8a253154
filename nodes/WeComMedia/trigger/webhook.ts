/**
 * The half that answers WeCom: verification at once; a push is opened, claimed in this process and handed to n8n, which
 * answers when it has it. Nothing slow happens here, so that 200 means: it will not be lost.
 */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { connect } from '../n8n/connect';
import { SeenKeys } from '../n8n/seen';
import type { Claim } from '../n8n/seen';
import { openMessage, openVerification } from '../wecom/callback/callback';
import { CUSTOMER_EVENT, dedupeKey } from '../wecom/callback/events';
import { MAX_QUERY_LENGTH } from '../wecom/callback/query';
import type { Received } from '../wecom/callback/events';
import type { Refusal } from '../wecom/callback/refusals';
import { linkKey } from '../wecom/calls/signedLink';
import { handOver } from './handOver';
import { isFileRequest, serveFile } from './fileServer';
import { BURST_MS, openKfIdOf, placesOf } from './inboxItems';
import { isWanted, readTriggerOptions } from './triggerOptions';
import type { TriggerOptions } from './triggerOptions';
import { openTriggerAccount, readTriggerAccount } from './authentications';
import type { TriggerAccount } from './authentications';

const seen = new SeenKeys();
/** While listening in the editor only WeCom's own repeats are dropped, so that the same job can be tried again (ms). */
const TEST_REPEAT_MS = 60_000;
const NO_CALLS = { maxRetries: 0, requestTimeoutMs: 30_000 };
const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };

/** Handles one request to the trigger's URL. */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const query = rawQuery(context);
	const isShort = query.length <= MAX_QUERY_LENGTH;
	if (context.getWebhookName() === 'setup' && isFileRequest(query)) {
		const key = isShort && (await hostingKey(context));
		return key ? await serveFile(context, query, key) : answer(context, 404, 'not found');
	}
	if (!isShort) return answer(context, 400, 'bad request');
	let opened: TriggerAccount;
	try {
		opened = await openTriggerAccount(context);
	} catch (error) {
		context.logger.warn(`WeCom Media Trigger: ${(error as Error).message}`);
		return answer(context, 503, 'not configured');
	}
	const options = readTriggerOptions((name, fallback) => context.getNodeParameter(name, fallback));
	return context.getWebhookName() === 'setup'
		? verify(context, opened, options)
		: await receive(context, opened, options);
}

async function hostingKey(context: IWebhookFunctions): Promise<Buffer | undefined> {
	try {
		const { account, data } = await readTriggerAccount(context);
		return linkKey(connect(context, account, data, NO_CALLS).system);
	} catch {
		return undefined;
	}
}

function verify(
	context: IWebhookFunctions,
	{ settings, data }: TriggerAccount,
	{ maxAge: maxAgeSeconds }: TriggerOptions,
): IWebhookResponseData {
	const anyReceiver = data.authCorpId !== undefined;
	const options = { now: Date.now(), maxAgeSeconds, anyReceiver };
	const result = openVerification(settings, rawQuery(context), options);
	if (!result.ok) return refuse(context, result);
	context.logger.info('WeCom Media Trigger: WeCom verified the callback URL');
	return answer(context, 200, result.echo);
}

async function receive(
	context: IWebhookFunctions,
	{ settings, authentication }: TriggerAccount,
	options: TriggerOptions,
): Promise<IWebhookResponseData> {
	const { limits, reply } = authentication;
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const now = Date.now();
	const opening = { now, maxAgeSeconds: options.maxAge, limits };
	const result = openMessage(settings, rawQuery(context), rawBody, opening);
	if (!result.ok) return refuse(context, result);
	const { received, staleSeconds } = result;
	if (staleSeconds !== undefined) {
		return ignore(context, reply, `it is ${staleSeconds} s old`);
	}
	if (!isWanted(options, received)) return answer(context, 200, reply);
	for (;;) {
		const claims = claimAll(context, received, now);
		const others = claims.filter((claim) => !claim.first);
		const settle = (handedOver: boolean) => {
			for (const claim of claims) if (claim.first) claim.settle(handedOver);
		};
		if (others.length === 0) {
			settleWithAnswer(context, settle);
			return handedOver(context, received, now, reply);
		}
		// Answered only when n8n has the one before. Where it could not take that, this one is the first.
		const isCovered = await others[0].handedOver;
		settle(isCovered);
		if (isCovered) return ignore(context, reply, 'it is a repeated one');
	}
}

/** n8n answers when the execution is stored (1.x: at once), and with an error where it cannot be. */
function handedOver(
	context: IWebhookFunctions,
	received: Received,
	receivedAt: number,
	reply: string,
): IWebhookResponseData {
	context.getResponseObject().type('text/plain');
	const inboxes = received.kind === CUSTOMER_EVENT ? placesOf(context) : undefined;
	const items = [handOver({ received, receivedAt, ...(inboxes && { inboxes }) })];
	return { webhookResponse: reply, workflowData: [items] };
}

/** A connection that ends without a whole 200 counts as lost: WeCom repeats, and the claim in the table drops what is double. */
function settleWithAnswer(context: IWebhookFunctions, settle: (handedOver: boolean) => void): void {
	const response = context.getResponseObject();
	// Whoever hung up before, as while this push waited for the one before, brings no 'close' any more.
	if (response.destroyed) return settle(false);
	response.once('finish', () => settle(response.statusCode === 200));
	response.once('close', () => settle(false));
}

/** A push is known by what it says; of a burst of one Customer Service account only the first starts an execution. */
function claimAll(context: IWebhookFunctions, received: Received, now: number): Claim[] {
	const { id = '' } = context.getWorkflow();
	const isTest = context.getMode() === 'manual';
	const scope = JSON.stringify([context.getMode(), id, context.getNode().id]);
	const life = isTest ? TEST_REPEAT_MS : undefined;
	const claims = [seen.claim(scope, dedupeKey(received), now, life)];
	if (received.kind === CUSTOMER_EVENT && !received.unreadable && claims[0].first) {
		claims.push(seen.claim(scope, `burst ${openKfIdOf(received)}`, now, BURST_MS));
	}
	return claims;
}

/** As it stands in the request line: a framework's parser would hide repeated parameters. */
function rawQuery(context: IWebhookFunctions): string {
	const { originalUrl, url } = context.getRequestObject();
	const target = originalUrl ?? url ?? '';
	const at = target.indexOf('?');
	return at < 0 ? '' : target.slice(at + 1);
}

function refuse(context: IWebhookFunctions, refusal: Refusal): IWebhookResponseData {
	const detail = refusal.detail ? ` (${refusal.detail})` : '';
	context.logger.warn(`WeCom Media Trigger: request refused: ${refusal.reason}${detail}`);
	return answer(context, refusal.status, refusal.text);
}

function ignore(context: IWebhookFunctions, reply: string, why: string): IWebhookResponseData {
	context.logger.info(`WeCom Media Trigger: a push was acknowledged and ignored, ${why}`);
	return answer(context, 200, reply);
}

function answer(context: IWebhookFunctions, status: number, text: string): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return ANSWERED;
}
