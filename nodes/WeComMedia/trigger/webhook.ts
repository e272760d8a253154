/** Answers WeCom's requests: verification at once, a push before any slow work, one execution for each event. */
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { connect } from '../n8n/connect';
import { listOf } from '../wecom/calls/list';
import { SeenKeys } from '../n8n/seen';
import { openMessage, openVerification, SUCCESS_REPLY } from '../wecom/callback/callback';
import { dedupeKey, JOB_FINISH_EVENT } from '../wecom/callback/events';
import { textField } from '../wecom/callback/fields';
import type { Received } from '../wecom/callback/events';
import type { Refusal } from '../wecom/callback/refusals';
import { linkKey } from '../wecom/calls/hostedFile';
import { DEFAULT_MAX_AGE, OTHER_EVENTS } from './description';
import { isFileRequest, serveFile } from './hosting';
import { jobItem } from './jobItem';
import { openTriggerAccount, readTriggerAccount } from './settings';
import type { TriggerAccount } from './settings';

const seen = new SeenKeys();
/** While listening in the editor only WeCom's own repeats are dropped, so that the same job can be tried again (ms). */
const TEST_REPEAT_MS = 60_000;

const RESULT_OPTIONS = { maxRetries: 3, requestTimeoutMs: 30_000 };

const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };

/** Handles one request to the trigger's URL. Answers by itself; starts the workflow by giving it an item. */
export async function handleWebhook(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const query = rawQuery(context);
	if (context.getWebhookName() === 'setup' && isFileRequest(query)) {
		const key = await hostingKey(context);
		return key ? await serveFile(context, query, key) : answer(context, 404, 'not found');
	}
	const opened = await openTriggerAccount(context).then(
		(account) => account,
		(error: Error) => {
			context.logger.warn(`WeCom Media Trigger: ${error.message}`);
			return undefined;
		},
	);
	if (!opened) return answer(context, 503, 'not configured');
	return context.getWebhookName() === 'setup'
		? verify(context, opened)
		: await receive(context, opened);
}

async function hostingKey(context: IWebhookFunctions): Promise<Buffer | undefined> {
	return await readTriggerAccount(context)
		.then(({ account, data }) => connect(context, account, data, RESULT_OPTIONS).system)
		.then(linkKey, () => undefined);
}

function verify(
	context: IWebhookFunctions,
	{ settings, data }: TriggerAccount,
): IWebhookResponseData {
	const isSuite = data.authCorpId !== undefined;
	const options = { ...ageOptions(context), anyReceiver: isSuite };
	const result = openVerification(settings, rawQuery(context), options);
	if (!result.ok) return refuse(context, result);
	context.logger.info('WeCom Media Trigger: WeCom verified the callback URL');
	return answer(context, 200, result.echo);
}

async function receive(
	context: IWebhookFunctions,
	opened: TriggerAccount,
): Promise<IWebhookResponseData> {
	const { rawBody } = context.getRequestObject() as { rawBody?: unknown };
	const result = openMessage(opened.settings, rawQuery(context), rawBody, ageOptions(context));
	if (!result.ok) return refuse(context, result);
	const { received: event, staleSeconds } = result;
	if (staleSeconds !== undefined) {
		context.logger.warn(
			`WeCom Media Trigger: a push was acknowledged and ignored, what it holds is ${staleSeconds} s old`,
		);
		return answer(context, 200, SUCCESS_REPLY);
	}
	if (!isWanted(context, event)) return answer(context, 200, SUCCESS_REPLY);
	if (!claim(context, event)) {
		context.logger.info('WeCom Media Trigger: a repeated push was acknowledged and ignored');
		return answer(context, 200, SUCCESS_REPLY);
	}
	// WeCom drops the connection after 5 s and repeats, so it gets its answer before the result is asked for.
	answer(context, 200, SUCCESS_REPLY);
	const json = await itemOf(context, opened, event);
	remember(context);
	const items: INodeExecutionData[] = [{ json }];
	return { noWebhookResponse: true, workflowData: [items] };
}

async function itemOf(
	context: IWebhookFunctions,
	{ account, data }: TriggerAccount,
	event: Received,
): Promise<IDataObject> {
	if (event.kind !== JOB_FINISH_EVENT || event.unreadable) {
		const { event: name, msgType, createTime, fields, unreadable } = event;
		const json: IDataObject = { event: name ?? msgType ?? '', create_time: createTime };
		if (!unreadable) return { ...json, message: structuredClone(fields) as IDataObject };
		const { text, problem } = unreadable;
		return { ...json, raw: text, error: `The message could not be read (${problem})` };
	}
	const fetchResult = context.getNodeParameter('fetchResult', true) === true;
	return await jobItem(
		event,
		fetchResult ? () => connect(context, account, data, RESULT_OPTIONS).client : undefined,
	);
}

function isWanted(context: IWebhookFunctions, event: Received): boolean {
	const events = context.getNodeParameter('events', [JOB_FINISH_EVENT]) as string[];
	if (event.kind !== JOB_FINISH_EVENT) return events.includes(OTHER_EVENTS);
	const jobIds = listOf(optionsOf(context).jobIds);
	const isListed =
		jobIds.length === 0 ||
		event.unreadable ||
		jobIds.includes(textField(event.fields, 'JobId') ?? '');
	return events.includes(JOB_FINISH_EVENT) && Boolean(isListed);
}

function claim(context: IWebhookFunctions, event: Received): boolean {
	const key = dedupeKey(event);
	const now = Date.now();
	return isTest(context)
		? seen.claim(scopeOf(context), key, now, undefined, TEST_REPEAT_MS)
		: seen.claim(scopeOf(context), key, now, context.getWorkflowStaticData('node'));
}

function remember(context: IWebhookFunctions): void {
	if (!isTest(context)) seen.store(scopeOf(context), context.getWorkflowStaticData('node'));
}

function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}

function scopeOf(context: IWebhookFunctions): string {
	const { id = '' } = context.getWorkflow();
	return JSON.stringify([context.getMode(), id, context.getNode().id]);
}

function ageOptions(context: IWebhookFunctions) {
	const maxAge = Number(optionsOf(context).maxAge ?? DEFAULT_MAX_AGE);
	return { now: Date.now(), maxAgeSeconds: maxAge };
}

function optionsOf(context: IWebhookFunctions): IDataObject {
	return context.getNodeParameter('options', {}) as IDataObject;
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

function answer(context: IWebhookFunctions, status: number, text: string): IWebhookResponseData {
	context.getResponseObject().status(status).type('text/plain').send(text);
	return ANSWERED;
}
